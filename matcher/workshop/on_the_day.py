"""The event as it stands when some of it is over and somebody does not come: what was stays, what is still open is planned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from embeddings.errors import Refusal, shown
from matcher.workshop.event import Event, FixedMeeting, Participant, Wish
from matcher.workshop.plan import Meeting, Plan


def slots_over(event: Event, from_slot: str | None) -> frozenset[str]:
    """Slots that begin before this one; none where it is not said.

    Raises:
        Refusal: the event has no such slot.
    """
    if from_slot is None:
        return frozenset()
    begins = next((slot.starts for slot in event.slots if slot.slot_id == from_slot), None)
    if begins is None:
        raise Refusal("slot from which to plan", "be one of the event's", shown(from_slot), "Correct the id.")
    return frozenset(slot.slot_id for slot in event.slots if slot.starts < begins)


def as_it_stands(event: Event, plan: Plan, over: Collection[str], absent: Collection[str]) -> Event:
    """The event with what is over as fixed meetings, and those who are absent without any more.

    A `must` or a fixed meeting that an absent one has not had yet is given up, as is its least number of meetings.

    Args:
        event: as planned.
        plan: its plan.
        over: slots in which nothing can change any more.
        absent: ids of those who do not come to any slot that is not over.

    Raises:
        Refusal: an absent id that no participant has.
    """
    known = {one.participant_id for one in event.participants}
    for one in absent:
        if one not in known:
            raise Refusal("absent participant", "be one of the event's", shown(one), "Correct the id.")
    past = [meeting for meeting in plan.meetings if meeting.slot_id in over]
    had = {frozenset((one.company_id, one.provider_id)) for one in past}
    been = [FixedMeeting(company_id=one.company_id, provider_id=one.provider_id, slot_id=one.slot_id) for one in past]
    coming = [
        one
        for one in event.fixed
        if not {one.company_id, one.provider_id} & {*absent} and frozenset((one.company_id, one.provider_id)) not in had
    ]
    return event.model_copy(
        update={
            "participants": tuple(
                _participant(event, one, past, over, one.participant_id in absent) for one in event.participants
            ),
            "wishes": tuple(_wish(wish, had, absent) for wish in event.wishes),
            "fixed": (*been, *coming),
        }
    )


def _wish(wish: Wish, had: Collection[frozenset[str]], absent: Collection[str]) -> Wish:
    lost = {wish.of, wish.about} & {*absent} and frozenset((wish.of, wish.about)) not in had
    return wish.model_copy(update={"level": "meet"}) if wish.level == "must" and lost else wish


def _participant(
    event: Event, one: Participant, past: Collection[Meeting], over: Collection[str], is_absent: bool
) -> Participant:
    own = Counter(meeting.slot_id for meeting in past if one.participant_id in (meeting.company_id, meeting.provider_id))
    there = one.slots or tuple(slot.slot_id for slot in event.slots)
    open_slots = [slot for slot in there if slot not in over]
    if is_absent or not open_slots:
        # No slots would mean all day: that nobody comes any more is said by the number of meetings.
        load = own.total()
        return one.model_copy(update={"least": load, "most": load})
    if not over:
        return one
    return one.model_copy(update={"slots": tuple(slot for slot in there if slot not in over or slot in own)})
