"""Candidates made by hand, so that an order can be told without any retrieval."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import cast

import numpy as np

from matcher.index import ProviderIndex
from matcher.ranking import Ranked, Ranking, RankingConfig
from matcher.records import BorderPolicy
from matcher.retrieval import Candidates, PassageSignals

NOTHING = PassageSignals(*(np.empty(0, dtype=kind) for kind in (np.int64, np.int64, np.int64, float, float, float)))


def candidates_of(semantic: Sequence[float], lexical: Sequence[float] = (), fit: Sequence[float] = ()) -> Candidates:
    """One candidate a number, in order of row; without lexical part and well fitting unless told otherwise."""
    count = len(semantic)
    return Candidates(
        rows=np.arange(count, dtype=np.int64),
        semantic=np.array(semantic, dtype=np.float64),
        lexical=np.array(lexical if len(lexical) else [0.0] * count, dtype=np.float64),
        fit=np.array(fit if len(fit) else [0.5] * count, dtype=np.float64),
        passages=NOTHING,
    )


def ranking_of(countries: Sequence[str], config: RankingConfig | None = None) -> Ranking:
    """The ranking of an index whose providers are in these countries."""
    return Ranking(cast("ProviderIndex", SimpleNamespace(countries=np.array(countries))), config)


def rank(countries: Sequence[str], candidates: Candidates, policy: BorderPolicy, k: int = 100) -> Ranked:
    """For a company in NL."""
    return ranking_of(countries).rank(candidates, "NL", policy, k)


def policy(mode: str = "favour", **more: object) -> BorderPolicy:
    return BorderPolicy.model_validate({"mode": mode, **more})
