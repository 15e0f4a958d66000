"""The greatest total in whole meetings among some pairs: a programme in whole numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import highspy
import numpy as np

from matcher.workshop.clock import Clock
from matcher.workshop.highs import QuietSolver
from matcher.workshop.linear_rules import Limit, LinearRules
from matcher.workshop.near import Near
from matcher.workshop.pairing import Integers, Pairing
from matcher.workshop.prices import whole_units
from matcher.workshop.promising import codes
from matcher.workshop.worth import UNITS

_WORST = 0
_STATUS = highspy.HighsModelStatus
_SOME = int(highspy.SolutionStatus.kSolutionStatusFeasible)
_WHOLE = int(highspy.HighsVarType.kInteger)


@dataclass(frozen=True)
class Whole:
    """`best`: nothing among these pairs is better. `some`: stopped before that. `none`: nothing is possible among them."""

    status: Literal["best", "some", "none", "unknown"]
    rows: Integers
    columns: Integers
    """Of the pairs that meet."""
    bound: float
    """Of the total, among these pairs."""

    @property
    def pairs(self) -> tuple[Integers, Integers]:
        """Rows and columns."""
        return self.rows, self.columns


def best_whole(
    pairing: Pairing,
    near: Near,
    limits: Sequence[Limit],
    *,
    worst: float,
    clock: Clock,
    start: tuple[Integers, Integers] | None = None,
    relative_gap: float = 0.0,
) -> Whole:
    """Choose whole meetings.

    Args:
        pairing: the event.
        near: pairs that may be chosen; all that must meet are among them.
        limits: further ones.
        worst: what every company is served at least.
        clock: stops it.
        start: pairs that meet in a solution known already.
        relative_gap: how far from the best it may stop.
    """
    rows, columns = near.pairs
    solver = QuietSolver()
    rules = LinearRules(pairing, limits)
    rules.add_rows(solver)
    cost = pairing.value[rows, columns].astype(np.float64)
    places = rules.add_pairs(solver, rows, columns, cost, near.sure)
    solver.changeColsIntegrality(len(places), places, np.full(len(places), _WHOLE, dtype=np.uint8))
    # Half a unit below, so that rounding refuses nothing that is served exactly so well.
    low = max(0.0, worst - 0.5 / UNITS)
    solver.changeColBounds(_WORST, low, low)
    solver.setOptionValue("mip_rel_gap", relative_gap)
    solver.setOptionValue("mip_abs_gap", 0.5 / UNITS)
    solver.setOptionValue("time_limit", max(0.05, clock.left))
    if start is not None:
        known = np.isin(codes(pairing, rows, columns), codes(pairing, *start))
        solver.setSolution(len(places), places, known.astype(np.float64))
    solver.run()
    status, info = solver.getModelStatus(), solver.getInfo()
    if status == _STATUS.kTimeLimit:
        clock.strike()
    nobody: Integers = np.zeros(0, dtype=np.int64)
    if status in (_STATUS.kInfeasible, _STATUS.kUnboundedOrInfeasible):
        return Whole("none", nobody, nobody, -np.inf)
    if info.primal_solution_status != _SOME:
        return Whole("unknown", nobody, nobody, np.inf)
    meets = np.asarray(solver.getSolution().col_value)[places] > 0.5
    best = status == _STATUS.kOptimal and not relative_gap
    return Whole("best" if best else "some", rows[meets], columns[meets], whole_units(info.mip_dual_bound))
