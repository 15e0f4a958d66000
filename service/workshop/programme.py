"""A plan as people read it: who has which appointments, in local time, with whom and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from babel.dates import format_date

from matcher.workshop.event import Participant, Slot, Wish
from matcher.workshop.plan import Meeting
from service.workshop.plan_file import PlannedEvent, Reason


@dataclass(frozen=True)
class Appointment:
    """A meeting as one of the two sees it."""

    participant: Participant
    other: Participant
    meeting: Meeting
    starts: datetime
    """In the event's zone, as is the end."""
    ends: datetime
    reason: Reason | None

    @property
    def is_company(self) -> bool:
        """Whether the participant is the one whose need is met."""
        return self.participant.participant_id == self.meeting.company_id


@dataclass(frozen=True)
class UnmetWish:
    """A wish to meet that the plan does not fulfil."""

    wish: Wish
    of: Participant
    about: Participant


class Programme:
    """Looks up appointments of a planned event."""

    def __init__(self, planned: PlannedEvent) -> None:
        self.planned = planned
        self.event = planned.event
        self.plan = planned.plan
        self.zone = ZoneInfo(planned.event.time_zone)
        self.participants = {one.participant_id: one for one in planned.event.participants}
        self.slots = {slot.slot_id: slot for slot in sorted(planned.event.slots, key=lambda slot: slot.starts)}
        """In order of time."""
        self._reasons = {(one.company_id, one.provider_id): one for one in planned.reasons}

    @property
    def companies(self) -> list[Participant]:
        """In order of the event."""
        return [one for one in self.event.participants if one.side == "company"]

    @property
    def providers(self) -> list[Participant]:
        """In order of the event; none where companies meet each other."""
        return [one for one in self.event.participants if one.side == "provider"]

    @cached_property
    def meetings(self) -> list[Meeting]:
        """In order of time, then table."""
        order = {slot_id: place for place, slot_id in enumerate(self.slots)}
        return sorted(self.plan.meetings, key=lambda one: (order[one.slot_id], one.table))

    @cached_property
    def _by_participant(self) -> dict[str, list[Appointment]]:
        found: dict[str, list[Appointment]] = {one: [] for one in self.participants}
        for meeting in self.meetings:
            found[meeting.company_id].append(self.appointment(meeting, meeting.company_id))
            found[meeting.provider_id].append(self.appointment(meeting, meeting.provider_id))
        return found

    def appointments(self, participant_id: str) -> list[Appointment]:
        """In order of time."""
        return self._by_participant[participant_id]

    def cancelled(self, participant_id: str) -> list[Appointment]:
        """What an earlier version of the final plan had and this one has not, in order of time."""
        found = [
            self.appointment(one.meeting, participant_id)
            for one in self.planned.cancelled
            if participant_id in (one.meeting.company_id, one.meeting.provider_id)
        ]
        return sorted(found, key=lambda one: one.starts)

    @property
    def is_draft(self) -> bool:
        """Whether it may still change."""
        return self.planned.status == "draft"

    @property
    def standing(self) -> str:
        """`draft of 1 March 2027, 13:00`, or `final, version 2 of …`, on the clock of the event."""
        since = self.planned.stands_since.astimezone(self.zone)
        what = "draft" if self.is_draft else f"final, version {self.planned.version}"
        return f"{what} of {format_date(since.date(), 'd MMMM y', locale='en')}, {since:%H:%M}"

    def appointment(self, meeting: Meeting, participant_id: str) -> Appointment:
        """The meeting as that one sees it."""
        other = meeting.provider_id if participant_id == meeting.company_id else meeting.company_id
        starts, ends = self.hours(self.slots[meeting.slot_id])
        reason = self._reasons.get((meeting.company_id, meeting.provider_id))
        return Appointment(self.participants[participant_id], self.participants[other], meeting, starts, ends, reason)

    def hours(self, slot: Slot) -> tuple[datetime, datetime]:
        """When it begins and ends, on the clock of the event."""
        return slot.starts.astimezone(self.zone), slot.ends.astimezone(self.zone)

    @cached_property
    def has_several_days(self) -> bool:
        """Whether a time alone does not say when."""
        return len({self.hours(slot)[0].date() for slot in self.slots.values()}) > 1

    def when(self, slot: Slot) -> str:
        """`09:30–09:50`, with its day where there are several."""
        starts, ends = self.hours(slot)
        clock = f"{starts:%H:%M}–{ends:%H:%M}"
        return f"{starts:%Y-%m-%d} {clock}" if self.has_several_days else clock

    @cached_property
    def days(self) -> str:
        """`Thursday 11 March 2027`, or the first and last of several."""
        dates = sorted({self.hours(slot)[0].date() for slot in self.slots.values()})
        words = [format_date(one, "EEEE d MMMM y", locale="en") for one in dates]
        return words[0] if len(words) == 1 else f"{words[0]} to {words[-1]}"

    @cached_property
    def unmet_wishes(self) -> list[UnmetWish]:
        """Wishes to meet, of those who do not."""
        pairs = {frozenset((one.company_id, one.provider_id)) for one in self.plan.meetings}
        return [
            UnmetWish(wish, self.participants[wish.of], self.participants[wish.about])
            for wish in self.event.wishes
            if wish.level != "no" and frozenset((wish.of, wish.about)) not in pairs
        ]
