"""Who meets whom and when, as arrays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from matcher.workshop.bars import Mask
from matcher.workshop.pairing import Integers, Pairing
from matcher.workshop.spans import Spans
from matcher.workshop.timetable import coloured


@dataclass(frozen=True)
class Meetings:
    """Row, column and slot of each."""

    rows: Integers
    columns: Integers
    slots: Integers

    @classmethod
    def of(cls, meetings: Iterable[tuple[int, int, int]]) -> Meetings:
        """From triples."""
        table = np.array(list(meetings), dtype=np.int64).reshape(-1, 3)
        return cls(*table.T)

    @classmethod
    def none(cls) -> Meetings:
        """Nobody meets."""
        return cls.of([])

    def __iter__(self) -> Iterator[tuple[int, int, int]]:
        yield from zip(self.rows.tolist(), self.columns.tolist(), self.slots.tolist(), strict=True)

    def __len__(self) -> int:
        return len(self.rows)

    def and_also(self, other: Meetings) -> Meetings:
        """Both together."""
        pairs = ((self.rows, other.rows), (self.columns, other.columns), (self.slots, other.slots))
        return Meetings(*(np.concatenate(pair) for pair in pairs))

    def where(self, chosen: Mask) -> Meetings:
        """Some of them."""
        return Meetings(self.rows[chosen], self.columns[chosen], self.slots[chosen])

    def shared_out(self, pairing: Pairing, spans: Spans) -> Meetings:
        """With slots in place of spans: those of a span are shared out among slots that are alike."""
        slots = np.empty(len(self.rows), dtype=np.int64)
        for span, of_span in enumerate(spans.slots):
            here = np.flatnonzero(self.slots == span)
            if len(of_span) == 1:
                slots[here] = of_span[0]
            elif len(here):
                people = zip(self.rows[here].tolist(), (self.columns[here] + pairing.first_column).tolist(), strict=True)
                slots[here] = np.array(of_span)[coloured(pairing, list(people), len(of_span))]
        return Meetings(self.rows, self.columns, slots)
