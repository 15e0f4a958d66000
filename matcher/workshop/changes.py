"""By hand, and on the day: a draft is fixed, forbidden and swapped in part, and planned anew around what stays."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from embeddings.errors import Refusal, shown
from matcher.errors import PlanNotFound
from matcher.records import Record
from matcher.workshop.checker import check
from matcher.workshop.clock import Clock
from matcher.workshop.conflict_words import impossible
from matcher.workshop.conflicts import find_conflict
from matcher.workshop.event import Event, FixedMeeting
from matcher.workshop.given_up import lowered, lowered_in, told_of, with_least_of
from matcher.workshop.kept_tables import at_their_tables
from matcher.workshop.least_change import Nearest, nearest_meetings
from matcher.workshop.meetings import Meetings
from matcher.workshop.on_the_day import as_it_stands, slots_over
from matcher.workshop.pairing import Pairing
from matcher.workshop.plan import Meeting, Plan
from matcher.workshop.relaxation import Relaxation
from matcher.workshop.service import best_alone
from matcher.workshop.writing import written_plan

Pair = tuple[str, str]


class ChangeRefused(Refusal):
    """A change by hand that breaks a rule, or is about a meeting that there is not; `breaks` are the rules, in words."""

    def __init__(self, place: str, required: str, found: str, remedy: str, breaks: Sequence[str] = ()) -> None:
        super().__init__(place, required, found, remedy)
        self.breaks = tuple(breaks)


class Replanned(Record):
    """A plan made from another one, and what became of that."""

    event: Event
    """As it stands: what is over is fixed, and those who are absent have no more meetings."""
    plan: Plan
    kept: int
    """Meetings that stay: the same pair in the same slot."""
    lost: tuple[Meeting, ...]
    new: tuple[Meeting, ...]
    fewest_changes: bool
    """It is proven that no plan under the same rules keeps more of the meetings."""


def fixed(event: Event, company: str, provider: str, slot: str | None = None) -> Event:
    """The event with a meeting set by hand, in place of what was set for this pair before.

    Raises:
        ChangeRefused: an id or a slot that is none of the event's.
    """
    _check_pair(event, (company, provider))
    if slot is not None and slot not in {one.slot_id for one in event.slots}:
        raise ChangeRefused("slot to fix", "be one of the event's", shown(slot), "Correct the id.")
    meeting = FixedMeeting(company_id=company, provider_id=provider, slot_id=slot)
    free = _without(event, (company, provider))
    return free.model_copy(update={"fixed": (*free.fixed, meeting)})


def forbidden(event: Event, one: str, other: str) -> Event:
    """The event with a pair taken out by hand; a meeting that was fixed for it is fixed no more.

    Raises:
        ChangeRefused: an id that is none of the event's.
    """
    _check_pair(event, (one, other))
    free = _without(event, (one, other))
    return free.model_copy(update={"forbidden": (*free.forbidden, (one, other))})


def swap(
    event: Event,
    probabilities: NDArray[np.floating],
    plan: Plan,
    first: Pair,
    second: Pair,
    *,
    exchange: Literal["times", "partners"] = "times",
) -> Plan:
    """The plan with two meetings exchanged, if it breaks no rule that held before.

    Args:
        event: with the rules.
        probabilities: of a useful meeting, in the order of the participants.
        plan: with both meetings.
        first: two who meet.
        second: two others who meet.
        exchange: `times`: each meeting takes place when (and where) the other did. `partners`: the companies change places.

    Raises:
        ChangeRefused: the two are not both meetings of the plan, or the swap breaks a rule.
        Refusal: a plan of another event; probabilities of another shape.
    """
    _check_plan(event, plan)
    one, other = _meeting_of(plan, first), _meeting_of(plan, second)
    if one == other:
        raise ChangeRefused("swap", "be of two meetings", "one meeting twice", "Name another meeting.")
    if exchange == "times":
        changed = {"slot_id": other.slot_id, "table": other.table}, {"slot_id": one.slot_id, "table": one.table}
    else:
        changed = {"company_id": other.company_id}, {"company_id": one.company_id}
    swapped = [one.model_copy(update=changed[0]), other.model_copy(update=changed[1])]
    order = {slot.slot_id: place for place, slot in enumerate(event.slots)}
    meetings = [meeting for meeting in plan.meetings if meeting not in (one, other)] + swapped
    meetings.sort(key=lambda meeting: (order[meeting.slot_id], meeting.table))
    _check_rules(event, plan, meetings)
    pairing = Pairing.of(event, probabilities)
    draft = plan.model_copy(update={"meetings": tuple(meetings)})
    made = _written(pairing, _as_arrays(pairing, meetings), draft, Clock(60.0))
    return made.model_copy(update={"notes": tuple(dict.fromkeys((*made.notes, *plan.notes)))})


def replan(
    event: Event,
    probabilities: NDArray[np.floating],
    plan: Plan,
    *,
    from_slot: str | None = None,
    absent: Collection[str] = (),
    seconds: float = 30.0,
) -> Replanned:
    """A plan for the event as it stands now, that changes as few meetings as possible, then has the greatest value.

    Meetings of those who are present all stay, and only the gaps are filled, wherever the rules allow that: then no plan keeps
    more. Elsewhere a plan is looked for that keeps as many meetings in their slots as it can while none moves to another; if it
    loses more than must go to make room, also one that keeps as many pairs as it can at any time. The one with more meetings in
    their slots is taken. It is proven to change least if it loses only what must go, or if not even pairs at any time can be
    more; else fewer changes may be possible. Where there is no such plan, least numbers of meetings
    that cannot be had any more (and the share across borders) are given up, as told in the notes. The worst-served company is
    not served first here.

    Args:
        event: with the rules, as changed by hand if they were.
        probabilities: of a useful meeting, in the order of the participants.
        plan: so far.
        from_slot: first slot in which anything may change; `None`: all.
        absent: ids of those who do not come from then on.
        seconds: after which the best plan so far is given out.

    Raises:
        Refusal: ids that are none of the event's; a plan of another event; probabilities of another shape.
        PlanImpossible: rules that cannot all hold, such as a must that is forbidden.
        PlanNotFound: no plan was found, nor a proof that there is none.
    """
    clock = Clock(seconds)
    _check_plan(event, plan)
    over = slots_over(event, from_slot)
    now = as_it_stands(event, plan, over, absent)
    pairing = Pairing.of(now, probabilities)
    past = [meeting for meeting in plan.meetings if meeting.slot_id in over]
    open_ones = [meeting for meeting in plan.meetings if meeting.slot_id not in over]
    stays = [one for one in open_ones if _may_stay(pairing, one, absent)]
    been, before = _as_arrays(pairing, past), _as_arrays(pairing, stays)
    found = nearest_meetings(pairing, been, before, clock)
    if found is not None:
        return _replanned(pairing, found, plan, now, clock)
    less = lowered(now, [*past, *stays])
    pairing = Pairing.of(less, probabilities)
    found = nearest_meetings(pairing, been, before, clock)
    if found is None:
        if conflict := find_conflict(less, seconds=max(1.0, clock.left)):
            raise impossible(less, conflict)
        wanted = f"be planned anew within {seconds:g} seconds"
        raise PlanNotFound("event", wanted, "no plan", "Give it more time, or fewer rules.")
    # One by one, whoever can have as many meetings as was asked for does.
    for one in lowered_in(less, now):
        more = Pairing.of(with_least_of(less, now, one), probabilities)
        better = None if clock.is_up() else nearest_meetings(more, been, before, clock)
        if better is not None and better.kept_all >= found.kept_all:
            less, pairing, found = more.event, more, better
    return _replanned(pairing, found, plan, now, clock)


def _replanned(pairing: Pairing, found: Nearest, before: Plan, asked: Event, clock: Clock) -> Replanned:
    made = _written(pairing, found.meetings, before, clock)
    had, has = ({_key(one) for one in plan.meetings} for plan in (before, made))
    return Replanned(
        event=pairing.event,
        plan=made.model_copy(update={"notes": (*made.notes, *told_of(asked, made))}),
        kept=len(had & has),
        lost=tuple(one for one in before.meetings if _key(one) not in has),
        new=tuple(one for one in made.meetings if _key(one) not in had),
        fewest_changes=found.fewest_changes,
    )


def _written(pairing: Pairing, meetings: Meetings, tables_of: Plan, clock: Clock) -> Plan:
    """A plan whose bounds hold for all plans of the event, those that change more included."""
    relaxed = Relaxation(pairing, clock)
    bound, served = relaxed.total(), pairing.served
    worst = relaxed.worst(float(best_alone(pairing)[served].min())) if pairing.event.fair and served.any() else 0.0
    return at_their_tables(written_plan(pairing, meetings, bound, worst, clock), tables_of)


def _may_stay(pairing: Pairing, meeting: Meeting, absent: Collection[str]) -> bool:
    place = pairing.place_of(meeting.company_id, meeting.provider_id)
    if place is None or {meeting.company_id, meeting.provider_id} & {*absent} or not pairing.allowed[place]:
        return False
    slot = [one.slot_id for one in pairing.event.slots].index(meeting.slot_id)
    there = pairing.present[[place[0], place[1] + pairing.first_column], slot].all()
    return bool(there) and pairing.fixed.get(place) in (None, slot)


def _as_arrays(pairing: Pairing, meetings: Sequence[Meeting]) -> Meetings:
    slots = {slot.slot_id: place for place, slot in enumerate(pairing.event.slots)}
    placed = [(pairing.place_of(one.company_id, one.provider_id), slots[one.slot_id]) for one in meetings]
    return Meetings.of((*place, slot) for place, slot in placed if place is not None)


def _check_rules(event: Event, before: Plan, meetings: Sequence[Meeting]) -> None:
    country = {one.participant_id: one.country for one in event.participants}
    wished = {frozenset((wish.of, wish.about)) for wish in event.wishes if wish.level != "no"}
    set_by_hand = {frozenset((one.company_id, one.provider_id)) for one in event.fixed}
    told = tuple(
        one.model_copy(
            update={
                "cross_border": country[one.company_id] != country[one.provider_id],
                "wished": frozenset((one.company_id, one.provider_id)) in wished,
                "fixed": frozenset((one.company_id, one.provider_id)) in set_by_hand,
            }
        )
        for one in meetings
    )
    # Figures follow from the meetings and are made anew: only rules count here.
    held = {*check(event, before)}
    after = before.model_copy(update={"meetings": told, "quality": before.quality.model_copy(update={"worst_served": 0.0})})
    broken = [one for one in check(event, after) if one not in held and not one.startswith(("the plan says", "the value"))]
    if broken:
        raise ChangeRefused("swap", "break no rule of the event", "; ".join(broken), "Swap others.", broken)


def _meeting_of(plan: Plan, pair: Pair) -> Meeting:
    found = next((one for one in plan.meetings if {one.company_id, one.provider_id} == {*pair}), None)
    if found is None:
        raise ChangeRefused("meeting to swap", "be in the plan", " and ".join(map(shown, pair)), "Name two who meet.")
    return found


def _check_plan(event: Event, plan: Plan) -> None:
    known = {one.participant_id for one in event.participants} | {slot.slot_id for slot in event.slots}
    for meeting in plan.meetings:
        for one in (meeting.company_id, meeting.provider_id, meeting.slot_id):
            if one not in known:
                raise Refusal("plan", "be of the event", f"a meeting with {shown(one)}", "Give the event that it was made for.")


def _check_pair(event: Event, pair: Pair) -> None:
    known = {one.participant_id for one in event.participants}
    for one in pair:
        if one not in known:
            raise ChangeRefused("participant to fix or forbid", "be one of the event's", shown(one), "Correct the id.")


def _without(event: Event, pair: Pair) -> Event:
    """The event in which nothing was decided by hand for the pair."""
    return event.model_copy(
        update={
            "fixed": tuple(one for one in event.fixed if {one.company_id, one.provider_id} != {*pair}),
            "forbidden": tuple(one for one in event.forbidden if {*one} != {*pair}),
        }
    )


def _key(meeting: Meeting) -> tuple[frozenset[str], str]:
    return frozenset((meeting.company_id, meeting.provider_id)), meeting.slot_id
