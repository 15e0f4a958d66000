"""`crossmatch programme adopt|show|versions`: which rules are in force."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from embeddings.errors import shown
from matcher.errors import NotFound
from service.cli.console import cell, out
from service.cli.problem_list import every_problem_told
from service.cli.programme.given_files import programme_of
from service.cli.programme.opening import open_book

if TYPE_CHECKING:
    from matcher.programme.book import Adopted


def adopt(
    file: Annotated[Path, typer.Argument(help="The programme file (TOML); - reads standard input.")],
    by: Annotated[str, typer.Option(help="Who adopts the rules, for the record.")] = "command line",
) -> None:
    """Put the rules of a file in force. Rules before them stay on record; the same rules again change nothing."""
    from service.cli.programme.options import signature
    from service.cli.programme.telling import on_its_clock, say_if_made_up

    with every_problem_told("No rules were adopted."):
        programme = programme_of(file)
    adopted = open_book().adopt(programme, signature(by))
    console, since = out(), f"{on_its_clock(adopted.adopted_at, programme)} ({programme.time_zone})"
    told = f"In force: {programme.name}, version {programme.version}, adopted {since} by {adopted.adopted_by}."
    console.print(cell(told), soft_wrap=True)
    say_if_made_up(console, programme)


def show(
    version: Annotated[str | None, typer.Option(help="Rules of this version; those in force if left out.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON as the service gives it, sums in cents.")] = False,
) -> None:
    """The rules in force, or those of a version that a step names."""
    from service.api.programme_bodies import RulesOnRecord
    from service.cli.programme.rules_in_words import print_rules
    from service.cli.programme.telling import on_its_clock, say_if_made_up

    found = _adopted(version)
    if as_json:
        typer.echo(RulesOnRecord.of(found).model_dump_json())
        return
    console, programme = out(), found.programme
    when = f"{on_its_clock(found.adopted_at, programme)} ({programme.time_zone})"
    console.print(cell(f"Version {programme.version}, adopted {when} by {found.adopted_by}"), soft_wrap=True)
    print_rules(console, programme)
    say_if_made_up(console, programme)


def versions(as_json: Annotated[bool, typer.Option("--json", help="JSON, one version a line.")] = False) -> None:
    """All rules that were ever in force, oldest first."""
    from service.api.programme_bodies import Versions
    from service.cli.programme.telling import on_its_clock, table_of

    adopted = open_book().versions()
    told = Versions.of(adopted).versions
    if as_json:
        for line in told:
            typer.echo(line.model_dump_json())
        return
    table = table_of("Version", "Adopted", "", "By", "Programme", "", whole=("Version", "Adopted"))
    for one, line in zip(adopted, told, strict=True):
        when, zone = on_its_clock(one.adopted_at, one.programme), one.programme.time_zone
        table.add_row(
            line.version, when, zone, cell(line.adopted_by), cell(line.name), "in force" if line.in_force else "replaced"
        )
    out().print(table)


def _adopted(version: str | None) -> Adopted:
    book = open_book()
    if version is None:
        return book.in_force()
    found = next((one for one in book.versions() if one.programme.version == version), None)
    if found is None:
        remedy = "crossmatch programme versions lists them."
        raise NotFound("option --version", "be a version that was adopted", shown(version), remedy)
    return found
