"""Who meets whom and when, decided together: a model for CP-SAT over some of the pairs, around meetings that stay."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Literal

import numpy as np
from ortools.sat.python import cp_model

from matcher.workshop.clock import Clock
from matcher.workshop.meetings import Meetings
from matcher.workshop.near import Near
from matcher.workshop.pairing import Pairing
from matcher.workshop.service import service_of
from matcher.workshop.spans import Spans

Goal = Literal["any", "worst", "total", "spread"]
Literals = list[cp_model.IntVar]


@dataclass(frozen=True)
class Joint:
    """`best`: nothing is better among these pairs. `some`: stopped before that. `none`: nothing is possible among them."""

    status: Literal["best", "some", "none", "unknown"]
    meetings: Meetings | None
    """All of them, those that stayed included."""
    bound: int
    """Units that the goal cannot exceed among these pairs."""


def solve_jointly(
    pairing: Pairing,
    near: Near,
    *,
    goal: Goal,
    clock: Clock,
    effort: float,
    kept: Meetings | None = None,
    worst: int = 0,
    total: int | None = None,
    start: Meetings | None = None,
    yielding: bool = False,
) -> Joint:
    """Look for the best meetings.

    Args:
        pairing: the event.
        near: pairs that may meet beside those that stay; all that must meet are among both.
        goal: any plan, the best-served worst-served company, the greatest total, or loads of columns spread most evenly.
        clock: stops it.
        effort: deterministic seconds at most.
        kept: meetings that stay as they are.
        worst: units that every company is served at least; with the goal `worst`, at most.
        total: units in all at least.
        start: meetings of a solution known already.
        yielding: if not everybody can be served so well, come as near to it as can be, before all else.
    """
    model = _Model(pairing, near, kept or Meetings.none(), start)
    model.serve(goal, worst, yielding, start)
    value = cp_model.LinearExpr.weighted_sum(model.meets, model.units) + model.kept_units
    if total is not None:
        model.model.add(value >= total)
    if goal == "worst":
        model.model.maximize(model.worst)
    elif goal == "total":
        # Being short of service weighs more than all values together.
        weight = int(sum(model.units)) + 1 if yielding else 0
        model.model.maximize(value - weight * model.short)
    elif goal == "spread":
        model.model.minimize(model.spread())
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 0
    solver.parameters.max_deterministic_time = effort
    solver.parameters.max_time_in_seconds = max(0.05, clock.left)
    status = solver.solve(model.model)
    clock.is_up()
    if status == cp_model.INFEASIBLE:
        return Joint("none", None, 0)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Joint("unknown", None, 0)
    # The solver tells its bound as a floating number: beyond 2^53 it would be none.
    bound = int(np.ceil(solver.best_objective_bound - 1e-6)) if goal in ("worst", "total") else 0
    return Joint("best" if status == cp_model.OPTIMAL else "some", model.found(solver), bound)


class _Model:
    def __init__(self, pairing: Pairing, near: Near, kept: Meetings, start: Meetings | None) -> None:
        self.model = cp_model.CpModel()
        self._pairing, (self._rows, self._columns), self._kept = pairing, near.pairs, kept
        apart = pairing.among or len(kept.rows) > 0
        # Companies among themselves cannot be shared out over slots that are alike as freely as two sides can.
        self._spans = Spans.singly(pairing.present) if apart else pairing.spans
        self._ends = np.stack([self._rows, self._columns + pairing.first_column], axis=1)
        self.units = pairing.units(self._rows, self._columns).tolist()
        self.kept_units = int(pairing.units(kept.rows, kept.columns).sum())
        self._of_person: dict[int, list[int]] = defaultdict(list)
        for number, ends in enumerate(self._ends.tolist()):
            for person in ends:
                self._of_person[person].append(number)
        self.meets: Literals = []
        self._when: list[dict[int, cp_model.IntVar]] = []
        self._add_meetings(near, start)
        self._add_times()
        self._add_loads()
        self.worst: cp_model.IntVar = self.model.new_constant(0)
        self.short: cp_model.IntVar = self.model.new_constant(0)

    def _add_meetings(self, near: Near, start: Meetings | None) -> None:
        pairing, model = self._pairing, self.model
        must = set(map(tuple, pairing.must.tolist()))
        known = {} if start is None else {(row, column): slot for row, column, slot in start}
        together = self._spans.present[self._ends[:, 0]] & self._spans.present[self._ends[:, 1]]
        places = zip(self._rows.tolist(), self._columns.tolist(), strict=True)
        for place, common, sure in zip(places, together, near.sure.tolist(), strict=True):
            slot = pairing.fixed.get(place)
            spans = np.flatnonzero(common).tolist() if slot is None else [int(self._spans.of_slot[slot])]
            meets = model.new_bool_var("")
            when = {span: model.new_bool_var("") for span in spans} if len(spans) > 1 else dict.fromkeys(spans, meets)
            if len(spans) > 1:
                model.add_exactly_one([~meets, *when.values()])
            if sure or place in must:
                model.add(meets == 1)
            if start is not None:
                here = int(self._spans.of_slot[known[place]]) if place in known else None
                model.add_hint(meets, here is not None)
                if len(spans) > 1:
                    for span, literal in when.items():
                        model.add_hint(literal, span == here)
            self.meets.append(meets)
            self._when.append(when)

    def _add_times(self) -> None:
        """Nobody in two places at once, and no more meetings than tables."""
        pairing, kept, spans = self._pairing, self._kept, self._spans
        busy = np.zeros(spans.present.shape, dtype=np.int64)
        at_once = np.zeros(len(spans.size), dtype=np.int64)
        kept_spans = spans.of_slot[kept.slots]
        np.add.at(busy, (kept.rows, kept_spans), 1)
        np.add.at(busy, (kept.columns + pairing.first_column, kept_spans), 1)
        np.add.at(at_once, kept_spans, 1)
        in_span: dict[int, Literals] = defaultdict(list)
        for person, numbers in self._of_person.items():
            of_span: dict[int, Literals] = defaultdict(list)
            for number in numbers:
                for span, literal in self._when[number].items():
                    of_span[span].append(literal)
            for span, literals in of_span.items():
                self._at_most(literals, int(spans.size[span] - busy[person, span]))
        for when in self._when:
            for span, literal in when.items():
                in_span[span].append(literal)
        for span, literals in in_span.items():
            self._at_most(literals, int(pairing.tables * spans.size[span] - at_once[span]))

    def _add_loads(self) -> None:
        pairing, kept = self._pairing, self._kept
        people = np.concatenate([kept.rows, kept.columns + pairing.first_column])
        load = np.bincount(people, minlength=len(pairing.people))
        for person in np.flatnonzero(pairing.least > load).tolist():
            literals = [self.meets[number] for number in self._of_person.get(person, [])]
            self.model.add(sum(literals) >= int(pairing.least[person] - load[person]))
        for person, numbers in self._of_person.items():
            self._at_most([self.meets[number] for number in numbers], int(pairing.most[person] - load[person]))
        floor = pairing.event.policy.floor
        if floor is not None:
            crosses = pairing.foreign[self._rows, self._columns].tolist()
            stays = int(pairing.foreign[kept.rows, kept.columns].sum()) * floor.of_first - len(kept.rows) * floor.at_least
            weights = [floor.of_first * foreign - floor.at_least for foreign in crosses]
            self.model.add(cp_model.LinearExpr.weighted_sum(self.meets, weights) + stays >= 0)

    def _at_most(self, literals: Literals, most: int) -> None:
        if most == 1:
            self.model.add_at_most_one(literals)
        elif most < len(literals):
            self.model.add(sum(literals) <= max(0, most))

    def serve(self, goal: Goal, worst: int, yielding: bool, start: Meetings | None) -> None:
        """Every company at least so well."""
        pairing, kept = self._pairing, self._kept
        if worst <= 0:
            return
        if goal == "worst":
            self.worst = self.model.new_int_var(0, worst, "")
        else:
            self.worst = self.model.new_constant(worst)
        stays = service_of(pairing, kept.rows, kept.columns)
        if yielding:
            self.short = self.model.new_int_var(0, worst, "")
            before = stays + (0 if start is None else service_of(pairing, start.rows, start.columns))
            self.model.add_hint(self.short, max(0, worst - int(before[pairing.served].min())))
        for person in np.flatnonzero(pairing.served & (stays < worst)).tolist():
            numbers = self._of_person.get(person, [])
            service = cp_model.LinearExpr.weighted_sum(
                [self.meets[one] for one in numbers], [self.units[one] for one in numbers]
            )
            self.model.add(service + int(stays[person]) + self.short >= self.worst)

    def spread(self) -> cp_model.LinearExprT:
        """Sum of squares of the loads of columns."""
        pairing, kept = self._pairing, self._kept
        stays = np.bincount(kept.columns + pairing.first_column, minlength=len(pairing.people))
        steps: list[cp_model.LinearExprT] = []
        for person, numbers in self._of_person.items():
            if person < pairing.first_column:
                continue
            first = int(stays[person])
            units = [self.model.new_bool_var("") for _ in range(first, int(pairing.most[person]))]
            self.model.add(sum(self.meets[number] for number in numbers) == sum(units))
            # The square grows by 1, 3, 5 and so on, so that the cheapest units are used first.
            steps += [unit * (2 * load + 1) for load, unit in enumerate(units, start=first)]
        return sum(steps)

    def found(self, solver: cp_model.CpSolver) -> Meetings:
        """The meetings of a solution."""
        chosen = [
            (int(self._rows[number]), int(self._columns[number]), span)
            for number, when in enumerate(self._when)
            for span, literal in when.items()
            if solver.boolean_value(literal)
        ]
        new = Meetings.of(chosen)
        return self._kept.and_also(new.shared_out(self._pairing, self._spans))
