"""Bounds by prices: whatever the rules' prices are, no plan is worth more than they add up to (weak duality).

Everything scarce gets a price: places in somebody's day, somebody's time in a span, tables in a span. A pair gains its value
less what its meeting would cost at the cheapest common time. With these prices no plan exceeds the price of all that there is
plus what pairs gain beyond it. So a bound never rests on a solver's word: it is added up here, over every pair that may meet.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from matcher.workshop.pairing import Floats, Integers, Pairing
from matcher.workshop.ranks import Rank
from matcher.workshop.worth import UNITS

_PAIRS_AT_ONCE = 1_000_000
_ROUNDING = 1e-9
"""What sums of float64 may be off by; far less than one unit."""


@dataclass(frozen=True)
class Prices:
    """What the rules cost at the margin; `time`, `table`, `floor` and `care` are never negative."""

    load: Floats
    """`(people,)`: of a meeting; negative where somebody must have more than would be best."""
    time: Floats
    """`(people, spans)`: of a slot of somebody's time."""
    table: Floats
    """`(spans,)`: of a table for one slot."""
    floor: float
    """Of a meeting that does not help the share of meetings across borders."""
    care: Floats
    """`(people,)`: what more service of the company is worth, beside what it adds to the total."""
    ranks: tuple[tuple[float, Rank], ...] = ()
    """What one more meeting of the kind that a company needs is worth."""

    @classmethod
    def none(cls, pairing: Pairing) -> Prices:
        """Everything is free."""
        people, spans = pairing.spans.present.shape
        return cls(np.zeros(people), np.zeros((people, spans)), np.zeros(spans), 0.0, np.zeros(people))

    def stock(self, pairing: Pairing) -> float:
        """What all that there is costs."""
        spans = pairing.spans
        loads = np.where(self.load > 0, pairing.most, pairing.least_of_all) @ self.load
        time = (self.time * spans.present) @ spans.size
        needed = sum(worth * rank.count for worth, rank in self.ranks)
        return float(loads + time.sum() + pairing.tables * (self.table @ spans.size)) - needed

    def gains(self, pairing: Pairing, base: float) -> Iterator[tuple[slice, Floats]]:
        """What pairs gain beyond their cost, some rows at a time; -inf where two may not meet.

        Args:
            pairing: the event.
            base: 1 where the total of values counts, 0 where only what companies are served does.
        """
        count = max(1, _PAIRS_AT_ONCE // max(1, pairing.value.shape[1]))
        for start in range(0, len(pairing.value), count):
            rows = slice(start, min(start + count, len(pairing.value)))
            yield rows, self._gain(pairing, base, rows)

    def gains_of(self, pairing: Pairing, base: float, rows: Integers, columns: Integers) -> Floats:
        """The same for some pairs."""
        people = columns + pairing.first_column
        value = pairing.value[rows, columns] * (base + self.care[rows] + self.care[people])
        share = self.floor * (pairing.foreign[rows, columns] - pairing.floor_share)
        cheapest = np.full(len(rows), np.inf)
        for span in range(len(self.table)):
            cost = self._time_of(pairing, span)
            np.minimum(cheapest, cost[rows] + cost[people] + self.table[span], out=cheapest)
        gain = value + share - self.load[rows] - self.load[people] - cheapest
        for worth, rank in self.ranks:
            gain -= worth * rank.costs(pairing, rows, columns)
        return np.asarray(np.where(pairing.allowed[rows, columns], gain, -np.inf))

    def _gain(self, pairing: Pairing, base: float, rows: slice) -> Floats:
        columns = slice(pairing.first_column, None)
        gain = pairing.value[rows] * (base + self.care[rows, None] + self.care[None, columns])
        gain -= self.load[rows, None] + self.load[None, columns]
        if self.floor:
            gain += self.floor * (pairing.foreign[rows] - pairing.floor_share)
        for worth, rank in self.ranks:
            if rows.start <= rank.person < rows.stop:
                line = rank.person - rows.start
                gain[line] += worth * (pairing.value[rank.person] >= rank.threshold)
            if pairing.among:
                gain[:, rank.person] += worth * (pairing.value[rows, rank.person] >= rank.threshold)
        if self.time.any() or np.ptp(self.table) > 0:
            cheapest = np.full(gain.shape, np.inf)
            for span in range(len(self.table)):
                cost = self._time_of(pairing, span)
                np.minimum(cheapest, cost[rows, None] + cost[None, columns] + self.table[span], out=cheapest)
            gain -= cheapest
        else:
            gain -= self.table[0]
        return np.asarray(np.where(pairing.allowed[rows], gain, -np.inf))

    def _time_of(self, pairing: Pairing, span: int) -> Floats:
        return np.asarray(np.where(pairing.spans.present[:, span], self.time[:, span], np.inf))

    def ceiling(self, pairing: Pairing, base: float) -> float:
        """No plan has a greater sum of base × value + care × service."""
        beyond = sum(float(np.maximum(gain, 0.0).sum()) for _, gain in self.gains(pairing, base))
        musts = self.gains_of(pairing, base, *pairing.must.T)
        return self.stock(pairing) + beyond + float(np.minimum(musts, 0.0).sum())


def whole_units(bound: float) -> float:
    """The greatest multiple of a unit that a sum of values below the bound can be."""
    return float(np.floor((bound + _ROUNDING) * UNITS) / UNITS)
