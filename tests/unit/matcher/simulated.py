"""Pairs of need and provider drawn from a relevance model that is known, so that what is learned can be compared with it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.learning import Examples
from matcher.log import LoggedList
from matcher.relevance import SIGNALS, RelevanceModel

TRUE = RelevanceModel(
    baseline=1.0,
    weights={
        "text": 1.5,
        "experience": 0.5,
        "acquainted": 1.2,
        "named_country": 0.8,
        "named_town": 1.0,
        "named_organisation": 2.0,
    },
)


@dataclass(frozen=True)
class Simulated:
    """Needs with all their candidates."""

    signals: NDArray[np.float64]
    """`(needs, candidates, signals)`"""
    matched: NDArray[np.bool_]
    providers: NDArray[np.int64]

    @property
    def everyone(self) -> NDArray[np.bool_]:
        return np.ones(self.matched.shape, dtype=np.bool_)

    @property
    def all_pairs(self) -> Examples:
        """Every pair once."""
        count = self.matched.size
        return Examples(
            self.signals.reshape(count, -1),
            self.matched.ravel(),
            np.repeat(-np.log(self.providers), self.matched.shape[1]),
            np.ones(count),
        )


def simulated(
    needs: int, candidates: int, *, model: RelevanceModel = TRUE, alone: bool = False, seed: int = 0, lift: float = 0.0
) -> Simulated:
    """Draw signals that look like the engine's, and matches as the model says.

    Args:
        needs: how many.
        candidates: of each need.
        model: decides who matches.
        alone: as if each provider were the only one, so that there is no offset.
        seed: of the draw.
        lift: log-odds on top of the model's.
    """
    random = np.random.default_rng(seed)
    shape = (needs, candidates)
    signals = np.stack(
        [
            np.log1p(np.maximum(0.0, random.gamma(1.0, 2.0, shape) - 1.0)),
            np.log1p(random.poisson(random.exponential(4.0, shape))),
            np.log1p(random.random(shape) < 0.05),
            random.random(shape) < 0.1,
            random.random(shape) < 0.05,
            random.random(shape) < 0.02,
        ],
        axis=-1,
    )
    assert signals.shape[-1] == len(SIGNALS)
    providers = np.ones(needs, dtype=np.int64) if alone else np.full(needs, candidates, dtype=np.int64)
    probability = 1.0 / (1.0 + np.exp(-(log_odds_of(model, signals, providers) + lift)))
    return Simulated(signals, random.random(shape) < probability, providers)


def log_odds_of(model: RelevanceModel, signals: NDArray[np.float64], providers: NDArray[np.int64]) -> NDArray[np.float64]:
    """`(needs, candidates)` by the model's baseline and weights alone, all that is learned from pairs."""
    weights = np.array([model.weights[name] for name in SIGNALS])
    log_odds: NDArray[np.float64] = signals @ weights + model.baseline - np.log(providers)[:, None]
    return log_odds


def with_signals(given: LoggedList, *signals: tuple[float, ...], directory: int = 5) -> LoggedList:
    """The entry as if the model had been given these signals for its matches, in a directory of that size."""
    matches = tuple(match.model_copy(update={"signals": own}) for match, own in zip(given.answer.matches, signals, strict=True))
    considered = given.answer.considered.model_copy(update={"directory": directory})
    return given.model_copy(update={"answer": given.answer.model_copy(update={"matches": matches, "considered": considered})})
