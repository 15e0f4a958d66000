"""The parts of a score as bars that begin where the one before ended: they lead to the score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matcher.records import ScorePart

WIDTH = 240
"""Of the drawing."""


@dataclass(frozen=True)
class Bar:
    """A part of a score in the drawing's own units."""

    name: str
    value: float
    left: float
    width: float
    is_gain: bool


def score_bars(parts: Sequence[ScorePart]) -> list[Bar]:
    """The parts that count, each from where the one before ended."""
    ends = [0.0]
    for part in parts:
        ends.append(ends[-1] + part.value)
    low, high = min(ends), max(ends)
    scale = WIDTH / (high - low) if high > low else 0.0
    bars = []
    for part, start, end in zip(parts, ends, ends[1:], strict=False):
        if abs(part.value) >= 0.005:
            left, right = sorted((start, end))
            bars.append(
                Bar(part.name, part.value, round((left - low) * scale, 1), round((right - left) * scale, 1), end > start)
            )
    return bars
