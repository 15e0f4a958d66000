"""Meetings put in one after the other, each in the earliest slot that both have free."""

from __future__ import annotations

import numpy as np

from matcher.workshop.meetings import Meetings
from matcher.workshop.pairing import Integers, Pairing


def best_first(pairing: Pairing) -> tuple[Integers, Integers]:
    """Rows and columns of all pairs that may meet, the most valuable first."""
    rows, columns = np.nonzero(pairing.allowed)
    order = np.lexsort((columns, rows, -pairing.value[rows, columns]))
    return rows[order], columns[order]


def one_by_one(pairing: Pairing, rows: Integers, columns: Integers) -> Meetings:
    """Meetings of pairs in this order; what must be comes before. Leasts are reached as far as they come.

    Args:
        pairing: the event.
        rows: of the pairs.
        columns: of the pairs.
    """
    day = _Day(pairing)
    for place, slot in sorted(pairing.fixed.items(), key=lambda one: (one[1] is None, one[0])):
        day.take(*place, slot)
    for row, column in pairing.must.tolist():
        day.take(row, column)
    pairs = list(zip(rows.tolist(), columns.tolist(), strict=True))
    if pairing.least.any():
        for row, column in pairs:
            if day.is_wanted(row, column):
                day.take(row, column)
    # Twice with a share across borders: meetings within one country that it left no room for may have it afterwards.
    for row, column in [*pairs, *pairs] if pairing.floor_share else pairs:
        if day.keeps_share(row, column):
            day.take(row, column)
    return Meetings.of(day.meetings)


class _Day:
    """Meetings as they are put in, one after the other."""

    def __init__(self, pairing: Pairing) -> None:
        self._pairing = pairing
        self._free = pairing.present.copy()
        self._tables = np.full(pairing.present.shape[1], pairing.tables)
        self._load = np.zeros(len(pairing.people), dtype=np.int64)
        self._taken: set[tuple[int, int]] = set()
        self._spare = 0.0
        self.meetings: list[tuple[int, int, int]] = []

    def is_wanted(self, row: int, column: int) -> bool:
        """One of the two has fewer meetings than it must."""
        people = [row, column + self._pairing.first_column]
        return bool((self._load[people] < self._pairing.least[people]).any())

    def keeps_share(self, row: int, column: int) -> bool:
        """Enough meetings cross a border with this one, too."""
        return bool(self._spare + self._pairing.foreign[row, column] - self._pairing.floor_share >= 0)

    def take(self, row: int, column: int, slot: int | None = None) -> None:
        """Put the meeting in, if there is room."""
        people = [row, column + self._pairing.first_column]
        if (row, column) in self._taken or (self._load[people] >= self._pairing.most[people]).any():
            return
        open_slots = self._free[people].all(axis=0) & (self._tables > 0)
        if slot is not None:
            open_slots &= np.arange(len(open_slots)) == slot
        if not open_slots.any():
            return
        slot = int(np.argmax(open_slots))
        self._free[people, slot] = False
        self._tables[slot] -= 1
        self._load[people] += 1
        self._taken.add((row, column))
        self._spare += float(self._pairing.foreign[row, column]) - self._pairing.floor_share
        self.meetings.append((row, column, slot))
