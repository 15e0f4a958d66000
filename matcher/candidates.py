"""Providers that retrieval proposes for needs, and the passages that speak for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matcher.index import Rows

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Candidates:
    """Providers that retrieval proposes, for one need or for several one after the other, each need's in order of row.

    The arrays are parallel to `rows`.
    """

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
    best_fit: float | Floats
    """The best fit in the directory, whoever is filtered out: whether the need is one that this directory is for. A number
    for one need, `(needs,)` for several."""
    passages: PassageSignals
    counts: Rows | None = None
    """`(needs,)` how many of the candidates are each need's; `None` where there is one need."""

    @property
    def starts(self) -> Rows:
        """`(needs + 1,)` where the candidates of each need begin."""
        counts = [len(self.rows)] if self.counts is None else self.counts
        return np.concatenate([[0], np.cumsum(counts, dtype=np.int64)])

    @property
    def need(self) -> Rows:
        """`(candidates,)` number of the need that each is for."""
        return np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))

    def of_need(self, number: int) -> Candidates:
        """Those of one of several needs."""
        own = slice(*self.starts[number : number + 2].tolist())
        first, last = self.passages.starts[[own.start, own.stop]].tolist()
        heard, signals = slice(first, last), self.passages
        return Candidates(
            rows=self.rows[own],
            semantic=self.semantic[own],
            lexical=self.lexical[own],
            fit=self.fit[own],
            pieces=self.pieces[own],
            best_fit=np.atleast_1d(self.best_fit)[[number]],
            passages=PassageSignals(
                rows=signals.rows[heard],
                owner=signals.owner[heard],
                starts=signals.starts[own.start : own.stop + 1] - first,
                semantic=signals.semantic[heard],
                lexical=signals.lexical[heard],
                fit=signals.fit[heard],
                place_weights=signals.place_weights,
            ),
            counts=np.array([own.stop - own.start]),
        )


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

    def strength_without(self, places: Rows, nth: Rows) -> Floats:
        """Strength of candidates had one passage of each not been there: those behind it move up.

        Args:
            places: of the candidates.
            nth: which passage of each is left out, from 0; one of those that count.
        """
        starts, ends = self.starts[places], self.starts[places + 1]
        total = np.zeros(len(places))
        for place, weight in enumerate(self.place_weights.tolist()):
            # Summed place by place, so that a sum does not depend on how many are asked for at a time.
            at = starts + place + (nth <= place)
            there = at < ends
            total += weight * np.where(there, self.strength[np.where(there, at, 0)], 0.0)
        return total


def joined(found: Sequence[Candidates]) -> Candidates:
    """Candidates of needs after those of other needs."""
    if len(found) == 1:
        return found[0]
    signals = [one.passages for one in found]
    begin = np.cumsum([0, *(len(one.rows) for one in signals)])
    ends = [one.starts[1:] + first for one, first in zip(signals, begin.tolist(), strict=False)]
    together = PassageSignals(
        rows=np.concatenate([one.rows for one in signals]),
        owner=np.concatenate([one.owner for one in signals]),
        starts=np.concatenate([[0], *ends]),
        semantic=np.concatenate([one.semantic for one in signals]),
        lexical=np.concatenate([one.lexical for one in signals]),
        fit=np.concatenate([one.fit for one in signals]),
        place_weights=signals[0].place_weights,
    )
    return Candidates(
        rows=np.concatenate([one.rows for one in found]),
        semantic=np.concatenate([one.semantic for one in found]),
        lexical=np.concatenate([one.lexical for one in found]),
        fit=np.concatenate([one.fit for one in found]),
        pieces=np.concatenate([one.pieces for one in found]),
        best_fit=np.concatenate([np.atleast_1d(one.best_fit) for one in found]),
        passages=together,
        counts=np.concatenate([np.diff(one.starts) for one in found]),
    )


def nobody(needs: int) -> Candidates:
    """No candidates, for so many needs."""
    none, nothing = np.empty(0, dtype=np.int64), np.empty(0)
    signals = PassageSignals(none, none, np.zeros(1, dtype=np.int64), nothing, nothing, nothing, nothing)
    fits, counts = np.full(needs, -1.0), np.zeros(needs, dtype=np.int64)
    return Candidates(none, nothing, nothing, nothing, nothing, fits, signals, counts)
