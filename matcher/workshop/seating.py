"""Where meetings take place: tables, so that people change as little as can be."""

from __future__ import annotations

import numpy as np

from matcher.workshop.meetings import Meetings
from matcher.workshop.pairing import Integers, Pairing


def seated(pairing: Pairing, meetings: Meetings) -> Integers:
    """`(meetings,)` table of each, from 1; no greater than the number of tables.

    Whoever sits on the columns' side (the providers) keeps the table of the meeting before, where nobody sits there; who comes
    first takes the lowest free one.
    """
    tables = np.zeros(len(meetings), dtype=np.int64)
    last: dict[int, int] = {}
    order = np.lexsort((meetings.columns, meetings.slots))
    for slot in np.unique(meetings.slots).tolist():
        here = [number for number in order.tolist() if meetings.slots[number] == slot]
        taken: set[int] = set()
        moving: list[int] = []
        for number in here:
            table = last.get(int(meetings.columns[number]))
            if table is None or table in taken:
                moving.append(number)
            else:
                taken.add(table)
                tables[number] = table
        # Tables that nobody sat at before, as long as there are any: so providers find theirs free when they come back.
        known = set(last.values())
        free = [table for table in range(1, pairing.tables + 1) if table not in taken]
        free.sort(key=lambda table: (table in known, table))
        for number, table in zip(moving, free, strict=False):
            tables[number] = table
            last[int(meetings.columns[number])] = table
    return tables
