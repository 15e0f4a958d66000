"""`crossmatch programme check|example|example-applicant`: the files that a programme office and an advisor write."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from embeddings.errors import Refusal
from service.cli.console import out
from service.cli.problem_list import every_problem_told
from service.cli.programme.given_files import programme_of, write_new

_NewFile = Annotated[Path, typer.Argument(help="New file to write; - writes to standard output.")]


def check(file: Annotated[Path, typer.Argument(help="The programme file (TOML); - reads standard input.")]) -> None:
    """Look through a programme file. Every mistake in it is named by line and field; without any, what it says in short."""
    from service.cli.programme.rules_in_words import in_short

    with every_problem_told("The rules cannot be adopted as they are."):
        programme = programme_of(file)
    console = out()
    console.print(f"{file} is in order: version {programme.version}.", markup=False, soft_wrap=True)
    for line in in_short(programme):
        console.print(f"  {line}", markup=False, soft_wrap=True)


def example(
    file: _NewFile,
    as_if_now: Annotated[
        bool, typer.Option("--open-now", help="For trying out: shift all calls so that the first one is open today.")
    ] = False,
) -> None:
    """Write the programme file that ships, to start from: regions, incentives, calls, scoring, eligibility, deadlines."""
    from matcher.shipped import shipped_programme, shipped_programme_file
    from service.cli.programme.trying_out import open_now

    text = shipped_programme_file().read_text(encoding="utf-8")
    if as_if_now:
        text = open_now(text, datetime.now(ZoneInfo(shipped_programme().time_zone)).date())
    if write_new(file, text):
        out().print(f"A programme in {file}. Check it: crossmatch programme check {file}", markup=False, soft_wrap=True)


def example_applicant(file: _NewFile) -> None:
    """Write a file in which a company tells its accounts and its group, to fill in."""
    from service.cli.programme.applicant_file import EXAMPLE

    if file.suffix.lower() == ".json":
        raise Refusal(f"file {file}", "end in .toml", file.suffix, "The example has comments, which JSON has not.")
    if write_new(file, EXAMPLE):
        out().print(f"An applicant in {file}, for --applicant of crossmatch programme eligible.", markup=False, soft_wrap=True)
