"""`crossmatch directory`: check a directory of one's own."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from matcher.directory import load_directory
from matcher.errors import DirectoryRefused
from service.cli import directory_steps, directory_view
from service.cli.console import err, out

app = typer.Typer(no_args_is_help=True, help="Check a directory of one's own, and keep the one in use up to date.")
_MOST_SHOWN = 100


@app.callback()
def group() -> None:
    """Check a directory of one's own, and keep the one in use up to date."""


@app.command()
def check(files: Annotated[list[Path], typer.Argument(help="Provider and evidence files (CSV, XLSX, JSONL).")]) -> None:
    """Name every mistake by line and column, or say what the directory holds."""
    try:
        directory = load_directory(files)
    except DirectoryRefused as refusal:
        console = err()
        for problem in refusal.problems[:_MOST_SHOWN]:
            console.print(str(problem), markup=False, soft_wrap=True)
        if len(refusal.problems) > _MOST_SHOWN:
            console.print(f"… and {len(refusal.problems) - _MOST_SHOWN} more")
        count = len(refusal.problems)
        console.print(f"{count} {'problem' if count == 1 else 'problems'}. Nothing was changed.")
        raise typer.Exit(1) from refusal
    console = out()
    console.print(f"{len(directory)} providers, {len(directory.evidence)} pieces of evidence, no mistakes")
    for name, values in (
        ("category", [p.category for p in directory.providers]),
        ("country", [p.country for p in directory.providers]),
        ("summary language", [p.summary_language for p in directory.providers]),
    ):
        console.print(f"  {name}: " + ", ".join(f"{value} {count}" for value, count in sorted(Counter(values).items())))
    silent = [p.name for p in directory.providers if not p.summary and not directory.evidence_of(p.provider_id)]
    if silent:
        console.print(f"  without summary and evidence (found by name only): {', '.join(silent)}", markup=False)
    for column in directory.ignored_columns:
        console.print(f"  column not used: {column}", markup=False)


for command in (
    directory_steps.propose,
    directory_steps.vet,
    directory_steps.accept,
    directory_steps.refuse,
    directory_steps.suspend,
    directory_steps.resume,
    directory_steps.expire,
    directory_steps.leave,
    directory_steps.correct,
    directory_view.status,
    directory_view.overdue,
    directory_view.link,
):
    app.command()(command)
