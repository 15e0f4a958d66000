"""From a need to candidates: which passages speak for which provider, and how loudly.

For every passage two signals are computed and put on one scale, standard deviations:

- **semantic**: how far its similarity to the need stands out, after what all needs of that language have in common
  is taken away (`matcher.ordinary`). Half of it comes from the need as a whole, half from the sentences that the
  passage answers best: what a company lacks often stands in one sentence among six about what it makes.
- **lexical**: its BM25 score as a share of the best one for this need, counting less where need and passage are
  in different languages, because there only names and international terms can agree.

A provider's relevance is the sum over its best passages, each next one counting a little less: it grows with every
piece of evidence that speaks for it, and no number of weak ones outweighs a strong one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import overload

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Vectors
from embeddings.language import UNKNOWN
from matcher.index import ProviderIndex, RowMask, Rows

Floats = NDArray[np.float64]

GRID = 2.0**-20
"""Every part of a score is a multiple of this, so that sums are exact whatever the order."""


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

    lexical_weight: float = 2.0
    """Standard deviations that the best BM25 score is worth."""

    other_language: float = 0.5
    """What lexical agreement counts between different languages, relative to the same language."""

    best_passages: int = 5
    """Passages of one provider that count (consortium completion: five beat one by far)."""

    next_counts: float = 0.7
    """Each next passage counts this share of the one before. 1.0 would favour big organisations most."""

    log_odds: float = 0.6
    """Log-odds that one standard deviation is worth. Uncalibrated until the relevance model is learned."""


@overload
def to_grid(values: np.float64) -> np.float64: ...
@overload
def to_grid(values: Floats) -> Floats: ...
def to_grid(values: np.float64 | Floats) -> np.float64 | Floats:
    """The nearest multiples of `GRID`."""
    return np.round(values / GRID) * GRID


@dataclass(frozen=True)
class Candidates:
    """Providers that retrieval proposes for one need, in order of row; the arrays are parallel to `rows`."""

    rows: Rows
    """Rows of the providers in the index."""
    semantic: Floats
    """Log-odds."""
    lexical: Floats
    """Log-odds."""
    fit: Floats
    """How much the best passage has to do with the need at all: a cosine, comparable between needs."""
    passages: PassageSignals

    @property
    def relevance(self) -> Floats:
        """The sum of both signals, in log-odds."""
        return self.semantic + self.lexical


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
    """What the passage adds to its provider, in log-odds."""
    lexical: Floats
    """Likewise."""
    fit: Floats
    """Cosine between the passage and what sets the need apart."""

    def of_candidate(self, place: int) -> slice:
        """Where the passages of the candidate at that place lie, strongest first."""
        return slice(int(self.starts[place]), int(self.starts[place + 1]))


class Retrieval:
    """Retrieves from one index."""

    def __init__(self, index: ProviderIndex, config: RetrievalConfig | None = None) -> None:
        self._index = index
        self._config = config or RetrievalConfig()
        is_profile = np.array([passage.kind == "profile" for passage in index.passages])
        self._kind_weight = np.where(is_profile, self._config.profile_weight, 1.0)

    def retrieve(self, apart: Vectors, text: str, language: str, allowed: RowMask) -> Candidates:
        """Candidates among the allowed providers.

        Args:
            apart: `(1 + sentences, dim)` what sets the need as a whole and each of its sentences apart, at least one.
            text: the need's words, for lexical agreement.
            language: the need's language or `und`.
            allowed: `(providers,)` booleans; the mask works inside the search.
        """
        index, config = self._index, self._config
        rows = index.nearest(apart[0], config.passages_per_need, allowed[index.owner])
        cosines, ordinary = index.products_and_background(apart, rows)
        # Mean and deviation come from a fixed sample of all passages, so that no filter changes a score (in a
        # directory with more passages than are looked at, a filter lets others be looked at).
        mean, deviation = ordinary.mean(axis=1, keepdims=True), ordinary.std(axis=1, keepdims=True)
        deviations = (cosines - mean) / np.maximum(deviation, 1e-6)
        semantic = self._mixed(deviations, config.whole_weight, config.sentence_weight) * self._kind_weight[rows]
        semantic = np.maximum(0.0, semantic - config.quiet_below)
        lexical = self._lexical(text, language)[rows]
        return self._by_provider(rows, semantic, lexical, self._mixed(cosines, 0.5, 0.5))

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

    def _by_provider(self, rows: Rows, semantic: Floats, lexical: Floats, fit: Floats) -> Candidates:
        """Order passages by provider and strength, weight them by their place, and add up."""
        owner = self._index.owner[rows]
        order = np.lexsort((-(semantic + lexical), owner))  # stable: of equals, the lower row stands first
        owner = owner[order]
        starts = np.flatnonzero(np.diff(owner, prepend=-1, append=-1))
        providers = owner[starts[:-1]]
        place = np.arange(len(owner)) - np.repeat(starts[:-1], np.diff(starts))
        config = self._config
        by_place = np.append(config.log_odds * config.next_counts ** np.arange(config.best_passages), 0.0)
        weight = by_place[np.minimum(place, config.best_passages)]
        signals = PassageSignals(
            rows[order], owner, starts, to_grid(semantic[order] * weight), to_grid(lexical[order] * weight), fit[order]
        )
        if len(providers) == 0:
            return Candidates(providers, np.empty(0), np.empty(0), np.empty(0), signals)
        return Candidates(
            rows=providers,
            semantic=np.add.reduceat(signals.semantic, starts[:-1]),
            lexical=np.add.reduceat(signals.lexical, starts[:-1]),
            fit=np.maximum.reduceat(signals.fit, starts[:-1]),
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
