"""`crossmatch programme ledger|deadlines`: how the money stands, and what is due."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from service.cli.console import cell, out
from service.cli.programme.opening import open_book

if TYPE_CHECKING:
    from matcher.programme.deadlines import Deadline

_Region = Annotated[str | None, typer.Option(help="Only of this region (id).")]
_Json = Annotated[bool, typer.Option("--json", help="JSON as the service gives it, sums in cents.")]


def ledger(region: _Region = None, as_json: _Json = False) -> None:
    """What each region may give in each call, and what of it is reserved, paid and left."""
    from matcher.programme.money import in_euros
    from service.api.programme_bodies import Ledger
    from service.cli.programme.options import check_region
    from service.cli.programme.telling import say_if_made_up, table_of

    book = open_book()
    programme = book.in_force().programme
    check_region(programme, region)
    told = Ledger.of(programme, book.ledger(region=region))
    if as_json:
        typer.echo(told.model_dump_json())
        return
    sums = ("Budget", "Reserved", "Paid", "Left")
    table, console = table_of("Call", "Region", *sums, sums=sums, whole=("Call", "Region")), out()
    rows = [(one.call_id, one.region_id, (one.budget, one.reserved, one.paid, one.left)) for one in told.accounts]
    for call, where, cents in rows:
        table.add_row(call, where, *(in_euros(one).removesuffix(" EUR") for one in cents))
    together = (sum(column) for column in zip(*(cents for _, _, cents in rows), strict=True))
    table.add_section()
    table.add_row("all", region or "all", *(in_euros(one).removesuffix(" EUR") for one in together))
    console.print(table)
    console.print("Sums in EUR.")
    say_if_made_up(console, programme)


def deadlines(
    days: Annotated[
        int | None, typer.Option(min=0, max=3_650, help="Only what is due within so many days, or overdue.")
    ] = None,
    region: _Region = None,
    as_json: _Json = False,
) -> None:
    """What is due next of each open application, overdue first, and which reminders are due."""
    from matcher.programme.book import ApplicationQuery
    from matcher.programme.deadlines import deadlines_of
    from service.api.programme_bodies import DeadlinesTold
    from service.cli.programme.options import check_region
    from service.cli.programme.telling import say_if_made_up, table_of

    book, now = open_book(), datetime.now(UTC)
    programme = book.in_force().programme
    check_region(programme, region)
    every = deadlines_of(programme, book.applications(ApplicationQuery(), region=region), now)
    found = tuple(one for one in every if days is None or one.days_left <= days)
    today = now.astimezone(ZoneInfo(programme.time_zone)).date()
    if as_json:
        told = DeadlinesTold(today=today, time_zone=programme.time_zone, simulated=programme.simulated, deadlines=found)
        typer.echo(told.model_dump_json())
        return
    table, console = table_of("Day", "", "No.", "Company", "Region", "Call", "To", "", sums=("No.",), whole=("Day", "")), out()
    for one in found:
        what = (cell(one.company), one.region_id, one.call_id, one.due)
        table.add_row(f"{one.day}", _left(one), str(one.application_id), *what, _urgency(one))
    console.print(table)
    overdue, reminders = sum(one.overdue for one in found), sum(one.reminder is not None for one in found)
    console.print(
        f"{len(found)} due, {overdue} overdue, {reminders} to be reminded of. Today is {today} ({programme.time_zone})."
    )
    say_if_made_up(console, programme)


def _left(one: Deadline) -> str:
    days = abs(one.days_left)
    told = f"{days} day" if days == 1 else f"{days} days"
    return f"{told} ago" if one.overdue else "today" if not days else f"in {told}"


def _urgency(one: Deadline) -> str:
    if one.overdue:
        return "OVERDUE"
    return "" if one.reminder is None else f"remind now ({one.reminder} days before)"
