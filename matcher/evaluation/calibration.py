"""Whether probabilities mean what they say: of the providers given 5 %, 5 % should have matched."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embeddings.errors import Refusal

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Bin:
    """Predictions that lie close together."""

    pairs: int
    predicted: float
    """Their mean probability."""
    matched: float
    """Share that did match."""


@dataclass(frozen=True)
class Calibration:
    """Reliability of a set of predictions."""

    bins: tuple[Bin, ...]
    """In order of probability, each with as many pairs as the others."""

    @property
    def pairs(self) -> int:
        """Predictions in all."""
        return sum(one.pairs for one in self.bins)

    @property
    def expected_error(self) -> float:
        """Expected calibration error: mean of |predicted − matched| over the bins, weighted by pairs.

        Naeini, Cooper & Hauskrecht (AAAI 2015), with bins of equal numbers (Nguyen & O'Connor, EMNLP 2015): where nearly
        all probabilities are small, bins of equal width would put nearly all pairs into the first.
        """
        return sum(one.pairs * abs(one.predicted - one.matched) for one in self.bins) / self.pairs


def calibration(probability: Floats, matched: NDArray[np.bool_], bins: int = 15) -> Calibration:
    """Group predictions by their size.

    Args:
        probability: `(pairs,)`.
        matched: `(pairs,)` whether it came true.
        bins: groups; fewer where there are fewer pairs.

    Raises:
        Refusal: there are no pairs, or not as many outcomes.
    """
    if len(probability) != len(matched) or not len(probability):
        found = f"{len(probability)} and {len(matched)}"
        raise Refusal("probabilities and outcomes", "be as many, and at least one", found, "Give one outcome a probability.")
    order = np.argsort(probability, kind="stable")
    groups = np.array_split(order, min(bins, len(order)))
    return Calibration(
        tuple(Bin(len(group), float(probability[group].mean()), float(matched[group].mean())) for group in groups)
    )
