"""Events made up from a seed: of any size, with people who come late, leave early and wish for things."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from matcher.records import BorderPolicy, Floor
from matcher.workshop.event import Event, EventKind, Loads, Participant, Slot, Wish

COUNTRIES = ("NL", "DE", "BE", "FR", "DK")
LANGUAGES = {"NL": "nl", "DE": "de", "BE": "fr", "FR": "fr", "DK": "da"}
_SUBJECTS = 12


@dataclass(frozen=True)
class Shape:
    """What an event is like."""

    companies: int
    providers: int
    slots: int = 16
    tables: int | None = None
    loads: Loads = field(default_factory=Loads)
    policy: BorderPolicy = field(default_factory=BorderPolicy)
    fair: bool = True
    kind: EventKind = "partnering workshop"
    part_of_day: float = 0.0
    """Share of people who are not there all day."""
    wishes: float = 0.0
    """Wishes for each participant; of ten one is a must and two a no."""
    known: float = 0.0
    """Share of pairs who know each other."""
    languages: bool = False
    """Not everybody speaks English."""

    def event(self, seed: int) -> tuple[Event, NDArray[np.float64]]:
        """The event, and how probable a useful meeting is."""
        random = np.random.default_rng(seed)
        companies = [f"c{number:04}" for number in range(self.companies)]
        others = [] if self.kind == "company to company" else [f"p{number:04}" for number in range(self.providers)]
        slots = _slots(self.slots)
        people = tuple(self._participant(random, one, slots) for one in (*companies, *others))
        other_side = others or companies
        pairs = random.permutation(self.companies * len(other_side))
        known = [divmod(int(pair), len(other_side)) for pair in pairs[: int(self.known * len(pairs))]]
        event = Event(
            name=f"made from seed {seed}",
            kind=self.kind,
            slots=slots,
            tables=self.tables,
            loads=self.loads,
            policy=self.policy,
            fair=self.fair,
            participants=people,
            wishes=tuple(self._wishes(random, people, companies, other_side)),
            known=tuple((companies[row], other_side[column]) for row, column in known if companies[row] != other_side[column]),
        )
        return event, _probabilities(random, self.companies, self.providers if others else 0)

    def _participant(self, random: np.random.Generator, one: str, slots: tuple[Slot, ...]) -> Participant:
        country = COUNTRIES[random.integers(len(COUNTRIES))]
        spoken = {LANGUAGES[country], "en"} if random.random() < 0.9 else {LANGUAGES[country]}
        return Participant(
            participant_id=one,
            side="company" if one.startswith("c") else "provider",
            name=f"Participant {one}",
            country=country,
            languages=tuple(sorted(spoken)) if self.languages else (),
            slots=self._there(random, [slot.slot_id for slot in slots]),
        )

    def _there(self, random: np.random.Generator, slots: list[str]) -> tuple[str, ...]:
        """All day, the morning, the afternoon, or from some time on until another, perhaps with a pause."""
        chance, half = random.random(), len(slots) // 2
        if chance >= self.part_of_day:
            return ()
        if chance < 0.4 * self.part_of_day:
            return tuple(slots[:half])
        if chance < 0.65 * self.part_of_day:
            return tuple(slots[half:])
        there = slots[int(random.integers(0, half - 1)) : int(random.integers(half + 2, len(slots) + 1))]
        if len(there) > 6 and random.random() < 0.3:
            there.pop(len(there) // 2)
        return tuple(there)

    def _wishes(
        self, random: np.random.Generator, people: tuple[Participant, ...], companies: list[str], others: list[str]
    ) -> list[Wish]:
        """Musts only between people who can meet, and one for each at most, so that there is a plan."""
        by_id = {one.participant_id: one for one in people}
        found: dict[frozenset[str], Wish] = {}
        bound: set[str] = set()
        for one in people:
            for _ in range(random.poisson(self.wishes)):
                pool = others if one.side == "company" else companies
                about = by_id[pool[int(random.integers(len(pool)))]]
                pair = frozenset((one.participant_id, about.participant_id))
                level = ("must", "meet", "meet", "meet", "meet", "meet", "meet", "meet", "no", "no")[int(random.integers(10))]
                if level == "must" and (pair & bound or not _can_meet(one, about)):
                    level = "meet"
                if len(pair) == 2 and pair not in found:
                    found[pair] = Wish(of=one.participant_id, about=about.participant_id, level=level)
                    bound |= pair if level == "must" else set()
        return list(found.values())


def _can_meet(one: Participant, other: Participant) -> bool:
    together = not one.slots or not other.slots or len({*one.slots} & {*other.slots}) > 2
    return together and (not one.languages or not other.languages or bool({*one.languages} & {*other.languages}))


def _slots(count: int) -> tuple[Slot, ...]:
    start = dt.datetime(2027, 3, 11, 8, tzinfo=dt.UTC)
    times = [start + dt.timedelta(minutes=25 * number) for number in range(count)]
    return tuple(
        Slot(slot_id=f"s{number:02}", starts=time, ends=time + dt.timedelta(minutes=20)) for number, time in enumerate(times, 1)
    )


def _probabilities(random: np.random.Generator, companies: int, providers: int) -> NDArray[np.float64]:
    """Needs and offers are directions among some subjects; some providers suit many, some companies hardly anybody."""
    needs = _directions(random, companies)
    offers = _directions(random, providers) if providers else needs
    log_odds = 4.0 * needs @ offers.T - 3.0 + 0.6 * random.standard_normal(companies)[:, None]
    if providers:
        log_odds += 0.8 * random.standard_normal(providers)[None, :]
    else:
        log_odds = (log_odds + log_odds.T) / 2
    return np.asarray(1 / (1 + np.exp(-log_odds)))


def _directions(random: np.random.Generator, count: int) -> NDArray[np.float64]:
    found = random.standard_normal((count, _SUBJECTS))
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True))


EVERYTHING = {
    "policy": BorderPolicy(floor=Floor(at_least=3, of_first=5)),
    "part_of_day": 0.4,
    "wishes": 1.0,
    "known": 0.02,
    "languages": True,
}
"""Everything on: a share across borders, people who come late, wishes, acquaintances, languages."""
