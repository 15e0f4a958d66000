"""Entries for the match log, made by hand so that every answer of the log is known beforehand."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from matcher.log import LoggedList
from matcher.records import Considered, Match, MatchList, MatchRequest, ScorePart, SpokenEvidence
from tests.fakes import need

COMPONENTS = {"encoder": "fake-1", "ranking_version": 1}
FIRST_DAY = datetime(2026, 3, 1, 9, 30, 0, 123456, tzinfo=UTC)


def spoken(**more: Any) -> SpokenEvidence:
    values = {
        "evidence_id": "b1",
        "kind": "project",
        "text": "Lung on a chip",
        "language": "en",
        "year": 2023,
        "role": "participant",
        "reference": "https://example.org/b1",
        "contribution": 0.1 + 0.2,
        "similarity": 1 / 3,
        "need_sentence": "We look for lung models.",
        "terms": ("lung",),
    }
    return SpokenEvidence.model_validate(values | more)


def match(rank: int, provider_id: str, country: str, *, own_country: str, category: str = "technology") -> Match:
    parts = (ScorePart(name="semantic", value=2.7), ScorePart(name="lexical", value=0.1), ScorePart(name="border", value=2.0))
    return Match.model_validate(
        {
            "rank": rank,
            "provider_id": provider_id,
            "name": f"{provider_id.title()} Institute",
            "category": category,
            "country": country,
            "city": "Ede",
            "region": "",
            "url": "",
            "cross_border": country != own_country,
            "score": sum(part.value for part in parts),
            "parts": parts,
            "evidence": (spoken(),),
        }
    )


def entry(list_id: str, *providers: tuple[str, str], created_at: datetime = FIRST_DAY, **about_need: Any) -> LoggedList:
    """An entry whose matches are `(provider_id, country)` in order of rank; the first is finance, others technology."""
    asked = MatchRequest(need=need(**about_need))
    own = asked.need.country
    matches = tuple(
        match(rank, name, country, own_country=own, category="finance" if rank == 1 else "technology")
        for rank, (name, country) in enumerate(providers, start=1)
    )
    counts = Considered(directory=5, own_organisation=0, filtered_out=0, domestic_left_out=0, candidates=5)
    answer = MatchList(
        request=asked,
        language="en",
        verdict="matches" if matches else "no good match",
        notes=() if matches else ("None of 5 candidates answers this need well enough to be acted on.",),
        considered=counts,
        matches=matches,
        engine="engine-1",
    )
    return LoggedList(list_id=list_id, request_id=f"request-{list_id}", created_at=created_at, asked_by="a test", answer=answer)
