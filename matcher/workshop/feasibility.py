"""Whether an event can be planned at all."""

from __future__ import annotations

from typing import Literal

import numpy as np

from matcher.errors import PlanImpossible
from matcher.workshop.clock import Clock
from matcher.workshop.demands import keeps_rules
from matcher.workshop.event import Event
from matcher.workshop.flow import best_flow
from matcher.workshop.joint import solve_jointly
from matcher.workshop.meetings import Meetings
from matcher.workshop.near import every_pair
from matcher.workshop.pairing import Pairing
from matcher.workshop.relaxation import Relaxation
from matcher.workshop.timetable import timetable
from matcher.workshop.totals import Pairs, best_total

_MOST_TOGETHER = 40_000
"""Pairs times slots up to which who and when are decided together."""
_EFFORT = 2.0
_ANY = 0.5
"""Part of the total that need not be found."""


def is_possible(event: Event, clock: Clock) -> bool | None:
    """Whether there is a plan. Both answers are proven; `None` where neither was in time.

    Args:
        event: with the rules.
        clock: stops it.

    Raises:
        Refusal: an event that makes no sense, whatever its rules.
    """
    sides = [one.side for one in event.participants]
    among = event.kind == "company to company"
    shape = (sides.count("company"), sides.count("company" if among else "provider"))
    # Any probabilities will do; different ones, so that not everybody looks for the same partners.
    chances = np.random.default_rng(0).random(shape)
    try:
        pairing = Pairing.of(event, (chances + chances.T) / 2 if among else chances)
    except PlanImpossible:
        return False
    relaxed = Relaxation(pairing, clock)
    if not relaxed.possible():
        return False
    flows = not pairing.among and not pairing.floor_share
    if (flows and len(pairing.spans.size) == 1) or not (pairing.least.any() or len(pairing.must)):
        # Whole meetings do as well as parts, and slots can be told apart afterwards; or nobody must meet at all.
        return True
    assigned = _some_assignment(pairing, relaxed, clock, flows)
    if assigned == "none":
        return False
    if assigned != "unknown" and _fits(pairing, assigned, clock):
        return True
    everything = every_pair(pairing)
    if len(everything.rows) * len(event.slots) > _MOST_TOGETHER or clock.is_up():
        return None
    joint = solve_jointly(pairing, everything, goal="any", clock=clock, effort=_EFFORT)
    return None if joint.status == "unknown" else joint.meetings is not None


def _some_assignment(pairing: Pairing, relaxed: Relaxation, clock: Clock, flows: bool) -> Pairs | Literal["none", "unknown"]:
    flow = best_flow(pairing, clock) if flows else None
    if flow is not None:
        return flow.rows, flow.columns
    total = best_total(pairing, relaxed, clock, close=_ANY)
    return total.pairs or ("none" if total.is_none else "unknown")


def _fits(pairing: Pairing, pairs: Pairs, clock: Clock) -> bool:
    """Whether an assignment has a timetable in which all that must be is."""
    slots = timetable(pairing, *pairs, clock)
    return keeps_rules(pairing, Meetings(*pairs, slots).where(slots >= 0))
