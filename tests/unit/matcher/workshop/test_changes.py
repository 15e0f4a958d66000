"""By hand, and on the day."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest

from embeddings.errors import Refusal
from matcher.errors import PlanImpossible
from matcher.records import BorderPolicy
from matcher.workshop.change_rules import ChangeRefused
from matcher.workshop.changes import Replanned, fixed, forbidden, replan, swap
from matcher.workshop.checker import check
from matcher.workshop.event import Event, FixedMeeting, Loads, Participant, Slot, Wish
from matcher.workshop.plan import Plan
from matcher.workshop.planning import plan_workshop

START = dt.datetime(2027, 3, 11, 9, 0, tzinfo=dt.UTC)
SLOTS = tuple(
    Slot(slot_id=f"s{n + 1}", starts=START + dt.timedelta(minutes=30 * n), ends=START + dt.timedelta(minutes=30 * n + 25))
    for n in range(4)
)
CHANCES = np.array([[0.9, 0.5, 0.4, 0.1], [0.4, 0.8, 0.3, 0.2], [0.2, 0.3, 0.7, 0.6], [0.5, 0.1, 0.2, 0.8]])


def event(**changed: Any) -> Event:
    """Four companies of NL, four providers of BE, four slots, two meetings for each at most."""
    companies = [Participant(participant_id=f"c{n}", side="company", name=f"Company {n}", country="NL") for n in range(1, 5)]
    providers = [Participant(participant_id=f"p{n}", side="provider", name=f"Provider {n}", country="BE") for n in range(1, 5)]
    told: dict[str, Any] = {
        "name": "Lung day",
        "slots": SLOTS,
        "loads": Loads(company_most=2, provider_most=2),
        "participants": (*companies, *providers),
        "fair": False,
        **changed,
    }
    return Event(**told)


def planned(told: Event) -> Plan:
    return plan_workshop(told, CHANCES, seconds=20)


def pairs(plan: Plan) -> set[tuple[str, str]]:
    return {(one.company_id, one.provider_id) for one in plan.meetings}


def meetings(plan: Plan) -> set[tuple[str, str, str, int]]:
    return {(one.company_id, one.provider_id, one.slot_id, one.table) for one in plan.meetings}


def checked(made: Replanned) -> Replanned:
    assert check(made.event, made.plan) == []
    return made


def test_what_is_fixed_by_hand_comes_and_few_others_change() -> None:
    draft = planned(event())
    assert ("c1", "p4") not in pairs(draft)
    changed = fixed(event(), "c1", "p4", "s2")
    made = checked(replan(changed, CHANCES, draft))
    assert ("c1", "p4", "s2") in {one[:3] for one in meetings(made.plan)}
    assert made.fewest_changes
    # Both were full, and may be busy in the slot: two meetings make room at least, four at most.
    assert 2 <= len(made.lost) <= 4
    assert made.kept == len(draft.meetings) - len(made.lost)


def test_what_is_fixed_again_replaces_what_was_fixed_or_forbidden() -> None:
    once = forbidden(event(), "c1", "p1")
    again = fixed(fixed(once, "c1", "p1"), "c1", "p1", "s3")
    assert again.forbidden == ()
    assert again.fixed == (FixedMeeting(company_id="c1", provider_id="p1", slot_id="s3"),)
    assert forbidden(again, "p1", "c1").fixed == ()


def test_a_forbidden_pair_goes_and_all_others_stay() -> None:
    draft = planned(event())
    made = checked(replan(forbidden(event(), "c1", "p1"), CHANCES, draft))
    assert [(one.company_id, one.provider_id) for one in made.lost] == [("c1", "p1")]
    assert meetings(made.plan) >= {one for one in meetings(draft) if one[:2] != ("c1", "p1")}
    assert made.fewest_changes


def test_the_event_given_is_left_as_it_was() -> None:
    told = event()
    fixed(told, "c1", "p1")
    forbidden(told, "c1", "p1")
    replan(told, CHANCES, planned(told), absent=["c1"])
    assert told == event()


@pytest.mark.parametrize("change", [lambda: fixed(event(), "c1", "zoe"), lambda: forbidden(event(), "zoe", "p1")])
def test_an_unknown_participant_is_refused(change: Any) -> None:
    with pytest.raises(ChangeRefused, match="zoe"):
        change()


def test_an_unknown_slot_or_absent_one_is_refused() -> None:
    draft = planned(event())
    with pytest.raises(ChangeRefused, match="s9"):
        fixed(event(), "c1", "p1", "s9")
    with pytest.raises(Refusal, match="s9"):
        replan(event(), CHANCES, draft, from_slot="s9")
    with pytest.raises(Refusal, match="zoe"):
        replan(event(), CHANCES, draft, absent=["zoe"])


def test_a_must_that_is_forbidden_is_told_as_impossible() -> None:
    told = event(wishes=(Wish(of="c1", about="p1", level="must"),))
    with pytest.raises(PlanImpossible):
        replan(forbidden(told, "c1", "p1"), CHANCES, planned(told))


def test_rules_that_cannot_all_hold_are_named() -> None:
    both = fixed(fixed(event(), "c1", "p3", "s1"), "c1", "p4", "s2")
    with pytest.raises(PlanImpossible, match="has at most 2 meetings"):
        replan(fixed(both, "c1", "p2", "s3"), CHANCES, planned(event()))


def test_a_plan_of_another_event_is_refused() -> None:
    draft = planned(event())
    with pytest.raises(Refusal, match="'s4'"):
        replan(event(slots=SLOTS[:3]), CHANCES, draft)
    with pytest.raises(Refusal, match="'s4'"):
        swap(event(slots=SLOTS[:3]), CHANCES, draft, ("c1", "p1"), ("c2", "p2"))


def test_whoever_does_not_come_has_no_meetings_and_the_others_keep_theirs() -> None:
    draft = planned(event())
    made = checked(replan(event(), CHANCES, draft, absent=["p1"]))
    assert not any("p1" in pair for pair in pairs(made.plan))
    assert meetings(made.plan) >= {one for one in meetings(draft) if one[1] != "p1"}
    assert {one.provider_id for one in made.lost} == {"p1"}
    assert made.fewest_changes


def test_what_is_over_stays_even_for_whoever_leaves() -> None:
    draft = planned(event())
    made = checked(replan(event(), CHANCES, draft, from_slot="s3", absent=["p1", "c2"]))
    past = {one for one in meetings(draft) if one[2] in ("s1", "s2")}
    assert {one for one in meetings(made.plan) if one[2] in ("s1", "s2")} == past
    assert not any({"p1", "c2"} & {*one[:2]} for one in meetings(made.plan) if one[2] in ("s3", "s4"))


def test_a_second_change_on_the_day_builds_on_the_first() -> None:
    draft = planned(event())
    first = checked(replan(event(), CHANCES, draft, from_slot="s2", absent=["p1"]))
    second = checked(replan(first.event, CHANCES, first.plan, from_slot="s3", absent=["c3"]))
    assert not any("p1" in (one.company_id, one.provider_id) for one in second.new)
    assert {one for one in meetings(second.plan) if one[2] < "s3"} == {one for one in meetings(first.plan) if one[2] < "s3"}


def test_when_all_is_over_nothing_changes() -> None:
    draft = planned(
        event(participants=(*event().participants[:-1], event().participants[-1].model_copy(update={"slots": ("s1",)})))
    )
    made = replan(event(), CHANCES, draft, from_slot="s4", absent=["c1", "c2", "c3", "c4"])
    assert meetings(made.plan) == {one for one in meetings(draft) if one[2] != "s4"}
    assert made.new == ()


def test_a_least_number_that_cannot_be_had_is_given_up_and_told() -> None:
    told = event(loads=Loads(company_least=2, company_most=2, provider_most=2))
    made = checked(replan(told, CHANCES, planned(told), absent=["p1", "p2"]))
    # Two providers with two meetings each are left for four companies that were to have two each.
    short = [note for note in made.plan.notes if "was to have at least 2 meetings" in note]
    assert len(made.plan.meetings) == 4
    assert len(short) >= 2
    one, other = (two for two in made.plan.meetings[:2])
    swapped = swap(
        made.event,
        CHANCES,
        made.plan,
        (one.company_id, one.provider_id),
        (other.company_id, other.provider_id),
        exchange="times",
    )
    assert {*short} <= {*swapped.notes}


def test_a_least_number_that_can_be_had_is_kept_to_though_meetings_move() -> None:
    told = event(loads=Loads(company_least=1, company_most=2, provider_most=2))
    made = checked(replan(told, CHANCES, planned(told), absent=["p4"]))
    assert {company for company, _ in pairs(made.plan)} == {"c1", "c2", "c3", "c4"}
    assert not any("was to have" in note for note in made.plan.notes)


@pytest.mark.parametrize("slot", ["s1", "s2", "s3", "s4"])
def test_no_more_is_lost_than_must_be_for_a_meeting_that_is_fixed(slot: str) -> None:
    draft = planned(event())
    made = checked(replan(fixed(event(), "c2", "p4", slot), CHANCES, draft))
    must_go = set()
    for person in ("c2", "p4"):
        own = [one for one in draft.meetings if person in (one.company_id, one.provider_id)]
        then = [one for one in own if one.slot_id == slot]
        # Who is busy then gives that meeting up; who is not, but full, any one of its meetings.
        must_go |= {one.company_id + one.provider_id for one in then} or ({person} if len(own) == 2 else set())
    assert len(made.lost) == len(must_go)
    assert made.fewest_changes


def test_times_are_swapped_where_both_have_time() -> None:
    told = event(
        fixed=(
            FixedMeeting(company_id="c1", provider_id="p1"),
            FixedMeeting(company_id="c2", provider_id="p2"),
        ),
        loads=Loads(company_most=1, provider_most=1),
        tables=1,
    )
    draft = planned(told)
    before = {(one.company_id, one.provider_id): (one.slot_id, one.table) for one in draft.meetings}
    made = swap(told, CHANCES, draft, ("c1", "p1"), ("p2", "c2"))
    after = {(one.company_id, one.provider_id): (one.slot_id, one.table) for one in made.meetings}
    assert check(told, made) == []
    assert after[("c1", "p1")] == before[("c2", "p2")]
    assert after[("c2", "p2")] == before[("c1", "p1")]
    assert made.quality.value == draft.quality.value


def test_partners_are_swapped_and_the_plan_says_what_it_is_worth_now() -> None:
    told = event(loads=Loads(company_most=1, provider_most=1))
    draft = planned(told)
    assert {("c1", "p1"), ("c2", "p2")} <= pairs(draft)
    made = swap(told, CHANCES, draft, ("c1", "p1"), ("c2", "p2"), exchange="partners")
    assert {("c1", "p2"), ("c2", "p1")} <= pairs(made)
    assert check(told, made) == []
    assert made.quality.value < draft.quality.value
    assert made.quality.bound >= draft.quality.value


def test_a_swap_that_breaks_a_rule_is_refused_in_words() -> None:
    told = event(loads=Loads(company_most=1, provider_most=1), wishes=(Wish(of="c1", about="p2", level="no"),))
    draft = planned(told)
    with pytest.raises(ChangeRefused, match="one of them said no") as caught:
        swap(told, CHANCES, draft, ("c1", "p1"), ("c2", "p2"), exchange="partners")
    assert caught.value.breaks == ("c1 and p2: one of them said no",)


def test_a_swap_of_a_meeting_that_is_not_there_is_refused() -> None:
    draft = planned(event())
    with pytest.raises(ChangeRefused, match="be in the plan"):
        swap(event(), CHANCES, draft, ("c1", "p1"), ("c1", "c2"))
    with pytest.raises(ChangeRefused, match="one meeting twice"):
        swap(event(), CHANCES, draft, ("c1", "p1"), ("p1", "c1"))


def test_companies_among_themselves_are_planned_anew_too() -> None:
    companies = tuple(
        Participant(participant_id=f"c{n}", side="company", name=f"Company {n}", country="NL") for n in range(1, 7)
    )
    told = event(kind="company to company", participants=companies, policy=BorderPolicy(mode="neutral"))
    chances = np.round((CHANCES.sum() * np.add.outer(np.arange(6), np.arange(6)) % 1.0), 3)
    draft = plan_workshop(told, chances, seconds=20)
    made = checked(replan(told, chances, draft, from_slot="s2", absent=["c3"]))
    assert made.fewest_changes
    assert all("c3" in (one.company_id, one.provider_id) for one in made.lost)
