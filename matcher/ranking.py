"""The ranking layer: relevance in log-odds, the border policy on top of it, and an order that is the same every time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.index import ProviderIndex, Rows
from matcher.records import BorderPolicy, Floor, ScorePart
from matcher.retrieval import Candidates, Floats, to_grid


@dataclass(frozen=True)
class RankingConfig:
    """What relevance is worth a place on the list."""

    baseline: float = -3.0
    """Log-odds of a provider for which nothing speaks. Uncalibrated until the relevance model is learned."""

    least_fit: float = 0.03
    """Best cosine below which no candidate has anything to do with the need; see docs/decisions/0002-relevance.md."""


@dataclass(frozen=True)
class Ranked:
    """The order of the candidates that are worth listing; arrays are parallel, best first."""

    places: Rows
    """Positions in the `Candidates`."""
    scores: Floats
    border: Floats
    baseline: float

    def parts(self, candidates: Candidates, rank: int) -> tuple[ScorePart, ...]:
        """The named numbers of the score of the candidate at that place (from 0); they add up to it exactly."""
        place = int(self.places[rank])
        return (
            ScorePart(name="baseline", value=self.baseline),
            ScorePart(name="semantic", value=float(candidates.semantic[place])),
            ScorePart(name="lexical", value=float(candidates.lexical[place])),
            ScorePart(name="border", value=float(self.border[rank])),
        )


class Ranking:
    """Orders the candidates of one need."""

    def __init__(self, index: ProviderIndex, config: RankingConfig | None = None) -> None:
        self._countries = index.countries
        self.config = config or RankingConfig()

    def rank(self, candidates: Candidates, country: str, policy: BorderPolicy, k: int) -> Ranked:
        """The best `k` candidates under the policy.

        Every part lies on one grid of binary fractions (`to_grid`), so that sums are exact in whatever order
        they are taken. Equal scores stand in order of provider id.
        """
        baseline = float(to_grid(np.float64(self.config.baseline)))
        relevance = baseline + candidates.relevance
        answered = candidates.fit.max(initial=-1.0) >= self.config.least_fit
        worth = np.flatnonzero(candidates.relevance > 0) if answered else np.empty(0, dtype=np.int64)
        foreign = self._countries[candidates.rows[worth]] != country
        bonus = float(to_grid(np.float64(policy.beta))) if policy.mode == "favour" else 0.0
        border = np.where(foreign, bonus, 0.0)
        scores = relevance[worth] + border
        order = np.lexsort((candidates.rows[worth], -scores))
        if policy.floor is not None:
            order = with_floor(order, foreign, policy.floor)
        order = order[:k]
        return Ranked(worth[order], scores[order], border[order], baseline)


def with_floor(order: Rows, foreign: NDArray[np.bool_], floor: Floor) -> Rows:
    """Bring the best foreign candidates into the first places until the floor is met or there are no more.

    Within the first places, and after them, the order by score is kept.

    Args:
        order: positions of the candidates, best first.
        foreign: by position, whether the candidate is in another country.
        floor: how many of the first.
    """
    abroad = [int(place) for place in order if foreign[place]][: floor.at_least]
    others = [int(place) for place in order if int(place) not in abroad]
    head = set(abroad + others[: max(0, floor.of_first - len(abroad))])
    first = [int(place) for place in order if int(place) in head]
    rest = [int(place) for place in order if int(place) not in head]
    return np.array(first + rest, dtype=np.int64)
