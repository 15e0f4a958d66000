"""What the steps found for one need, put together as a match list."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from matcher.contacts import Contact
from matcher.encoding import EncodedNeed
from matcher.filters import Allowed
from matcher.ranking import Ranked
from matcher.records import Match, MatchList, MatchRequest, Provider, SpokenEvidence
from matcher.unchecked import unchecked


class Asked(NamedTuple):
    """A request whose need is encoded, whom the company knows already, and who is on no new list."""

    encoded: EncodedNeed
    request: MatchRequest
    contacts: Sequence[Contact] = ()
    off_lists: Collection[str] = ()


class Told(NamedTuple):
    """A listed provider, and what is said of it."""

    provider: Provider
    evidence: tuple[SpokenEvidence, ...]
    because: tuple[str, ...]
    signals: tuple[float, ...]


def match_list(asked: Asked, allowed: Allowed, ranked: Ranked, told: Sequence[Told], engine: str) -> MatchList:
    """The answer to one request.

    Args:
        asked: the request.
        allowed: who could be on the list.
        ranked: the order.
        told: of each match, in that order.
        engine: fingerprint of everything that decides a list.
    """
    request = asked.request
    known = {contact.provider_id: contact.words for contact in asked.contacts}
    numbers = zip(ranked.scores.tolist(), ranked.parts_of_each(), ranked.probability.tolist(), strict=True)
    values: list[dict[str, Any]] = []
    for (provider, evidence, because, signals), (score, parts, probability) in zip(told, numbers, strict=True):
        of_match = {
            "rank": len(values) + 1,
            "provider_id": provider.provider_id,
            "name": provider.name,
            "category": provider.category,
            "country": provider.country,
            "city": provider.city,
            "region": provider.region,
            "url": provider.url,
            "cross_border": provider.country != request.need.country,
            "score": score,
            "parts": parts,
            "probability": probability,
            "evidence": evidence,
            "because": because,
            "contact": known.get(provider.provider_id, ""),
            "signals": signals,
        }
        values.append(of_match)
    matches = unchecked(Match, values)
    notes = list(allowed.notes)
    if not matches and allowed.considered.candidates:
        notes.append(f"None of {allowed.considered.candidates} candidates answers this need well enough to be acted on.")
    return MatchList(
        request=request,
        language=asked.encoded.language,
        verdict="matches" if matches else "no good match",
        notes=tuple(notes),
        considered=allowed.considered,
        matches=tuple(matches),
        engine=engine,
    )
