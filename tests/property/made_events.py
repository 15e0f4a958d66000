"""Events of any kind, small enough to be planned in no time, many of them with rules that cannot all hold."""

from __future__ import annotations

import datetime as dt

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from matcher.records import BorderPolicy, Floor
from matcher.workshop.event import Event, FixedMeeting, Loads, Participant, Slot, Wish

Made = tuple[Event, NDArray[np.float64]]
_START = dt.datetime(2027, 3, 11, 9, tzinfo=dt.UTC)


def made_slots(count: int) -> tuple[Slot, ...]:
    return tuple(
        Slot(slot_id=f"s{i}", starts=_START + dt.timedelta(minutes=25 * i), ends=_START + dt.timedelta(minutes=25 * i + 20))
        for i in range(count)
    )


@st.composite
def made_events(draw: st.DrawFn, *, most_people: int = 6, most_slots: int = 5, most_rules: int = 4) -> Made:
    among = draw(st.booleans())
    # Half of them ask for nothing that could not be had, so that there are plans enough among them.
    calm = draw(st.booleans())
    slots = made_slots(draw(st.integers(1, most_slots)))
    companies = [f"c{i}" for i in range(draw(st.integers(2 if among else 1, most_people)))]
    providers = [] if among else [f"p{i}" for i in range(draw(st.integers(1, most_people)))]
    others = companies if among else providers
    loads = Loads(
        company_least=0 if calm else draw(st.sampled_from([0, 0, 0, 1, 2])),
        company_most=draw(st.integers(2, 4)),
        provider_least=0 if calm else draw(st.sampled_from([0, 0, 0, 1])),
        provider_most=draw(st.integers(1, 5)),
    )
    ids = st.tuples(st.sampled_from(companies), st.sampled_from(others)).filter(lambda pair: pair[0] != pair[1])
    pairs = st.lists(ids, max_size=most_rules)
    wishes = [
        Wish(of=pair[turned], about=pair[1 - turned], level=level)
        for pair in draw(pairs)
        for turned, level in [
            draw(st.tuples(st.integers(0, 1), st.sampled_from(["meet", "meet", "no", *([] if calm else ["must"])])))
        ]
    ]
    fixed = [
        FixedMeeting(
            company_id=pair[0], provider_id=pair[1], slot_id=draw(st.sampled_from([None, *(s.slot_id for s in slots)]))
        )
        for pair in draw(st.lists(ids, max_size=0 if calm else most_rules // 2))
    ]
    event = Event(
        name="made",
        kind="company to company" if among else "partnering workshop",
        slots=slots,
        tables=draw(st.sampled_from([None, 1, 2, 3])),
        loads=loads,
        policy=draw(policies()),
        fair=draw(st.booleans()),
        participants=tuple(draw(participants(one, slots, loads, calm)) for one in (*companies, *providers)),
        wishes=tuple(wishes),
        known=tuple(draw(pairs)),
        fixed=tuple(fixed),
        forbidden=tuple(draw(st.lists(ids, max_size=2))),
    )
    # Some equal ones among them, so that ties occur; and none at all.
    number = st.sampled_from([0.0, 0.1, 0.5, 1.0]) | st.floats(0.0, 1.0)
    size = len(companies) * len(others)
    chances = np.array(draw(st.lists(number, min_size=size, max_size=size))).reshape(len(companies), len(others))
    return event, np.triu(chances) + np.triu(chances, 1).T if among else chances


@st.composite
def participants(draw: st.DrawFn, one: str, slots: tuple[Slot, ...], loads: Loads, calm: bool) -> Participant:
    ids = [slot.slot_id for slot in slots]
    there = draw(st.just([]) | st.lists(st.sampled_from(ids), min_size=1, unique=True))
    most = draw(st.sampled_from([None, None, 1, 2, 3]))
    limit = (loads.company_most if one.startswith("c") else loads.provider_most) if most is None else most
    least = draw(st.sampled_from([None, 0] if calm else [None, None, None, 0, 1, 2]))
    return Participant(
        participant_id=one,
        side="company" if one.startswith("c") else "provider",
        name=one.upper(),
        country=draw(st.sampled_from(["NL", "DE", "BE"])),
        group=draw(st.sampled_from(["", "", "", "", "one", "two"])),
        languages=draw(st.sampled_from([(), (), ("en",), ("en", "fr"), ("fr",)])),
        slots=tuple(there),
        least=None if least is None else min(least, limit, len(there) or len(ids)),
        most=most,
    )


@st.composite
def policies(draw: st.DrawFn) -> BorderPolicy:
    floor = None
    if draw(st.booleans()):
        of_first = draw(st.integers(1, 4))
        floor = Floor(at_least=draw(st.integers(1, of_first)), of_first=of_first)
    mode = draw(st.sampled_from(["favour", "favour", "neutral", "require"]))
    return BorderPolicy(mode=mode, beta=draw(st.sampled_from([0.5, 1.0, 2.0])), floor=floor)
