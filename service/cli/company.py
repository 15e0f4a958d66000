"""`crossmatch company`: show a company what is on record about it, and answer what it says is wrong."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

from embeddings.errors import shown
from matcher.errors import NotFound
from service.cli.console import cell, out
from service.cli.link_telling import Address, Days, tell_link
from service.cli.log.opening import open_record

if TYPE_CHECKING:
    from service.record.sql_notes import SqlNotes

app = typer.Typer(no_args_is_help=True, help="Show a company what is on record about it, and answer what it says is wrong.")
Region = Annotated[str | None, typer.Option(help="Only lists of this region.")]
By = Annotated[str, typer.Option(help="Who does it, for the record.")]


@app.callback()
def group() -> None:
    """Show a company what is on record about it, and answer what it says is wrong."""


@app.command()
def link(
    company: Annotated[str, typer.Argument(help="Its country and name, as in 'NL:Example BV'; the name in any spelling.")],
    region: Region = None,
    days: Days = 60,
    address: Address = "",
    by: By = "command line",
) -> None:
    """A link with which a company sees its lists and matches, and says what is wrong with them. It is shown once."""
    from service.company_entry import company_lists, company_of
    from service.record.sql_links import SqlLinks

    record = open_record()
    country, name = company_of(company)
    if not company_lists(record, country, name, region):
        raise NotFound("company", "have a list in the match log", shown(company), "Write its name as the need did.")
    token, made = SqlLinks(record).make("company entry", company, region=region or "", by=by, life=timedelta(days=days))
    tell_link(token, made, address)


@app.command()
def corrections(
    region: Region = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON, one correction a line.")] = False,
) -> None:
    """Corrections that companies asked for and nobody has answered, those that wait longest first."""
    found = _notes().waiting(region)
    if as_json:
        for one in found:
            typer.echo(one.model_dump_json())
        return
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for column in ("Note", "Asked (UTC)", "Company", "List", "Match", "What is wrong"):
        table.add_column(column)
    for one in found:
        note = one.note
        about = "" if note.match_id is None else str(note.match_id)
        asked = f"{note.written_at:%Y-%m-%d %H:%M}"
        who = cell(f"{one.company} ({one.country})")
        table.add_row(str(note.note_id), asked, who, cell(note.list_id), about, cell(note.text))
    console = out()
    console.print(table)
    console.print(f"{len(found)} {'waits' if len(found) == 1 else 'wait'} for an answer")


@app.command()
def answer(
    note: Annotated[int, typer.Argument(help="Number of the note that asks, as company corrections shows it.")],
    text: Annotated[str, typer.Argument(help="What the company reads.")],
    declined: Annotated[
        bool, typer.Option("--declined", help="Nothing was corrected; without it, what was wrong was.")
    ] = False,
    by: By = "command line",
) -> None:
    """Answer a correction that a company asked for. What is to be corrected is recorded first, with `crossmatch log step`."""
    from matcher.notes import NewNote
    from matcher.validation import checked

    notes = _notes()
    asked = next((one.note for one in notes.waiting() if one.note.note_id == note), None)
    if asked is None:
        wanted, remedy = "be a correction that waits for an answer", "See crossmatch company corrections."
        raise NotFound("note", wanted, str(note), remedy)
    told = {"list_id": asked.list_id, "match_id": asked.match_id, "answers": note, "text": text}
    kind = "correction declined" if declined else "correction made"
    given = notes.write(checked(NewNote, {**told, "kind": kind}, "note"), by)
    typer.echo(f"Note {given.note_id} on record: {kind}. The company sees it through its link.")


def _notes() -> SqlNotes:
    from service.record.sql_notes import SqlNotes

    return SqlNotes(open_record())
