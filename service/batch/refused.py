"""Rows that were no needs, in a file of their own beside the output: where each stood, why it was refused, and its cells."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from matcher.errors import Problem
from service.batch.needs import COLUMNS, RefusedRow

_WHERE = ("file", "line", "why")
_OTHER = "other columns"
_KEPT = 100
"""Problems that are told at once; all of them stand in the file."""


def refused_file(out: Path) -> Path:
    """Where the refused rows of a batch with that output go."""
    return out.with_name(f"{out.stem}.refused.csv")


class RefusedRows:
    """Written as they come. In CSV, so that they can be mended in a spreadsheet and given in again."""

    def __init__(self, file: Path) -> None:
        self._stream = file.open("w", encoding="utf-8", newline="")
        file.chmod(0o600)
        self._writer = csv.writer(self._stream, lineterminator="\n")
        self._writer.writerow([*_WHERE, *COLUMNS, _OTHER])
        self.first: list[Problem] = []
        """The first problems, in order of the file."""
        self.count = 0
        """Of all problems."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stream.close()

    def add(self, refused: RefusedRow) -> None:
        """Put a row at the end."""
        self.count += len(refused.problems)
        self.first += refused.problems[: _KEPT - len(self.first)]
        first, cells = refused.problems[0], dict(refused.row.cells) if refused.row else {}
        if "need_id" in cells:
            cells.setdefault("id", cells.pop("need_id"))
        known = [_as_text(cells.pop(column, "")) for column in COLUMNS]
        why = " ".join(_sentence(problem) for problem in refused.problems)
        other = json.dumps(cells, ensure_ascii=False, default=str) if cells else ""
        self._writer.writerow([first.file, first.line, why, *known, other])


def _sentence(problem: Problem) -> str:
    place = f"Column {problem.column}" if problem.column else "It"
    return f"{place} must {problem.required}. Got {problem.found}. {problem.remedy}".rstrip()


def _as_text(cell: Any) -> str:
    return ";".join(map(str, cell)) if isinstance(cell, list) else str(cell)
