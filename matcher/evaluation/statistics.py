"""How sure a mean is, and whether two rankers differ: resampling over needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embeddings.errors import Refusal

Values = NDArray[np.float64]
_DRAWS = 10_000
_AT_ONCE = 2**21
"""Numbers drawn at once (16 MB): what is drawn for thousands of needs would not fit into the memory of a small machine."""


@dataclass(frozen=True)
class Interval:
    """A mean with the 95 % interval around it."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.mean:.3f} ({self.low:.3f}–{self.high:.3f})"


@dataclass(frozen=True)
class Difference:
    """How much better the first of two rankers is on the same needs."""

    interval: Interval
    """Of the first minus the second."""
    p_value: float
    """How often as large a difference, either way, would come about if the two were exchangeable; two-sided, never 0."""


def bootstrap_interval(values: Sequence[float] | Values, groups: Sequence[str] | None = None, *, seed: int = 0) -> Interval:
    """Mean and percentile bootstrap interval (Efron 1979), 10,000 draws.

    Args:
        values: one a need.
        groups: needs of one group are drawn together, because they are not independent: several companies of one project
            look for the same partners (cluster bootstrap: Field & Welsh, JRSS B 2007). Each need is its own group if left
            out. Of a single group nothing can be drawn but itself, and the interval is the mean alone.
        seed: of the draws.

    Raises:
        Refusal: there are no values, one is not finite, or there are not as many groups.
    """
    sums, counts = _by_group(values, groups)
    generator = np.random.default_rng(seed)
    means = []
    for draws in _draws_at_once(len(sums)):
        drawn = generator.integers(0, len(sums), size=(draws, len(sums)))
        means.append(sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1))
    low, high = np.percentile(np.concatenate(means), [2.5, 97.5])
    return Interval(float(sums.sum() / counts.sum()), float(low), float(high))


def paired_difference(
    one: Sequence[float] | Values, other: Sequence[float] | Values, groups: Sequence[str] | None = None, *, seed: int = 0
) -> Difference:
    """Compare two rankers need by need: bootstrap interval of the mean difference, and a randomisation test.

    The test turns the sign of each group's difference at random, 10,000 times (Fisher 1935; for retrieval: Smucker, Allan &
    Carterette, CIKM 2007). The observed arrangement counts as one more, so that p is never zero (Phipson & Smyth 2010).

    Args:
        one: values of the first ranker, one a need.
        other: values of the second, of the same needs in the same order.
        groups: as in `bootstrap_interval`; their needs turn together.
        seed: of the draws.

    Raises:
        Refusal: not as many values on both sides, or as in `bootstrap_interval`.
    """
    if len(one) != len(other):
        raise Refusal(
            "values of the comparison",
            "be of the same needs on both sides",
            f"{len(one)} and {len(other)}",
            "Measure both rankers on the same needs.",
        )
    difference = np.asarray(one, dtype=np.float64) - np.asarray(other, dtype=np.float64)
    interval = bootstrap_interval(difference, groups, seed=seed)
    sums, _ = _by_group(difference, groups)
    # What differs by rounding alone is as large.
    least = abs(sums.sum()) - 1e-12 * np.abs(sums).sum()
    generator = np.random.default_rng(seed)
    as_large = 0
    for draws in _draws_at_once(len(sums)):
        turned = generator.choice([-1.0, 1.0], size=(draws, len(sums))) @ sums
        as_large += int(np.count_nonzero(np.abs(turned) >= least))
    return Difference(interval, (1 + as_large) / (1 + _DRAWS))


def _draws_at_once(groups: int) -> Iterator[int]:
    """How many draws to make at a time until all are made."""
    most = max(1, _AT_ONCE // groups)
    for made in range(0, _DRAWS, most):
        yield min(most, _DRAWS - made)


def _by_group(values: Sequence[float] | Values, groups: Sequence[str] | None) -> tuple[Values, Values]:
    """`(groups,)` sum and count of the values of each."""
    given = np.asarray(values, dtype=np.float64)
    if not len(given):
        raise Refusal("values of a mean", "be one a need, at least one", "none", "Name needs that were answered.")
    if not np.isfinite(given).all():
        at = int(np.argmin(np.isfinite(given)))
        raise Refusal("values of a mean", "be finite numbers", f"{given[at]} at place {at + 1}", "Count a missing one as 0.")
    if groups is None:
        return given, np.ones(len(given))
    if len(groups) != len(given):
        raise Refusal("groups of the values", f"be one a value, {len(given)}", str(len(groups)), "Name the group of each need.")
    _, number = np.unique(np.asarray(groups), return_inverse=True)
    return np.bincount(number, weights=given).astype(np.float64), np.bincount(number).astype(np.float64)
