"""When meetings take place, for those who are to meet."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from matcher.workshop.clock import Clock
from matcher.workshop.colouring import Colouring
from matcher.workshop.ejection import Timetable
from matcher.workshop.pairing import Integers, Pairing

NOT_YET = -1


def timetable(pairing: Pairing, rows: Integers, columns: Integers, clock: Clock) -> Integers:
    """`(meetings,)` slot of each meeting, `NOT_YET` where none was found.

    Where all slots are alike, one is found for every meeting as long as there are tables enough in all (among companies: as
    long as there is one slot more than anybody has meetings). Elsewhere as many as a search finds: a meeting that must take
    place, or is worth more, before others.

    Args:
        pairing: the event.
        rows: of the pairs that meet.
        columns: of the pairs that meet.
        clock: stops the search.
    """
    persons = columns + pairing.first_column
    slots = pairing.present.shape[1]
    if len(pairing.spans.size) == 1 and len(rows) <= pairing.tables * slots:
        busiest = int(np.bincount(np.concatenate([rows, persons]), minlength=1).max())
        if busiest <= slots - pairing.among:
            return coloured(pairing, list(zip(rows.tolist(), persons.tolist(), strict=True)), slots)
    search = Timetable(pairing, rows, columns)
    search.begin()
    search.improve(clock)
    return search.slots


def coloured(pairing: Pairing, meetings: Sequence[tuple[int, int]], slots: int) -> Integers:
    """`(meetings,)` number of a slot for each pair of people, all of them alike, and no more in one than there must be."""
    colouring = Colouring(meetings, slots)
    if pairing.among:
        colouring.any_graph()
    else:
        colouring.two_sides()
    colouring.even_out()
    return colouring.colours
