"""Is it a plan? Told from the event alone, with no solver and none of its arrays: so that it can be read, and believed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from matcher.workshop.event import Event, Participant
from matcher.workshop.plan import Meeting, Plan


def check(event: Event, plan: Plan) -> list[str]:
    """The rules that the plan breaks, in words; empty where it breaks none.

    Args:
        event: with the rules.
        plan: to be checked. Its figures are checked too, as far as they follow from its meetings.
    """
    people = {one.participant_id: one for one in event.participants}
    slots = {slot.slot_id for slot in event.slots}
    strange = [
        f"{_both(meeting)}: nobody knows {', '.join(unknown)}"
        for meeting in plan.meetings
        if (unknown := [*({meeting.company_id, meeting.provider_id} - people.keys()), *({meeting.slot_id} - slots)])
    ]
    if strange:
        return strange
    return [
        *_of_each(event, plan, people),
        *_at_a_time(event, plan),
        *_of_pairs(event, plan),
        *_of_loads(event, plan),
        *_of_all(event, plan),
        *_of_figures(event, plan),
    ]


def _of_each(event: Event, plan: Plan, people: dict[str, Participant]) -> Iterator[str]:
    """Rules for a meeting by itself: who may meet whom, and when they are there."""
    forbidden = {frozenset(pair) for pair in event.forbidden}
    refused = {frozenset((wish.of, wish.about)) for wish in event.wishes if wish.level == "no"}
    wished = {frozenset((wish.of, wish.about)) for wish in event.wishes if wish.level != "no"}
    by_hand = {frozenset((one.company_id, one.provider_id)) for one in event.fixed}
    known = {frozenset(pair) for pair in event.known} - wished - by_hand
    for meeting in plan.meetings:
        company, provider = people[meeting.company_id], people[meeting.provider_id]
        pair, both = frozenset((meeting.company_id, meeting.provider_id)), _both(meeting)
        if len(pair) == 1:
            yield f"{both}: one participant twice"
        if company.side != "company" or (provider.side == "company") != (event.kind == "company to company"):
            yield f"{both}: the sides are wrong for this kind of event"
        for one in (company, provider):
            if one.slots and meeting.slot_id not in one.slots:
                yield f"{both} in slot {meeting.slot_id}: {one.participant_id} is not there then"
        if pair in refused:
            yield f"{both}: one of them said no"
        if pair in forbidden:
            yield f"{both}: the organiser took the pair out"
        if pair in known:
            yield f"{both}: they know each other already, and neither wishes to meet"
        if company.group and company.group == provider.group:
            yield f"{both}: both are of the group {company.group}"
        if company.languages and provider.languages and not set(company.languages) & set(provider.languages):
            yield f"{both}: they share no language"
        if event.policy.mode == "require" and company.country == provider.country:
            yield f"{both}: both are in {company.country}, and the border policy is 'require'"
        if meeting.cross_border != (company.country != provider.country):
            yield f"{both}: cross_border is wrong"
        if meeting.wished != (pair in wished):
            yield f"{both}: wished is wrong"
        if meeting.fixed != (pair in by_hand):
            yield f"{both}: fixed is wrong"


def _at_a_time(event: Event, plan: Plan) -> Iterator[str]:
    """Nobody in two places, one meeting at a table, no more tables than there are."""
    busy = Counter(
        (person, meeting.slot_id) for meeting in plan.meetings for person in (meeting.company_id, meeting.provider_id)
    )
    for (person, slot), count in busy.items():
        if count > 1:
            yield f"{person} has {count} meetings in slot {slot}"
    for (slot, table), count in Counter((meeting.slot_id, meeting.table) for meeting in plan.meetings).items():
        if count > 1:
            yield f"{count} meetings in slot {slot} are at table {table}"
        if table < 1:
            yield f"slot {slot} has a meeting at table {table}, but the first is table 1"
        if event.tables is not None and table > event.tables:
            yield f"slot {slot} has a meeting at table {table}, but there are {event.tables} tables"
    order = {slot.slot_id: number for number, slot in enumerate(event.slots)}
    if list(plan.meetings) != sorted(plan.meetings, key=lambda meeting: (order[meeting.slot_id], meeting.table)):
        yield "the meetings are not in order of slot and table"


def _of_pairs(event: Event, plan: Plan) -> Iterator[str]:
    """A pair meets once, who must meet do, and what was fixed stays."""
    times = Counter(frozenset((meeting.company_id, meeting.provider_id)) for meeting in plan.meetings)
    for pair, count in times.items():
        if count > 1:
            yield f"{' and '.join(sorted(pair))} meet {count} times"
    for wish in event.wishes:
        if wish.level == "must" and frozenset((wish.of, wish.about)) not in times:
            yield f"{wish.of} must meet {wish.about}, but does not"
    when = {(frozenset((meeting.company_id, meeting.provider_id)), meeting.slot_id) for meeting in plan.meetings}
    for one in event.fixed:
        pair = frozenset((one.company_id, one.provider_id))
        if pair not in times:
            yield f"the meeting of {one.company_id} and {one.provider_id} is fixed, but does not take place"
        elif one.slot_id is not None and (pair, one.slot_id) not in when:
            yield f"the meeting of {one.company_id} and {one.provider_id} is fixed in slot {one.slot_id}, but is in another"


def _of_loads(event: Event, plan: Plan) -> Iterator[str]:
    """Nobody has fewer or more meetings than asked for."""
    load = Counter(person for meeting in plan.meetings for person in (meeting.company_id, meeting.provider_id))
    for one in event.participants:
        least, most, has = event.least_of(one), event.most_of(one), load[one.participant_id]
        if has < least:
            yield f"{one.participant_id} has {has} meetings, but at least {least} are asked for"
        if has > most:
            yield f"{one.participant_id} has {has} meetings, but {most} at most are allowed"


def _of_all(event: Event, plan: Plan) -> Iterator[str]:
    """Enough meetings cross a border."""
    floor = event.policy.floor
    abroad = sum(meeting.cross_border for meeting in plan.meetings)
    if floor is not None and abroad * floor.of_first < len(plan.meetings) * floor.at_least:
        asked = f"{floor.at_least} of {floor.of_first} are asked for"
        yield f"{abroad} of {len(plan.meetings)} meetings cross a border, but {asked}"


def _of_figures(event: Event, plan: Plan) -> Iterator[str]:
    """What the plan says of itself is so."""
    quality, meetings = plan.quality, plan.meetings
    service = {one.participant_id: 0.0 for one in event.participants if one.side == "company"}
    for meeting in meetings:
        for person in {meeting.company_id, meeting.provider_id} & service.keys():
            service[person] += meeting.value
    told = {
        "meetings": (quality.meetings, len(meetings)),
        "cross_border": (quality.cross_border, sum(meeting.cross_border for meeting in meetings)),
        # Values lie on a grid on which sums are exact.
        "value": (quality.value, sum(meeting.value for meeting in meetings)),
    }
    for name, (said, found) in told.items():
        if said != found:
            yield f"the plan says {name} is {said}, but it is {found}"
    if abs(quality.useful - sum(meeting.probability for meeting in meetings)) > 1e-6:
        yield f"the plan says {quality.useful} meetings are useful, but its meetings add up to something else"
    if quality.value > quality.bound:
        yield f"the value {quality.value} exceeds its bound {quality.bound}"
    if quality.worst_served > quality.worst_served_bound:
        yield f"the worst-served company's {quality.worst_served} exceeds its bound {quality.worst_served_bound}"
    # Who cannot be served at all does not count; whoever is served less than the plan says must be such a one.
    below = [person for person, has in service.items() if 0 < has < quality.worst_served]
    if below:
        yield f"the plan says nobody is served less than {quality.worst_served}, but {', '.join(sorted(below))} are"


def _both(meeting: Meeting) -> str:
    return f"{meeting.company_id} and {meeting.provider_id}"
