from __future__ import annotations

from typing import Any

import pytest

from matcher.workshop.checker import check
from matcher.workshop.event import Event
from matcher.workshop.plan import Meeting, Plan, Quality
from tests.unit.matcher.workshop.small_events import event, fixed, people, person, wish


def meeting(company: str, provider: str, slot: str = "s1", table: int = 1, **told: Any) -> Meeting:
    values = {"probability": 0.5, "value": 0.5, "cross_border": False, "wished": False, **told}
    return Meeting(company_id=company, provider_id=provider, slot_id=slot, table=table, **values)


def plan_of(*meetings: Meeting, **told: Any) -> Plan:
    value = sum(one.value for one in meetings)
    figures = {
        "meetings": len(meetings),
        "cross_border": sum(one.cross_border for one in meetings),
        "useful": sum(one.probability for one in meetings),
        "value": value,
        "bound": value,
        "gap": 0.0,
        "worst_served": 0.0,
        "worst_served_bound": 0.0,
        "largest_provider_load": 0,
        "seconds": 0.0,
        "proven": "optimal",
        **told,
    }
    return Plan(event="small", meetings=meetings, quality=Quality.model_validate(figures))


SOUND = plan_of(meeting("c1", "p1"), meeting("c2", "p2", table=2), meeting("c1", "p2", "s2"))


def test_a_sound_plan_breaks_nothing() -> None:
    assert check(event(people(2, 2), tables=2), SOUND) == []


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"wishes": [wish("p1", "c1", "no")]}, "c1 and p1: one of them said no"),
        ({"forbidden": [("p1", "c1")]}, "c1 and p1: the organiser took the pair out"),
        ({"known": [("p1", "c1")]}, "c1 and p1: they know each other already, and neither wishes to meet"),
        ({"wishes": [wish("c2", "p1", "must")]}, "c2 must meet p1, but does not"),
        ({"fixed": [fixed("c2", "p1")]}, "the meeting of c2 and p1 is fixed, but does not take place"),
        ({"loads": {"company_most": 1}}, "c1 has 2 meetings, but 1 at most are allowed"),
        ({"loads": {"provider_most": 1}}, "p2 has 2 meetings, but 1 at most are allowed"),
        ({"loads": {"company_least": 2}}, "c2 has 1 meetings, but at least 2 are asked for"),
        ({"loads": {"provider_least": 2}}, "p1 has 1 meetings, but at least 2 are asked for"),
        ({"tables": 1}, "slot s1 has a meeting at table 2, but there are 1 tables"),
        ({"policy": {"floor": {"at_least": 1, "of_first": 3}}}, "0 of 3 meetings cross a border, but 1 of 3 are asked for"),
        ({"policy": {"mode": "require"}}, "c1 and p1: both are in NL, and the border policy is 'require'"),
        ({"participants": people(2, 2, c1={"slots": ["s1"]})}, "c1 and p2 in slot s2: c1 is not there then"),
        ({"participants": people(2, 2, c1={"group": "g"}, p1={"group": "g"})}, "c1 and p1: both are of the group g"),
        (
            {"participants": people(2, 2, c1={"languages": ["fr"]}, p1={"languages": ["de"]})},
            "c1 and p1: they share no language",
        ),
        ({"participants": people(2, 2, c2={"least": 2})}, "c2 has 1 meetings, but at least 2 are asked for"),
        ({"participants": people(2, 2, c1={"most": 1})}, "c1 has 2 meetings, but 1 at most are allowed"),
        ({"participants": [*people(2, 2)[:3], person("p2", "DE")]}, "c2 and p2: cross_border is wrong"),
        ({"wishes": [wish("p1", "c1")]}, "c1 and p1: wished is wrong"),
    ],
)
def test_a_broken_rule_is_told(told: dict[str, Any], said: str) -> None:
    made = Event.model_validate({**event(people(2, 2)).model_dump(), **told})
    assert said in check(made, SOUND)


@pytest.mark.parametrize(
    ("meetings", "said"),
    [
        ([meeting("c1", "p1"), meeting("c1", "p2", table=2)], "c1 has 2 meetings in slot s1"),
        ([meeting("c1", "p1"), meeting("c1", "p1", "s2")], "c1 and p1 meet 2 times"),
        ([meeting("c1", "p1"), meeting("c2", "p2")], "2 meetings in slot s1 are at table 1"),
        ([meeting("c1", "p1", table=0)], "slot s1 has a meeting at table 0, but the first is table 1"),
        ([meeting("c1", "p1", "s2"), meeting("c2", "p2", "s1")], "the meetings are not in order of slot and table"),
        ([meeting("c1", "c2")], "c1 and c2: the sides are wrong for this kind of event"),
        ([meeting("p1", "c1")], "p1 and c1: the sides are wrong for this kind of event"),
        ([meeting("c1", "p9")], "c1 and p9: nobody knows p9"),
        ([meeting("c1", "p1", "s9")], "c1 and p1: nobody knows s9"),
        ([meeting("c1", "p1", fixed=True)], "c1 and p1: fixed is wrong"),
    ],
)
def test_meetings_that_cannot_be_are_told(meetings: list[Meeting], said: str) -> None:
    assert said in check(event(people(2, 2)), plan_of(*meetings))


def test_a_fixed_meeting_in_another_slot_is_told() -> None:
    made = event(people(1, 1), fixed=[fixed("c1", "p1", "s2")])
    said = "the meeting of c1 and p1 is fixed in slot s2, but is in another"
    assert check(made, plan_of(meeting("c1", "p1", fixed=True))) == [said]


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"meetings": 4}, "the plan says meetings is 4, but it is 3"),
        ({"cross_border": 1}, "the plan says cross_border is 1, but it is 0"),
        ({"value": 1.75}, "the plan says value is 1.75, but it is 1.5"),
        ({"bound": 1.0}, "the value 1.5 exceeds its bound 1.0"),
        ({"useful": 2.0}, "the plan says 2.0 meetings are useful, but its meetings add up to something else"),
        (
            {"worst_served": 0.75, "worst_served_bound": 0.75},
            "the plan says nobody is served less than 0.75, but c2 are",
        ),
        ({"worst_served": 0.5}, "the worst-served company's 0.5 exceeds its bound 0.0"),
    ],
)
def test_figures_that_do_not_follow_from_the_meetings_are_told(told: dict[str, Any], said: str) -> None:
    assert said in check(event(people(2, 2)), plan_of(*SOUND.meetings, **told))


def test_one_company_twice_is_told() -> None:
    made = event(["c1", "c2"], kind="company to company")
    assert "c1 and c1: one participant twice" in check(made, plan_of(meeting("c1", "c1")))


def test_a_wish_makes_up_for_knowing_each_other() -> None:
    made = event(people(2, 2), known=[("c1", "p1"), ("c2", "p2")], wishes=[wish("p1", "c1")], fixed=[fixed("c2", "p2")])
    first, second, third = SOUND.meetings
    meetings = [first.model_copy(update={"wished": True}), second.model_copy(update={"fixed": True}), third]
    assert check(made, plan_of(*meetings)) == []
