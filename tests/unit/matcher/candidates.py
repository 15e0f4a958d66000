"""Candidates made by hand, so that an order can be told without any retrieval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import cast

import numpy as np
from numpy.typing import NDArray

from matcher.index import ProviderIndex
from matcher.ranking import Ranked, Ranking, RankingConfig
from matcher.records import BorderPolicy
from matcher.relevance import PARTS, Relevance
from matcher.retrieval import Candidates, PassageSignals

BASELINE = -3.0
EVERYBODY = RankingConfig(least_probability=0.0)
"""Lists whoever something speaks for, however improbable."""
NOTHING = PassageSignals(*(np.empty(0, dtype=kind) for kind in (np.int64, np.int64, np.int64, float, float, float, float)))


@dataclass(frozen=True)
class Weighed:
    """Candidates and what they are worth, in log-odds."""

    candidates: Candidates
    relevance: Relevance

    @property
    def spoken_for(self) -> NDArray[np.float64]:
        """What speaks for each, by its texts."""
        spoken: NDArray[np.float64] = self.relevance.parts["semantic"] + self.relevance.parts["lexical"]
        return spoken


def candidates_of(semantic: Sequence[float], lexical: Sequence[float] = (), baseline: float = BASELINE) -> Weighed:
    """One candidate a number, in order of row; without lexical part unless told otherwise."""
    count = len(semantic)
    nothing = np.zeros(count)
    by_text = np.array(semantic, dtype=np.float64), np.array(lexical if len(lexical) else nothing, dtype=np.float64)
    parts = dict.fromkeys(PARTS, nothing)
    parts |= {"baseline": np.full(count, baseline), "semantic": by_text[0], "lexical": by_text[1]}
    candidates = Candidates(np.arange(count, dtype=np.int64), *by_text, nothing, nothing, 0.0, NOTHING)
    return Weighed(candidates, Relevance(parts))


def ranking_of(countries: Sequence[str], config: RankingConfig = EVERYBODY) -> Ranking:
    """The ranking of an index whose providers are in these countries."""
    return Ranking(cast("ProviderIndex", SimpleNamespace(countries=np.array(countries))), config)


def rank(
    countries: Sequence[str], weighed: Weighed, policy: BorderPolicy, k: int = 100, config: RankingConfig = EVERYBODY
) -> Ranked:
    """For a company in NL."""
    return ranking_of(countries, config).rank(weighed.candidates, weighed.relevance, "NL", policy, k)


def policy(mode: str = "favour", **more: object) -> BorderPolicy:
    return BorderPolicy.model_validate({"mode": mode, **more})
