"""Cells of the report's tables: the same value as people read it, and as a spreadsheet does."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from matcher.programme.report_records import FEW
from matcher.rates import Rate

NOTHING = "–"


class Money(NamedTuple):
    """A sum in cents."""

    cents: int


class Share(NamedTuple):
    """A part of a whole that is no sample: it has no interval."""

    value: float | None


Cell = str | int | float | Money | Share | Rate | None


@dataclass(frozen=True)
class ReportTable:
    """A table of the report. The first cell of each row names it."""

    name: str
    """Of its file, without ending."""
    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    folded: bool = False
    """Whether it is long, and shown only when asked for."""


def as_text(cell: Cell) -> str:
    """The cell for people: `7,000.00`, `87%`, `86 of 100 (86%, 95 %: 78% to 91%)`."""
    if cell is None:
        return NOTHING
    if isinstance(cell, Money):
        sign = "−" if cell.cents < 0 else ""
        return f"{sign}{abs(cell.cents) // 100:,}.{abs(cell.cents) % 100:02}"
    if isinstance(cell, Share):
        return NOTHING if cell.value is None else f"{cell.value:.1%}"
    if isinstance(cell, Rate):
        return rate_as_text(cell)
    return cell if isinstance(cell, str) else f"{cell:,.10g}"


def rate_as_text(rate: Rate) -> str:
    """`86 of 100 (86%, 95 %: 78% to 91%)`; that there are few is said."""
    if rate.value is None or rate.low is None or rate.high is None:
        return f"{rate.numerator:,} of {rate.denominator:,}"
    few = "; few" if rate.denominator < FEW else ""
    said = f"{rate.value:.0%}, 95\u00a0%: {rate.low:.0%} to {rate.high:.0%}{few}"
    return f"{rate.numerator:,} of {rate.denominator:,} ({said})"


def csv_of(table: ReportTable, *, simulated: bool) -> str:
    """The table for a spreadsheet. Its first column says of each row whether it is simulated; a rate takes five columns."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    rates = {place for row in table.rows for place, cell in enumerate(row) if isinstance(cell, Rate)}
    writer.writerow(["simulated", *_header(table.columns, rates)])
    for row in table.rows:
        writer.writerow(["yes" if simulated else "no", *_plain(row, rates)])
    return written.getvalue()


def _header(columns: Sequence[str], rates: set[int]) -> Iterator[str]:
    for place, name in enumerate(columns):
        yield from (f"{name} {part}" for part in ("count", "of", "share", "low", "high")) if place in rates else (name,)


def _plain(row: Sequence[Cell], rates: set[int]) -> Iterator[str | int | float | None]:
    for place, cell in enumerate(row):
        if isinstance(cell, Rate):
            yield from (cell.numerator, cell.denominator, cell.value, cell.low, cell.high)
        elif place in rates:
            yield from (cell if isinstance(cell, str | int | float) else None, None, None, None, None)
        elif isinstance(cell, Money):
            yield f"{'-' if cell.cents < 0 else ''}{abs(cell.cents) // 100}.{abs(cell.cents) % 100:02}"
        else:
            yield cell.value if isinstance(cell, Share) else cell
