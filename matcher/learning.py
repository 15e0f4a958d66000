"""Fitting the relevance model: a logistic regression (Cox 1958) whose weights may not be negative.

scikit-learn's has neither bounds nor an offset, so its likelihood is maximised here by scipy's L-BFGS-B (Byrd, Lu, Nocedal
& Zhu 1995); where neither is needed the two agree (a test compares them).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.errors import Refusal
from matcher.relevance import SIGNALS, Closeness, RelevanceModel

Floats = NDArray[np.float64]
_LEAST_TEXTS = 10
_EXPERIENCE = list(SIGNALS).index("experience")
LEAST_MATCHES = 100
"""Known matches below which nothing is fitted: about fifteen for each number that is learned (Peduzzi et al. 1996 ask for
ten events a variable)."""


class TooLittle(Refusal):
    """Not enough known matches to learn from."""


@dataclass(frozen=True)
class Examples:
    """Pairs of need and provider; arrays are parallel."""

    signals: Floats
    """`(pairs, signals)` in the order of `SIGNALS`."""
    matched: NDArray[np.bool_]
    offset: Floats
    """Log-odds that are known beforehand: −ln of the number of providers that there were."""
    weight: Floats
    """How many pairs each stands for: where not all that did not match are looked at, the chosen ones stand for the rest."""

    def __len__(self) -> int:
        return len(self.matched)


def examples_of(
    signals: NDArray[np.floating],
    candidate: NDArray[np.bool_],
    matched: NDArray[np.bool_],
    providers: NDArray[np.int64],
    *,
    others: int = 400,
    seed: int = 0,
) -> Examples:
    """All matched pairs, and a random sample of the other candidates of each need that stands for all of them.

    Args:
        signals: `(needs, providers, signals)`.
        candidate: `(needs, providers)` who could have matched.
        matched: `(needs, providers)` who did.
        providers: `(needs,)` how many there were, candidates or not.
        others: candidates without a match that are looked at for each need.
        seed: of the sample.
    """
    random = np.random.default_rng(seed)
    rows, weights = [], []
    for need in range(len(candidate)):
        right = np.flatnonzero(candidate[need] & matched[need])
        wrong = np.flatnonzero(candidate[need] & ~matched[need])
        chosen = np.sort(random.choice(wrong, min(others, len(wrong)), replace=False))
        rows.append(np.column_stack([np.full(len(right) + len(chosen), need), np.concatenate([right, chosen])]))
        weights += [np.ones(len(right)), np.full(len(chosen), len(wrong) / max(1, len(chosen)))]
    need, provider = np.concatenate(rows).T
    return Examples(
        signals=np.asarray(signals[need, provider], dtype=np.float64),
        matched=matched[need, provider],
        offset=-np.log(providers[need]),
        weight=np.concatenate(weights),
    )


def fit_relevance(
    examples: Examples, *, without: Iterable[str] = (), fitted_on: Mapping[str, Any] | None = None
) -> RelevanceModel:
    """The model that makes the examples most likely.

    Args:
        examples: see `examples_of`.
        without: signals to leave out, for an ablation.
        fitted_on: where the examples come from; kept in the model.

    Raises:
        TooLittle: fewer known matches than `LEAST_MATCHES`; the refusal says how many there are.
    """
    count = int(examples.matched.sum())
    if count < LEAST_MATCHES or count == len(examples):
        wanted = f"hold at least {LEAST_MATCHES} matches, and others"
        raise TooLittle("data to learn from", wanted, f"{count} matches among {len(examples)} pairs", "Collect more first.")
    left_out = set(without)
    bounds = [(0.0, 0.0 if name in left_out else None) for name in SIGNALS]
    learned = _most_likely(examples, bounds)
    # Six digits are more than the data can tell, and keep the artefact the same on every machine.
    return RelevanceModel(
        baseline=round(float(learned[0]), 6),
        weights={name: round(float(weight), 6) for name, weight in zip(SIGNALS, learned[1:], strict=True)},
        ordinary_experience=round(float(examples.signals[examples.matched, _EXPERIENCE].mean()), 6),
        fitted_on=dict(fitted_on or {}),
    )


def _most_likely(examples: Examples, bounds: Sequence[tuple[float | None, float | None]]) -> Floats:
    """`(1 + signals,)` baseline and weights with the least logistic loss within the bounds."""
    from scipy.optimize import minimize

    # In units of each signal's spread, so that one step means as much for each of them.
    spread = np.maximum(examples.signals.std(axis=0), 1e-9)
    values = np.column_stack([np.ones(len(examples)), examples.signals / spread])
    target, weight = examples.matched.astype(np.float64), examples.weight / examples.weight.sum()

    def loss(parameters: Floats) -> tuple[float, Floats]:
        log_odds = values @ parameters + examples.offset
        of_pairs = np.logaddexp(0.0, log_odds) - target * log_odds
        residual = weight * (1.0 / (1.0 + np.exp(-log_odds)) - target)
        return float(weight @ of_pairs), values.T @ residual

    start = np.zeros(values.shape[1])
    options = {"maxiter": 1000, "ftol": 1e-14, "gtol": 1e-9}
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(None, None), *bounds], options=options)
    learned: Floats = found.x / np.concatenate([[1.0], spread])
    return learned


def fit_closeness(near: Floats, far: Floats) -> Closeness:
    """How the best fit tells needs of the directory's world from others, by a plain logistic regression.

    Args:
        near: best fits of needs that the directory is for.
        far: best fits of needs of other worlds. Both kinds count alike, however many there are.

    Raises:
        TooLittle: fewer than ten of either.
    """
    from sklearn.linear_model import LogisticRegression

    if min(len(near), len(far)) < _LEAST_TEXTS:
        found = f"{len(near)} and {len(far)}"
        wanted = f"be at least {_LEAST_TEXTS} of the directory's world and of others"
        raise TooLittle("needs to learn closeness from", wanted, found, "Add to the banks.")
    spread = float(np.concatenate([near, far]).std()) or 1.0
    fits = np.concatenate([near, far])[:, None] / spread
    is_near = np.arange(len(fits)) < len(near)
    fitted = LogisticRegression(C=1e4, class_weight="balanced").fit(fits, is_near)
    slope = max(0.0, float(fitted.coef_[0, 0]) / spread)
    return Closeness(round(float(fitted.intercept_[0]), 6), round(slope, 6))
