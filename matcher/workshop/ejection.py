"""A timetable made by putting meetings in and out: each that goes in puts out whatever is in its way (ejection, with tabu).

After Blöchliger and Zufferey, "A graph coloring heuristic using partial solutions and a reactive tabu scheme", 2008.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from matcher.workshop.clock import Clock
from matcher.workshop.pairing import Integers, Pairing

_NOBODY = -1
_MUST = 1000.0
"""A meeting that must take place counts as much as so many others."""
_PATIENCE = 8_000
"""Steps without a better timetable, after which there will hardly be one; some more for each meeting."""
_PATIENCE_EACH = 10
_LOOK_AT_CLOCK = 256
_TABU = 10
"""Steps in which a meeting may not return to the slot it was put out of, at most, beside one for each that is out."""


class Timetable:
    """Meetings and their slots, at all times free of clashes."""

    def __init__(self, pairing: Pairing, rows: Integers, columns: Integers) -> None:
        persons = columns + pairing.first_column
        self._tables = pairing.tables
        self._ends: list[tuple[int, int]] = list(zip(rows.tolist(), persons.tolist(), strict=True))
        both = pairing.present[rows] & pairing.present[persons]
        self._may = [np.flatnonzero(line).tolist() for line in both]
        self._left = pairing.present.sum(axis=1).tolist()
        self._present = pairing.present
        self._slot = [_NOBODY] * len(rows)
        self._at = np.full(pairing.present.shape, _NOBODY).tolist()
        self._in: list[set[int]] = [set() for _ in range(pairing.present.shape[1])]
        must = set(map(tuple, pairing.must.tolist()))
        places = list(zip(rows.tolist(), columns.tolist(), strict=True))
        value = pairing.value[rows, columns].tolist()
        self._counts = [1.0 + worth + _MUST * (place in must) for place, worth in zip(places, value, strict=True)]
        fixed = [pairing.fixed.get(place) for place in places]
        self._pinned = {meeting for meeting, slot in enumerate(fixed) if slot is not None}
        self._best: list[int] = []
        for meeting, slot in enumerate(fixed):
            if slot is not None:
                self._put(meeting, slot)

    @property
    def slots(self) -> Integers:
        """`(meetings,)` slot of each in the best timetable so far; -1 for those that have none."""
        return np.array(self._best or self._slot, dtype=np.int64).reshape(len(self._slot))

    def begin(self) -> None:
        """Fill slot by slot, the scarcest first; in each, those first who have least time left for what they still have."""
        load = [0] * len(self._at)
        for meeting, ends in enumerate(self._ends):
            for person in ends:
                load[person] += self._slot[meeting] == _NOBODY
        left = [
            sum(self._at[person][slot] == _NOBODY for slot in np.flatnonzero(there))
            for person, there in enumerate(self._present)
        ]
        to_do = set(range(len(self._in)))
        while to_do:
            waiting = [meeting for meeting, slot in enumerate(self._slot) if slot == _NOBODY]
            wanted = np.bincount([slot for meeting in waiting for slot in self._may[meeting]], minlength=len(self._in))
            slot = min(to_do, key=lambda one: (wanted[one], one))
            to_do.remove(slot)
            here = [meeting for meeting in waiting if slot in self._may[meeting]]
            here.sort(
                key=lambda meeting: (-sum(2.0 ** (load[person] - left[person]) for person in self._ends[meeting]), meeting)
            )
            for meeting in here:
                if len(self._in[slot]) < self._tables and self._is_free(meeting, slot):
                    self._put(meeting, slot)
                    for person in self._ends[meeting]:
                        load[person] -= 1
            for person in np.flatnonzero(self._present[:, slot]).tolist():
                left[person] -= 1

    def improve(self, clock: Clock) -> None:
        """Put in what is out, until everything is in, nothing gets better for long, or time is up."""
        out = [meeting for meeting, slot in enumerate(self._slot) if slot == _NOBODY]
        missing = best = sum(self._counts[meeting] for meeting in out)
        self._best = list(self._slot)
        put_out = [0] * len(self._slot)
        tabu: dict[tuple[int, int], int] = {}
        chance = _chances()
        step = last = 0
        patience = _PATIENCE + _PATIENCE_EACH * len(self._slot)
        while out and step - last < patience:
            step += 1
            if step % _LOOK_AT_CLOCK == 0 and clock.is_up():
                break
            place = int(next(chance) * len(out))
            meeting = out[place]
            moves: list[tuple[int, tuple[int, ...]]] = []
            least = np.inf
            for slot in self._may[meeting]:
                way = self._in_the_way(meeting, slot, put_out)
                if way is None:
                    continue
                cost = sum(self._counts[one] for one in way)
                better = missing - self._counts[meeting] + cost < best
                waits = tabu.get((meeting, slot), 0) > step and not better
                # Those put out often are put out less.
                cost += sum(put_out[one] for one in way) * 0.01 + 100 * waits
                if cost < least:
                    least, moves = cost, []
                if cost == least:
                    moves.append((slot, way))
            if not moves:
                continue
            slot, way = moves[int(next(chance) * len(moves))]
            out[place] = out[-1]
            out.pop()
            for one in way:
                tabu[one, self._slot[one]] = step + int(next(chance) * _TABU) + len(out)
                self._take(one)
                put_out[one] += 1
                out.append(one)
                missing += self._counts[one]
            self._put(meeting, slot)
            missing -= self._counts[meeting]
            if missing < best - 1e-6:
                best, last, self._best = missing, step, list(self._slot)

    def _in_the_way(self, meeting: int, slot: int, put_out: list[int]) -> tuple[int, ...] | None:
        """What would have to go; `None` where that is fixed."""
        one, other = self._ends[meeting]
        way = {self._at[one][slot], self._at[other][slot]} - {_NOBODY}
        if not way and len(self._in[slot]) >= self._tables:
            movable = self._in[slot] - self._pinned
            if not movable:
                return None
            way = {min(movable, key=lambda one: (put_out[one] * 0.01 + self._counts[one], one))}
        return None if way & self._pinned else tuple(sorted(way))

    def _is_free(self, meeting: int, slot: int) -> bool:
        one, other = self._ends[meeting]
        return (
            bool(self._present[one, slot] and self._present[other, slot])
            and self._at[one][slot] == self._at[other][slot] == _NOBODY
        )

    def _put(self, meeting: int, slot: int) -> None:
        self._slot[meeting] = slot
        self._in[slot].add(meeting)
        for person in self._ends[meeting]:
            self._at[person][slot] = meeting

    def _take(self, meeting: int) -> None:
        slot = self._slot[meeting]
        self._slot[meeting] = _NOBODY
        self._in[slot].discard(meeting)
        for person in self._ends[meeting]:
            self._at[person][slot] = _NOBODY


def _chances() -> Iterator[float]:
    """Numbers in 0..1, the same every time."""
    random = np.random.default_rng(0)
    while True:
        yield from random.random(4096).tolist()
