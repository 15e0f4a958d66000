"""As conferences assign papers to reviewers: the best assignment under everybody's loads, and only then slots.

The assignment is a minimum-cost flow (Charlin & Zemel 2013, "The Toronto Paper Matching System"; OpenReview's matcher solves
the same program): from a source to the companies, along pairs to the providers, to a sink; what a pair is worth is its
negative cost. Slots are the colours of its edges. Who is not there all day, and how many tables there are, comes in no flow:
a meeting whose colour is a slot that does not suit moves to another that does, and is dropped where none is left.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python import min_cost_flow

from matcher.workshop.clock import Clock
from matcher.workshop.colouring import Colouring
from matcher.workshop.event import Event
from matcher.workshop.meetings import Meetings
from matcher.workshop.pairing import Integers, Pairing
from matcher.workshop.plan import Plan
from matcher.workshop.service import alone_bounds
from matcher.workshop.writing import written_plan


def flow_plan(event: Event, probabilities: NDArray[np.floating]) -> Plan:
    """Best pairs under the loads, then slots.

    Args:
        event: of companies and providers.
        probabilities: as for `matcher.workshop.planning.plan_workshop`.
    """
    clock = Clock(np.inf)
    pairing = Pairing.of(event, probabilities)
    rows, columns = best_pairs(pairing)
    placed = in_slots(pairing, rows, columns)
    return written_plan(pairing, placed, *alone_bounds(pairing), clock)


def best_pairs(pairing: Pairing) -> tuple[Integers, Integers]:
    """Rows and columns of the assignment with the greatest sum of values, everybody within the most they want.

    Musts and leasts are no part of it, as they are none of paper assignment's.
    """
    rows, columns = (np.asarray(axis, dtype=np.int64) for axis in np.nonzero(pairing.allowed))
    people, first = len(pairing.people), pairing.first_column
    source, sink = people, people + 1
    companies, providers = np.arange(first), np.arange(first, people)
    flow = min_cost_flow.SimpleMinCostFlow()
    tails = np.concatenate([rows, np.full(first, source), providers])
    heads = np.concatenate([columns + first, companies, np.full(len(providers), sink)])
    room = np.concatenate([np.ones(len(rows), dtype=np.int64), pairing.most])
    costs = np.concatenate([-pairing.units(rows, columns), np.zeros(people, dtype=np.int64)])
    arcs = flow.add_arcs_with_capacity_and_unit_cost(tails, heads, room, costs)
    total = int(pairing.most[:first].sum())
    flow.set_nodes_supplies(np.array([source, sink]), np.array([total, -total]))
    status = flow.solve_max_flow_with_min_cost()
    assert status == flow.OPTIMAL, status
    chosen = flow.flows(arcs)[: len(rows)] > 0
    return rows[chosen], columns[chosen]


def in_slots(pairing: Pairing, rows: Integers, columns: Integers) -> Meetings:
    """The pairs in slots: best first, each in its colour's slot or the first that suits; those that none suits are dropped."""
    slots = pairing.present.shape[1]
    colouring = Colouring(list(zip(rows.tolist(), (columns + pairing.first_column).tolist(), strict=True)), slots)
    colouring.two_sides()
    colouring.even_out()
    free = pairing.present.copy()
    tables = np.full(slots, pairing.tables)
    kept: list[tuple[int, int, int]] = []
    for edge in np.argsort(-pairing.value[rows, columns], kind="stable").tolist():
        row, column = int(rows[edge]), int(columns[edge])
        other = column + pairing.first_column
        suits = np.flatnonzero(free[row] & free[other] & (tables > 0))
        if not len(suits):
            continue
        wanted = int(colouring.colours[edge])
        slot = wanted if wanted in suits else int(suits[0])
        free[row, slot] = free[other, slot] = False
        tables[slot] -= 1
        kept.append((row, column, slot))
    found = np.array(kept, dtype=np.int64).reshape(-1, 3)
    return Meetings(found[:, 0], found[:, 1], found[:, 2])
