"""Rows of a file with one JSON object a line, as they come."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from embeddings.errors import shown
from matcher.errors import Problem
from service.batch.rows import Row, checked_row
from service.batch.text_lines import NoText, text_lines


def jsonl_rows(file: Path) -> Iterator[Row | Problem]:
    """Rows by the names of the fields; blank lines are passed over."""
    try:
        for line, content in enumerate(text_lines(file), start=1):
            if content.strip():
                yield _row(file.name, line, content)
    except NoText as refused:
        yield refused.problem


def _row(file: str, line: int, content: str) -> Row | Problem:
    try:
        values = json.loads(content)
    except (ValueError, RecursionError) as error:
        return Problem(file, line, "", "be one JSON object a line", shown(str(error)), "Correct the line.")
    if not isinstance(values, dict):
        return Problem(file, line, "", "be one JSON object a line", shown(values), "Put the fields in braces.")
    return checked_row(Row(file, line, dict[str, Any](values)))
