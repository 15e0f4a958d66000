"""The command group `crossmatch log`."""

from __future__ import annotations

import typer

from service.cli.log import lifecycle, notes, reading, trust

app = typer.Typer(no_args_is_help=True, help="The record: match lists, what became of them, and proof that it holds.")


@app.callback()
def group() -> None:
    """Read the record of match lists, write what became of the matches, and prove that nothing was changed."""


app.command("list")(reading.list_lists)
for command in (reading.show, reading.export, lifecycle.step, lifecycle.history, lifecycle.indicators):
    app.command()(command)
for beside in (notes.note, notes.notes):
    app.command()(beside)
for trusted in (trust.verify, trust.replay, trust.erase, trust.backup, trust.restore):
    app.command()(trusted)
