"""The most valuable assignment where all that limits it are loads and the number of tables: a flow of least cost.

Everybody's load is a flow from a source or to a sink, every pair an arc for one meeting, and an arc back from the sink to the
source carries all meetings. Flows in whole meetings are as good as in parts, so the optimum is exact; the prices that prove it
are shortest distances in the residual network (Ahuja, Magnanti and Orlin 1993, ch. 9).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from matcher.workshop.clock import Clock
from matcher.workshop.pairing import Integers, Pairing
from matcher.workshop.prices import Prices, whole_units
from matcher.workshop.promising import codes, promising_pairs
from matcher.workshop.worth import UNITS

_ALL_AT_ONCE = 400_000
"""Pairs up to which the network has an arc for each."""
_FIRST_MORE = 16
_AT_ONCE = 12
"""Arcs of a row that are taken in at a time."""
_LARGEST_COST = 2**40
_GAINS = 1e-11


@dataclass(frozen=True)
class Flow:
    """Pairs that meet; no assignment under the same loads and tables is worth more than `bound`."""

    rows: Integers
    columns: Integers
    bound: float
    prices: Prices

    @property
    def pairs(self) -> tuple[Integers, Integers]:
        """Rows and columns."""
        return self.rows, self.columns


def best_flow(pairing: Pairing, clock: Clock, first: tuple[Integers, Integers] | None = None) -> Flow | None:
    """The most valuable assignment; among equals, that in which loads of columns are spread most evenly.

    Args:
        pairing: companies and providers; fairness and the share across borders have no part in it.
        clock: stops it; the bound holds all the same.
        first: pairs to begin with, beside the most valuable ones.

    Returns:
        `None` where the arcs that it began with allow no assignment; there may be one all the same, with others.
    """
    network = _Network(pairing)
    rows, columns = np.nonzero(pairing.allowed) if pairing.value.size <= _ALL_AT_ONCE else promising_pairs(pairing, _FIRST_MORE)
    if first is not None:
        both = np.unique(np.concatenate([codes(pairing, rows, columns), codes(pairing, *first)]))
        rows, columns = np.divmod(both, pairing.value.shape[1])
    inside: NDArray[np.bool_] = np.zeros(pairing.value.shape, dtype=np.bool_)
    while True:
        inside[rows, columns] = True
        found = network.solve(rows, columns)
        if found is None:
            return None
        meets, prices = found
        more = [] if pairing.value.size <= _ALL_AT_ONCE or clock.is_up() else _gaining(pairing, prices, inside)
        if not more:
            bound = whole_units(prices.ceiling(pairing, 1.0))
            return Flow(rows[meets], columns[meets], bound, prices)
        rows, columns = (np.concatenate(part) for part in zip((rows, columns), *more, strict=True))


def _gaining(pairing: Pairing, prices: Prices, inside: NDArray[np.bool_]) -> list[tuple[Integers, Integers]]:
    """The best of the pairs that have no arc yet and would gain."""
    found: list[tuple[Integers, Integers]] = []
    for block, gain in prices.gains(pairing, 1.0):
        gain[inside[block]] = -np.inf
        if gain.shape[1] > _AT_ONCE:
            edge = np.partition(gain, gain.shape[1] - _AT_ONCE, axis=1)[:, [-_AT_ONCE]]
            gain[gain < edge] = -np.inf
        rows, columns = np.nonzero(gain > _GAINS)
        if len(rows):
            found.append((rows + block.start, columns))
    return found


class _Network:
    """The network of an event. Nodes: rows, columns, source, sink."""

    def __init__(self, pairing: Pairing) -> None:
        self._pairing = pairing
        self._rows, self._columns = pairing.value.shape
        self._source = self._rows + self._columns
        self._sink = self._source + 1
        musts = np.bincount(pairing.must[:, 0], minlength=self._rows), np.bincount(pairing.must[:, 1], minlength=self._columns)
        self._least = pairing.least_of_all
        # What is sent anyway, because it is a least or a must, is supply and demand.
        self._supply = np.zeros(self._sink + 1, dtype=np.int64)
        self._supply[: self._rows] = self._least[: self._rows] - musts[0]
        self._supply[self._rows : self._source] = musts[1] - self._least[self._rows :]
        self._supply[self._source] = -self._least[: self._rows].sum()
        self._supply[self._sink] = self._least[self._rows :].sum()
        self._must = codes(pairing, *pairing.must.T)
        spread = int((2 * pairing.most[self._rows :] ** 2).sum()) + 1
        self._scale = 1 << spread.bit_length()
        if UNITS * self._scale > _LARGEST_COST:
            self._scale = 1

    def solve(self, rows: Integers, columns: Integers) -> tuple[NDArray[np.bool_], Prices] | None:
        """Which of the pairs meet, and the prices that prove it; `None` where no assignment is possible."""
        pairing = self._pairing
        if (self._least > pairing.most).any():
            return None
        must = np.isin(codes(pairing, rows, columns), self._must)
        free = np.flatnonzero(~must)
        room = pairing.most - self._least
        of_row = np.arange(self._rows)
        of_column = np.repeat(np.arange(self._rows, self._source), room[self._rows :])
        one, many = np.ones(len(free), dtype=np.int64), np.ones(len(of_column), dtype=np.int64)
        source, sink = (np.full(1, node, dtype=np.int64) for node in (self._source, self._sink))
        tail = np.concatenate([np.repeat(source, self._rows), rows[free], of_column, sink])
        head = np.concatenate([of_row, columns[free] + self._rows, np.repeat(sink, len(of_column)), source])
        most = np.concatenate([room[: self._rows], one, many, [pairing.tables * len(pairing.event.slots)]])
        worth = -pairing.units(rows[free], columns[free]) * self._scale
        cost = np.concatenate([0 * of_row, worth, self._rising(room), [0]])
        flow = SimpleMinCostFlow()
        arcs = flow.add_arcs_with_capacity_and_unit_cost(tail, head, most, cost)
        flow.set_nodes_supplies(np.arange(self._sink + 1), self._supply)
        status = flow.solve()
        if status == flow.INFEASIBLE:
            return None
        assert status == flow.OPTIMAL, status
        amount = flow.flows(arcs)
        meets = must.copy()
        meets[free] = amount[self._rows : self._rows + len(free)] > 0
        return meets, self._prices(_distances(tail, head, cost, amount < most, amount > 0, self._sink + 1))

    def _rising(self, room: Integers) -> Integers:
        """Cost of each further meeting of a column: what its square grows by. Less than a unit of value in all."""
        if self._scale == 1:
            return np.zeros(int(room[self._rows :].sum()), dtype=np.int64)
        steps = [
            2 * np.arange(least, least + more) + 1
            for least, more in zip(self._least[self._rows :], room[self._rows :], strict=True)
        ]
        return np.concatenate([np.zeros(0, dtype=np.int64), *steps])

    def _prices(self, distance: Integers) -> Prices:
        money = 1.0 / (self._scale * UNITS)
        people, spans = self._pairing.spans.present.shape
        source, sink = distance[self._source], distance[self._sink]
        load = np.concatenate([distance[: self._rows] - source, sink - distance[self._rows : self._source]])
        table = np.full(spans, max(0.0, float(source - sink) * money))
        return Prices(load * money, np.zeros((people, spans)), table, 0.0, np.zeros(people))


def _distances(
    tail: Integers, head: Integers, cost: Integers, more: NDArray[np.bool_], less: NDArray[np.bool_], nodes: int
) -> Integers:
    """Shortest distances to every node in the residual network, from wherever is nearest (Bellman and Ford)."""
    start = np.concatenate([tail[more], head[less]])
    end = np.concatenate([head[more], tail[less]])
    length = np.concatenate([cost[more], -cost[less]])
    order = np.argsort(end, kind="stable")
    start, end, length = start[order], end[order], length[order]
    first = np.flatnonzero(np.concatenate([[True], end[1:] != end[:-1]]))
    ends = end[first]
    distance = np.zeros(nodes, dtype=np.int64)
    while True:
        nearer = np.minimum(distance[ends], np.minimum.reduceat(distance[start] + length, first))
        if np.array_equal(nearer, distance[ends]):
            return distance
        distance[ends] = nearer
