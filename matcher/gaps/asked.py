"""A need as the gap analysis sees it: what it is about, and who stands near it, abroad and anywhere."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from embeddings.encoder import Vectors
from matcher.companies import company_key
from matcher.records import MOST_MATCHES, BorderPolicy, Category, Filters, Match, MatchRequest, Need

if TYPE_CHECKING:
    from matcher.pipeline import EncodedNeed, Matcher

ANY_FIELD = "any"
"""Stands for the categories sought by a need that names none."""
_LEAST = 1e-12
"""Nothing is divided by less."""


@dataclass(frozen=True)
class Near:
    """A provider on a need's list."""

    provider_id: str
    name: str
    category: str
    country: str
    region: str
    probability: float
    """That it is one of the company's partners, as the list says."""


@dataclass(frozen=True)
class AskedNeed:
    """A need and its lists."""

    key: str
    """Its own among all that are analysed, and decides the order among equals; never shown."""
    need: Need
    language: str
    fields: tuple[str, ...]
    """Categories sought; `any` alone where none is named."""
    vector: Vectors
    """`(dim,)` float32, unit length: what sets it apart from ordinary needs of its language (`matcher.ordinary`)."""
    abroad: tuple[Near, ...]
    """The first providers of other countries."""
    anywhere: tuple[Near, ...]
    """The first of all countries, its own too."""
    belongs: float = 1.0
    """Probability that the need is one which the directory is for at all (`matcher.relevance.Closeness`)."""

    @property
    def expected(self) -> float:
        """Expected number of good foreign providers among the first, given that the need is one for the directory.

        Whether it is (`belongs`) is a part of every probability, the same for all providers, and is asked apart: it depends
        more on how a need is put than the rest does.
        """
        return sum(_given(near.probability, self.belongs) for near in self.abroad)

    @property
    def best_abroad(self) -> float:
        """The largest probability abroad."""
        return max((near.probability for near in self.abroad), default=0.0)

    @property
    def company(self) -> str:
        """Key of the company; empty where the need does not name it."""
        return company_key(self.need.company, self.need.country)


def ask(
    matcher: Matcher,
    encoded: EncodedNeed,
    key: str,
    *,
    k: int,
    categories: Sequence[Category] = (),
    abroad_only: bool = False,
) -> AskedNeed:
    """Ask of today's directory who stands near the need.

    Terms under which it was once matched have no part in it, but for the categories that were sought: lists can be compared
    only if all were asked for alike.

    Args:
        matcher: made with `least_probability` 0, so that also a need without a good match has a list.
        encoded: the need.
        key: see `AskedNeed.key`.
        k: how many providers abroad count.
        categories: sought; those of the need if left out.
        abroad_only: whether `anywhere` is left empty.
    """
    need, filters = encoded.need, Filters(categories=tuple(categories))

    def first(mode: Literal["require", "neutral"], count: int) -> tuple[Match, ...]:
        request = MatchRequest(need=need, filters=filters, policy=BorderPolicy(mode=mode), k=count)
        return matcher.match_encoded(encoded, request).matches

    abroad = first("require", k)
    return AskedNeed(
        key=key,
        need=need,
        language=encoded.language,
        fields=tuple(categories) or need.categories or (ANY_FIELD,),
        vector=encoded.parts.apart[0],
        abroad=tuple(map(_near, abroad)),
        anywhere=() if abroad_only else tuple(map(_near, first("neutral", MOST_MATCHES))),
        belongs=_belongs(abroad),
    )


def _given(probability: float, belongs: float) -> float:
    """The probability without the part that says whether the need belongs: both are factors of its odds."""
    odds = probability / max(1.0 - probability, _LEAST) / max(belongs, _LEAST)
    return odds / (1.0 + odds)


def _near(match: Match) -> Near:
    return Near(match.provider_id, match.name, match.category, match.country, match.region, match.probability or 0.0)


def _belongs(matches: Sequence[Match]) -> float:
    """Every match has the same; where there is no match nothing is known, and nothing is held against the need."""
    logarithms = [part.value for match in matches[:1] for part in match.parts if part.name == "closeness"]
    return math.exp(logarithms[0]) if logarithms else 1.0
