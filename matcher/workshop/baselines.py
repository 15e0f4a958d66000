"""Plans as one would make them without a solver, under the same rules: to tell what the solver gains."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matcher.workshop.clock import Clock
from matcher.workshop.event import Event
from matcher.workshop.greedy import best_first, one_by_one
from matcher.workshop.pairing import Integers, Pairing
from matcher.workshop.plan import Plan
from matcher.workshop.service import alone_bounds
from matcher.workshop.writing import written_plan


def greedy_plan(event: Event, probabilities: NDArray[np.floating]) -> Plan:
    """Best pairs first, each in the earliest slot that both have free. What must be comes before; leasts as far as they come.

    Args:
        event: who comes, and the rules.
        probabilities: as for `matcher.workshop.planning.plan_workshop`.

    Raises:
        PlanImpossible: rules that contradict each other at sight.
        Refusal: probabilities that are none, or of another shape.
    """
    clock = Clock(np.inf)
    pairing = Pairing.of(event, probabilities)
    return _written(pairing, *best_first(pairing), clock)


def random_plan(event: Event, probabilities: NDArray[np.floating], *, seed: int = 0) -> Plan:
    """The same with pairs in random order.

    Args:
        event: who comes, and the rules.
        probabilities: as for `matcher.workshop.planning.plan_workshop`.
        seed: another gives another plan.

    Raises:
        PlanImpossible: rules that contradict each other at sight.
        Refusal: probabilities that are none, or of another shape.
    """
    clock = Clock(np.inf)
    pairing = Pairing.of(event, probabilities)
    rows, columns = np.nonzero(pairing.allowed)
    order = np.random.default_rng(seed).permutation(len(rows))
    return _written(pairing, rows[order], columns[order], clock)


def _written(pairing: Pairing, rows: Integers, columns: Integers, clock: Clock) -> Plan:
    meetings = one_by_one(pairing, rows, columns)
    return written_plan(pairing, meetings, *alone_bounds(pairing), clock)
