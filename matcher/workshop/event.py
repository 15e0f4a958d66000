"""What an organiser says of an event: when there is time, who comes, who wishes to meet whom."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, model_validator

from embeddings.errors import Refusal, shown
from matcher.fields import Language, TimeZone
from matcher.records import BorderPolicy, Country, Line, Need, Record

EventKind = Literal["partnering workshop", "pitch event", "company to company"]
Side = Literal["company", "provider"]
WishLevel = Literal["must", "meet", "no"]
MOST_SLOTS = 200
_Id = Annotated[Line, Field(min_length=1, max_length=100)]
_Load = Annotated[int, Field(ge=0, le=MOST_SLOTS)]


class Slot(Record):
    """A span in which one meeting fits."""

    slot_id: _Id
    starts: AwareDatetime
    ends: AwareDatetime

    @model_validator(mode="after")
    def _runs_forwards(self) -> Slot:
        if self.ends <= self.starts:
            raise Refusal(f"slot {self.slot_id}", f"end after it starts ({self.starts})", str(self.ends), "Correct its times.")
        return self


class Participant(Record):
    """A company or a provider that comes."""

    participant_id: _Id
    side: Side
    name: Annotated[Line, Field(min_length=1)]
    country: Country
    region: Line = ""
    group: Line = ""
    """Participants of one group (one owner, one organisation) never meet each other."""
    languages: tuple[Language, ...] = ()
    """In which it can hold a meeting; empty: whatever the other speaks."""
    slots: tuple[_Id, ...] = ()
    """When it is there; empty: all day."""
    least: _Load | None = None
    """Meetings that it must have at least; the event's where it is not said."""
    most: _Load | None = None
    """Meetings at most; the event's where it is not said."""
    need: Need | None = None
    """What a company is looking for; what its meetings are worth is judged by it."""
    provider_id: Line = ""
    """The provider in the directory."""


class Wish(Record):
    """What one participant says of another. A `must` holds; one `no` of either takes the pair out."""

    of: _Id
    about: _Id
    level: WishLevel


class FixedMeeting(Record):
    """A meeting that the organiser set by hand."""

    company_id: _Id
    provider_id: _Id
    slot_id: _Id | None = None
    """Whenever it suits, where it is not said."""


class Loads(Record):
    """Meetings at least and at most, for whom nothing else is said."""

    company_least: _Load = 0
    company_most: _Load = 5
    provider_least: _Load = 0
    provider_most: _Load = 8

    @model_validator(mode="after")
    def _least_within_most(self) -> Loads:
        for side in ("company", "provider"):
            least, most = getattr(self, f"{side}_least"), getattr(self, f"{side}_most")
            if least > most:
                place = f"{side}_least of the loads"
                raise Refusal(place, f"be no greater than {side}_most ({most})", str(least), "Lower it.")
        return self


class Event(Record):
    """Everything that is known before planning."""

    name: Annotated[Line, Field(min_length=1)]
    kind: EventKind = "partnering workshop"
    time_zone: TimeZone = "Europe/Brussels"
    place: Line = ""
    slots: tuple[Slot, ...]
    tables: Annotated[int, Field(ge=1, le=100_000)] | None = None
    """Meetings at a time at most; `None`: as many as there are people."""
    loads: Loads = Loads()
    policy: BorderPolicy = BorderPolicy()
    fair: bool = True
    """Serve the worst-served company as well as can be, before all others together."""
    participants: tuple[Participant, ...]
    wishes: tuple[Wish, ...] = ()
    known: tuple[tuple[_Id, _Id], ...] = ()
    """Pairs that are in contact already or have met before: they are left out, unless one wishes to meet."""
    fixed: tuple[FixedMeeting, ...] = ()
    forbidden: tuple[tuple[_Id, _Id], ...] = ()
    """Pairs that the organiser took out by hand."""

    def least_of(self, one: Participant) -> int:
        """Meetings that the participant must have: as it says, else as the event says, but never more than it wants."""
        if one.least is not None:
            return one.least
        least = self.loads.company_least if one.side == "company" else self.loads.provider_least
        return min(least, self.most_of(one))

    def most_of(self, one: Participant) -> int:
        """Meetings that the participant may have: as it says, else as the event says."""
        if one.most is not None:
            return one.most
        return self.loads.company_most if one.side == "company" else self.loads.provider_most

    @model_validator(mode="after")
    def _fits_together(self) -> Event:
        _check_slots(self.slots)
        _check_ids(self.participants)
        known_slots = {slot.slot_id for slot in self.slots}
        for one in self.participants:
            _check_known(f"slots of participant {one.participant_id}", one.slots, known_slots, "slots of the event")
            there = len(one.slots or known_slots)
            least, most = one.least or 0, self.most_of(one)
            if least > there:
                place, wanted = f"least of participant {one.participant_id}", f"be no more than the {there} slots it is there"
                raise Refusal(place, wanted, str(least), "Lower it, or say more slots.")
            if least > most:
                place = f"least of participant {one.participant_id}"
                raise Refusal(place, f"be no greater than its most ({most})", str(least), "Lower it, or raise most.")
        ids = {one.participant_id for one in self.participants}
        for wish in self.wishes:
            _check_known("wish", (wish.of, wish.about), ids, "participants")
        for pair in (*self.known, *self.forbidden):
            _check_known("pair", pair, ids, "participants")
        for meeting in self.fixed:
            _check_known("fixed meeting", (meeting.company_id, meeting.provider_id), ids, "participants")
            if meeting.slot_id is not None:
                _check_known("fixed meeting", (meeting.slot_id,), known_slots, "slots of the event")
        _check_sides(self)
        return self


def _check_slots(slots: Sequence[Slot]) -> None:
    if not slots:
        raise Refusal("event", "have at least one slot", "none", "Say when meetings can take place.")
    if len(slots) > MOST_SLOTS:
        raise Refusal("event", f"have at most {MOST_SLOTS} slots", f"{len(slots):,}", "Plan the days one by one.")
    _check_once("slot", (slot.slot_id for slot in slots))
    in_order = sorted(slots, key=lambda slot: slot.starts)
    for before, after in itertools.pairwise(in_order):
        if after.starts < before.ends:
            wanted = f"start after slot {before.slot_id} ends ({before.ends})"
            raise Refusal(f"slot {after.slot_id}", wanted, str(after.starts), "Correct their times.")


def _check_ids(participants: Sequence[Participant]) -> None:
    _check_once("participant", (one.participant_id for one in participants))
    if not any(one.side == "company" for one in participants):
        raise Refusal("event", "have at least one company", "none", "Add the companies that come.")


def _check_sides(event: Event) -> None:
    providers = [one for one in event.participants if one.side == "provider"]
    if event.kind == "company to company" and providers:
        remedy = "Give it the side company, or plan another kind of event."
        raise Refusal("event 'company to company'", "have companies only", f"provider {providers[0].participant_id}", remedy)
    if event.kind != "company to company" and not providers:
        raise Refusal(f"event '{event.kind}'", "have at least one provider", "none", "Add those whom the companies may meet.")


def _check_once(what: str, ids: Iterable[str]) -> None:
    twice = [one for one, count in Counter(ids).items() if count > 1]
    if twice:
        raise Refusal(f"{what} {twice[0]}", "be there once", "it twice", "Rename or remove one of them.")


def _check_known(place: str, ids: Iterable[str], known: set[str], what: str) -> None:
    for one in ids:
        if one not in known:
            raise Refusal(place, f"name {what}", shown(one), "Correct the id, or add it.")
