"""Where a pair stands in the matrices of an event."""

from __future__ import annotations

from collections.abc import Sequence

from embeddings.errors import Refusal, shown
from matcher.workshop.event import Participant

Place = tuple[int, int]


class PlaceFinder:
    """Row and column of two ids in any order; `None` where they are of one side, or one participant twice."""

    def __init__(self, rows: Sequence[Participant], columns: Sequence[Participant], among: bool) -> None:
        self._rows = {one.participant_id: number for number, one in enumerate(rows)}
        self._columns = {one.participant_id: number for number, one in enumerate(columns)}
        self._among = among

    def __call__(self, one: str, other: str) -> Place | None:
        """The place of the pair; among companies the one above the diagonal.

        Raises:
            Refusal: an id that no participant has.
        """
        for person in (one, other):
            if person not in self._rows and person not in self._columns:
                raise Refusal("participant", "be one of the event's", shown(person), "Correct the id.")
        if self._among:
            first, second = sorted((self._rows[one], self._rows[other]))
            return (first, second) if first != second else None
        if one not in self._rows:
            one, other = other, one
        return (self._rows[one], self._columns[other]) if one in self._rows and other in self._columns else None
