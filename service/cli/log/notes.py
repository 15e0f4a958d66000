"""`crossmatch log note|notes`: notes beside the match lists."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

from matcher.notes import NewNote
from matcher.validation import checked
from service.cli.console import cell, out
from service.cli.log.opening import open_record


def note(
    list_id: Annotated[str, typer.Argument(help="The list's id.")],
    text: Annotated[str, typer.Argument(help="What is to be remembered; erased with the need's words.")],
    match_id: Annotated[int | None, typer.Option("--match", help="Id of the match that it is about.")] = None,
    by: Annotated[str, typer.Option(help="Who writes it.")] = "command line",
) -> None:
    """Write a note beside a list or one of its matches."""
    from service.record.sql_notes import SqlNotes

    told = checked(NewNote, {"list_id": list_id, "match_id": match_id, "text": text}, "note")
    written = SqlNotes(open_record()).write(told, by)
    typer.echo(f"Note {written.note_id} on record")


def notes(
    list_id: Annotated[str, typer.Argument(help="The list's id.")],
    as_json: Annotated[bool, typer.Option("--json", help="JSON, one note a line.")] = False,
) -> None:
    """The notes on a list and its matches, and corrections that the company asked for."""
    from service.record.sql_notes import SqlNotes

    found = SqlNotes(open_record()).of_list(list_id)
    if as_json:
        for one in found:
            typer.echo(one.model_dump_json())
        return
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for column in ("Note", "Written (UTC)", "By", "Match", "What", "Text"):
        table.add_column(column)
    for one in found:
        about = "" if one.match_id is None else str(one.match_id)
        what = one.kind if one.answers is None else f"{one.kind}, to {one.answers}"
        when = f"{one.written_at:%Y-%m-%d %H:%M}"
        table.add_row(str(one.note_id), when, cell(one.written_by), about, what, cell(one.text))
    out().print(table)
