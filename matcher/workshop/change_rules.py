"""What a change by hand is held to: two who meet, a plan of the event, and no rule broken that held before."""

from __future__ import annotations

from collections.abc import Sequence

from embeddings.errors import Refusal, shown
from matcher.workshop.checker import check
from matcher.workshop.event import Event
from matcher.workshop.plan import Meeting, Plan

Pair = tuple[str, str]


class ChangeRefused(Refusal):
    """A change by hand that breaks a rule, or is about a meeting that there is not; `breaks` are the rules, in words."""

    def __init__(self, place: str, required: str, found: str, remedy: str, breaks: Sequence[str] = ()) -> None:
        super().__init__(place, required, found, remedy)
        self.breaks = tuple(breaks)


def in_order(event: Event, meetings: Sequence[Meeting]) -> list[Meeting]:
    """By slot, then table."""
    order = {slot.slot_id: place for place, slot in enumerate(event.slots)}
    return sorted(meetings, key=lambda meeting: (order[meeting.slot_id], meeting.table))


def as_told(event: Event, meetings: Sequence[Meeting]) -> tuple[Meeting, ...]:
    """The meetings marked as the event says: across a border, wished, fixed."""
    country = {one.participant_id: one.country for one in event.participants}
    wished = {frozenset((wish.of, wish.about)) for wish in event.wishes if wish.level != "no"}
    set_by_hand = {frozenset((one.company_id, one.provider_id)) for one in event.fixed}
    return tuple(
        one.model_copy(
            update={
                "cross_border": country[one.company_id] != country[one.provider_id],
                "wished": frozenset((one.company_id, one.provider_id)) in wished,
                "fixed": frozenset((one.company_id, one.provider_id)) in set_by_hand,
            }
        )
        for one in meetings
    )


def check_rules(event: Event, before: Plan, meetings: Sequence[Meeting], what: str, remedy: str) -> None:
    """Return if the meetings break no rule that the plan before held.

    Args:
        event: with the rules.
        before: the plan as it stands.
        meetings: of the plan to be, in order.
        what: the change, in words.
        remedy: what else can be done.

    Raises:
        ChangeRefused: they do; `breaks` says which.
    """
    told = as_told(event, meetings)
    # Figures follow from the meetings and are made anew: only rules count here.
    held = {*check(event, before)}
    after = before.model_copy(update={"meetings": told, "quality": before.quality.model_copy(update={"worst_served": 0.0})})
    broken = [one for one in check(event, after) if one not in held and not one.startswith(("the plan says", "the value"))]
    if broken:
        raise ChangeRefused(what, "break no rule of the event", "; ".join(broken), remedy, broken)


def meeting_of(plan: Plan, pair: Pair, what: str) -> Meeting:
    """The meeting of two in the plan.

    Raises:
        ChangeRefused: they do not meet; `what` is the change, in words.
    """
    found = next((one for one in plan.meetings if {one.company_id, one.provider_id} == {*pair}), None)
    if found is None:
        raise ChangeRefused(f"meeting to {what}", "be in the plan", " and ".join(map(shown, pair)), "Name two who meet.")
    return found


def check_plan(event: Event, plan: Plan) -> None:
    """Return if the plan is one of the event.

    Raises:
        Refusal: it has meetings of others, or in other slots.
    """
    known = {one.participant_id for one in event.participants} | {slot.slot_id for slot in event.slots}
    for meeting in plan.meetings:
        for one in (meeting.company_id, meeting.provider_id, meeting.slot_id):
            if one not in known:
                raise Refusal("plan", "be of the event", f"a meeting with {shown(one)}", "Give the event that it was made for.")
