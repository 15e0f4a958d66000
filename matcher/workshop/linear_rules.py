"""The rules of an event as rows of a linear programme, and pairs as its columns."""

from __future__ import annotations

from collections.abc import Sequence

import highspy
import numpy as np
from numpy.typing import NDArray

from matcher.workshop.bars import Mask
from matcher.workshop.cuts import Cut
from matcher.workshop.highs import QuietSolver
from matcher.workshop.pairing import Floats, Integers, Pairing
from matcher.workshop.promising import codes
from matcher.workshop.ranks import Rank

Indices = NDArray[np.int32]
Limit = Cut | Rank
"""Costs of meetings, and a stock that they do not exceed."""


class LinearRules:
    """Rows: everybody's load, everybody's service less that of the worst-served, the share across borders, further limits.

    Column 0 of the programme is the service of the worst-served company.
    """

    def __init__(self, pairing: Pairing, limits: Sequence[Limit] = ()) -> None:
        self.pairing = pairing
        self.served = pairing.served
        self.people = len(pairing.people)
        self.limits = list(limits)
        self._must = codes(pairing, *pairing.must.T)

    @property
    def share_row(self) -> int:
        """Of the share across borders."""
        return 2 * self.people

    @property
    def first_limit(self) -> int:
        """Row of the first limit."""
        return 2 * self.people + 1

    @property
    def of_service(self) -> Indices:
        """Rows of companies that are served."""
        return (np.flatnonzero(self.served) + self.people).astype(np.int32)

    def add_rows(self, solver: QuietSolver) -> None:
        """Add the rows and the first column to an empty programme."""
        pairing, free = self.pairing, np.full(self.people, highspy.kHighsInf)
        stocks = np.array([limit.stock(pairing) for limit in self.limits])
        nothing, everything = np.zeros(1), np.full(1, highspy.kHighsInf)
        below = np.full(len(stocks), -highspy.kHighsInf)
        lower = np.concatenate([pairing.least, np.where(self.served, 0.0, -free), nothing, below])
        upper = np.concatenate([pairing.most, free, everything, stocks])
        count = self.first_limit + len(self.limits)
        starts, index, numbers = np.zeros(count, dtype=np.int32), np.zeros(0, dtype=np.int32), np.zeros(0)
        solver.addRows(count, lower, upper, 0, starts, index, numbers)
        solver.addCol(0.0, 0.0, 0.0, len(self.of_service), self.of_service, np.full(len(self.of_service), -1.0))

    def add_pairs(
        self, solver: QuietSolver, rows: Integers, columns: Integers, cost: Floats, sure: Mask | None = None
    ) -> Indices:
        """Add a column for each pair; those that must meet do, and those that are sure. Returns their numbers."""
        pairing, count, ones = self.pairing, len(rows), np.ones(len(rows))
        persons = columns + pairing.first_column
        value = pairing.value[rows, columns].astype(np.float64)
        entries = [(rows, ones), (persons, ones), (rows + self.people, np.where(self.served[rows], value, 0.0))]
        if pairing.among:
            entries.append((persons + self.people, np.where(self.served[persons], value, 0.0)))
        if pairing.floor_share:
            entries.append((np.full(count, self.share_row), pairing.foreign[rows, columns] - pairing.floor_share))
        for number, limit in enumerate(self.limits):
            entries.append((np.full(count, self.first_limit + number), limit.costs(pairing, rows, columns)))
        used = [np.flatnonzero(numbers) for _, numbers in entries]
        pair = np.concatenate(used)
        index = np.concatenate([row[some] for (row, _), some in zip(entries, used, strict=True)])
        numbers = np.concatenate([number[some] for (_, number), some in zip(entries, used, strict=True)])
        order = np.argsort(pair, kind="stable")
        starts = np.concatenate([[0], np.cumsum(np.bincount(pair, minlength=count))])[:-1].astype(np.int32)
        meets = np.isin(codes(pairing, rows, columns), self._must)
        lowest = (meets if sure is None else meets | sure).astype(np.float64)
        first = solver.getNumCol()
        solver.addCols(count, cost, lowest, ones, len(pair), starts, index[order].astype(np.int32), numbers[order])
        return np.arange(first, first + count, dtype=np.int32)
