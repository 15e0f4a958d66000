"""What a meeting is worth to a plan: its probability, with the border policy and wishes acting on the odds."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matcher.grid import GRID
from matcher.records import BorderPolicy

WISH = 1.0
"""Log-odds for each of the two that wishes to meet the other: at the same probability otherwise, a wish of one is worth what a
border is worth by default, and a wish of both twice as much."""
UNITS = round(1 / GRID)
"""Values are multiples of 1 / UNITS, so that sums are exact, and solvers of whole numbers can work with them."""
_ROWS_AT_ONCE = 512


def worth(
    probability: NDArray[np.float64], foreign: NDArray[np.bool_], wishes: NDArray[np.int64], policy: BorderPolicy
) -> NDArray[np.float32]:
    """`(rows, columns)` values in 0..1: the odds of each probability times e to the power of all that speaks for the pair.

    Args:
        probability: `(rows, columns)` of a useful meeting.
        foreign: `(rows, columns)`, whether the border policy favours the pair.
        wishes: `(wishes, 2)` row and column of each wish to meet.
        policy: `favour` adds its `beta` to foreign pairs; the other modes add nothing.
    """
    found = np.empty(probability.shape, dtype=np.float32)
    beta = policy.beta if policy.mode == "favour" else 0.0
    # Row by row: a fair of thousands has millions of pairs, and each step would hold them all once more.
    for start in range(0, len(probability), _ROWS_AT_ONCE):
        block = slice(start, start + _ROWS_AT_ONCE)
        bonus = np.where(foreign[block], beta, 0.0)
        here = wishes[(wishes[:, 0] >= start) & (wishes[:, 0] < start + _ROWS_AT_ONCE)]
        np.add.at(bonus, (here[:, 0] - start, here[:, 1]), WISH)
        favour = probability[block] * np.exp(bonus)
        against = 1.0 - probability[block]
        # Float32 holds multiples of 2^-20 up to 1 exactly.
        found[block] = np.round(favour / (favour + against) * UNITS) / UNITS
    return found
