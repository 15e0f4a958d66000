"""`crossmatch survey`: ask companies about their matches, and read what they answered."""

from __future__ import annotations

import csv
import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, get_args

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

from embeddings.errors import Refusal, shown
from matcher.surveys import SurveyKind
from service.cli.console import cell, out
from service.cli.link_telling import Address, Days, tell_link, whole_link
from service.cli.log.opening import open_record
from service.cli.output_file import whole_or_not

if TYPE_CHECKING:
    from matcher.surveys import Sent
    from service.record.sql_links import SqlLinks
    from service.record.sql_log import SqlMatchLog

app = typer.Typer(no_args_is_help=True, help="Ask companies about their matches, and read what they answered.")
KINDS: tuple[SurveyKind, ...] = get_args(SurveyKind)
Survey = Annotated[str, typer.Option(help=f"Which: {', '.join(KINDS)}.")]
Region = Annotated[str | None, typer.Option(help="Only matches of companies of this region.")]
By = Annotated[str, typer.Option(help="Who sends it, for the record.")]
_COLUMNS = ("match", "company", "provider", "link")


@app.callback()
def group() -> None:
    """Ask companies about their matches, and read what they answered."""


@app.command()
def send(
    match: Annotated[int, typer.Option(help="The match's id, as log export shows it.")],
    survey: Survey,
    days: Days = 60,
    address: Address = "",
    by: By = "command line",
) -> None:
    """A link to a survey about one match. It is shown once, on standard output, and kept nowhere."""
    record, kind = open_record(), _kind(survey)
    region = record.history(match).match.need_region
    token, link = _links(record).make(kind, str(match), region=region, by=by, life=timedelta(days=days))
    tell_link(token, link, address)


@app.command("send-all")
def send_all(
    survey: Survey,
    since: Annotated[str, typer.Option(help="Matches of which something happened on this day or later, as 2026-01-31.")],
    file: Annotated[Path | None, typer.Option("--out", help="CSV file to write; standard output if left out.")] = None,
    region: Region = None,
    days: Days = 60,
    address: Address = "",
    by: By = "command line",
) -> None:
    """Links to a survey about every match that got none yet, as CSV: match, company, provider, link. Tokens are only there."""
    from matcher.links import new_token
    from matcher.surveys_due import unsent

    record, kind, first = open_record(), _kind(survey), _day(since)
    links = _links(record)
    found = list(unsent(kind, record.histories(region=region), links.surveys(), first))
    new = [(new_token(), one) for one in found]
    if file is not None and file.is_dir():
        raise Refusal(f"file {file}", "be writable", "a folder", "Choose another place.")
    # Recorded once the file is on the disk, and put in place once they are on record: no token is lost, none opens too early.
    with whole_or_not(file, private=True) as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(_COLUMNS)
        writer.writerows((one.match_id, one.company, one.provider, whole_link(token.text, address)) for token, one in new)
        stream.flush()
        if file is not None:
            os.fsync(stream.fileno())
        wanted = [(token, kind, str(one.match_id), one.region) for token, one in new]
        links.make_each(wanted, by=by, life=timedelta(days=days))
    typer.echo(f"{len(new)} {'link' if len(new) == 1 else 'links'} for '{kind}' on record", err=True)


@app.command()
def answers(
    survey: Annotated[str | None, typer.Option(help=f"Only this one: {', '.join(KINDS)}.")] = None,
    region: Region = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON, one survey a line.")] = False,
) -> None:
    """The surveys that were sent, and what was answered."""
    kind = None if survey is None else _kind(survey)
    found = [one for one in _links(open_record()).surveys(region=region) if kind in (None, one.survey)]
    if as_json:
        for one in found:
            typer.echo(one.model_dump_json())
        return
    table = _table("Match", "Survey", "Sent", "Answered", "Answer", "Goes on")
    for one in found:
        table.add_row(str(one.match_id), one.survey, f"{one.sent_at:%Y-%m-%d}", *_told(one))
    console = out()
    console.print(table)
    answered = sum(one.answer is not None for one in found)
    console.print(f"{answered} of {len(found)} answered")


@app.command()
def due(
    after_event: Annotated[int, typer.Option(min=0, help="Days after a meeting that its survey is due.")] = 3,
    after_incentive: Annotated[int, typer.Option(min=0, help="Days after an incentive that its survey is due.")] = 182,
    region: Region = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON, one survey a line.")] = False,
) -> None:
    """The surveys that are due and were not sent, those that wait longest first."""
    from matcher.surveys_due import due as due_of

    record = open_record()
    waits: dict[SurveyKind, timedelta] = {
        "after the event": timedelta(days=after_event),
        "after six months": timedelta(days=after_incentive),
    }
    sent = _links(record).surveys()
    found = due_of(record.histories(region=region), sent, datetime.now(UTC).date(), waits)
    if as_json:
        for one in found:
            typer.echo(one.model_dump_json())
        return
    table = _table("Survey", "Match", "Company", "Provider", "Happened")
    for one in found:
        table.add_row(one.survey, str(one.match_id), cell(one.company), cell(one.provider), str(one.happened_on))
    console = out()
    console.print(table)
    console.print(f"{len(found)} due")


def _told(sent: Sent) -> tuple[str, str, str]:
    if sent.answer is None:
        return "", "", ""
    told = sent.answer.answer
    what = told.rating or f"{told.result}; anyway: {told.anyway}"
    return f"{sent.answer.answered_at:%Y-%m-%d}", what, told.wishes_to_continue


def _kind(survey: str) -> SurveyKind:
    if survey not in KINDS:
        raise Refusal("option --survey", f"be one of: {', '.join(KINDS)}", shown(survey), "Choose one.")
    return survey


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refusal("option --since", "be a day as in 2026-01-31", shown(text), "Write year, month and day.") from None


def _links(record: SqlMatchLog) -> SqlLinks:
    from service.record.sql_links import SqlLinks

    return SqlLinks(record)


def _table(*columns: str) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column)
    return table
