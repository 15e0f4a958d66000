"""Sheets of a workbook: columns that fit, headers that stay, pages that print, and no text that becomes a formula."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

Cell = str | int | float | bool | None
_LONGEST_CELL = 32_767
"""Characters that Excel keeps in a cell."""
_LOOKS_LIKE_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NARROWEST, _WIDEST = 7, 60
_HEADER = PatternFill("solid", fgColor="E8ECF1")
_LINE = Side(style="thin", color="C4CAD3")
_ALARM = "C00000"
_LONGEST_HEAD = 110
"""Characters of a page's head that leave room for how the plan stands, on the same line."""


@dataclass
class Sheet:
    """One table of a workbook."""

    title: str
    columns: Sequence[str]
    rows: list[Sequence[Cell]] = field(default_factory=list)
    widths: dict[str, int] = field(default_factory=dict)
    """Column → characters; the others take what their cells need, within limits."""
    percents: Sequence[str] = ()
    """Columns of shares."""
    choices: dict[str, Sequence[str]] = field(default_factory=dict)
    """Column → what may be filled in."""
    first_columns_stay: int = 1
    groups: bool = False
    """Whether a line is drawn where the first column changes."""
    bold_first_column: bool = False


def workbook_bytes(sheets: Sequence[Sheet], title: str, made_at: datetime, *, standing: str = "", draft: bool = False) -> bytes:
    """The workbook of those sheets.

    Args:
        sheets: at least one.
        title: printed at the head of every page.
        made_at: kept in the file.
        standing: printed there too, such as `version 2`.
        draft: whether every page and every sheet's tab says DRAFT.
    """
    workbook = Workbook()
    workbook.remove(workbook.active)
    workbook.properties.title = _plain(title)
    workbook.properties.creator = "Crossmatch"
    workbook.properties.created = workbook.properties.modified = made_at.replace(tzinfo=None)
    for sheet in sheets:
        page = workbook.create_sheet(f"{sheet.title} DRAFT" if draft else sheet.title)
        _fill(page, sheet, title)
        _tell_standing(page, standing, draft=draft)
    stream = io.BytesIO()
    workbook.save(stream)
    workbook.close()
    return stream.getvalue()


def _fill(page: Any, sheet: Sheet, title: str) -> None:
    for row, cells in enumerate([sheet.columns, *sheet.rows], start=1):
        for column, value in enumerate(cells, start=1):
            _put(page.cell(row, column), value)
    last = len(sheet.rows) + 1
    for column, name in enumerate(sheet.columns, start=1):
        letter = get_column_letter(column)
        page.column_dimensions[letter].width = sheet.widths.get(name) or _width(sheet, column - 1)
        if name in sheet.percents:
            for row in range(2, last + 1):
                page.cell(row, column).number_format = "0 %"
        if name in sheet.choices and last > 1:
            _offer(page, f"{letter}2:{letter}{last}", sheet.choices[name])
    for cells in page.iter_rows():
        for cell in cells:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for cell in page[1]:
        cell.font, cell.fill, cell.border = Font(bold=True), _HEADER, Border(bottom=_LINE)
    if sheet.bold_first_column:
        for row in range(2, last + 1):
            page.cell(row, 1).font = Font(bold=True)
    if sheet.groups:
        _draw_groups(page, sheet)
    page.freeze_panes = page.cell(2, sheet.first_columns_stay + 1)
    _set_up_printing(page, sheet, title)


def _put(cell: Any, value: Cell) -> None:
    """A text stays a text, whatever it begins with: openpyxl takes `=…` for a formula, and spreadsheets take more."""
    if not isinstance(value, str):
        cell.value = value
        return
    text = _plain(value)[:_LONGEST_CELL]
    cell.value = text
    cell.data_type = "s"
    if text.startswith(_LOOKS_LIKE_A_FORMULA):
        # So that it stays one when somebody edits the cell or saves the sheet as CSV and opens it again.
        cell.quotePrefix = True


def _plain(text: str) -> str:
    """XML cannot carry control characters."""
    return str(ILLEGAL_CHARACTERS_RE.sub(" ", text))


def _width(sheet: Sheet, column: int) -> float:
    texts = [str(row[column]) for row in [sheet.columns, *sheet.rows] if column < len(row) and row[column] is not None]
    longest = max((len(line) for text in texts for line in text.split("\n")), default=0)
    return min(max(longest + 2, _NARROWEST), _WIDEST)


def _offer(page: Any, cells: str, choices: Sequence[str]) -> None:
    # Choices with a comma cannot stand in the rule itself, so they lie in a sheet that is not shown.
    hidden = "choices"
    book = page.parent
    there = book[hidden] if hidden in book.sheetnames else book.create_sheet(hidden)
    there.sheet_state = "hidden"
    column = there.max_column + (1 if there.cell(1, 1).value is not None else 0)
    for row, choice in enumerate(choices, start=1):
        _put(there.cell(row, column), choice)
    letter = get_column_letter(column)
    rule = DataValidation(type="list", formula1=f"'{hidden}'!${letter}$1:${letter}${len(choices)}", allow_blank=True)
    rule.showErrorMessage = True
    rule.error = "Choose one of the list, or leave it empty."
    rule.add(cells)
    page.add_data_validation(rule)


def _draw_groups(page: Any, sheet: Sheet) -> None:
    before: Cell = None
    for number, row in enumerate(sheet.rows, start=2):
        if number > 2 and row[0] != before:
            for column in range(1, len(sheet.columns) + 1):
                page.cell(number, column).border = Border(top=_LINE)
        before = row[0]


def _set_up_printing(page: Any, sheet: Sheet, title: str) -> None:
    setup = page.page_setup
    setup.paperSize = page.PAPERSIZE_A4
    setup.orientation = "landscape"
    setup.fitToWidth, setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_title_rows = "1:1"
    if len(sheet.columns) > 1 and sheet.rows:
        page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.columns))}{len(sheet.rows) + 1}"
    # In headers & begins a code.
    page.oddHeader.left.text = _in_a_head(f"{sheet.title}: {title}")
    page.oddFooter.right.text = "&P / &N"


def _tell_standing(page: Any, standing: str, *, draft: bool) -> None:
    right = page.oddHeader.right
    right.text = _in_a_head(" ".join(filter(None, ("DRAFT" if draft else "", standing)))) or None
    if draft:
        page.sheet_properties.tabColor = _ALARM
        right.font, right.size, right.color = "Calibri,Bold", 14, _ALARM


def _in_a_head(text: str) -> str:
    plain = _plain(text)
    return (plain if len(plain) <= _LONGEST_HEAD else f"{plain[: _LONGEST_HEAD - 1]}…").replace("&", "&&")
