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

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Vectors
from embeddings.language import UNKNOWN
from matcher.index import ProviderIndex, RowMask, Rows

Floats = NDArray[np.float64]


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


@dataclass(frozen=True)
class Candidates:
    """Providers that retrieval proposes for one need, in order of row; the arrays are parallel to `rows`."""

    rows: Rows
    """Rows of the providers in the index."""
    semantic: Floats
    """Standard deviations, summed over the best passages."""
    lexical: Floats
    """Likewise."""
    fit: Floats
    """How much the best passage has to do with the need at all: a cosine, comparable between needs."""
    pieces: Floats
    """Pieces of evidence that there are, relevant or not; a profile is none, a portfolio one."""
    best_fit: float
    """The best fit in the directory, whoever is filtered out: whether the need is one that this directory is for."""
    passages: PassageSignals


@dataclass(frozen=True)
class PassageSignals:
    """What each passage said that was looked at, in order of provider and then of strength."""

    rows: Rows
    """Rows of the passages in the index."""
    owner: Rows
    """Rows of their providers."""
    starts: Rows
    """`(candidates + 1,)` where the passages of each candidate begin."""
    semantic: Floats
    """Standard deviations above ordinary chatter, before the passage's place among its provider's is weighed."""
    lexical: Floats
    """Likewise."""
    fit: Floats
    """Cosine between the passage and what sets the need apart."""
    place_weights: Floats
    """What the first, second, … passage of a provider counts; those after the last count nothing."""

    @cached_property
    def strength(self) -> Floats:
        """Both signals together."""
        return self.semantic + self.lexical

    def of_candidate(self, place: int) -> slice:
        """Where the passages of the candidate at that place lie, strongest first."""
        return slice(int(self.starts[place]), int(self.starts[place + 1]))

    def strength_without(self, place: int, passage: int) -> float:
        """The candidate's strength had the passage not been there: those behind it move up.

        Args:
            place: of the candidate.
            passage: position among all passages; one of the candidate's that count.
        """
        start, stop, weights = int(self.starts[place]), int(self.starts[place + 1]), self.place_weights
        counted = self.strength[start : min(stop, start + len(weights) + 1)]
        before, after = counted[: passage - start], counted[passage - start + 1 :]
        return float(before @ weights[: len(before)] + after @ weights[len(before) : len(before) + len(after)])


class Retrieval:
    """Retrieves from one index."""

    def __init__(self, index: ProviderIndex, config: RetrievalConfig | None = None) -> None:
        self._index = index
        self._config = config or RetrievalConfig()
        self._is_profile = np.array([passage.kind == "profile" for passage in index.passages])
        self._kind_weight = np.where(self._is_profile, self._config.profile_weight, 1.0)
        self._pieces = self._pieces_of_each(~self._is_profile)

    def retrieve(self, apart: Vectors, text: str, language: str, allowed: RowMask, heard: RowMask | None = None) -> Candidates:
        """Candidates among the allowed providers.

        Args:
            apart: `(1 + sentences, dim)` what sets the need as a whole and each of its sentences apart, at least one.
            text: the need's words, for lexical agreement.
            language: the need's language or `und`.
            allowed: `(providers,)` booleans; the mask works inside the search.
            heard: `(passages,)` booleans; the others are as if they were not there. All are heard if left out.
        """
        index, config = self._index, self._config
        open_to = allowed[index.owner] if heard is None else allowed[index.owner] & heard
        rows = index.nearest(apart[0], config.passages_per_need, open_to)
        if len(rows) == 0:
            none = np.empty(0)
            return self._by_provider(rows, none, none, none, self._pieces, -1.0)
        cosines, ordinary = index.products_and_background(apart, rows, heard)
        # Mean and deviation come from a fixed sample of all passages, so that no filter changes a score (in a
        # directory with more passages than are looked at, a filter lets others be looked at).
        mean, deviation = ordinary.mean(axis=1, keepdims=True), ordinary.std(axis=1, keepdims=True)
        deviations = (cosines - mean) / np.maximum(deviation, 1e-6)
        semantic = self._mixed(deviations, config.whole_weight, config.sentence_weight) * self._kind_weight[rows]
        semantic = np.maximum(0.0, semantic - config.quiet_below)
        lexical = self._lexical(text, language)[rows]
        pieces = self._pieces if heard is None else self._pieces_of_each(heard & ~self._is_profile)
        fit = self._mixed(cosines, 0.5, 0.5)
        best_fit = max(float(fit.max()), float(self._mixed(ordinary, 0.5, 0.5).max()))
        return self._by_provider(rows, semantic, lexical, fit, pieces, best_fit)

    def _pieces_of_each(self, counted: RowMask) -> Floats:
        """`(providers,)` how many of those passages each has."""
        return np.bincount(self._index.owner[counted], minlength=len(self._index)).astype(np.float64)

    def _mixed(self, by_query: Vectors, whole_weight: float, sentence_weight: float) -> Floats:
        """`(passages,)` from `(1 + sentences, passages)`: the need as a whole, and the mean of its best sentences."""
        sentences = by_query[1:]
        best = _largest(sentences, min(self._config.best_sentences, len(sentences))).mean(axis=0)
        return np.asarray(whole_weight * by_query[0] + sentence_weight * best, dtype=np.float64)

    def _lexical(self, text: str, language: str) -> Floats:
        """`(passages,)` agreement in words, 0 to `lexical_weight`; independent of filters."""
        scores = self._index.lexical.scores(text, language).astype(np.float64)
        best = scores.max(initial=0.0)
        if best <= 0.0:
            return scores
        same = (self._index.lexical.languages == language) | (language == UNKNOWN)
        share: Floats = scores / best * np.where(same, 1.0, self._config.other_language)
        return self._config.lexical_weight * share

    def _by_provider(
        self, rows: Rows, semantic: Floats, lexical: Floats, fit: Floats, pieces: Floats, best_fit: float
    ) -> Candidates:
        """Order passages by provider and strength, weight them by their place, and add up."""
        owner = self._index.owner[rows]
        order = np.lexsort((-(semantic + lexical), owner))  # stable: of equals, the lower row stands first
        owner = owner[order]
        starts = np.flatnonzero(np.diff(owner, prepend=-1, append=-1))
        providers = owner[starts[:-1]]
        place = np.arange(len(owner)) - np.repeat(starts[:-1], np.diff(starts))
        config = self._config
        place_weights = config.next_counts ** np.arange(config.best_passages, dtype=np.float64)
        weight = np.append(place_weights, 0.0)[np.minimum(place, config.best_passages)]
        semantic, lexical, fit = semantic[order], lexical[order], fit[order]
        signals = PassageSignals(rows[order], owner, starts, semantic, lexical, fit, place_weights)
        if len(providers) == 0:
            nothing = np.empty(0)
            return Candidates(providers, nothing, nothing, nothing, nothing, best_fit, signals)
        return Candidates(
            rows=providers,
            semantic=np.add.reduceat(semantic * weight, starts[:-1]),
            lexical=np.add.reduceat(lexical * weight, starts[:-1]),
            fit=np.maximum.reduceat(fit, starts[:-1]),
            pieces=pieces[providers],
            best_fit=best_fit,
            passages=signals,
        )


def _largest(values: Vectors, count: int) -> Vectors:
    """`(count, n)` the largest of each column of `(m, n)`, in descending order.

    Row by row, each pushing smaller ones down: for two of six rows twice as fast as a partition of each column.
    """
    largest = np.full((count, values.shape[1]), -np.inf, dtype=values.dtype)
    for row in values:
        for place in range(count):
            row, largest[place] = np.minimum(row, largest[place]), np.maximum(row, largest[place])
    return largest
