"""`crossmatch log step|history|indicators`: what became of the matches."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Annotated, Any, get_args

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from embeddings.errors import Refusal, shown
from matcher.lifecycle import KINDS, MAY_FOLLOW, REASONS, Anyway, NewStep, Rating, Result, Step, in_force
from matcher.validation import checked
from service.cli.console import cell, out
from service.cli.log.opening import open_record
from service.cli.output_file import whole_or_not

_FORMATS = ("table", "csv", "json")


def step(
    match_id: Annotated[int, typer.Argument(help="The match's id, as log export shows it.")],
    kind: Annotated[str, typer.Argument(help=f"What became of it: {', '.join(KINDS)}.")],
    reason: Annotated[str | None, typer.Option(help=f"Why it was declined: {', '.join(REASONS)}.")] = None,
    rating: Annotated[str | None, typer.Option(help=f"How the meeting went: {'; '.join(get_args(Rating))}.")] = None,
    incentive: Annotated[str | None, typer.Option(help="Name of the incentive granted.")] = None,
    result: Annotated[str | None, typer.Option(help=f"What came of it: {', '.join(get_args(Result))}.")] = None,
    anyway: Annotated[str | None, typer.Option(help=f"Would it have happened anyway: {', '.join(get_args(Anyway))}.")] = None,
    on: Annotated[str | None, typer.Option(help="The day it happened, as 2026-01-31; today if left out.")] = None,
    corrects: Annotated[int | None, typer.Option(help="Id of the step whose place this one takes.")] = None,
    by: Annotated[str, typer.Option(help="Who records it.")] = "command line",
) -> None:
    """Put on record what became of a match. Nothing is overwritten: a correction is a step that names the old one."""
    told: dict[str, Any] = {"reason": reason, "rating": rating, "incentive": incentive, "result": result, "anyway": anyway}
    told |= {"match_id": match_id, "kind": kind, "happened_on": on, "corrects": corrects}
    given = open_record().record_step(checked(NewStep, told, "step"), by)
    typer.echo(f"Step {given.step_id} on record: match {given.match_id} {given.in_words}")


def history(
    match_id: Annotated[int, typer.Argument(help="The match's id, as log export shows it.")],
    as_json: Annotated[bool, typer.Option("--json", help="JSON as the service gives it.")] = False,
) -> None:
    """A match with all its steps, and which may come next."""
    found = open_record().history(match_id)
    if as_json:
        typer.echo(found.model_dump_json())
        return
    match = found.match
    way = f"{match.need_country}→{match.match.country}"
    console = out()
    who = match.company or match.need_id or match.list_id
    console.print(cell(f"{who} and {match.match.name} ({way}): {found.state}"))
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for column in ("Step", "Day", "What", "By", "Recorded (UTC)", ""):
        table.add_column(column)
    counted = {one.step_id for one in in_force(found.steps)}
    table.add_row(
        "", f"{match.created_at:%Y-%m-%d}", "proposed", cell(match.asked_by), f"{match.created_at:%Y-%m-%d %H:%M}", ""
    )
    for one in found.steps:
        table.add_row(str(one.step_id), *_told(one), _standing(one, counted))
    console.print(table)
    console.print(f"May come next: {', '.join(MAY_FOLLOW[found.state])}", markup=False)


def _told(one: Step) -> tuple[str | Text, ...]:
    return f"{one.happened:%Y-%m-%d}", cell(one.in_words), cell(one.recorded_by), f"{one.recorded_at:%Y-%m-%d %H:%M}"


def _standing(one: Step, counted: set[int]) -> str:
    corrects = f"corrects {one.corrects}" if one.corrects else ""
    return corrects if one.step_id in counted or one.kind == "withdrawn" else f"{corrects} (corrected)".strip()


def indicators(
    region: Annotated[str | None, typer.Option(help="Only needs of this region.")] = None,
    form: Annotated[str, typer.Option("--format", help="table, csv or json.")] = "table",
    file: Annotated[Path | None, typer.Option("--out", help="File to write; standard output if left out.")] = None,
) -> None:
    """Cross-border matches and what became of them, in figures. Holds no need text and no company."""
    if form not in _FORMATS:
        raise Refusal("option --format", f"be one of {', '.join(_FORMATS)}", shown(form))
    # Only here: intervals bring scipy.
    from matcher.indicators import indicator_rows
    from matcher.indicators import indicators as indicators_of

    record = open_record()
    found = indicators_of(record.histories(region=region), record.given_out(region=region))
    if form == "table" and file is None:
        table = Table(box=SIMPLE_HEAD, pad_edge=False)
        for column in ("", "Figure", "Value", "95 %", "n"):
            table.add_column(column)
        for row in indicator_rows(found):
            table.add_row(*map(cell, row.as_text()))
        out().print(table)
        return
    with whole_or_not(file) as stream:
        if form == "json":
            stream.write(found.model_dump_json() + "\n")
            return
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(("section", "name", "value", "low", "high", "n"))
        writer.writerows(indicator_rows(found))
