"""`crossmatch match`: one need or a file of them, answered and put on record."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from matcher.records import MatchRequest, Need
from matcher.shipped import shipped_needs
from matcher.validation import checked
from service.cli.console import out, progress
from service.cli.need_input import needs_of_jsonl, read_text
from service.cli.terms import (
    AskedBy,
    Beta,
    Category,
    Floor,
    InCountry,
    InRegion,
    KnownContacts,
    Length,
    NotInCountry,
    Policy,
    Prefer,
    Without,
    checked_asker,
    terms_of,
)
from service.settings import Settings


def match(
    need: Annotated[str | None, typer.Option("--need", help="What the company is looking for, in its own words.")] = None,
    need_file: Annotated[
        Path | None, typer.Option("--need-file", help="A text file with one need, or a .jsonl file with one a line.")
    ] = None,
    samples: Annotated[bool, typer.Option("--samples", help="Match the 28 sample needs that are shipped.")] = False,
    country: Annotated[str | None, typer.Option(help="The company's country by two letters, for instance NL.")] = None,
    language: Annotated[str | None, typer.Option(help="The need's language; told from the text if left out.")] = None,
    kind: Annotated[str | None, typer.Option(help="expertise or collaboration.")] = None,
    company: Annotated[str | None, typer.Option(help="The company's name; it is never matched with itself.")] = None,
    region: Annotated[str | None, typer.Option(help="The programme's region that serves the company.")] = None,
    category: Category = None,
    in_country: InCountry = None,
    not_in_country: NotInCountry = None,
    in_region: InRegion = None,
    without: Without = None,
    contacts: KnownContacts = "note",
    policy: Policy = "favour",
    beta: Beta = None,
    floor: Floor = None,
    prefer: Prefer = None,
    k: Length = 10,
    as_json: Annotated[bool, typer.Option("--json", help="JSON, one list a line, instead of tables.")] = False,
    asked_by: AskedBy = "command line",
) -> None:
    """Match a need and record the list. Without --need or --need-file the need is read from standard input."""
    terms = terms_of(
        category=category,
        in_country=in_country,
        not_in_country=not_in_country,
        in_region=in_region,
        without=without,
        contacts=contacts,
        policy=policy,
        beta=beta,
        floor=floor,
        prefer=prefer,
        k=k,
    )
    about = {"country": country, "language": language, "kind": kind, "company": company, "region": region}
    known = {name: value for name, value in about.items() if value is not None}
    needs = _needs(need, need_file, samples, known)
    _answer([terms.request(one) for one in needs], asked_by=checked_asker(asked_by), as_json=as_json)


def _answer(requests: list[MatchRequest], *, asked_by: str, as_json: bool) -> None:
    # Only here, so that a refused need is refused at once and `--help` loads no model.
    from service.cli.render import print_match_list
    from service.desk import open_desk

    desk = open_desk(Settings())
    console = out()
    with progress("Matching") as report:
        for done, request in enumerate(requests, start=1):
            entry = desk.answer(request, asked_by=asked_by)
            if as_json:
                typer.echo(entry.model_dump_json())
            else:
                print_match_list(console, entry, pieces=2 if len(requests) == 1 else 1)
            report(done, len(requests))


def _needs(need: str | None, file: Path | None, samples: bool, about: dict[str, str]) -> list[Need]:
    given = [name for name, there in (("--need", need is not None), ("--need-file", file), ("--samples", samples)) if there]
    if len(given) > 1:
        raise typer.BadParameter(f"{' and '.join(given)} exclude each other.")
    if samples:
        return shipped_needs()
    if file is not None and file.suffix == ".jsonl":
        return needs_of_jsonl(file, about)
    if need is None and file is None and sys.stdin.isatty():
        raise typer.BadParameter("Give --need, --need-file or --samples, or write the need to standard input.")
    text = need if need is not None else read_text(file)
    if "country" not in about:
        raise typer.BadParameter("Give --country, the company's own country: it decides what is across the border.")
    return [checked(Need, {"text": text, **about}, "need")]
