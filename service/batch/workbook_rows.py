"""Rows of an Excel workbook as they come, sheet by sheet."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from embeddings.errors import shown
from matcher.errors import Problem
from service.batch.rows import Header, Row, checked_row


def workbook_rows(file: Path) -> Iterator[Row | Problem]:
    """Rows of every sheet that has a header."""
    from openpyxl import load_workbook

    try:
        workbook = load_workbook(file, read_only=True, data_only=True)
        for sheet in workbook.worksheets:
            yield from _sheet_rows(f"{file.name}[{sheet.title}]", sheet)
        workbook.close()
    except (BadZipFile, KeyError, ValueError, SyntaxError, EOFError, zlib.error) as error:
        # SyntaxError is what broken XML raises (xml.etree.ElementTree.ParseError).
        remedy = "Open it in a spreadsheet and save it again."
        yield Problem(file.name, 0, "", "be an Excel workbook (.xlsx)", shown(str(error)), remedy)


def _sheet_rows(name: str, sheet: Any) -> Iterator[Row | Problem]:
    header: list[str] | None = None
    for line, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
        values = list(cells)
        if all(cell is None or not str(cell).strip() for cell in values):
            continue
        if header is None:
            header = ["" if cell is None else str(cell).strip() for cell in values]
            while not header[-1]:
                header.pop()
            wrong = Header(name, line, header).problem()
            if wrong is not None:
                yield wrong
                return
            continue
        surplus = [cell for cell in values[len(header) :] if cell is not None]
        if surplus:
            found = f"more: {shown(surplus[0])}"
            yield Problem(name, line, "", f"have {len(header)} cells like the header", found, "Remove what stands beside it.")
        else:
            yield checked_row(Row(name, line, {column: cell for column, cell in zip(header, values, strict=False) if column}))
