"""How many meetings must go in any case, so that there is room for what must come: a bound for plans that change least."""

from __future__ import annotations

from collections import Counter

import numpy as np
from ortools.sat.python import cp_model

from matcher.workshop.meetings import Meetings
from matcher.workshop.pairing import Pairing

_EFFORT = 1.0


def needed_losses(pairing: Pairing, over: Meetings, before: Meetings) -> int:
    """Fewest meetings of those before without which nobody, and no slot, has more than there is room for.

    Args:
        pairing: the event as it stands.
        over: meetings that stay in any case.
        before: meetings that may still take place.
    """
    everything = over.and_also(before)
    met = {(row, column) for row, column, _ in everything}
    coming = [place for place in map(tuple, pairing.must.tolist()) if place not in met]
    load = Counter(person for row, column in [*met, *coming] for person in (row, column + pairing.first_column))
    at = {place: slot for place in coming if (slot := pairing.fixed.get(place)) is not None}
    busy = {(person, slot) for (row, column), slot in at.items() for person in (row, column + pairing.first_column)}
    at_once = Counter([*everything.slots.tolist(), *at.values()])
    model = cp_model.CpModel()
    goes = [model.new_bool_var("") for _ in range(len(before))]
    of_person: dict[int, list[cp_model.IntVar]] = {}
    in_slot: dict[int, list[cp_model.IntVar]] = {}
    for literal, (row, column, slot) in zip(goes, before, strict=True):
        in_slot.setdefault(slot, []).append(literal)
        for person in (row, column + pairing.first_column):
            of_person.setdefault(person, []).append(literal)
            if (person, slot) in busy:
                model.add(literal == 1)
    for person, literals in of_person.items():
        _at_least(model, literals, load[person] - int(pairing.most[person]))
    for slot, literals in in_slot.items():
        _at_least(model, literals, at_once[slot] - pairing.tables)
    model.minimize(sum(goes))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 0
    solver.parameters.max_deterministic_time = _EFFORT
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return 0
    return int(np.ceil(solver.best_objective_bound - 1e-6))


def _at_least(model: cp_model.CpModel, literals: list[cp_model.IntVar], count: int) -> None:
    if count > 0:
        model.add(sum(literals) >= min(count, len(literals)))
