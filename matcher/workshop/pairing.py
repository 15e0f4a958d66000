"""An event as arrays. Ids and row numbers meet here only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from embeddings.errors import Refusal
from matcher.workshop.bars import Bar, Barred, Mask, barred_pairs, foreign_pairs
from matcher.workshop.contradictions import check_contradictions
from matcher.workshop.event import Event, Participant
from matcher.workshop.places import Place, PlaceFinder
from matcher.workshop.spans import Spans
from matcher.workshop.worth import UNITS, worth

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Pairing:
    """Who may meet whom and what that is worth; people are numbered, companies first.

    Matrices are `(rows, columns)`: companies × providers or, among companies, companies × companies, where only pairs above
    the diagonal are allowed. Arrays of people are `(people,)`; row `i` is person `i`, column `j` is person `first_column + j`.
    """

    event: Event
    people: tuple[Participant, ...]
    place_of: PlaceFinder
    first_column: int
    probability: Floats
    value: NDArray[np.float32]
    """Multiples of `matcher.grid.GRID`."""
    foreign: Mask
    barred: Barred
    """Flags of `Bar`."""
    allowed: Mask
    wished: frozenset[Place]
    """Places that one of the two wishes, `must` included."""
    must: Integers
    """`(musts, 2)` places, in order; fixed meetings are among them."""
    fixed: dict[Place, int | None]
    """Place → slot number; `None` whenever it suits."""
    present: Mask
    """`(people, slots)`."""
    least: Integers
    most: Integers
    """No more than the slots that one is there, and than those whom one may meet."""
    tables: int
    """At a time; never more than there can be meetings."""
    spans: Spans
    passed_over: int
    """Wishes and pairs between participants of one side, which mean nothing here."""

    @classmethod
    def of(cls, event: Event, probabilities: NDArray[np.floating]) -> Pairing:
        """Read the event.

        Args:
            event: who comes, and the rules.
            probabilities: `(companies, providers)` in the order of the participants, for companies among themselves
                `(companies, companies)` and symmetric: that a meeting is useful.

        Raises:
            Refusal: probabilities that are none, or of another shape.
            PlanImpossible: rules that contradict each other, such as a must that is forbidden.
        """
        rows = [one for one in event.participants if one.side == "company"]
        among = event.kind == "company to company"
        columns = rows if among else [one for one in event.participants if one.side == "provider"]
        people = tuple(rows) if among else (*rows, *columns)
        chances = _checked(probabilities, (len(rows), len(columns)), among)
        finder = PlaceFinder(rows, columns, among)
        slot_number = {slot.slot_id: number for number, slot in enumerate(event.slots)}
        present = _presence(people, slot_number)
        first = 0 if among else len(rows)
        barred = barred_pairs(event, rows, columns, (present[: len(rows)], present[first:]), finder)
        fixed = _fixed(event, finder, slot_number)
        check_contradictions(event, people, barred, finder, present)
        wanted = {(wish.of, wish.about) for wish in event.wishes if wish.level != "no"}
        wishes = [place for pair in sorted(wanted) if (place := finder(*pair)) is not None]
        must = {place for wish in event.wishes if wish.level == "must" and (place := finder(wish.of, wish.about)) is not None}
        foreign = foreign_pairs(rows, columns)
        allowed: Mask = np.asarray(barred == 0)
        partners = allowed.sum(axis=1)
        partners = partners + allowed.sum(axis=0) if among else np.concatenate([partners, allowed.sum(axis=0)])
        most = np.array([event.most_of(one) for one in people], dtype=np.int64)
        room = len(people) // 2 if among else min(len(rows), len(columns))
        pairs = [*event.known, *event.forbidden, *((wish.of, wish.about) for wish in event.wishes)]
        return cls(
            event=event,
            people=people,
            place_of=finder,
            first_column=first,
            probability=chances,
            value=worth(chances, foreign, np.array(wishes, dtype=np.int64).reshape(-1, 2), event.policy),
            foreign=foreign,
            barred=barred,
            allowed=allowed,
            wished=frozenset(wishes),
            must=np.array(sorted(must | fixed.keys()), dtype=np.int64).reshape(-1, 2),
            fixed=fixed,
            present=present,
            least=np.array([event.least_of(one) for one in people], dtype=np.int64),
            most=np.minimum(np.minimum(most, present.sum(axis=1)), partners),
            tables=max(1, room if event.tables is None else min(room, event.tables)),
            spans=Spans.of(present, {slot for slot in fixed.values() if slot is not None}),
            passed_over=sum(finder(*pair) is None for pair in pairs),
        )

    @property
    def among(self) -> bool:
        """Companies among themselves."""
        return self.first_column == 0

    @property
    def floor_share(self) -> float:
        """Share of meetings that must cross a border; 0 where there is no such rule."""
        floor = self.event.policy.floor
        return 0.0 if floor is None else floor.at_least / floor.of_first

    @cached_property
    def least_of_all(self) -> Integers:
        """`(people,)` meetings that everybody has in any plan: the least, or as many as must come."""
        musts = np.concatenate([self.must[:, 0], self.must[:, 1] + self.first_column])
        return np.maximum(self.least, np.bincount(musts, minlength=len(self.people)))

    @cached_property
    def served(self) -> Mask:
        """`(people,)`: companies that can have a meeting of some value; of these the worst-served counts."""
        worthy: Mask = self.allowed & (self.value > 0)
        can: Mask = np.asarray(worthy.any(axis=1))
        if self.among:
            return np.asarray((can | worthy.any(axis=0)) & (self.most > 0))
        return np.concatenate([can & (self.most[: len(can)] > 0), np.zeros(len(self.people) - len(can), dtype=np.bool_)])

    def units(self, rows: Integers, columns: Integers) -> Integers:
        """Values of pairs in whole units of 1 / `UNITS`."""
        return np.asarray(np.round(self.value[rows, columns].astype(np.float64) * UNITS), dtype=np.int64)

    def reasons(self, one: str, other: str) -> tuple[str, ...]:
        """Why the two may not meet; empty where they may, or where they are of one side."""
        place = self.place_of(one, other)
        flags = 0 if place is None else int(self.barred[place])
        return tuple(bar.reason for bar in Bar if flags & bar)


def _checked(probabilities: NDArray[np.floating], shape: tuple[int, int], among: bool) -> Floats:
    chances = np.asarray(probabilities, dtype=np.float64)
    if chances.shape != shape:
        wanted = f"be of shape {shape}, companies by {'companies' if among else 'providers'}"
        raise Refusal("probabilities", wanted, f"shape {chances.shape}", "Give one for each pair.")
    if not (np.isfinite(chances).all() and (chances >= 0).all() and (chances <= 1).all()):
        raise Refusal("probabilities", "be between 0 and 1", "others", "Give probabilities.")
    if among and not np.array_equal(chances, chances.T):
        raise Refusal("probabilities", "be symmetric for companies among themselves", "others", "Give one for each pair.")
    return chances


def _presence(people: Sequence[Participant], slot_number: dict[str, int]) -> Mask:
    present: Mask = np.zeros((len(people), len(slot_number)), dtype=np.bool_)
    for line, one in enumerate(people):
        present[line, [slot_number[slot] for slot in one.slots] if one.slots else slice(None)] = True
    return present


def _fixed(event: Event, finder: PlaceFinder, slot_number: dict[str, int]) -> dict[Place, int | None]:
    found: dict[Place, int | None] = {}
    for one in event.fixed:
        place = finder(one.company_id, one.provider_id)
        if place is not None:
            slot = None if one.slot_id is None else slot_number[one.slot_id]
            found[place] = slot if slot is not None else found.get(place)
    return found
