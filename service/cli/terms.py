"""Under which terms needs are matched, as options of the commands that match, and as records."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from pydantic import Field

from embeddings.errors import shown
from matcher.batch_terms import BatchTerms
from matcher.errors import RequestRefused
from matcher.records import BorderPolicy, Filters, Line, Preferences, Record
from matcher.validation import checked

Several = list[str] | None
Category = Annotated[Several, typer.Option(help="Only this category; may be repeated.")]
InCountry = Annotated[Several, typer.Option(help="Only providers of this country; may be repeated.")]
NotInCountry = Annotated[Several, typer.Option(help="No providers of this country; may be repeated.")]
InRegion = Annotated[Several, typer.Option(help="Only providers of this region; may be repeated.")]
Without = Annotated[Several, typer.Option(help="Not this provider (id); may be repeated.")]
KnownContacts = Annotated[
    str, typer.Option(help="Providers that the company knows already, by the record: note or 'leave out'.")
]
Policy = Annotated[str, typer.Option(help="Border policy: favour, neutral or require.")]
Beta = Annotated[float | None, typer.Option(help="What `favour` adds to a foreign provider's log-odds.")]
Floor = Annotated[str | None, typer.Option(help="M/N: at least M of the first N in another country.")]
Prefer = Annotated[
    Several,
    typer.Option(help="NAME=LOG-ODDS, repeatable: shared_language, neighbour, nearness (lost each 100 km), diversity."),
]
Length = Annotated[int, typer.Option("-k", help="Length of the list.")]
AskedBy = Annotated[str, typer.Option(help="Who asks, for the record.")]


def terms_of(
    *,
    category: Several,
    in_country: Several,
    not_in_country: Several,
    in_region: Several,
    without: Several,
    contacts: str,
    policy: str,
    beta: float | None,
    floor: str | None,
    prefer: Several,
    k: int,
) -> BatchTerms:
    """The terms that these options ask for.

    Raises:
        RequestRefused: one of them cannot be.
    """
    filters = {
        "categories": category or (),
        "countries": in_country or (),
        "excluded_countries": not_in_country or (),
        "regions": in_region or (),
        "excluded_providers": without or (),
        "known_contacts": contacts,
    }
    values = {
        "filters": checked(Filters, filters, "filters"),
        "policy": checked(BorderPolicy, _policy(policy, beta, floor), "policy"),
        "preferences": checked(Preferences, _preferences(prefer or []), "preferences"),
        "k": k,
    }
    return checked(BatchTerms, values, "request")


def checked_asker(asked_by: str) -> str:
    """Who asks, as it may stand in the record.

    Raises:
        RequestRefused: it may not.
    """
    return checked(_Asker, {"asked_by": asked_by}, "record").asked_by


class _Asker(Record):
    asked_by: Annotated[Line, Field(max_length=200)]


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
