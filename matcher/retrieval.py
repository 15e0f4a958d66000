"""From a need to candidates: which passages speak for which provider, and how loudly.

For every passage two signals are computed and put on one scale, standard deviations:

- **semantic**: how far its similarity to the need stands out, after what all needs of that language have in common
  is taken away (`matcher.ordinary`). Half of it comes from the need as a whole, half from the sentences that the
  passage answers best: what a company lacks often stands in one sentence among six about what it makes.
- **lexical**: its BM25 score as a share of the best one for this need, counting less where need and passage are
  in different languages, because there only names and international terms can agree.

A provider's signals are sums over its best passages, each next one counting a little less: they grow with every
piece of evidence that speaks for it, and no number of weak ones outweighs a strong one. What the signals are worth in
log-odds is learned (`matcher.relevance`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from embeddings.encoder import Vectors
from embeddings.language import UNKNOWN
from matcher.candidates import Candidates as Candidates
from matcher.candidates import Floats as Floats
from matcher.candidates import PassageSignals as PassageSignals
from matcher.candidates import joined, nobody
from matcher.index import ProviderIndex, RowMask, Rows

_STRENGTHS = 2**32
"""Strengths that are told apart within one standard deviation."""
_STRONGEST = 2**8
"""Standard deviations that no passage comes near; stronger ones would be as strong."""


@dataclass(frozen=True)
class RetrievalConfig:
    """How passages speak for providers. Where the defaults come from: docs/decisions/0002-relevance.md."""

    passages_per_need: int = 5_000
    """Nearest passages that are looked at; in a directory of the shipped size that is all of them."""

    whole_weight: float = 0.5
    """What the need as a whole counts."""

    sentence_weight: float = 0.4
    """What its best sentences count; less than the other half, because a maximum is larger by itself."""

    best_sentences: int = 2
    """Sentences, the best for each passage, that are averaged."""

    profile_weight: float = 1.5
    """What a provider's profile counts relative to one project: it says what the provider is, not where it helped."""

    quiet_below: float = 0.5
    """Standard deviations that are ordinary chatter and are not counted."""

    lexical_weight: float = 1.0
    """Standard deviations that the best BM25 score is worth. More makes a need's lists in two languages less alike, and
    nothing better on needs of June 2024."""

    other_language: float = 0.5
    """What lexical agreement counts between different languages, relative to the same language."""

    best_passages: int = 10
    """Passages of one provider that count (consortium completion: ten beat five, and five beat one by far)."""

    next_counts: float = 0.85
    """Each next passage counts this share of the one before. 1.0 would favour big organisations most."""


class Search(NamedTuple):
    """What is looked for on behalf of one need."""

    apart: Vectors
    """`(1 + sentences, dim)` what sets the need as a whole and each of its sentences apart, at least one."""
    text: str
    """The need's words, for lexical agreement."""
    language: str
    """The need's language or `und`."""


class Retrieval:
    """Retrieves from one index."""

    def __init__(self, index: ProviderIndex, config: RetrievalConfig | None = None) -> None:
        self._index = index
        self._config = config or RetrievalConfig()
        self._is_profile = np.array([passage.kind == "profile" for passage in index.passages])
        self._kind_weight = np.where(self._is_profile, self._config.profile_weight, 1.0)
        self._pieces = self._pieces_of_each(~self._is_profile)
        self._agreement = lru_cache(maxsize=64)(self._agreement_with)

    def retrieve(self, apart: Vectors, text: str, language: str, allowed: RowMask, heard: RowMask | None = None) -> Candidates:
        """Candidates of one need among the allowed providers.

        Args:
            apart, text, language: see `Search`.
            allowed: `(providers,)` booleans; the mask works inside the search.
            heard: `(passages,)` booleans; the others are as if they were not there. All are heard if left out.
        """
        found = self.retrieve_each([Search(apart, text, language)], allowed[None, :], heard)
        assert not isinstance(found.best_fit, float)
        return replace(found, best_fit=float(found.best_fit[0]), counts=None)

    def retrieve_each(self, searches: Sequence[Search], allowed: RowMask, heard: RowMask | None = None) -> Candidates:
        """Candidates of several needs, each exactly as `retrieve` gives them.

        Args:
            searches: one a need, at least one.
            allowed: `(needs, providers)` booleans.
            heard: see `retrieve`; the same for all needs.
        """
        pieces = self._pieces if heard is None else self._pieces_of_each(heard & ~self._is_profile)
        every_row = np.arange(len(self._index.passages)) if heard is None else np.flatnonzero(heard)
        if not len(every_row):
            return nobody(len(searches))
        numbers: list[int] = []
        found = []
        if len(every_row) <= self._config.passages_per_need:
            # All needs look at the same passages; those of as many sentences have arrays of one shape.
            by_shape: dict[int, list[int]] = {}
            for number, search in enumerate(searches):
                by_shape.setdefault(len(search.apart), []).append(number)
            for alike in by_shape.values():
                seen = self._see([searches[number] for number in alike], every_row, heard)
                found.append(self._by_provider(seen, allowed[alike], pieces))
                numbers += alike
        else:
            for number, search in enumerate(searches):
                open_to = allowed[number][self._index.owner]
                open_to = open_to if heard is None else open_to & heard
                rows = self._index.nearest(search.apart[0], self._config.passages_per_need, open_to)
                found.append(self._by_provider(self._see([search], rows, heard), allowed[[number]], pieces))
                numbers.append(number)
        together = joined(found)
        if numbers == sorted(numbers):
            return together
        return joined([together.of_need(place) for place in np.argsort(numbers).tolist()])

    def _see(self, searches: Sequence[Search], rows: Rows, heard: RowMask | None) -> _Seen:
        """What each of those passages says to needs with as many sentences as one another."""
        index, config = self._index, self._config
        queries = np.stack([search.apart for search in searches])
        cosines, ordinary = index.products_and_background(queries, rows, heard)
        # Mean and deviation come from a fixed sample of all passages, so that no filter changes a score (in a
        # directory with more passages than are looked at, a filter lets others be looked at).
        mean = ordinary.mean(axis=2, keepdims=True)
        apart = ordinary - mean
        deviation = np.sqrt(np.square(apart).mean(axis=2, keepdims=True))
        is_whole = ordinary is cosines
        deviations = (apart if is_whole else cosines - mean) / np.maximum(deviation, 1e-6)
        semantic = self._mixed(deviations, config.whole_weight, config.sentence_weight) * self._kind_weight[rows]
        semantic = np.maximum(0.0, semantic - config.quiet_below)
        fit = self._mixed(cosines, 0.5, 0.5)
        ordinary_fit = fit if is_whole else self._mixed(ordinary, 0.5, 0.5)
        return _Seen(rows, semantic, self._lexical(searches, rows), fit, ordinary_fit.max(axis=1, initial=-1.0))

    def _pieces_of_each(self, counted: RowMask) -> Floats:
        """`(providers,)` how many of those passages each has."""
        return np.bincount(self._index.owner[counted], minlength=len(self._index)).astype(np.float64)

    def _mixed(self, by_query: Vectors, whole_weight: float, sentence_weight: float) -> Floats:
        """`(needs, passages)` from `(needs, 1 + sentences, passages)`: the whole need, and the mean of its best sentences."""
        sentences = by_query[:, 1:]
        best = _largest(sentences, min(self._config.best_sentences, sentences.shape[1])).mean(axis=0)
        return np.asarray(whole_weight * by_query[:, 0] + sentence_weight * best, dtype=np.float64)

    def _lexical(self, searches: Sequence[Search], rows: Rows) -> Floats:
        """`(needs, rows)` agreement in words, 0 to `lexical_weight`, as a share of the best of all passages: independent of
        filters."""
        asked = [(search.text, search.language) for search in searches]
        scores = self._index.lexical.scores_of_each(asked)
        best = scores.max(axis=1, initial=0.0, keepdims=True).astype(np.float64)
        # Of a million passages some thousands are looked at: what can wait is done for those alone.
        here = scores[:, rows].astype(np.float64)
        share: Floats = here / np.where(best > 0.0, best, 1.0) * np.stack([self._agreement(one)[rows] for _, one in asked])
        return self._config.lexical_weight * share

    def _agreement_with(self, language: str) -> Floats:
        """`(passages,)` what lexical agreement with a text of that language counts."""
        same = (self._index.lexical.languages == language) | (language == UNKNOWN)
        return np.where(same, 1.0, self._config.other_language)

    def _by_provider(self, seen: _Seen, allowed: RowMask, pieces: Floats) -> Candidates:
        """Order passages by provider and strength, weight them by their place, and add up.

        Args:
            seen: of passages in order of provider.
            allowed: `(needs, providers)` booleans.
            pieces: `(providers,)` of evidence.
        """
        if not len(seen.rows):
            return nobody(len(allowed))
        config = self._config
        owner = self._index.owner[seen.rows]
        order = _strongest_first(owner, seen.semantic + seen.lexical)
        semantic, lexical, fit = (np.take_along_axis(one, order, axis=1) for one in (seen.semantic, seen.lexical, seen.fit))
        starts = np.flatnonzero(np.diff(owner, prepend=-1, append=-1))
        providers, lengths = owner[starts[:-1]], np.diff(starts)
        place_weights = config.next_counts ** np.arange(config.best_passages, dtype=np.float64)
        place = np.arange(len(owner)) - np.repeat(starts[:-1], lengths)
        weight = np.append(place_weights, 0.0)[np.minimum(place, config.best_passages)]
        here = allowed[:, providers]
        heard = np.repeat(here, lengths, axis=1)
        which = np.nonzero(here)[1]
        signals = PassageSignals(
            rows=seen.rows[order][heard],
            owner=np.broadcast_to(owner, heard.shape)[heard],
            starts=np.append(0, np.cumsum(lengths[which])),
            semantic=semantic[heard],
            lexical=lexical[heard],
            fit=fit[heard],
            place_weights=place_weights,
        )
        best_fit = np.maximum(seen.ordinary_fit, np.where(heard, fit, -1.0).max(axis=1, initial=-1.0))
        return Candidates(
            rows=providers[which],
            semantic=np.add.reduceat(semantic * weight, starts[:-1], axis=1)[here],
            lexical=np.add.reduceat(lexical * weight, starts[:-1], axis=1)[here],
            fit=np.maximum.reduceat(fit, starts[:-1], axis=1)[here],
            pieces=pieces[providers[which]],
            best_fit=np.where(here.any(axis=1), best_fit, -1.0),
            passages=signals,
            counts=here.sum(axis=1),
        )


class _Seen(NamedTuple):
    """What passages say to several needs; arrays are `(needs, passages)` unless said otherwise."""

    rows: Rows
    """`(passages,)` of the passages, ascending."""
    semantic: Floats
    lexical: Floats
    fit: Floats
    ordinary_fit: Floats
    """`(needs,)` the best in the fixed sample of all passages."""


def _strongest_first(owner: Rows, strength: Floats) -> Rows:
    """`(needs, passages)` the passages' order: by provider, and then by strength; of equals, the lower one stands first.

    Both in one whole number, so that one sort does: rows are in order of provider, which a stable sort makes use of. It takes
    a fifth of the time of a sort by two keys.

    Args:
        owner: `(passages,)` rows of their providers, ascending.
        strength: `(needs, passages)` at least 0; differences below 1 / `_STRENGTHS` are none.
    """
    key = owner * (_STRONGEST * _STRENGTHS) - (np.minimum(strength, _STRONGEST - 1) * _STRENGTHS).astype(np.int64)
    return np.argsort(key, axis=1, kind="stable")


def _largest(values: Vectors, count: int) -> Vectors:
    """`(count, needs, n)` the largest along the second axis of `(needs, m, n)`, in descending order.

    One by one, each pushing smaller ones down: for two of six twice as fast as a partition.
    """
    largest = np.full((count, values.shape[0], values.shape[2]), -np.inf, dtype=values.dtype)
    for number in range(values.shape[1]):
        row = values[:, number]
        for place in range(count):
            smaller = np.minimum(row, largest[place]) if place + 1 < count else row
            np.maximum(row, largest[place], out=largest[place])
            row = smaller
    return largest
