"""One integer program over pairs and slots, as a textbook writes it: x[company, provider, slot] is 0 or 1, solved by HiGHS.

Greatest sum of values; nobody in two places, a pair once, loads within least and most, musts, tables, and the share that
crosses a border.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from matcher.workshop.clock import Clock
from matcher.workshop.event import Event
from matcher.workshop.meetings import Meetings
from matcher.workshop.pairing import Integers, Pairing
from matcher.workshop.plan import Plan
from matcher.workshop.service import alone_bounds
from matcher.workshop.writing import written_plan


@dataclass
class _Rules:
    """Rows `low <= sum of coefficients <= high`."""

    variables: int
    blocks: list[LinearConstraint] = field(default_factory=list)

    def groups(self, group: Integers, low: Integers | int, high: Integers | int) -> None:
        """For each group, the number of its variables that are 1. Variables of group -1 are in none."""
        inside = np.flatnonzero(group >= 0)
        count = int(group.max(initial=-1)) + 1
        matrix = csr_array((np.ones(len(inside)), (group[inside], inside)), shape=(count, self.variables))
        self.blocks.append(LinearConstraint(matrix, np.broadcast_to(low, count), np.broadcast_to(high, count)))


def joint_plan(event: Event, probabilities: NDArray[np.floating], *, seconds: float = 60.0) -> Plan | None:
    """The best plan that HiGHS finds in the time; nothing where it finds none.

    Args:
        event: of companies and providers; fairness is no part of the program.
        probabilities: as for `matcher.workshop.planning.plan_workshop`.
        seconds: at most.
    """
    clock = Clock(seconds)
    pairing = Pairing.of(event, probabilities)
    first = pairing.first_column
    rows, columns = np.nonzero(pairing.allowed)
    together = pairing.present[rows] & pairing.present[columns + first]
    pair, slot = (np.asarray(axis, dtype=np.int64) for axis in np.nonzero(together))
    row, column = rows[pair], columns[pair]
    people, slots = len(pairing.people), together.shape[1]
    rules = _Rules(len(pair))
    place = {tuple(one): number for number, one in enumerate(zip(rows.tolist(), columns.tolist(), strict=True))}
    must = np.zeros(len(rows), dtype=np.int64)
    must[[place[tuple(one)] for one in pairing.must.tolist()]] = 1
    rules.groups(pair, must, 1)
    rules.groups(row * slots + slot, 0, 1)
    rules.groups(column * slots + slot, 0, 1)
    rules.groups(np.asarray(row), pairing.least[:first][: int(row.max()) + 1], pairing.most[:first][: int(row.max()) + 1])
    last = int(column.max()) + 1
    rules.groups(np.asarray(column), pairing.least[first:][:last], pairing.most[first:][:last])
    rules.groups(slot, 0, pairing.tables)
    if pairing.floor_share:
        weights = pairing.foreign[row, column].astype(np.float64) - pairing.floor_share
        rules.blocks.append(LinearConstraint(csr_array(weights[None, :]), 0, np.inf))
    assert people == len(pairing.least)
    worth = -pairing.value[row, column].astype(np.float64)
    ones = np.ones(len(pair))
    found = milp(worth, integrality=ones, bounds=Bounds(0, 1), constraints=rules.blocks, options={"time_limit": seconds})
    if found.x is None:
        return None
    chosen = found.x > 0.5
    meetings = Meetings(np.asarray(row[chosen]), np.asarray(column[chosen]), slot[chosen])
    bound, worst = alone_bounds(pairing)
    return written_plan(pairing, meetings, min(bound, -float(found.mip_dual_bound)), worst, clock)
