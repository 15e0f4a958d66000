"""Stretches of time that more meetings need than there are tables.

Outside a stretch, people have so many slots left; how many of the meetings fit there is a flow. The others must be within it.
"""

from __future__ import annotations

import numpy as np
from ortools.graph.python.max_flow import SimpleMaxFlow

from matcher.workshop.cuts import VIOLATED, Cut
from matcher.workshop.pairing import Floats, Integers, Pairing

_EVERY_STRETCH = 24
_PARTS = 10_000
"""A meeting is so many units of flow."""


def crowded_tables(pairing: Pairing, rows: Integers, columns: Integers, amount: Floats) -> list[tuple[float, Cut]]:
    """Stretches of successive spans with too many meetings.

    Args:
        pairing: the event.
        rows: of the pairs that meet.
        columns: of the pairs that meet.
        amount: `(pairs,)` how much of a meeting each is, in 0..1.

    Returns:
        Meetings too many, and the limit.
    """
    present, size = pairing.spans.present, pairing.spans.size
    spans = len(size)
    if spans == 1:
        return []
    persons = columns + pairing.first_column
    common = present[rows] & present[persons]
    outside = np.zeros(spans, dtype=np.bool_)
    found: list[tuple[float, Cut]] = []
    for first, last in _stretches(spans):
        room = pairing.tables * int(size[first : last + 1].sum())
        outside[:] = True
        outside[first : last + 1] = False
        if amount.sum() <= room or not outside.any():
            continue
        free = common[:, outside].any(axis=1)
        fits, price = _fit(pairing, rows[free], persons[free], amount[free], present[:, outside] @ size[outside])
        over = float(amount.sum()) - fits - room
        if over > VIOLATED:
            found.append((over, Cut(price[:, None] * outside[None, :], np.where(outside, 0.0, 1.0))))
    return found


def _stretches(spans: int) -> list[tuple[int, int]]:
    """Every stretch; where there are too many, those from the beginning and to the end."""
    if spans <= _EVERY_STRETCH:
        return [(first, last) for first in range(spans) for last in range(first, spans)]
    return [*((0, last) for last in range(spans)), *((first, spans - 1) for first in range(1, spans))]


def _fit(pairing: Pairing, rows: Integers, persons: Integers, amount: Floats, room: Integers) -> tuple[float, Floats]:
    """How many of the meetings have room, and a price of the room that is in the way (the smallest cut)."""
    people = len(room)
    # Among companies each meeting is halved, and put once either way: then there are two sides.
    left = np.concatenate([rows, persons]) if pairing.among else rows
    right = (np.concatenate([persons, rows]) if pairing.among else persons) + people
    parts = np.round(np.tile(amount / 2, 2) * _PARTS if pairing.among else amount * _PARTS).astype(np.int64)
    half = 2 if pairing.among else 1
    source, sink = 2 * people, 2 * people + 1
    everybody = np.arange(people)
    flow = SimpleMaxFlow()
    flow.add_arcs_with_capacity(np.full(people, source), everybody, room * _PARTS // half)
    flow.add_arcs_with_capacity(left, right, parts)
    flow.add_arcs_with_capacity(everybody + people, np.full(people, sink), room * _PARTS // half)
    flow.solve(source, sink)
    reached = np.zeros(2 * people + 2, dtype=np.bool_)
    reached[flow.get_source_side_min_cut()] = True
    price = (~reached[:people]).astype(np.float64) + reached[people : 2 * people]
    return flow.optimal_flow() / _PARTS, price / half
