"""The findings of a gap analysis as tables for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from matcher.gaps.findings import Gap, GapAnalysis
from service.gaps.rows import counted, name_of, recruit
from service.gaps.summary import in_short

_ANECDOTES = 10


def print_findings(console: Console, found: GapAnalysis) -> None:
    """In short, the gaps, the first anecdotes, regions and fields."""
    for line in in_short(found):
        console.print(Text(line), soft_wrap=True)
    gaps = [gap for gap in found.gaps if not gap.is_anecdote]
    anecdotes = [gap for gap in found.gaps if gap.is_anecdote]
    if gaps:
        _print_gaps(console, "gap", gaps)
        for gap in gaps:
            console.print(Text(f"{gap.number}. {gap.theme.kind}: {gap.theme.reason}"), soft_wrap=True)
    if anecdotes:
        _print_gaps(console, "anecdote", anecdotes[:_ANECDOTES])
        if len(anecdotes) > _ANECDOTES:
            console.print(Text(f"and {len(anecdotes) - _ANECDOTES} more: --out writes all of them.", style="dim"))
    cells = [[cell.region, cell.field, f"{cell.unmet.numerator} of {cell.unmet.denominator}"] for cell in found.cells]
    if cells:
        _print_table(console, ["region that asks", "field sought", "unmet"], cells)


def _print_gaps(console: Console, heading: str, gaps: Sequence[Gap]) -> None:
    rows = [
        [
            f"{gap.number}. {name_of(gap)}",
            f"{gap.unmet.numerator} of {gap.unmet.denominator}",
            counted(gap.fields),
            counted(gap.regions),
            recruit(gap, 1),
        ]
        for gap in gaps
    ]
    _print_table(console, [heading, "unmet", "fields", "asked by", "could recruit"], rows)


def _print_table(console: Console, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for name in columns:
        table.add_column(name, overflow="fold", no_wrap=name == "unmet")
    for row in rows:
        # As text: what stands in brackets is a name, not a style.
        table.add_row(*(Text(cell) for cell in row))
    console.print()
    console.print(table)
