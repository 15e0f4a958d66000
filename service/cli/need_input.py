"""Needs as people hand them in: text from a file or standard input, or a file with one JSON object a line."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from embeddings.errors import Refusal, shown
from matcher.errors import NeedTooLong, RequestRefused
from matcher.records import LONGEST_NEED, Need
from matcher.validation import checked

_LONGEST_FILE = 50_000_000
"""Bytes of a file of needs that are read at once; larger ones are for the batch commands."""


def read_text(file: Path | None) -> str:
    """The text of a file, or of standard input without one.

    Raises:
        RequestRefused: it cannot be read, or is not UTF-8.
        NeedTooLong: it is larger than any file of needs.
    """
    place = f"need file {file}" if file else "standard input"
    try:
        if file is not None and file.stat().st_size > _LONGEST_FILE:
            found = f"{file.stat().st_size:,} bytes"
            raise NeedTooLong(place, f"hold at most {LONGEST_NEED:,} characters", found, "Shorten the need.")
        content = file.read_bytes() if file else sys.stdin.buffer.read(_LONGEST_FILE)
        return content.decode("utf-8-sig")
    except OSError as error:
        raise RequestRefused(place, "be readable", error.strerror or str(error), "Check the path.") from error
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        found = f"byte 0x{content[error.start]:02X} in line {line}"
        raise RequestRefused(place, "be UTF-8", found, "It looks like Latin-1: save it as UTF-8.") from error


def needs_of_jsonl(file: Path, about: dict[str, str]) -> list[Need]:
    """Needs of a file with one JSON object a line.

    Args:
        file: to read.
        about: fields that hold for every need that does not say otherwise.

    Raises:
        RequestRefused: a line is no need; it is named.
        Refusal: there is none.
    """
    needs = []
    for line, content in enumerate(read_text(file).split("\n"), start=1):
        if not content.strip():
            continue
        place = f"need in {file.name}, line {line}"
        try:
            row = json.loads(content)
        except (ValueError, RecursionError) as error:
            raise RequestRefused(place, "be one JSON object", shown(str(error)), "Correct the line.") from error
        if not isinstance(row, dict):
            raise RequestRefused(place, "be one JSON object", shown(row), "Put the fields in braces.")
        if "id" in row:
            row["need_id"] = row.pop("id")
        needs.append(checked(Need, {**about, **row}, place))
    if not needs:
        raise Refusal(f"need file {file}", "hold at least one need", "none", "Write one JSON object a line.")
    return needs
