"""Histories of matches, made by hand: who was proposed to whom, and what happened then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from matcher.lifecycle import Step
from matcher.log import LoggedMatch, MatchHistory
from tests.unit.matcher.steps import TOLD, step
from tests.unit.service.entries import match

Told = str | tuple[str, str] | tuple[str, str, dict[str, Any]]
"""A kind; a kind and the day it happened; or these and what it tells."""
LIST_DAY = "2026-03-01"


def steps_told(match_id: int, told: Sequence[Told]) -> list[Step]:
    """Steps in order of recording, numbered as a log would where many matches are recorded at once."""
    steps = []
    for number, one in enumerate(told, start=1):
        kind, day, more = (*((one,) if isinstance(one, str) else one), None, None)[:3]
        values: dict[str, Any] = {**TOLD.get(str(kind), {}), **(more or {})}
        steps.append(step(str(kind), 100 * match_id + number, match_id=match_id, happened_on=day, **values))
    return steps


def history(match_id: int, *told: Told, **about: Any) -> MatchHistory:
    """A match of a company in NL with the provider `bruno` in DE, unless it is said otherwise.

    Args:
        match_id: of the match; its list is `list-` and that number unless it is told.
        told: its steps.
        about: `provider`, `provider_country`, `category`, `list_id`, `list_day`, `company`, `country`, `region`.
    """
    country = about.get("country", "NL")
    provider = match(
        1,
        about.get("provider", "bruno"),
        about.get("provider_country", "DE"),
        own_country=country,
        category=about.get("category", "technology"),
    )
    logged = LoggedMatch(
        match_id=match_id,
        list_id=about.get("list_id", f"list-{match_id}"),
        created_at=datetime.combine(date.fromisoformat(about.get("list_day", LIST_DAY)), time(9, 30), UTC),
        asked_by="a test",
        need_id="",
        company=about.get("company", "Lungs BV"),
        need_country=country,
        need_region=about.get("region", "nl-oost"),
        match=provider,
    )
    return MatchHistory(match=logged, steps=tuple(steps_told(match_id, told)))
