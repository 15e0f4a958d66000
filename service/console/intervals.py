"""Differences with their 95 % intervals as drawings: all on one scale, with zero in the middle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

WIDTH = 240
"""Of the drawing."""
_REACH = WIDTH / 2 / 1.1
"""From zero to the farthest end: a little room is left, so that it does not lie on the edge."""
_ENDS = ("low", "mean", "high")


@dataclass(frozen=True)
class Interval:
    """In the drawing's own units, from its left."""

    low: float
    mean: float
    high: float


def intervals(differences: Sequence[Mapping[str, Any]]) -> list[Interval]:
    """One a difference, each with `low`, `mean` and `high`."""
    farthest = max((abs(one[end]) for one in differences for end in _ENDS), default=0.0) or 1.0
    return [Interval(*(round(WIDTH / 2 + _REACH * (one[end] / farthest), 1) for end in _ENDS)) for one in differences]
