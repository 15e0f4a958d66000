"""The ranking layer: relevance in log-odds, the border policy on top of it, and an order that is the same every time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.grid import to_grid
from matcher.index import ProviderIndex, Rows
from matcher.preferences import diversified
from matcher.records import BorderPolicy, Floor, ScorePart
from matcher.relevance import Relevance
from matcher.retrieval import Candidates, Floats

_PLACES_DIVERSIFIED = 50
"""Places that are filled one by one for diversity, so that a list's length does not change its beginning."""


@dataclass(frozen=True)
class RankingConfig:
    """What is worth a place on the list."""

    experience_counts: float = 0.0
    """What a provider's amount of evidence counts, relative to what was learned: bigness is a signal, not a virtue. The
    default is explained in docs/decisions/0007-learned-relevance.md."""

    least_probability: float = 0.05
    """Where no candidate is this probable, the list says "no good match"; see docs/decisions/0007-learned-relevance.md."""


@dataclass(frozen=True)
class Ranked:
    """The order of the candidates that are worth listing; arrays are parallel, best first."""

    places: Rows
    """Positions in the `Candidates`."""
    scores: Floats
    by_part: dict[str, Floats]
    """Named numbers that add up to the scores exactly."""
    probability: Floats

    def parts(self, rank: int) -> tuple[ScorePart, ...]:
        """The named numbers of the score of the candidate at that place (from 0)."""
        return tuple(ScorePart(name=name, value=float(values[rank])) for name, values in self.by_part.items())


@dataclass(frozen=True)
class Further:
    """Further preferences (`matcher.preferences`), worked out for the candidates of one need."""

    parts: dict[str, Floats]
    """Part → `(candidates,)` log-odds on the grid."""
    diversity: float
    """Log-odds that an exact repetition costs; 0 leaves the order as it is."""
    subjects: NDArray[np.float32] | None
    """`(providers, dim)` what each provider is about; not needed without diversity."""


class Ranking:
    """Orders the candidates of one need."""

    def __init__(self, index: ProviderIndex, config: RankingConfig | None = None) -> None:
        self._countries = index.countries
        self.config = config or RankingConfig()

    def rank(
        self,
        candidates: Candidates,
        relevance: Relevance,
        country: str,
        policy: BorderPolicy,
        k: int,
        further: Further | None = None,
    ) -> Ranked:
        """The best `k` candidates under the policy.

        Every part lies on one grid of binary fractions (`matcher.grid`), so that sums are exact in whatever order
        they are taken. Equal scores stand in order of provider id.
        """
        probability = relevance.probability
        answered = probability.max(initial=0.0) >= self.config.least_probability
        worth = np.flatnonzero(relevance.speaks) if answered else np.empty(0, dtype=np.int64)
        foreign = self._countries[candidates.rows[worth]] != country
        bonus = float(to_grid(np.float64(policy.beta))) if policy.mode == "favour" else 0.0
        parts = {name: values[worth] for name, values in relevance.parts.items()} | {"border": np.where(foreign, bonus, 0.0)}
        if further is not None:
            parts |= {name: values[worth] for name, values in further.parts.items()}
        scores: Floats = np.sum(list(parts.values()), axis=0)
        order = np.lexsort((candidates.rows[worth], -scores))
        if further is not None and further.subjects is not None:
            subjects = further.subjects[candidates.rows[worth[order]]]
            chosen, lost = diversified(scores[order], subjects, further.diversity, max(k, _PLACES_DIVERSIFIED))
            order = order[chosen]
            parts["diversity"] = np.zeros(len(worth))
            parts["diversity"][order] = lost
            scores = scores + parts["diversity"]
        if policy.floor is not None:
            order = with_floor(order, foreign, policy.floor)
        order = order[:k]
        by_part = {name: values[order] for name, values in parts.items()}
        return Ranked(worth[order], scores[order], by_part, probability[worth[order]])


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
