"""Scores lie on a grid of binary fractions, so that their parts add up exactly (docs/decisions/0005-exact-scores.md)."""

from __future__ import annotations

from typing import overload

import numpy as np
from numpy.typing import NDArray

GRID = 2.0**-20
"""Every part of a score is a multiple of this, so that sums are exact whatever the order."""


@overload
def to_grid(values: np.float64) -> np.float64: ...
@overload
def to_grid(values: NDArray[np.float64]) -> NDArray[np.float64]: ...
def to_grid(values: np.float64 | NDArray[np.float64]) -> np.float64 | NDArray[np.float64]:
    """The nearest multiples of `GRID`."""
    return np.round(values / GRID) * GRID
