"""The best assignment if meetings could be shared out in parts: a linear programme over the pairs that matter.

Of hundreds of thousands of pairs only some thousands ever come into question. The programme starts with the most valuable
ones, and takes in whichever pair its prices say would gain (column generation), until there is none; further limits are taken
in when they are broken (cutting planes). The bound is not the solver's but that of the prices (`matcher.workshop.prices`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import highspy
import numpy as np
from numpy.typing import NDArray

from matcher.workshop.clock import Clock
from matcher.workshop.crowded_tables import crowded_tables
from matcher.workshop.cuts import Cut, all_tables, crowded_people
from matcher.workshop.highs import QuietSolver
from matcher.workshop.linear_rules import Limit, LinearRules
from matcher.workshop.pairing import Floats, Integers, Pairing
from matcher.workshop.prices import Prices, whole_units
from matcher.workshop.promising import promising_pairs
from matcher.workshop.ranks import Rank, broken_ranks, ranks_of

Goal = Literal["possible", "worst", "total"]
_MISSING = 1e4
"""What falling short of a rule by one costs: far more than any meeting can gain."""
_GAINS = 1e-7
_SHORT = 1e-6
_FIRST_MORE = 6
_AT_ONCE = 20
"""Pairs of a row that are taken in at a time."""
_MOST_ROUNDS = 200
_MOST_CUTTING = 25
_MOST_AT_ONCE = 300
_MOST_TABLES_AT_ONCE = 10
_WORST = 0


class Relaxation:
    """A linear programme that grows."""

    def __init__(self, pairing: Pairing, clock: Clock, worst: float = 0.0, like: Relaxation | None = None) -> None:
        """Begin with the most valuable pairs.

        Args:
            pairing: the event.
            clock: stops it; bounds hold all the same.
            worst: what every company is served at least.
            like: one for another `worst`, whose pairs and limits over time this one takes over.
        """
        self._pairing, self._clock, self.worst_served = pairing, clock, worst
        self._lp = QuietSolver()
        self._rules = LinearRules(pairing)
        self._rules.add_rows(self._lp)
        self._ranks = ranks_of(pairing, worst) if worst > 0 else []
        self.rows: Integers = np.zeros(0, dtype=np.int64)
        self.columns: Integers = np.zeros(0, dtype=np.int64)
        self.amount: Floats = np.zeros(0)
        """`(pairs,)`: how much of each meeting takes place."""
        self.prices = Prices.none(pairing)
        self.short = 0.0
        """By how much rules are still fallen short of."""
        self._goal: Goal = "possible"
        self._inside: NDArray[np.bool_] = np.zeros(pairing.value.shape, dtype=np.bool_)
        self._places: Integers = np.zeros(0, dtype=np.int64)
        self._slack: list[int] = []
        self._add_slack()
        for limit in [all_tables(pairing)] if like is None else like.limits:
            if isinstance(limit, Cut):
                self._add_limit(limit)
        self._add_pairs(*(promising_pairs(pairing, _FIRST_MORE) if like is None else (like.rows, like.columns)))

    @property
    def limits(self) -> list[Limit]:
        """Further limits that were taken in."""
        return self._rules.limits

    def possible(self) -> bool:
        """Whether all rules can hold if meetings could be shared out in parts. `False` is proven."""
        pairing = self._pairing
        if (pairing.least > pairing.most).any():
            return False
        if not pairing.least.any() and not len(pairing.must) and not self.worst_served:
            return True
        self._aim("possible", self.worst_served, self.worst_served)
        self._solve(0.0)
        return not (self.short > _SHORT and self._ceiling(0.0) < -_SHORT)

    def worst(self, limit: float) -> float:
        """No plan serves its worst-served company better.

        Args:
            limit: that cannot be exceeded anyway.
        """
        self._aim("worst", 0.0, limit)
        self._solve(0.0)
        care = float(self.prices.care.sum())
        if care <= _GAINS:
            return whole_units(limit)
        return min(whole_units(limit), whole_units(self.prices.ceiling(self._pairing, 0.0) / care))

    def total(self) -> float:
        """No plan that serves everybody at least so well has a greater value."""
        self._aim("total", self.worst_served, self.worst_served)
        self._solve(1.0)
        return whole_units(self._ceiling(1.0))

    def _ceiling(self, base: float) -> float:
        return self.prices.ceiling(self._pairing, base) - self.worst_served * float(self.prices.care.sum())

    def _add_limit(self, limit: Limit) -> None:
        costs = limit.costs(self._pairing, self.rows, self.columns)
        used = np.flatnonzero(costs)
        index = self._places[used].astype(np.int32)
        self._lp.addRow(-highspy.kHighsInf, limit.stock(self._pairing), len(used), index, costs[used])
        self._rules.limits.append(limit)
        # Those who must meet may need more time than there is.
        self._may_miss([self._lp.getNumRow() - 1], -1.0)

    def _aim(self, goal: Goal, low: float, high: float) -> None:
        self._goal = goal
        pairs = len(self._places)
        self._lp.changeColsCost(pairs, self._places.astype(np.int32), self._costs(self.rows, self.columns))
        self._lp.changeColCost(_WORST, 1.0 if goal == "worst" else 0.0)
        self._lp.changeColBounds(_WORST, low, high)
        for column in self._slack:
            self._lp.changeColCost(column, -self._missing)

    @property
    def _missing(self) -> float:
        return 1.0 if self._goal == "possible" else _MISSING

    def _costs(self, rows: Integers, columns: Integers) -> Floats:
        if self._goal == "total":
            return self._pairing.value[rows, columns].astype(np.float64)
        return np.zeros(len(rows))

    def _solve(self, base: float) -> None:
        """Solve with all pairs and limits that matter."""
        cutting = 0
        for _ in range(_MOST_ROUNDS):
            self._lp.setOptionValue("time_limit", self._lp.getRunTime() + max(0.1, self._clock.left))
            self._lp.run()
            solution = self._lp.getSolution()
            if not solution.dual_valid:
                self._clock.strike()
                return
            self.prices = self._prices(np.asarray(solution.row_dual))
            found = np.asarray(solution.col_value)
            self.amount = np.clip(found[self._places], 0.0, 1.0)
            self.short = float(found[self._slack].sum())
            if self._clock.is_up():
                return
            if self._take_in(base):
                continue
            broken = self._broken() if cutting < _MOST_CUTTING else []
            if not broken:
                return
            cutting += 1
            for limit in broken:
                self._add_limit(limit)

    def _broken(self) -> list[Limit]:
        """Limits that the solution breaks, the worst first."""
        meets = self.amount > _GAINS
        pairs = self.rows[meets], self.columns[meets], self.amount[meets]
        people = crowded_people(self._pairing, *pairs)
        tables = crowded_tables(self._pairing, *pairs)
        ranks = broken_ranks(self._pairing, self._ranks, *pairs)
        return [*_worst(people, _MOST_AT_ONCE), *_worst(tables, _MOST_TABLES_AT_ONCE), *_worst(ranks, _MOST_AT_ONCE)]

    def _prices(self, duals: Floats) -> Prices:
        """Prices from the solver's; those of the wrong sign are rounding."""
        rules, people = self._rules, self._rules.people
        fees = np.maximum(duals[rules.first_limit :], 0.0).tolist()
        used = [(fee, limit) for fee, limit in zip(fees, rules.limits, strict=True) if fee > 0]
        free = Prices.none(self._pairing)
        cuts = [(fee, limit) for fee, limit in used if isinstance(limit, Cut)]
        return Prices(
            load=duals[:people].copy(),
            time=sum((fee * cut.time for fee, cut in cuts), free.time),
            table=sum((fee * cut.table for fee, cut in cuts), free.table),
            floor=max(0.0, -float(duals[rules.share_row])) if self._pairing.floor_share else 0.0,
            care=np.where(rules.served, np.maximum(-duals[people : 2 * people], 0.0), 0.0),
            ranks=tuple((fee, limit) for fee, limit in used if isinstance(limit, Rank)),
        )

    def _take_in(self, base: float) -> bool:
        """Take in the pairs that gain most; `False` where none does."""
        found: list[tuple[Integers, Integers]] = []
        for block, gain in self.prices.gains(self._pairing, base):
            gain[self._inside[block]] = -np.inf
            if gain.shape[1] > _AT_ONCE:
                edge = np.partition(gain, gain.shape[1] - _AT_ONCE, axis=1)[:, [-_AT_ONCE]]
                gain[gain < edge] = -np.inf
            rows, columns = np.nonzero(gain > _GAINS)
            found.append((rows + block.start, columns))
        rows, columns = (np.concatenate(part) for part in zip(*found, strict=True))
        self._add_pairs(rows, columns)
        return len(rows) > 0

    def _add_pairs(self, rows: Integers, columns: Integers) -> None:
        if not len(rows):
            return
        places = self._rules.add_pairs(self._lp, rows, columns, self._costs(rows, columns))
        self._places = np.concatenate([self._places, places])
        self.rows, self.columns = np.concatenate([self.rows, rows]), np.concatenate([self.columns, columns])
        self._inside[rows, columns] = True

    def _add_slack(self) -> None:
        """Columns for falling short of rules, so that there is always a solution, and prices that say what is in the way."""
        pairing, rules = self._pairing, self._rules
        musts = {int(person) for row, column in pairing.must for person in (row, column + pairing.first_column)}
        for person in np.flatnonzero(pairing.least).tolist():
            self._may_miss([person], 1.0)
        for person in sorted(musts):
            self._may_miss([person], -1.0)
        self._may_miss([rules.share_row], 1.0)
        self._may_miss(rules.of_service.tolist(), 1.0)

    def _may_miss(self, rows: list[int], sign: float) -> None:
        index, numbers = np.array(rows, dtype=np.int32), np.full(len(rows), sign)
        self._slack.append(self._lp.getNumCol())
        self._lp.addCol(-self._missing, 0.0, highspy.kHighsInf, len(rows), index, numbers)


def _worst(broken: Sequence[tuple[float, Limit]], most: int) -> list[Limit]:
    return [limit for _, limit in sorted(broken, key=lambda one: -one[0])[:most]]
