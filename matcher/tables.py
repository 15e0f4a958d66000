"""Tables from CSV, XLSX and JSONL files, row by row with their line numbers. Every problem is collected, none raised."""

from __future__ import annotations

import csv
import io
import json
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from embeddings.errors import shown
from matcher.errors import Problem

LARGEST_CELL = 100_000
"""Characters: far above any text of a directory, far below what would fill the memory."""

LARGEST_FILE = 500_000_000
"""Bytes of one file that are read."""


@dataclass
class Table:
    """One table: its rows as `(line, {column: text})`, and what was wrong with the rest."""

    file: str
    columns: tuple[str, ...] = ()
    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def problem(self, line: int, column: str, required: str, found: str, remedy: str = "") -> None:
        """Note what is wrong in one place."""
        self.problems.append(Problem(self.file, line, column, required, found, remedy))

    def add(self, line: int, row: dict[str, str]) -> None:
        """Keep a row unless one of its cells is beyond all measure."""
        for column, cell in row.items():
            if len(cell) > LARGEST_CELL:
                self.problem(line, column, f"have at most {LARGEST_CELL:,} characters", f"{len(cell):,}", "Shorten the cell.")
                return
        self.rows.append((line, row))

    def header(self, line: int, cells: list[str]) -> bool:
        """Take the column names; false where they cannot serve."""
        names = [cell.strip() for cell in cells]
        doubled = sorted({name for name in names if name and names.count(name) > 1})
        if doubled:
            self.problem(line, doubled[0], "appear once in the header", "it twice", "Rename or remove one of them.")
            return False
        self.columns = tuple(name for name in names if name)
        return bool(self.columns)


def _decoded(table: Table, data: bytes) -> str | None:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        table.problem(1, "", "be UTF-8", "a UTF-16 byte order mark", "Save the file as CSV UTF-8.")
        return None
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        start = data.rfind(b"\n", 0, error.start) + 1
        found = f"byte 0x{data[error.start]:02X} at byte {error.start - start + 1} of the line"
        table.problem(line, "", "be UTF-8", found, "It looks like Latin-1 or Windows-1252: save the file as CSV UTF-8.")
        return None


def _read_csv(file: Path) -> Iterator[Table]:
    table = Table(file.name)
    text = _decoded(table, file.read_bytes())
    if text is not None:
        _fill_from_csv(table, text)
    yield table


def _fill_from_csv(table: Table, text: str) -> None:
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",;\t", key=first.count)
    csv.field_size_limit(LARGEST_FILE)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line, header = 1, None
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            table.problem(line, "", "be well-formed CSV", str(error), "Close the quotes of the row that begins here.")
            break
        if not any(cell.strip() for cell in cells):
            pass  # a blank line, or the empty rows that spreadsheets append
        elif header is None:
            header = [cell.strip() for cell in cells]
            if not table.header(line, cells):
                break
        else:
            if len(cells) == len(header):
                table.add(line, {name: cell for name, cell in zip(header, cells, strict=True) if name})
            else:
                remedy = f"Put cells that contain {delimiter!r} in double quotes."
                table.problem(line, "", f"have {len(header)} cells like the header", f"{len(cells)}", remedy)
        line = reader.line_num + 1


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, list):
        return ";".join(_as_text(item) for item in value)
    return str(value)


def _is_nested(value: Any) -> bool:
    """Whether a value of JSON is more than one cell of a table can hold."""
    inside = value if isinstance(value, list) else [value]
    return any(isinstance(item, dict | list) for item in inside)


def _read_xlsx(file: Path) -> Iterator[Table]:
    from openpyxl import load_workbook

    try:
        workbook = load_workbook(file, read_only=True, data_only=True)
        tables = [table for sheet in workbook.worksheets if (table := _read_sheet(file, sheet)).columns or table.problems]
        workbook.close()
    except (BadZipFile, KeyError, OSError, ValueError, SyntaxError, zlib.error) as error:
        # SyntaxError is what broken XML raises (xml.etree.ElementTree.ParseError).
        table = Table(file.name)
        table.problem(0, "", "be an Excel workbook (.xlsx)", shown(str(error)), "Open it in a spreadsheet and save it again.")
        tables = [table]
    yield from tables


def _read_sheet(file: Path, sheet: Any) -> Table:
    table = Table(f"{file.name}[{sheet.title}]")
    header: list[str] | None = None
    for line, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
        texts = [_as_text(cell) for cell in cells]
        if not any(text.strip() for text in texts):
            continue
        if header is None:
            header = [text.strip() for text in texts]
            while not header[-1]:
                header.pop()
            if not table.header(line, header):
                break
            continue
        surplus = [text for text in texts[len(header) :] if text]
        if surplus:
            table.problem(line, "", f"have {len(header)} cells like the header", f"more: {shown(surplus[0])}")
            continue
        texts += [""] * (len(header) - len(texts))
        table.add(line, {name: text for name, text in zip(header, texts, strict=False) if name})
    return table


def _read_jsonl(file: Path) -> Iterator[Table]:
    table = Table(file.name)
    text = _decoded(table, file.read_bytes())
    columns: dict[str, None] = {}
    # Not splitlines: it also splits at signs that JSON allows within a text.
    for line, content in enumerate((text or "").split("\n"), start=1):
        if not content.strip():
            continue
        try:
            row = json.loads(content)
        except (ValueError, RecursionError) as error:
            table.problem(line, "", "be one JSON object a line", shown(str(error)), "Correct the line.")
            continue
        if not isinstance(row, dict):
            table.problem(line, "", "be one JSON object a line", shown(row), "Put the fields in braces.")
            continue
        nested = [key for key, value in row.items() if _is_nested(value)]
        for key in nested:
            table.problem(line, key, "be a text, a number or a list of these", shown(row[key]), "Write it as one of these.")
        if nested:
            continue
        texts = {str(key): _as_text(value) for key, value in row.items()}
        columns.update(dict.fromkeys(texts))
        table.add(line, texts)
    table.columns = tuple(columns)
    yield table


READERS: dict[str, Callable[[Path], Iterator[Table]]] = {
    ".csv": _read_csv,
    ".tsv": _read_csv,
    ".xlsx": _read_xlsx,
    ".jsonl": _read_jsonl,
}


def read_tables(file: Path) -> list[Table]:
    """The tables of one file: one, or one a sheet for a workbook."""
    table = Table(file.name)
    reader = READERS.get(file.suffix.lower())
    if reader is None:
        table.problem(0, "", f"end in one of {', '.join(READERS)}", shown(file.suffix), "Save it in one of these forms.")
        return [table]
    try:
        size = file.stat().st_size
        if size <= LARGEST_FILE:
            return list(reader(file))
        table.problem(0, "", f"have at most {LARGEST_FILE // 10**6} MB", f"{size // 10**6} MB", "Split the file.")
    except OSError as error:
        table.problem(0, "", "be readable", error.strerror or str(error), "Check the path and its permissions.")
    return [table]
