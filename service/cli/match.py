"""`crossmatch match`: one need or a file of them, answered and put on record."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import Field

from embeddings.errors import shown
from matcher.errors import RequestRefused
from matcher.records import BorderPolicy, Filters, Line, MatchRequest, Need, Preferences, Record
from matcher.shipped import shipped_needs
from matcher.validation import checked
from service.cli.console import out, progress
from service.cli.need_input import needs_of_jsonl, read_text
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
    category: Annotated[list[str] | None, typer.Option(help="Only this category; may be repeated.")] = None,
    in_country: Annotated[list[str] | None, typer.Option(help="Only providers of this country; may be repeated.")] = None,
    not_in_country: Annotated[list[str] | None, typer.Option(help="No providers of this country; may be repeated.")] = None,
    in_region: Annotated[list[str] | None, typer.Option(help="Only providers of this region; may be repeated.")] = None,
    without: Annotated[list[str] | None, typer.Option(help="Not this provider (id); may be repeated.")] = None,
    contacts: Annotated[
        str, typer.Option(help="Providers that the company knows already, by the record: note or 'leave out'.")
    ] = "note",
    policy: Annotated[str, typer.Option(help="Border policy: favour, neutral or require.")] = "favour",
    beta: Annotated[float | None, typer.Option(help="What `favour` adds to a foreign provider's log-odds.")] = None,
    floor: Annotated[str | None, typer.Option(help="M/N: at least M of the first N in another country.")] = None,
    prefer: Annotated[
        list[str] | None,
        typer.Option(help="NAME=LOG-ODDS, repeatable: shared_language, neighbour, nearness (lost each 100 km), diversity."),
    ] = None,
    k: Annotated[int, typer.Option("-k", help="Length of the list.")] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="JSON, one list a line, instead of tables.")] = False,
    asked_by: Annotated[str, typer.Option(help="Who asks, for the record.")] = "command line",
) -> None:
    """Match a need and record the list. Without --need or --need-file the need is read from standard input."""
    filters = checked(
        Filters,
        {
            "categories": category or (),
            "countries": in_country or (),
            "excluded_countries": not_in_country or (),
            "regions": in_region or (),
            "excluded_providers": without or (),
            "known_contacts": contacts,
        },
        "filters",
    )
    rules = checked(BorderPolicy, _policy(policy, beta, floor), "policy")
    preferences = checked(Preferences, _preferences(prefer or []), "preferences")
    about = {"country": country, "language": language, "kind": kind, "company": company, "region": region}
    known = {name: value for name, value in about.items() if value is not None}
    needs = _needs(need, need_file, samples, known)
    terms: dict[str, Any] = {"filters": filters, "policy": rules, "preferences": preferences, "k": k}
    requests = [checked(MatchRequest, {"need": one, **terms}, "request") for one in needs]
    _answer(requests, asked_by=checked(_Asker, {"asked_by": asked_by}, "record").asked_by, as_json=as_json)


class _Asker(Record):
    asked_by: Annotated[Line, Field(max_length=200)]


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


def _policy(mode: str, beta: float | None, floor: str | None) -> dict[str, Any]:
    values: dict[str, Any] = {"mode": mode}
    if beta is not None:
        values["beta"] = beta
    if floor is not None:
        at_least, slash, of_first = floor.partition("/")
        if not (slash and at_least.isdecimal() and of_first.isdecimal()):
            raise RequestRefused("option --floor", "be M/N in whole numbers", shown(floor), "For instance 3/5.")
        values["floor"] = {"at_least": int(at_least), "of_first": int(of_first)}
    return values


def _preferences(wanted: list[str]) -> dict[str, str]:
    values: dict[str, str] = {}
    for one in wanted:
        name, is_given, number = one.partition("=")
        if name not in Preferences.model_fields or not is_given:
            known = ", ".join(Preferences.model_fields)
            raise RequestRefused(
                "option --prefer", f"be NAME=LOG-ODDS, NAME one of {known}", shown(one), "For instance neighbour=1."
            )
        values[name] = number
    return values


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
