"""Limits on who can meet whom that follow from who is there when.

Each limit is a list of prices of time (`matcher.workshop.prices`): a meeting costs what its cheapest common time costs, and all
meetings together no more than all time and all tables do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.workshop.pairing import Floats, Integers, Pairing

VIOLATED = 1e-3
"""Meetings too many, from which a limit is worth a row in a linear programme."""
_CELLS_AT_ONCE = 4_000_000


@dataclass(frozen=True)
class Cut:
    """Cost of meetings ≤ stock."""

    time: Floats
    """`(people, spans)`."""
    table: Floats
    """`(spans,)`."""

    def stock(self, pairing: Pairing) -> float:
        """What all time and tables cost."""
        spans = pairing.spans
        own = (self.time * spans.present) @ spans.size
        return float(own.sum() + pairing.tables * (self.table @ spans.size))

    def costs(self, pairing: Pairing, rows: Integers, columns: Integers) -> Floats:
        """`(pairs,)`: of the cheapest time that the two have in common."""
        people = columns + pairing.first_column
        cheapest = np.full(len(rows), np.inf)
        for span in range(len(self.table)):
            time = np.where(pairing.spans.present[:, span], self.time[:, span], np.inf)
            np.minimum(cheapest, time[rows] + time[people] + self.table[span], out=cheapest)
        return cheapest


def all_tables(pairing: Pairing) -> Cut:
    """There are no more meetings than tables in all slots."""
    people, spans = pairing.spans.present.shape
    return Cut(np.zeros((people, spans)), np.ones(spans))


def crowded_people(pairing: Pairing, rows: Integers, columns: Integers, amount: Floats) -> list[tuple[float, Cut]]:
    """People who have more meetings that can only be within some stretch of time than they have slots there.

    Args:
        pairing: the event.
        rows: of the pairs that meet.
        columns: of the pairs that meet.
        amount: `(pairs,)` how much of a meeting each is, in 0..1.

    Returns:
        Meetings too many, and the limit, at most one for each person.
    """
    people, spans = pairing.spans.present.shape
    if spans == 1:
        return []
    persons = columns + pairing.first_column
    first, last = _stretch(pairing.spans.present[rows] & pairing.spans.present[persons])
    cell = first * spans + last
    chunk = max(1, _CELLS_AT_ONCE // spans**2)
    meetings = ((rows, cell, amount), (persons, cell, amount))
    return [found for start in range(0, people, chunk) for found in _of_people(pairing, start, chunk, meetings)]


def _stretch(common: NDArray[np.bool_]) -> tuple[Integers, Integers]:
    """First and last span that each pair has in common."""
    first = np.argmax(common, axis=1)
    last = common.shape[1] - 1 - np.argmax(common[:, ::-1], axis=1)
    return first, last


def _of_people(
    pairing: Pairing, start: int, chunk: int, meetings: Sequence[tuple[Integers, Integers, Floats]]
) -> Iterator[tuple[float, Cut]]:
    present = pairing.spans.present[start : start + chunk]
    people, spans = present.shape
    by_stretch = np.zeros(people * spans**2)
    for persons, cell, amount in meetings:
        here = (persons >= start) & (persons < start + people)
        by_stretch += np.bincount((persons[here] - start) * spans**2 + cell[here], amount[here], len(by_stretch))
    from_last = np.cumsum(by_stretch.reshape(people, spans, spans), axis=2)
    within = np.cumsum(from_last[:, ::-1], axis=1)[:, ::-1]
    own = np.cumsum(present * pairing.spans.size, axis=1).astype(np.float64)
    own = np.concatenate([np.zeros((people, 1)), own], axis=1)
    room = own[:, None, 1:] - own[:, :-1, None]
    over = np.where(np.triu(np.ones((spans, spans), dtype=np.bool_)), within - room, 0.0)
    for person in np.flatnonzero((over > VIOLATED).any(axis=(1, 2))).tolist():
        first, last = (int(place) for place in np.unravel_index(np.argmax(over[person]), (spans, spans)))
        time = np.zeros(pairing.spans.present.shape)
        time[start + person, first : last + 1] = 1.0
        yield float(over[person, first, last]), Cut(time, np.zeros(spans))
