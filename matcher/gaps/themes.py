"""What a programme office could do about a gap, with the reason in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matcher.gaps.findings import Theme
from matcher.gaps.nearest import NearRegion

LEAST_NEEDS = 5
"""Unmet needs from which on one may speak of a gap."""
LEAST_COMPANIES = 3
"""Companies behind them, likewise: one company with many letters is no theme."""
_SOME_PROVIDERS = 3
"""Providers abroad in question for a typical need, from which on there is somebody to invite to a webinar."""


@dataclass(frozen=True)
class GapInNumbers:
    """What a theme depends on."""

    needs: int
    companies: int
    finance: int
    """Needs that seek finance."""
    unlike: int
    """Needs that are unlike what the directory is for."""
    in_question: float
    """Providers abroad, among the first `k`, that are probable enough for a typical need."""
    k: int
    at_home: int
    recruit: Sequence[NearRegion]

    @property
    def is_anecdote(self) -> bool:
        """Whether there are too few to speak of a gap."""
        return self.needs < LEAST_NEEDS or self.companies < LEAST_COMPANIES


def theme_of(gap: GapInNumbers) -> Theme:
    """The theme. The first of these that holds: too few; not the programme's; finance; somebody to invite; nobody."""
    size = f"{_count(gap.needs, 'need')} of {_count(gap.companies, 'company', 'companies')}"
    if gap.is_anecdote:
        few = _count(gap.needs, "need") if gap.needs < LEAST_NEEDS else size
        return Theme(kind="wait", reason=f"{few}: an anecdote, not a gap. Ask the regional partners who else has it.")
    if 2 * gap.unlike > gap.needs:
        reason = (
            f"{size}, and {gap.unlike} of them are unlike all that the directory is for: decide first whether the "
            "programme is for them."
        )
        return Theme(kind="ask first", reason=reason)
    if 2 * gap.finance > gap.needs:
        reason = f"{size}, {gap.finance} of them for finance: let the companies pitch to investors.{_where(gap)}"
        return Theme(kind="pitch event", reason=reason)
    if gap.in_question >= _SOME_PROVIDERS:
        reason = (
            f"{size}. For a typical one {gap.in_question:g} of the first {gap.k} providers abroad come into question, if less "
            "strongly than for ordinary needs: a webinar brings them together and shows who is missing."
            f"{_at_home(gap)}{_where(gap)}"
        )
        return Theme(kind="webinar", reason=reason)
    there = "nobody" if gap.in_question < 1 else f"only {_count(round(gap.in_question), 'provider')}"
    reason = f"{size}, and {there} abroad comes into question for a typical one: recruit before inviting."
    return Theme(kind="recruit", reason=f"{reason}{_at_home(gap)}{_where(gap)}")


def _where(gap: GapInNumbers) -> str:
    regions = " and ".join(near.region for near in gap.recruit[:2])
    return f" Providers of {regions} come nearest." if regions else ""


def _at_home(gap: GapInNumbers) -> str:
    if not gap.at_home:
        return ""
    return f" For {gap.at_home} of {gap.needs} the nearest provider of all is at home: what lacks is one abroad."


def _count(number: int, one: str, more: str = "") -> str:
    return f"{number} {one if number == 1 else more or f'{one}s'}"
