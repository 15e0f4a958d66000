"""How the programme is told in a terminal: times on its clock, findings, and that something is made up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from matcher.programme.eligibility import Finding
from matcher.programme.rules import Programme
from service.cli.console import cell


def on_its_clock(moment: datetime, programme: Programme) -> str:
    """Day and time in the programme's zone."""
    return f"{moment.astimezone(ZoneInfo(programme.time_zone)):%Y-%m-%d %H:%M}"


def table_of(*columns: str, sums: Iterable[str] = (), whole: Iterable[str] = ()) -> Table:
    """An empty table.

    Args:
        columns: their titles.
        sums: titles of those that hold numbers.
        whole: titles of those that are never broken over lines.
    """
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(
            column, justify="right" if column in sums else "left", no_wrap=column in {*sums, *whole}, overflow="fold"
        )
    return table


def findings_table(findings: Iterable[Finding]) -> Table:
    """Each rule by name, whether it passes, and why."""
    table = table_of("Rule", "", "Why", whole=("Rule", ""))
    for one in findings:
        table.add_row(one.rule, "passes" if one.passed else "FAILS", cell(one.why))
    return table


def say_if_made_up(console: Console, programme: Programme) -> None:
    """What is told under simulated rules says so."""
    if programme.simulated:
        console.print(
            f"Simulated: no real decision is taken under the rules of {programme.name}.", markup=False, soft_wrap=True
        )
