"""Looking through the directory by words and facets, with what each further choice would leave."""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import Literal, get_args
from weakref import WeakKeyDictionary

from matcher.directory import Directory
from matcher.fields_of_work import fields_of
from matcher.index import ProviderIndex
from matcher.records import Provider

Facet = Literal["category", "field", "country", "region"]
FACETS: tuple[Facet, ...] = get_args(Facet)
_STAY = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d"})
"""Letters that do not come apart into a letter and an accent."""


@dataclass(frozen=True)
class Conditions:
    """What is looked for; an empty condition asks nothing."""

    words: str = ""
    category: str = ""
    field: str = ""
    """One of `matcher.fields_of_work.FIELDS`."""
    country: str = ""
    region: str = ""

    def chosen(self, facet: Facet) -> str:
        """The value that is asked for."""
        return str(getattr(self, facet))


@dataclass(frozen=True)
class Found:
    """Who meets the conditions."""

    providers: tuple[Provider, ...]
    """By name."""
    counts: dict[Facet, Counter[str]]
    """Facet → value → how many there would be with that value and all other conditions as they are."""
    without: dict[Facet, int]
    """Facet → how many there would be if it asked nothing."""


@dataclass(frozen=True)
class _Entry:
    provider: Provider
    fields: tuple[str, ...]
    text: str
    values: dict[Facet, frozenset[str]]


class DirectorySearch:
    """A directory made ready to be looked through: texts folded and fields counted once, not at each request."""

    def __init__(self, directory: Directory) -> None:
        by_name = sorted(directory.providers, key=lambda one: (folded(one.name), one.provider_id))
        self._entries = [_entry(provider, directory) for provider in by_name]
        self._by_id = {one.provider.provider_id: one for one in self._entries}

    def fields(self, provider_id: str) -> tuple[str, ...]:
        """What a provider of the directory works on, most first."""
        return self._by_id[provider_id].fields

    def find(self, conditions: Conditions) -> Found:
        """Who meets all conditions; each word must be somewhere in what is known of a provider, whatever its accents."""
        words = folded(conditions.words).split()
        asked: list[tuple[Facet, str]] = [(facet, value) for facet in FACETS if (value := conditions.chosen(facet))]
        providers: list[Provider] = []
        counts: dict[Facet, Counter[str]] = {facet: Counter() for facet in FACETS}
        without: Counter[Facet] = Counter()
        for one in self._entries:
            if not all(word in one.text for word in words):
                continue
            missed = [facet for facet, value in asked if value not in one.values[facet]]
            if not missed:
                providers.append(one.provider)
            # Whoever misses one condition only is one that another value of that facet would find.
            if len(missed) > 1:
                continue
            for facet in missed or FACETS:
                counts[facet].update(one.values[facet])
                without[facet] += 1
        return Found(tuple(providers), counts, {facet: without[facet] for facet in FACETS})


def search_of(index: ProviderIndex) -> DirectorySearch:
    """The search over an index's directory, made ready at its first use and kept as long as the index is."""
    if (kept := _KEPT.get(index)) is None:
        kept = _KEPT[index] = DirectorySearch(index.directory)
    return kept


def folded(text: str) -> str:
    """Without case and accents, so that `Liege` finds `Liège` and `Kobenhavn` finds `København`."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign)).translate(_STAY)


def _entry(provider: Provider, directory: Directory) -> _Entry:
    evidence = directory.evidence_of(provider.provider_id)
    of_evidence = (f"{one.title} {one.topics}" for one in evidence)
    # Between two texts stands a sign that no word can hold, so that none reaches from one into the next.
    text = "\n".join([provider.name, provider.city, provider.summary, *of_evidence])
    fields = fields_of(evidence)
    values: dict[Facet, frozenset[str]] = {
        "category": frozenset({provider.category}),
        "field": frozenset(fields),
        "country": frozenset({provider.country}),
        "region": frozenset({provider.region} - {""}),
    }
    return _Entry(provider, fields, folded(text), values)


_KEPT: WeakKeyDictionary[ProviderIndex, DirectorySearch] = WeakKeyDictionary()
