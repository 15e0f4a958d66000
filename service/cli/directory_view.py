"""`crossmatch directory status|overdue|link`: how providers stand, whom to look at again, and a link for one of them."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

from service.cli.console import cell, out
from service.cli.link_telling import Address, Days, tell_link
from service.cli.log.opening import open_record
from service.cli.upkeep_opening import open_upkeep

if TYPE_CHECKING:
    from matcher.standing import Standing

Region = Annotated[str | None, typer.Option(help="Only providers of this region.")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON, one provider a line.")]


def status(
    provider_id: Annotated[
        str | None, typer.Argument(metavar="ID", help="A provider's id; all with steps if left out.")
    ] = None,
    region: Region = None,
    as_json: AsJson = False,
) -> None:
    """How each provider stands of which anything is on record, or one provider with all its steps."""
    upkeep = open_upkeep()
    if provider_id is not None:
        found = upkeep.standing(provider_id)
        _json([found]) if as_json else _in_full(found)
        return
    standings = list(upkeep.standings(region))
    if as_json:
        _json(standings)
        return
    table = _table("Provider", "Name", "Region", "Stands", "Newest step", "")
    for one in standings:
        newest = one.steps[-1]
        waiting = "asks for a correction" if one.asked is not None else ""
        day = newest.happened_on or newest.recorded_at.date()
        table.add_row(cell(one.provider_id), cell(one.name), cell(one.region), one.state, f"{newest.kind} ({day})", waiting)
    out().print(table)


def overdue(
    years: Annotated[int, typer.Option(min=1, max=100, help="Years without newer evidence and without a step.")],
    region: Region = None,
    as_json: AsJson = False,
) -> None:
    """Providers on lists of which nothing is newer than that: look at them again, then correct or expire them."""
    from matcher.standing import overdue as overdue_of

    found = list(overdue_of(open_upkeep().everybody(region), _years_ago(datetime.now(UTC).date(), years)))
    if as_json:
        for one in found:
            told = {"provider_id": one.provider_id, "name": one.name, "region": one.region, "state": one.state}
            typer.echo(json.dumps({**told, "newest": str(one.newest) if one.newest else None}, ensure_ascii=False))
        return
    table = _table("Provider", "Name", "Region", "Stands", "Newest")
    for one in found:
        newest = str(one.newest) if one.newest else "no evidence with a day"
        table.add_row(cell(one.provider_id), cell(one.name), cell(one.region), one.state, newest)
    console = out()
    console.print(table)
    console.print(f"{len(found)} to be looked at again")


def link(
    provider_id: Annotated[str, typer.Argument(metavar="ID", help="The provider's id.")],
    days: Days = 60,
    address: Address = "",
    by: Annotated[str, typer.Option(help="Who makes it, for the record.")] = "command line",
) -> None:
    """A link with which the provider sees its own entry, asks for a correction, or leaves. It is shown once."""
    from service.record.sql_links import SqlLinks

    found = open_upkeep().standing(provider_id)
    links = SqlLinks(open_record())
    token, made = links.make("provider entry", provider_id, region=found.region, by=by, life=timedelta(days=days))
    tell_link(token, made, address)


def _years_ago(today: date, years: int) -> date:
    try:
        return today.replace(year=today.year - years)
    except ValueError:  # 29 February
        return today.replace(year=today.year - years, day=28)


def _json(standings: list[Standing]) -> None:
    for one in standings:
        typer.echo(one.model_dump_json())


def _in_full(found: Standing) -> None:
    console = out()
    console.print(cell(f"{found.name} ({found.provider_id}), region {found.region or 'none'}: {found.state}"))
    table = _table("Step", "Day", "What", "By", "Recorded (UTC)")
    for step in found.steps:
        what = step.kind if not step.reason else f"{step.kind}: {step.reason}"
        day = step.happened_on or step.recorded_at.date()
        at = f"{step.recorded_at:%Y-%m-%d %H:%M}"
        table.add_row(str(step.step_id), str(day), cell(what), cell(step.recorded_by), at)
    if found.steps:
        console.print(table)
    if found.asked is not None:
        console.print(f"It asks for a correction: crossmatch directory correct --as-asked {found.provider_id}", markup=False)
    console.print(f"May come next: {', '.join(found.may_follow)}", markup=False)


def _table(*columns: str) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column)
    return table
