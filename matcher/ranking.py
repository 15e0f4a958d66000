"""The ranking layer: relevance in log-odds, the border policy on top of it, and an order that is the same every time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher.grid import to_grid
from matcher.index import ProviderIndex, Rows
from matcher.many import top_lists
from matcher.preferences import diversified
from matcher.records import BorderPolicy, Floor, ScorePart
from matcher.relevance import Relevance
from matcher.retrieval import Candidates, Floats
from matcher.unchecked import unchecked

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
        return self.parts_of_each()[rank]

    def parts_of_each(self) -> list[tuple[ScorePart, ...]]:
        """The named numbers of every score, best first."""
        columns = [[(name, value) for value in values.tolist()] for name, values in self.by_part.items()]
        # Most numbers come several times: what a need and its country are worth is the same for many on the list.
        every = list(dict.fromkeys(chain.from_iterable(columns)))
        made = dict(zip(every, unchecked(ScorePart, [{"name": name, "value": value} for name, value in every]), strict=True))
        return [tuple([made[part] for part in of_match]) for of_match in zip(*columns, strict=True)]


@dataclass(frozen=True)
class Further:
    """Further preferences (`matcher.preferences`), worked out for the candidates of one need."""

    parts: dict[str, Floats]
    """Part → `(candidates,)` log-odds on the grid."""
    diversity: float
    """Log-odds that an exact repetition costs; 0 leaves the order as it is."""
    subjects: NDArray[np.float32] | None
    """`(providers, dim)` what each provider is about; not needed without diversity."""


class Terms(NamedTuple):
    """Under which the candidates of one need are ranked."""

    country: str
    """The company's."""
    policy: BorderPolicy
    k: int
    further: Further | None = None


class Ranking:
    """Orders the candidates of needs."""

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
        """The best `k` candidates of one need under the policy.

        Every part lies on one grid of binary fractions (`matcher.grid`), so that sums are exact in whatever order
        they are taken. Equal scores stand in order of provider id.
        """
        [ranked] = self.rank_each(candidates, relevance, [Terms(country, policy, k, further)])
        return ranked

    def rank_each(self, candidates: Candidates, relevance: Relevance, terms: Sequence[Terms]) -> list[Ranked]:
        """As `rank`, for the candidates of several needs; places are those among all candidates.

        Args:
            candidates: of all needs, one need after the other.
            relevance: of these.
            terms: of each need.
        """
        scored = self._scored(candidates, relevance, terms)
        plain = [number for number, one in enumerate(terms) if one.policy.floor is None and one.further is None]
        ranked = dict(zip(plain, self._in_order_of_score(scored, plain, [terms[number].k for number in plain]), strict=True))
        for number in set(range(len(terms))) - ranked.keys():
            ranked[number] = self._under_further_terms(scored, number, terms[number])
        return [ranked[number] for number in range(len(terms))]

    def _scored(self, candidates: Candidates, relevance: Relevance, terms: Sequence[Terms]) -> _Scored:
        probability = relevance.probability
        need, starts = candidates.need, candidates.starts
        best = [probability[start:end].max(initial=0.0) for start, end in pairwise(starts.tolist())]
        answered = np.array(best) >= self.config.least_probability
        homes = np.array([one.country for one in terms])
        bonus = np.array([_bonus(one.policy) for one in terms])
        foreign = self._countries[candidates.rows] != homes[need]
        parts = relevance.parts | {"border": np.where(foreign, bonus[need], 0.0)}
        scores: Floats = np.sum(list(parts.values()), axis=0)
        return _Scored(candidates, relevance.speaks & answered[need], foreign, parts, scores, probability)

    def _in_order_of_score(self, scored: _Scored, needs: list[int], lengths: list[int]) -> list[Ranked]:
        """Lists of needs that ask for nothing but the best."""
        if not needs:
            return []
        candidates = scored.candidates
        shape = len(candidates.starts) - 1, len(self._countries)
        place_of, scores = np.full(shape, -1), np.full(shape, -np.inf)
        place_of[candidates.need, candidates.rows] = np.arange(len(candidates.rows))
        scores[candidates.need, candidates.rows] = np.where(scored.worth, scored.scores, -np.inf)
        columns = top_lists(scores[needs], max(lengths))
        places = np.where(columns >= 0, np.take_along_axis(place_of[needs], columns, axis=1), -1)
        lists = [of_need[:k][of_need[:k] >= 0] for of_need, k in zip(places, lengths, strict=True)]
        return _ranked(lists, scored.scores, scored.parts, scored.probability)

    def _under_further_terms(self, scored: _Scored, number: int, terms: Terms) -> Ranked:
        """The list of a need that asks for a floor or has further preferences."""
        start, end = scored.candidates.starts[number : number + 2].tolist()
        worth = start + np.flatnonzero(scored.worth[start:end])
        rows, foreign, further = scored.candidates.rows[worth], scored.foreign[worth], terms.further
        parts = {name: values[worth] for name, values in scored.parts.items()}
        if further is not None:
            parts |= {name: values[worth - start] for name, values in further.parts.items()}
        scores: Floats = np.sum(list(parts.values()), axis=0)
        order = np.lexsort((rows, -scores))
        if further is not None and further.subjects is not None:
            subjects = further.subjects[rows[order]]
            chosen, lost = diversified(scores[order], subjects, further.diversity, max(terms.k, _PLACES_DIVERSIFIED))
            order = order[chosen]
            parts["diversity"] = np.zeros(len(worth))
            parts["diversity"][order] = lost
            scores = scores + parts["diversity"]
        if terms.policy.floor is not None:
            order = with_floor(order, foreign, terms.policy.floor)
        [ranked] = _ranked([order[: terms.k]], scores, parts, scored.probability[worth])
        return replace(ranked, places=worth[ranked.places])


class _Scored(NamedTuple):
    """Candidates of several needs with what they are worth under their terms; arrays are parallel to the candidates."""

    candidates: Candidates
    worth: NDArray[np.bool_]
    """Whether something speaks for them, and anybody answers the need at all."""
    foreign: NDArray[np.bool_]
    parts: dict[str, Floats]
    scores: Floats
    probability: Floats


def _bonus(policy: BorderPolicy) -> float:
    return float(to_grid(np.float64(policy.beta))) if policy.mode == "favour" else 0.0


def _ranked(lists: list[Rows], scores: Floats, parts: dict[str, Floats], probability: Floats) -> list[Ranked]:
    """Scores, parts and probability of those places, list by list."""
    together, bounds = np.concatenate(lists), np.cumsum([0, *map(len, lists)]).tolist()
    chosen = {name: values[together] for name, values in parts.items()}
    chosen_scores, chosen_probability = scores[together], probability[together]
    return [
        Ranked(
            together[start:end],
            chosen_scores[start:end],
            {name: values[start:end] for name, values in chosen.items()},
            chosen_probability[start:end],
        )
        for start, end in pairwise(bounds)
    ]


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
