"""Meetings put in one after the other, each in the earliest slot that both have free."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from matcher.workshop.meetings import Meetings
from matcher.workshop.pairing import Integers, Pairing

_AT_ONCE = 20_000


def best_first(pairing: Pairing, before: Meetings | None = None) -> tuple[Integers, Integers]:
    """Rows and columns of all pairs that may meet, the most valuable first.

    Args:
        pairing: the event.
        before: meetings that there are already; who has no more after them is left out.
    """
    may = pairing.allowed
    if before is not None:
        people = np.concatenate([before.rows, before.columns + pairing.first_column])
        has_room = np.bincount(people, minlength=len(pairing.people)) < pairing.most
        may = may & has_room[: len(may), None] & has_room[None, pairing.first_column :]
    rows, columns = np.nonzero(may)
    order = np.lexsort((columns, rows, -pairing.value[rows, columns]))
    return rows[order], columns[order]


def one_by_one(pairing: Pairing, rows: Integers, columns: Integers, before: Meetings | None = None) -> Meetings:
    """Meetings of pairs in this order; what must be comes before. Leasts are reached as far as they come.

    Args:
        pairing: the event.
        rows: of the pairs.
        columns: of the pairs.
        before: meetings that are in already, and stay.
    """
    day = _Day(pairing)
    for row, column, slot in before or Meetings.none():
        day.take(row, column, slot)
    for place, fixed in sorted(pairing.fixed.items(), key=lambda one: (one[1] is None, one[0])):
        day.take(*place, fixed)
    for row, column in pairing.must.tolist():
        day.take(row, column)
    if pairing.least.any():
        for row, column in day.possible(rows, columns):
            if day.is_wanted(row, column):
                day.take(row, column)
    # Twice with a share across borders: meetings within one country that it left no room for may have it afterwards.
    for _ in range(2 if pairing.floor_share else 1):
        for row, column in day.possible(rows, columns):
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
        """Meetings within one country that there could be more, as far as the share across borders goes."""
        self.meetings: list[tuple[int, int, int]] = []

    def possible(self, rows: Integers, columns: Integers) -> Iterator[tuple[int, int]]:
        """Those of the pairs, in their order, who have not had their meetings yet when it is their turn."""
        for start in range(0, len(rows), _AT_ONCE):
            row, column = rows[start : start + _AT_ONCE], columns[start : start + _AT_ONCE]
            open_people = (self._load < self._pairing.most) & self._free.any(axis=1)
            both = open_people[row] & open_people[column + self._pairing.first_column]
            yield from zip(row[both].tolist(), column[both].tolist(), strict=True)

    def is_wanted(self, row: int, column: int) -> bool:
        """One of the two has fewer meetings than it must."""
        least, load, person = self._pairing.least, self._load, column + self._pairing.first_column
        return bool(load[row] < least[row] or load[person] < least[person])

    def keeps_share(self, row: int, column: int) -> bool:
        """Enough meetings cross a border with this one, too."""
        return bool(self._spare + self._pairing.foreign[row, column] - self._pairing.floor_share >= 0)

    def take(self, row: int, column: int, slot: int | None = None) -> None:
        """Put the meeting in, if there is room."""
        pairing, load, person = self._pairing, self._load, column + self._pairing.first_column
        if load[row] >= pairing.most[row] or load[person] >= pairing.most[person] or (row, column) in self._taken:
            return
        open_slots = self._free[row] & self._free[person] & (self._tables > 0)
        slot = int(np.argmax(open_slots)) if slot is None else slot
        if not open_slots[slot]:
            return
        self._free[[row, person], slot] = False
        self._tables[slot] -= 1
        load[[row, person]] += 1
        self._taken.add((row, column))
        self._spare += float(pairing.foreign[row, column]) - pairing.floor_share
        self.meetings.append((row, column, slot))
