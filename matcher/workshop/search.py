"""The best meetings: who meets whom first, then when; and both together where one after the other is not enough."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matcher.workshop.assignment import best_assignment
from matcher.workshop.clock import Clock
from matcher.workshop.demands import keeps_rules
from matcher.workshop.greedy import best_first, one_by_one
from matcher.workshop.joint import Goal, Joint, solve_jointly
from matcher.workshop.meetings import Meetings
from matcher.workshop.mending import mended
from matcher.workshop.near import Near, every_pair, near_pairs
from matcher.workshop.pairing import Pairing
from matcher.workshop.prices import Prices
from matcher.workshop.relaxation import Relaxation
from matcher.workshop.service import alone_bounds, total_of, worst_of
from matcher.workshop.timetable import timetable
from matcher.workshop.worth import UNITS

_MOST_TOGETHER = 60_000
"""Pairs times slots up to which who and when are decided together, where that may be better."""
_EFFORT = 3.0
"""Deterministic seconds for that."""
_MOST_SPREAD = 8_000
"""Pairs times slots up to which loads are spread among plans of the same value."""
_SPREAD_EFFORT = 0.3


class NoPlan(Exception):
    """The rules cannot all hold; it is proven."""


@dataclass
class Found:
    """A plan's meetings. No plan serves its worst-served company better than `worst_bound`; none that serves it as well as this
    one does has a greater total than `bound`."""

    meetings: Meetings
    worst_bound: float
    bound: float


def best_meetings(pairing: Pairing, clock: Clock) -> Found | None:
    """The best meetings that are found in time; `None` if there are none.

    Raises:
        NoPlan: there is no plan.
    """
    return _Search(pairing, clock).run()


class _Search:
    def __init__(self, pairing: Pairing, clock: Clock) -> None:
        self._pairing, self._clock = pairing, clock
        self._fair = pairing.event.fair and bool(pairing.served.any())
        self._prices: tuple[float, Prices, float] | None = None
        """Service, prices for plans that serve everybody so well, and the bound that they prove."""
        self._worst_bound = np.inf
        self._total_bound = np.inf
        """That no plan exceeds, however it serves the worst-served."""
        self._is_mended = False
        """Time was in the way of the best assignment, so that deciding who and when together may be better."""

    def run(self) -> Found | None:
        found = self._one_after_the_other(with_times=False)
        if found is None:
            found = self._any() or self._greedy()
        if found is not None:
            self._improve(found)
        return found

    def _one_after_the_other(self, *, with_times: bool) -> Found | None:
        """Who meets whom, then when; what finds no slot is mended."""
        pairing, clock = self._pairing, self._clock
        assigned = best_assignment(pairing, clock, with_times=with_times)
        if assigned is None:
            raise NoPlan
        self._prices = assigned.worst, assigned.prices, assigned.ceiling
        self._worst_bound = min(self._worst_bound, assigned.worst_bound)
        self._total_bound = min(self._total_bound, assigned.bound_anyhow)
        if assigned.pairs is None:
            return None
        meetings = Meetings(*assigned.pairs, timetable(pairing, *assigned.pairs, clock))
        if (meetings.slots < 0).any():
            if not (assigned.knows_times or clock.is_up()):
                return self._one_after_the_other(with_times=True)
            self._is_mended = True
            whole = self._filled(meetings.where(meetings.slots >= 0), mended(pairing, meetings, assigned, clock))
            if whole is None:
                return None
            meetings = whole
        found = Found(meetings, assigned.worst_bound, assigned.bound)
        if self._worst(meetings) < assigned.worst:
            found.bound = min(self._total_bound, self._priced(meetings)[1])
        return found

    def _filled(self, *plans: Meetings | None) -> Meetings | None:
        """The best of some plans with whatever still fits in; `None` where none reaches what is asked for."""
        pairing = self._pairing
        filled = [one_by_one(pairing, *best_first(pairing, plan), plan) for plan in plans if plan is not None]
        sound = [plan for plan in filled if keeps_rules(pairing, plan)]
        return max(sound, key=lambda plan: (self._worst(plan), self._total(plan)), default=None)

    def _any(self) -> Found | None:
        """Any plan, decided together; the assignment alone gave none."""
        pairing = self._pairing
        everything = every_pair(pairing)
        if not self._can_be_together(everything):
            return None
        joint = self._together("any", everything)
        if joint.status == "none":
            raise NoPlan
        if joint.meetings is None:
            return None
        self._is_mended = True
        return Found(joint.meetings, self._worst_bound, self._priced(joint.meetings)[1])

    def _greedy(self) -> Found | None:
        """What comes of putting in the best first, if that keeps the rules."""
        meetings = one_by_one(self._pairing, *best_first(self._pairing))
        if not keeps_rules(self._pairing, meetings):
            return None
        bound, worst_bound = alone_bounds(self._pairing)
        return Found(meetings, min(worst_bound, self._worst_bound), min(bound, self._total_bound))

    def _improve(self, found: Found) -> None:
        """Decide together what one after the other left undecided, on events that are small enough."""
        pairing = self._pairing
        worst = self._worst(found.meetings)
        if self._fair and worst < found.worst_bound:
            everything = every_pair(pairing)
            if self._can_be_together(everything):
                joint = self._together("worst", everything, worst=round(found.worst_bound * UNITS), start=found.meetings)
                if joint.meetings is not None and self._worst(joint.meetings) > worst:
                    found.meetings = joint.meetings
                found.worst_bound = (
                    min(found.worst_bound, joint.bound / UNITS) if joint.meetings is not None else found.worst_bound
                )
                found.bound = self._priced(found.meetings)[1]
        if self._total(found.meetings) < found.bound and self._is_mended:
            self._improve_total(found)
        if self._total(found.meetings) == found.bound and not pairing.among:
            self._spread(found)

    def _improve_total(self, found: Found) -> None:
        prices, ceiling = self._priced(found.meetings)
        near = near_pairs(self._pairing, prices, loss=max(0.0, ceiling - self._total(found.meetings)))
        if not self._can_be_together(near):
            return
        worst = round(self._worst(found.meetings) * UNITS)
        joint = self._together("total", near, worst=worst, start=found.meetings)
        if joint.meetings is not None:
            found.bound = min(found.bound, joint.bound / UNITS)
            if self._total(joint.meetings) > self._total(found.meetings):
                found.meetings = joint.meetings

    def _spread(self, found: Found) -> None:
        """Among plans of the same value, one with evener loads of columns."""
        prices, ceiling = self._priced(found.meetings)
        near = near_pairs(self._pairing, prices, loss=max(0.0, ceiling - found.bound))
        if self._can_be_together(near, _MOST_SPREAD):
            worst, total = round(self._worst(found.meetings) * UNITS), round(found.bound * UNITS)
            joint = self._together("spread", near, worst=worst, total=total, start=found.meetings)
            found.meetings = joint.meetings or found.meetings

    def _priced(self, meetings: Meetings) -> tuple[Prices, float]:
        """Prices for plans that serve everybody as well as these meetings do, and the bound that they prove."""
        worst = self._worst(meetings)
        if self._prices is None or worst < self._prices[0]:
            relaxed = Relaxation(self._pairing, self._clock, worst)
            ceiling = relaxed.total()
            self._prices = worst, relaxed.prices, ceiling
        return self._prices[1:]

    def _together(
        self, goal: Goal, near: Near, *, worst: int = 0, total: int | None = None, start: Meetings | None = None
    ) -> Joint:
        effort = _SPREAD_EFFORT if goal == "spread" else _EFFORT
        return solve_jointly(
            self._pairing, near, goal=goal, clock=self._clock, effort=effort, worst=worst, total=total, start=start
        )

    def _can_be_together(self, near: Near, most: int = _MOST_TOGETHER) -> bool:
        spans = len(self._pairing.event.slots) if self._pairing.among else len(self._pairing.spans.size)
        return len(near.rows) * spans <= most and not self._clock.is_up()

    def _worst(self, meetings: Meetings) -> float:
        return worst_of(self._pairing, meetings.rows, meetings.columns) if self._fair else 0.0

    def _total(self, meetings: Meetings) -> float:
        return total_of(self._pairing, meetings.rows, meetings.columns)
