"""What a plan does not say by itself: who could step in, who would rather swap, and what each rule costs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.errors import Refusal
from matcher.records import Record
from matcher.workshop.event import MOST_SLOTS, Event, Participant
from matcher.workshop.pairing import Pairing
from matcher.workshop.plan import Meeting, Plan
from matcher.workshop.planning import plan_workshop


class Alternate(Record):
    """Somebody who is free when a meeting takes place, and could have it instead."""

    participant_id: str
    probability: float
    value: float


class Alternates(Record):
    """Who could step in at a meeting, the best first."""

    meeting: Meeting
    for_company: tuple[Alternate, ...]
    """If the provider does not come."""
    for_provider: tuple[Alternate, ...]
    """If the company does not come."""


class RatherEachOther(Record):
    """Two who do not meet, though the meeting is worth more than one that each of them has."""

    company_id: str
    provider_id: str
    value: float
    gain: float
    """By so much it is worth more than what either would give up for it, at least."""


class RulePrice(Record):
    """What changes if one rule is relaxed by a step. Differences are of the relaxed plan over the plan as the rules are."""

    rule: str
    """Relaxed, in words."""
    meetings: int = 0
    cross_border: int = 0
    useful: float = 0.0
    """Meetings expected to be useful: comparable, whatever the border policy."""
    value: float | None = 0.0
    """`None` where the policy changes: the same meeting then has another value."""
    worst_served: float | None = 0.0
    """Value of the worst-served company; `None` where the policy changes."""
    uncertain: float | None = 0.0
    """By so much the difference in value may be off, which is the gaps of both plans together; 0: it is exact. `None`: not
    known, as the policy changes, or the worst-served company may be served better yet."""
    note: str = ""
    """Why there are no numbers."""


def alternates(event: Event, probabilities: NDArray[np.floating], plan: Plan, *, count: int = 3) -> list[Alternates]:
    """For each meeting those who could have it instead: free in its slot, allowed to, with room, and not met yet.

    Args:
        event: with the rules.
        probabilities: of a useful meeting, in the order of the participants.
        plan: of the event.
        count: alternates at most.

    Raises:
        Refusal: probabilities of another shape.
    """
    pairing = Pairing.of(event, probabilities)
    people = {one.participant_id: number for number, one in enumerate(pairing.people)}
    slots = {slot.slot_id: number for number, slot in enumerate(event.slots)}
    free, load = pairing.present.copy(), np.zeros(len(people), dtype=np.int64)
    met = {frozenset((one.company_id, one.provider_id)) for one in plan.meetings}
    for one in plan.meetings:
        for person in (people[one.company_id], people[one.provider_id]):
            free[person, slots[one.slot_id]] = False
            load[person] += 1
    found = []
    for one in plan.meetings:
        at_hand = np.flatnonzero(free[:, slots[one.slot_id]] & (load < pairing.most)).tolist()
        ids = [pairing.people[person].participant_id for person in at_hand]
        stand_in = [
            _best(pairing, stays, [other for other in ids if frozenset((stays, other)) not in met], count)
            for stays in _two(one)
        ]
        found.append(Alternates(meeting=one, for_company=stand_in[0], for_provider=stand_in[1]))
    return found


def rather_each_other(event: Event, probabilities: NDArray[np.floating], plan: Plan) -> list[RatherEachOther]:
    """Pairs that may meet, do not, and would both give up one of their meetings for it: the more of them, the less stable.

    Times are left aside, and so are people without any meeting: they have nothing to give up. Greatest gain first.

    Raises:
        Refusal: probabilities of another shape.
    """
    pairing = Pairing.of(event, probabilities)
    people = {one.participant_id: number for number, one in enumerate(pairing.people)}
    least = np.full(len(people), np.inf)
    open_pairs = pairing.allowed.copy()
    for one in plan.meetings:
        place = pairing.place_of(one.company_id, one.provider_id)
        if place is None:
            continue
        open_pairs[place] = False
        ends = [people[one.company_id], people[one.provider_id]]
        least[ends] = np.minimum(least[ends], pairing.value[place])
    rows, columns = pairing.value.shape
    bar = np.maximum(least[:rows, None], least[pairing.first_column :][None, :columns])
    places = np.argwhere(open_pairs & (pairing.value > bar))
    found = [
        RatherEachOther(
            company_id=pairing.people[row].participant_id,
            provider_id=pairing.people[column + pairing.first_column].participant_id,
            value=float(pairing.value[row, column]),
            gain=float(pairing.value[row, column] - bar[row, column]),
        )
        for row, column in places.tolist()
    ]
    return sorted(found, key=lambda one: (-one.gain, one.company_id, one.provider_id))


def prices_of_rules(
    event: Event, probabilities: NDArray[np.floating], plan: Plan, *, seconds: float = 5.0
) -> Iterator[RulePrice]:
    """Plan again with one rule relaxed by a step, for each rule that can be, and tell the difference.

    Where the event is fair, the worst-served company comes before the value: a relaxed rule may then serve it better and lower
    the value. A rule that costs nothing is among them, with zeros. A plan that is not proven to be the best (one changed by
    hand, say) is not compared with, but one that is made anew in the same time.

    Args:
        event: with the rules.
        probabilities: of a useful meeting, in the order of the participants.
        plan: of the event, to compare with.
        seconds: for each rule.

    Raises:
        Refusal: probabilities of another shape; rules that cannot all hold, or no plan in time.
    """
    best = plan if plan.quality.proven == "optimal" else plan_workshop(event, probabilities, seconds=seconds)
    for rule, relaxed in relaxed_events(event):
        try:
            other = plan_workshop(relaxed, probabilities, seconds=seconds)
        except Refusal as refusal:
            yield RulePrice(rule=rule, value=None, worst_served=None, uncertain=None, note=str(refusal))
            continue
        before, after = best.quality, other.quality
        comparable = relaxed.policy.mode == event.policy.mode
        # A bound is for plans that serve the worst-served as well: it says nothing while that itself is open.
        known = all(
            one.worst_served == one.worst_served_bound
            for one, is_fair in ((before, event.fair), (after, relaxed.fair))
            if is_fair
        )
        gaps = (before.bound - before.value) + (after.bound - after.value)
        yield RulePrice(
            rule=rule,
            meetings=after.meetings - before.meetings,
            cross_border=after.cross_border - before.cross_border,
            useful=after.useful - before.useful,
            value=after.value - before.value if comparable else None,
            worst_served=after.worst_served - before.worst_served if comparable else None,
            uncertain=gaps if comparable and known else None,
        )


def relaxed_events(event: Event) -> Iterator[tuple[str, Event]]:
    """Every rule that can be relaxed by a step, in words, and the event with that."""
    if event.tables is not None:
        yield "one more table", event.model_copy(update={"tables": event.tables + 1})
    for side, many in (("company", "companies"), ("provider", "providers")):
        if any(one.side == side for one in event.participants):
            yield f"one more meeting for all {many}", _with_one_more(event, side)
    if event.fair:
        yield "not fair to the worst-served company", event.model_copy(update={"fair": False})
    if event.policy.mode != "neutral":
        policy = event.policy.model_copy(update={"mode": "neutral"})
        yield f"border policy neutral, not {event.policy.mode}", event.model_copy(update={"policy": policy})
    if event.policy.floor is not None:
        yield "no share across borders", event.model_copy(update={"policy": event.policy.model_copy(update={"floor": None})})
    if any(event.least_of(one) for one in event.participants):
        people = tuple(one.model_copy(update={"least": 0}) for one in event.participants)
        yield "no least number of meetings", event.model_copy(update={"participants": people})


def _with_one_more(event: Event, side: str) -> Event:
    def more(one: Participant) -> Participant:
        # Who wants none stays without.
        if one.side != side or event.most_of(one) == 0:
            return one
        changed: dict[str, Any] = {"most": min(MOST_SLOTS, event.most_of(one) + 1), "least": event.least_of(one)}
        return one.model_copy(update=changed)

    return event.model_copy(update={"participants": tuple(map(more, event.participants))})


def _two(meeting: Meeting) -> tuple[str, str]:
    return meeting.company_id, meeting.provider_id


def _best(pairing: Pairing, stays: str, others: Sequence[str], count: int) -> tuple[Alternate, ...]:
    places = [
        (other, place) for other in others if (place := pairing.place_of(stays, other)) is not None and pairing.allowed[place]
    ]
    places.sort(key=lambda one: (-pairing.value[one[1]], one[0]))
    return tuple(
        Alternate(participant_id=other, probability=float(pairing.probability[place]), value=float(pairing.value[place]))
        for other, place in places[:count]
    )
