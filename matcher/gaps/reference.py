"""What ordinary needs get from the directory: the line under which a need counts as unmet.

A probability is that of being a partner, learned from consortia; on a directory of another kind its size is less sure than its
order. So a need is held against other needs, asked of the same directory in the same way: the shipped bank of ordinary
needs (`matcher.ordinary`), which is no part of what is analysed. Were needs held against each other, a quarter of them would
be unmet whatever the directory holds.

The bank has every subject in every language, and each language has a line of its own: a need put in French gets less than the
same need put in English, for reasons that lie in the texts and not in the providers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from embeddings.errors import Refusal
from matcher.gaps.asked import AskedNeed

QUANTILE = 0.25
"""Ordinary needs under the line."""
_LEAST = 1e-6
"""Takes the place of nothing at all where a logarithm is wanted."""


@dataclass(frozen=True)
class Ordinary:
    """An ordinary need, asked as a company of some country might have put it."""

    subject: str
    asked: AskedNeed


@dataclass(frozen=True)
class Reference:
    """The lines, and how much depends on the wording alone."""

    values: tuple[Ordinary, ...]
    lines: dict[str, float]
    """Language → lower quartile of what ordinary needs get in it."""
    overall: float
    """For a language that the bank does not have."""
    spread: float
    """By how much one ordinary need differs from itself in another language: standard deviation of the logarithm of what it
    gets over its language's line."""

    @classmethod
    def of(cls, values: Sequence[Ordinary]) -> Reference:
        """Draw the lines.

        Raises:
            Refusal: there is no value to draw them from.
        """
        if not values:
            raise Refusal("reference of the gap analysis", "hold at least one ordinary need", "none", "Name what needs get.")
        expected: dict[str, list[float]] = {}
        for value in values:
            expected.setdefault(value.asked.language, []).append(value.asked.expected)
        lines = {language: _quartile(found) for language, found in sorted(expected.items())}
        ratios: dict[tuple[str, str], list[float]] = {}
        for value in values:
            ratio = _log_ratio(value.asked.expected, lines[value.asked.language])
            ratios.setdefault((value.subject, value.asked.need.country), []).append(ratio)
        variances = [float(np.var(of_one, ddof=1)) for of_one in ratios.values() if len(of_one) > 1]
        return cls(
            values=tuple(values),
            lines=lines,
            overall=_quartile([value.asked.expected for value in values]),
            spread=math.sqrt(sum(variances) / len(variances)) if variances else 0.0,
        )

    def line(self, language: str) -> float:
        """The line for a need put in that language."""
        return self.lines.get(language, self.overall)

    def is_near(self, expected: float, language: str) -> bool:
        """Whether another wording of the need may well lie on the other side of the line."""
        return abs(_log_ratio(expected, self.line(language))) < self.spread


def _quartile(values: Sequence[float]) -> float:
    return float(np.quantile(values, QUANTILE))


def _log_ratio(expected: float, line: float) -> float:
    return math.log(max(expected, _LEAST) / max(line, _LEAST))
