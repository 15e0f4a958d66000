"""Planning an event: from what the organiser says to who meets whom, when and where."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matcher.errors import PlanNotFound
from matcher.workshop.clock import Clock
from matcher.workshop.conflict_words import impossible
from matcher.workshop.conflicts import find_conflict
from matcher.workshop.event import Event
from matcher.workshop.pairing import Pairing
from matcher.workshop.plan import Plan
from matcher.workshop.search import NoPlan, best_meetings
from matcher.workshop.writing import written_plan


def plan_workshop(event: Event, probabilities: NDArray[np.floating], *, seconds: float = 60.0) -> Plan:
    """Plan the event.

    The worst-served company is served as well as can be (where the event is `fair`), then all together; among equals, loads of
    providers are spread evenly. How good the plan is, and what no plan can exceed, is told with it. The same event gives the
    same plan on the same machine, unless the time limit cuts the search short (`Quality.stopped`): how far it comes by then
    depends on how busy the machine is.

    Args:
        event: who comes, and the rules.
        probabilities: `(companies, providers)` in the order of the participants, for companies among themselves
            `(companies, companies)` and symmetric: that a meeting is useful.
        seconds: after which the best plan so far is given out.

    Raises:
        PlanImpossible: the rules cannot all hold; names a smallest set of rules that conflict.
        PlanNotFound: time was up before there was a plan, or a proof that there is none.
        Refusal: probabilities that are none, or of another shape.
    """
    clock = Clock(seconds)
    pairing = Pairing.of(event, probabilities)
    try:
        found = best_meetings(pairing, clock)
    except NoPlan:
        raise impossible(event, find_conflict(event)) from None
    if found is None:
        remedy = "Give it more time, or fewer rules."
        raise PlanNotFound(
            "event", f"be planned within {seconds:g} seconds", "neither a plan nor a proof that there is none", remedy
        )
    return written_plan(pairing, found.meetings, found.bound, found.worst_bound, clock)
