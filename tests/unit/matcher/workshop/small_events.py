"""Events of a few participants, each told in one line of a test."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.workshop.event import Event, FixedMeeting, Loads, Participant, Slot, Wish

_START = dt.datetime(2027, 3, 11, 9, tzinfo=dt.UTC)


def slots(count: int) -> tuple[Slot, ...]:
    times = [_START + dt.timedelta(minutes=30 * number) for number in range(count)]
    return tuple(
        Slot(slot_id=f"s{number}", starts=time, ends=time + dt.timedelta(minutes=20)) for number, time in enumerate(times, 1)
    )


def person(participant_id: str, country: str = "NL", **told: Any) -> Participant:
    """A company where the id begins with c, a provider where it begins with p."""
    side = "company" if participant_id.startswith("c") else "provider"
    return Participant.model_validate(
        {"participant_id": participant_id, "side": side, "name": participant_id.upper(), "country": country, **told}
    )


def event(people: Sequence[Participant | str], slot_count: int = 4, **told: Any) -> Event:
    participants = tuple(person(one) if isinstance(one, str) else one for one in people)
    return Event.model_validate({"name": "small", "slots": slots(slot_count), "participants": participants, **told})


def people(companies: int, providers: int, **of: Any) -> list[Participant]:
    """c1, c2, ... and p1, p2, ...; `of` tells more of one, by id."""
    ids = [*(f"c{number}" for number in range(1, companies + 1)), *(f"p{number}" for number in range(1, providers + 1))]
    return [person(one, **of.get(one, {})) for one in ids]


def wish(of: str, about: str, level: str = "meet") -> Wish:
    return Wish.model_validate({"of": of, "about": about, "level": level})


def fixed(company: str, provider: str, slot: str | None = None) -> FixedMeeting:
    return FixedMeeting(company_id=company, provider_id=provider, slot_id=slot)


def chances(made: Event, seed: int = 0) -> NDArray[np.float64]:
    """Probabilities for an event, between 0.05 and 0.95."""
    sides = [one.side for one in made.participants]
    among = made.kind == "company to company"
    shape = sides.count("company"), sides.count("company" if among else "provider")
    found = 0.05 + 0.9 * np.random.default_rng(seed).random(shape)
    return (found + found.T) / 2 if among else found


ALL_MAY = Loads(company_most=20, provider_most=20)
"""Nobody has too many meetings."""
