"""Rows of a file of needs as they come, one at a time: however long the file is, only a few of them are held."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from embeddings.errors import shown
from matcher.errors import Problem
from matcher.tables import LARGEST_CELL


class Row(NamedTuple):
    """One row: where it stands, and its cells by column; empty cells are left out."""

    file: str
    """With the sheet, for a workbook."""
    line: int
    cells: dict[str, Any]


def read_rows(file: Path) -> Iterator[Row | Problem]:
    """Rows in order, and a problem in place of what cannot be read as one.

    A problem that stands for one row is followed by the next row; after one of the file as a whole nothing comes.

    Args:
        file: CSV, TSV, XLSX, JSONL or Parquet, told by its ending.
    """
    reader = _reader_of(file.suffix.lower())
    if reader is None:
        yield Problem(
            file.name, 0, "", f"end in one of {', '.join(ENDINGS)}", shown(file.suffix), "Save it in one of these forms."
        )
        return
    try:
        yield from reader(file)
    except OSError as error:
        remedy = "Check the path and its permissions."
        yield Problem(file.name, 0, "", "be readable", error.strerror or str(error), remedy)


ENDINGS = (".csv", ".tsv", ".xlsx", ".jsonl", ".parquet")


def _reader_of(ending: str) -> Callable[[Path], Iterator[Row | Problem]] | None:
    # Each is imported only where it is used: a workbook's and Parquet's readers take long to load.
    if ending in (".csv", ".tsv"):
        from service.batch.csv_rows import csv_rows

        return csv_rows
    if ending == ".jsonl":
        from service.batch.jsonl_rows import jsonl_rows

        return jsonl_rows
    if ending == ".xlsx":
        from service.batch.workbook_rows import workbook_rows

        return workbook_rows
    if ending == ".parquet":
        from service.batch.parquet_rows import parquet_rows

        return parquet_rows
    return None


class Header:
    """The columns of a table, and its rows by column."""

    def __init__(self, file: str, line: int, cells: list[str]) -> None:
        self.file = file
        self.line = line
        self._names = [cell.strip() for cell in cells]

    @property
    def columns(self) -> tuple[str, ...]:
        """Names in order; columns without one are left out."""
        return tuple(name for name in self._names if name)

    def problem(self) -> Problem | None:
        """What is wrong with the header itself."""
        doubled = sorted({name for name in self._names if name and self._names.count(name) > 1})
        if doubled:
            wanted, remedy = "appear once in the header", "Rename or remove one of them."
            return Problem(self.file, self.line, doubled[0], wanted, "it twice", remedy)
        return None

    def row(self, line: int, cells: list[str], delimiter: str) -> Row | Problem:
        """A row of that line, or why its cells are none."""
        if len(cells) != len(self._names):
            remedy = f"Put cells that contain {delimiter!r} in double quotes."
            return Problem(self.file, line, "", f"have {len(self._names)} cells like the header", f"{len(cells)}", remedy)
        return checked_row(Row(self.file, line, {name: cell for name, cell in zip(self._names, cells, strict=True) if name}))


def checked_row(row: Row) -> Row | Problem:
    """The row without its empty cells, unless one of the others is beyond all measure."""
    for column, cell in row.cells.items():
        if isinstance(cell, str) and len(cell) > LARGEST_CELL:
            wanted = f"have at most {LARGEST_CELL:,} characters"
            return Problem(row.file, row.line, column, wanted, f"{len(cell):,}", "Shorten the cell.")
    return row._replace(cells={name: cell for name, cell in row.cells.items() if not _is_empty(cell)})


def _is_empty(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())
