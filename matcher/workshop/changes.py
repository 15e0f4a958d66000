"""By hand, and on the day: a draft is fixed, forbidden and swapped in part, and planned anew around what stays."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from embeddings.errors import shown
from matcher.errors import PlanNotFound
from matcher.records import Record
from matcher.workshop.change_rules import ChangeRefused, Pair, as_told, check_plan, check_rules, in_order, meeting_of
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
    free = freed(event, company, provider)
    return free.model_copy(update={"fixed": (*free.fixed, meeting)})


def forbidden(event: Event, one: str, other: str) -> Event:
    """The event with a pair taken out by hand; a meeting that was fixed for it is fixed no more.

    Raises:
        ChangeRefused: an id that is none of the event's.
    """
    free = freed(event, one, other)
    return free.model_copy(update={"forbidden": (*free.forbidden, (one, other))})


def freed(event: Event, one: str, other: str) -> Event:
    """The event in which nothing was decided by hand for the pair: neither fixed nor forbidden.

    Raises:
        ChangeRefused: an id that is none of the event's.
    """
    _check_pair(event, (one, other))
    return event.model_copy(
        update={
            "fixed": tuple(meeting for meeting in event.fixed if {meeting.company_id, meeting.provider_id} != {one, other}),
            "forbidden": tuple(pair for pair in event.forbidden if {*pair} != {one, other}),
        }
    )


def held(event: Event, plan: Plan, pair: Pair) -> Event:
    """The event with a meeting of the plan fixed at the time that it has.

    Raises:
        ChangeRefused: the two do not meet.
    """
    one = meeting_of(plan, pair, "fix")
    return fixed(event, one.company_id, one.provider_id, one.slot_id)


def marked(event: Event, plan: Plan) -> Plan:
    """The plan with its meetings marked as fixed or not, as the event says; none of them changes."""
    return plan.model_copy(update={"meetings": as_told(event, plan.meetings)})


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
    check_plan(event, plan)
    one, other = (meeting_of(plan, pair, "swap") for pair in (first, second))
    if one == other:
        raise ChangeRefused("swap", "be of two meetings", "one meeting twice", "Name another meeting.")
    if exchange == "times":
        changed = {"slot_id": other.slot_id, "table": other.table}, {"slot_id": one.slot_id, "table": one.table}
    else:
        changed = {"company_id": other.company_id}, {"company_id": one.company_id}
    swapped = [one.model_copy(update=changed[0]), other.model_copy(update=changed[1])]
    meetings = in_order(event, [meeting for meeting in plan.meetings if meeting not in (one, other)] + swapped)
    check_rules(event, plan, meetings, "swap", "Swap others.")
    if exchange == "times":
        # Who meets whom is as before: so are the figures, and the bounds hold for all plans of the event.
        return plan.model_copy(update={"meetings": tuple(meetings)})
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
    check_plan(event, plan)
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


def _check_pair(event: Event, pair: Pair) -> None:
    known = {one.participant_id for one in event.participants}
    for one in pair:
        if one not in known:
            raise ChangeRefused("participant to fix or forbid", "be one of the event's", shown(one), "Correct the id.")


def _key(meeting: Meeting) -> tuple[frozenset[str], str]:
    return frozenset((meeting.company_id, meeting.provider_id)), meeting.slot_id
