"""Which needs are unmet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from matcher.gaps.asked import AskedNeed
from matcher.gaps.reference import Reference

Why = Literal["unlike the directory", "no good match", "under the line"]
_BELONGS = 0.5
"""Probability under which a need is more probably of another world than the directory's."""


@dataclass(frozen=True)
class Judged:
    """A need, and whether it is unmet."""

    asked: AskedNeed
    line: float
    why: Why | None
    """Nothing for a need that is met."""
    near_line: bool
    """Whether another wording might have been judged otherwise."""

    @property
    def is_unmet(self) -> bool:
        """Whether no good provider abroad is to be expected."""
        return self.why is not None


def judged(needs: Sequence[AskedNeed], reference: Reference, least_probability: float) -> list[Judged]:
    """Judge each need, in the order of `needs`. It is unmet for the first of these reasons that holds.

    - "unlike the directory": the need more probably is not one that the directory is for;
    - "no good match": no provider abroad is as probable as a list requires;
    - "under the line": the expected number of good providers abroad is under the line of its language.

    Args:
        needs: with their lists.
        reference: the lines.
        least_probability: see `matcher.ranking.RankingConfig.least_probability`.
    """
    return [_judged(asked, reference, least_probability) for asked in needs]


def _judged(asked: AskedNeed, reference: Reference, least_probability: float) -> Judged:
    line = reference.line(asked.language)
    why: Why | None = None
    if asked.belongs < _BELONGS:
        why = "unlike the directory"
    elif asked.best_abroad < least_probability:
        why = "no good match"
    elif asked.expected < line:
        why = "under the line"
    is_near = why in (None, "under the line") and reference.is_near(asked.expected, asked.language)
    return Judged(asked, line, why, is_near)
