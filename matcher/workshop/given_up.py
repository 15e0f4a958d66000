"""Rules that may not hold any more when somebody does not come: least numbers of meetings, and the share across borders."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from matcher.workshop.event import Event
from matcher.workshop.plan import Meeting, Plan


def lowered(event: Event, kept: Sequence[Meeting]) -> Event:
    """The event with least numbers of meetings, and without a share across borders, so that it is enough if these stay."""
    has = _loads(kept)
    people = tuple(
        one.model_copy(update={"least": has[one.participant_id]}) if has[one.participant_id] < event.least_of(one) else one
        for one in event.participants
    )
    return event.model_copy(
        update={"participants": people, "policy": event.policy.model_copy(update={"floor": None})},
    )


def with_least_of(event: Event, asked: Event, participant_id: str) -> Event:
    """The event with one participant's least number of meetings as it was asked for."""
    people = tuple(
        before if before.participant_id == participant_id else now
        for now, before in zip(event.participants, asked.participants, strict=True)
    )
    return event.model_copy(update={"participants": people})


def lowered_in(event: Event, asked: Event) -> list[str]:
    """Ids of those whose least number of meetings was lowered, in order."""
    pairs = zip(event.participants, asked.participants, strict=True)
    return [now.participant_id for now, before in pairs if event.least_of(now) < asked.least_of(before)]


def told_of(asked: Event, plan: Plan) -> tuple[str, ...]:
    """Sentences about who has fewer meetings in the plan than was asked for, and about the share across borders."""
    has = _loads(plan.meetings)
    notes = [
        f"{one.name} ({one.participant_id}) was to have at least {asked.least_of(one)} meetings, "
        f"and has {has[one.participant_id]}."
        for one in asked.participants
        if has[one.participant_id] < asked.least_of(one)
    ]
    floor, foreign = asked.policy.floor, sum(one.cross_border for one in plan.meetings)
    if floor is not None and foreign * floor.of_first < floor.at_least * len(plan.meetings):
        wanted = f"{floor.at_least} of {floor.of_first} were asked for"
        notes.append(f"{foreign} of {len(plan.meetings)} meetings cross a border, and {wanted}.")
    return tuple(notes)


def _loads(meetings: Sequence[Meeting]) -> Counter[str]:
    return Counter(person for one in meetings for person in (one.company_id, one.provider_id))
