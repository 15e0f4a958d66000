"""`crossmatch index`: build what needs are searched in, and look at it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated, Any

import typer

from service.cli.console import out, progress
from service.cli.index_info import info
from service.settings import Settings

app = typer.Typer(no_args_is_help=True, help="Build what needs are searched in, and look at it.")
app.command()(info)


@app.callback()
def group() -> None:
    """Build what needs are searched in, and look at it."""


@app.command()
def build(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Provider and evidence files (CSV, XLSX, JSONL); the shipped directory if none.")
    ] = None,
    store: Annotated[
        str | None,
        typer.Option(help="Address of a PostgreSQL database with pgvector to put it in, shared by all who have the address."),
    ] = None,
) -> None:
    """Read the directory, with what the record says of it, encode what is new, and put the index in place."""
    from service.desk import build_index

    given: dict[str, Any] = {"directory": tuple(files or ()) or None, "store_url": store}
    settings = Settings(**{name: value for name, value in given.items() if value is not None})
    start = time.monotonic()
    with progress("Encoding passages") as report:
        built = build_index(settings, report)
    facts, kept = built.facts, built.kept
    console = out()
    console.print(f"{facts['providers']} providers, {facts['evidence']} pieces of evidence, {facts['passages']} passages")
    if kept.accepted or kept.corrected or kept.left_out:
        told = f"{kept.accepted} added, {kept.corrected} corrected, {kept.left_out} left out"
        console.print(f"from the record: {told}")
    console.print(f"dense index {facts['dense']['factory']} ({facts['dense']['why']})")
    console.print(f"in {built.place} after {time.monotonic() - start:.1f} s")
