"""Rankers to compare: what a user could have instead, and the learned relevance. Each gives a panel's needs scores."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from matcher.evaluation.panel import Panel
from matcher.ranking import RankingConfig
from matcher.relevance import SIGNALS, RelevanceModel

Scores = NDArray[np.floating]
Ranker = Callable[[Panel], Scores]
"""Panel → `(needs, providers)` scores; those of non-candidates do not matter."""

EXPERIENCE = list(SIGNALS).index("experience")


def _random(panel: Panel) -> Scores:
    return np.random.default_rng(0).random(panel.candidate.shape)


def _plain(name: str) -> Ranker:
    return lambda panel: panel.plain[name]


BASELINES: dict[str, Ranker] = {
    "random": _random,
    "popularity": lambda panel: panel.signals[..., EXPERIENCE],
    "BM25, best passage": _plain("best_lexical"),
    "dense, best passage": _plain("best_dense"),
    "fixed fusion, best passage": _plain("best_fused"),
    "fixed fusion, five best passages": _plain("five_fused"),
}
"""Name → ranker that learns nothing. Popularity is the number of earlier projects; dense is the plain cosine."""

LEARNED = "learned relevance"


def learned(model: RelevanceModel, *, experience_counts: float = RankingConfig.experience_counts) -> Ranker:
    """Candidates by the model's log-odds, as match lists are ranked unless told otherwise."""
    return lambda panel: model.log_odds(
        panel.signals, panel.providers_then, panel.best_fit, experience_counts=experience_counts
    )
