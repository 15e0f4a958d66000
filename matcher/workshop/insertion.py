"""Puts further meetings into a plan wherever there is still room: the most valuable first."""

from __future__ import annotations

import numpy as np

from matcher.workshop.meetings import Meetings
from matcher.workshop.pairing import Pairing

_NOTHING = -1.0


def with_more(pairing: Pairing, meetings: Meetings) -> Meetings:
    """The plan, and all meetings that still fit beside those it has."""
    people, slots = pairing.present.shape
    persons = meetings.columns + pairing.first_column
    free = pairing.present.copy()
    free[meetings.rows, meetings.slots] = False
    free[persons, meetings.slots] = False
    room = pairing.most - np.bincount(np.concatenate([meetings.rows, persons]), minlength=people)
    tables = pairing.tables - np.bincount(meetings.slots, minlength=slots)
    value = np.where(pairing.allowed & (pairing.value > 0), pairing.value, _NOTHING)
    value[meetings.rows, meetings.columns] = _NOTHING
    # Positive: so many more meetings within one country leave the share across borders as it must be.
    spare = float((pairing.foreign[meetings.rows, meetings.columns] - pairing.floor_share).sum())
    added: list[tuple[int, int, int]] = []
    open_slots = np.flatnonzero(tables > 0).tolist()
    best = {slot: _best(pairing, value, free[:, slot] & (room > 0)) for slot in open_slots}
    while best:
        slot = max(best, key=lambda one: (best[one][0], -one))
        worth, row, column = best[slot]
        person = column + pairing.first_column
        is_free = free[row, slot] and free[person, slot] and room[row] > 0 and room[person] > 0 and tables[slot] > 0
        step = float(pairing.foreign[row, column]) - pairing.floor_share
        if worth > 0 and is_free and value[row, column] > 0 and spare + step >= 0:
            added.append((row, column, slot))
            free[[row, person], slot] = False
            room[[row, person]] -= 1
            tables[slot] -= 1
            value[row, column] = _NOTHING
            spare += step
        elif worth > 0 and is_free and value[row, column] > 0:
            value[row, column] = _NOTHING
        if worth <= 0 or tables[slot] == 0:
            del best[slot]
        else:
            best[slot] = _best(pairing, value, free[:, slot] & (room > 0))
    return meetings.and_also(Meetings.of(added))


def _best(
    pairing: Pairing,
    value: np.ndarray[tuple[int, int], np.dtype[np.floating]],
    free: np.ndarray[tuple[int], np.dtype[np.bool_]],
) -> tuple[float, int, int]:
    """Value, row and column of the best pair of people who are free."""
    rows = np.flatnonzero(free[: len(value)])
    columns = np.flatnonzero(free[pairing.first_column :][: value.shape[1]])
    if not len(rows) or not len(columns):
        return _NOTHING, 0, 0
    block = value[np.ix_(rows, columns)]
    row, column = (int(place) for place in np.unravel_index(np.argmax(block), block.shape))
    return float(block[row, column]), int(rows[row]), int(columns[column])
