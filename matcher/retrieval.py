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
from functools import cached_property
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
    semantic: Floats
    """What the passage adds to its provider, in log-odds."""
    lexical: Floats
    """Likewise."""
    fit: Floats
    """Cosine between the passage and what sets the need apart."""

    @cached_property
    def _starts(self) -> tuple[Rows, Rows]:
        owners, starts = np.unique(self.owner, return_index=True)
        return owners, starts

    def of_provider(self, row: int) -> slice:
        """Where the passages of one provider lie, strongest first."""
        owners, starts = self._starts
        place = int(np.searchsorted(owners, row))
        end = int(starts[place + 1]) if place + 1 < len(starts) else len(self.owner)
        return slice(int(starts[place]), end)


class Retrieval:
    """Retrieves from one index."""

    def __init__(self, index: ProviderIndex, config: RetrievalConfig | None = None) -> None:
        self._index = index
        self._config = config or RetrievalConfig()
        is_profile = np.array([passage.kind == "profile" for passage in index.passages])
        self._kind_weight = np.where(is_profile, self._config.profile_weight, 1.0)

    def retrieve(self, whole: Vectors, sentences: Vectors, text: str, language: str, allowed: RowMask) -> Candidates:
        """Candidates among the allowed providers.

        Args:
            whole: `(dim,)` the vector of the need as a whole.
            sentences: `(s, dim)` the vectors of its sentences, at least one.
            text: the need's words, for lexical agreement.
            language: the need's language or `und`.
            allowed: `(providers,)` booleans; the mask works inside the search.
        """
        index, config = self._index, self._config
        # Row 0 is the need, the others its sentences; what is left is what sets them apart from any need.
        apart = np.vstack([whole[None, :], sentences]) - index.ordinary.of(language)
        apart /= np.linalg.norm(apart, axis=1, keepdims=True)
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
        count = min(self._config.best_sentences, len(sentences))
        best = np.partition(sentences, len(sentences) - count, axis=0)[-count:].mean(axis=0)
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
        order = np.lexsort((rows, -(semantic + lexical), owner))
        owner = owner[order]
        providers, starts, counts = np.unique(owner, return_index=True, return_counts=True)
        place = np.arange(len(owner)) - np.repeat(starts, counts)
        config = self._config
        weight = np.where(place < config.best_passages, config.log_odds * config.next_counts**place, 0.0)
        signals = PassageSignals(
            rows[order], owner, to_grid(semantic[order] * weight), to_grid(lexical[order] * weight), fit[order]
        )
        if len(providers) == 0:
            return Candidates(providers, np.empty(0), np.empty(0), np.empty(0), signals)
        return Candidates(
            rows=providers,
            semantic=np.add.reduceat(signals.semantic, starts),
            lexical=np.add.reduceat(signals.lexical, starts),
            fit=np.maximum.reduceat(signals.fit, starts),
            passages=signals,
        )
