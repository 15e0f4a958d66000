from __future__ import annotations

import numpy as np
import pytest

from benchmarks.made_events import EVERYTHING, Shape
from embeddings.errors import Refusal
from matcher.errors import PlanImpossible
from matcher.workshop.baselines import greedy_plan
from matcher.workshop.checker import check
from matcher.workshop.event import Loads
from matcher.workshop.planning import plan_workshop
from matcher.workshop.rules import Rule
from tests.unit.matcher.workshop.small_events import ALL_MAY, chances, event, fixed, people, person, wish

FORTY = Shape(40, 60, tables=14, loads=Loads(company_least=2, company_most=6, provider_least=1, provider_most=6), **EVERYTHING)
NEUTRAL = {"mode": "neutral"}


def test_with_everything_on_the_plan_is_proven_to_be_the_best() -> None:
    made, probabilities = FORTY.event(0)
    plan = plan_workshop(made, probabilities)
    assert check(made, plan) == []
    assert (plan.quality.proven, plan.quality.gap, plan.quality.stopped) == ("optimal", 0.0, False)
    assert plan.quality.worst_served == plan.quality.worst_served_bound
    assert plan.quality.value > greedy_plan(made, probabilities).quality.value


def test_the_same_event_gives_the_same_plan_with_everything_on() -> None:
    made, probabilities = FORTY.event(1)
    first, second = (plan_workshop(made, probabilities) for _ in range(2))
    assert first.meetings == second.meetings
    assert first.quality.model_copy(update={"seconds": 0.0}) == second.quality.model_copy(update={"seconds": 0.0})


def test_a_large_event_with_people_who_come_late_is_planned_within_one_percent_of_a_bound() -> None:
    shape = Shape(200, 120, tables=60, loads=Loads(company_least=1, provider_least=1), part_of_day=0.4, wishes=0.5)
    made, probabilities = shape.event(0)
    plan = plan_workshop(made, probabilities)
    assert check(made, plan) == []
    assert plan.quality.gap < 0.01
    assert plan.quality.worst_served > 0.99 * plan.quality.worst_served_bound


def test_companies_among_themselves_are_planned() -> None:
    shape = Shape(60, 0, slots=8, tables=25, kind="company to company", part_of_day=0.3, wishes=0.5, fair=True)
    made, probabilities = shape.event(0)
    plan = plan_workshop(made, probabilities)
    assert check(made, plan) == []
    assert plan.quality.proven == "optimal"


def test_when_time_is_up_the_best_plan_so_far_comes_with_its_gap() -> None:
    made, probabilities = FORTY.event(0)
    plan = plan_workshop(made, probabilities, seconds=0.0)
    assert check(made, plan) == []
    assert plan.quality.stopped
    assert plan.quality.value <= plan.quality.bound
    assert plan.quality.proven == "bound"


def test_the_worst_served_company_comes_before_the_total() -> None:
    made = event(people(2, 2), slot_count=2, loads={"company_most": 1, "provider_most": 1}, policy=NEUTRAL)
    probabilities = np.array([[0.75, 0.25], [0.5, 0.125]])
    fair = plan_workshop(made, probabilities)
    assert {(one.company_id, one.provider_id) for one in fair.meetings} == {("c1", "p2"), ("c2", "p1")}
    assert (fair.quality.worst_served, fair.quality.value) == (0.25, 0.75)
    unfair = plan_workshop(made.model_copy(update={"fair": False}), probabilities)
    assert (unfair.quality.worst_served, unfair.quality.value) == (0.125, 0.875)


def test_a_company_that_nobody_may_meet_does_not_keep_the_others_from_being_served_fairly() -> None:
    made = event(
        people(3, 2),
        slot_count=2,
        loads={"company_most": 1, "provider_most": 1},
        policy=NEUTRAL,
        forbidden=[("c3", "p1"), ("c3", "p2")],
    )
    plan = plan_workshop(made, np.array([[0.75, 0.25], [0.5, 0.125], [0.5, 0.5]]))
    assert plan.quality.worst_served == 0.25
    assert plan.notes == ("1 company cannot be served, as there is nobody they may meet: c3.",)


def test_three_companies_cannot_all_meet_in_two_slots() -> None:
    made = event(["c1", "c2", "c3"], slot_count=2, kind="company to company", fair=False, policy=NEUTRAL)
    probabilities = np.array([[0, 0.5, 0.25], [0.5, 0, 0.125], [0.25, 0.125, 0]])
    plan = plan_workshop(made, probabilities)
    assert check(made, plan) == []
    assert (plan.quality.value, plan.quality.bound, plan.quality.proven) == (0.75, 0.75, "optimal")


def test_who_comes_late_costs_something_and_the_plan_is_still_proven() -> None:
    # Both companies would rather meet both providers, but have one slot in common with either.
    made = event(
        people(2, 2, c1={"slots": ["s1"]}, c2={"slots": ["s1", "s2"]}, p1={"slots": ["s1"]}, p2={"slots": ["s1"]}),
        slot_count=2,
        policy=NEUTRAL,
        fair=False,
    )
    plan = plan_workshop(made, np.array([[0.75, 0.5], [0.5, 0.125]]))
    assert check(made, plan) == []
    assert (plan.quality.value, plan.quality.bound, plan.quality.proven) == (1.0, 1.0, "optimal")


def test_what_is_fixed_and_what_must_be_is_in_the_plan() -> None:
    made = event(
        people(3, 3),
        loads=ALL_MAY,
        fixed=[fixed("c1", "p2", "s4"), fixed("c2", "p2")],
        wishes=[wish("p3", "c3", "must"), wish("c1", "p1")],
    )
    plan = plan_workshop(made, chances(made))
    assert check(made, plan) == []
    told = {(one.company_id, one.provider_id): one for one in plan.meetings}
    assert (told["c1", "p2"].slot_id, told["c1", "p2"].fixed, told["c1", "p1"].fixed) == ("s4", True, False)
    assert told["c2", "p2"].fixed
    assert told["c3", "p3"].wished
    assert told["c1", "p1"].wished
    assert not told["c1", "p3"].wished


@pytest.mark.parametrize(("at_least", "abroad", "all_of_them"), [(1, 1, 4), (2, 1, 2), (4, 1, 1)])
def test_a_share_across_borders_leaves_meetings_out_where_there_are_too_few_abroad(
    at_least: int, abroad: int, all_of_them: int
) -> None:
    made = event(
        [person("c1"), person("p1", "DE"), *people(0, 4)[1:]],
        loads=ALL_MAY,
        policy={"floor": {"at_least": at_least, "of_first": 4}},
    )
    quality = plan_workshop(made, chances(made)).quality
    assert (quality.cross_border, quality.meetings, quality.proven) == (abroad, all_of_them, "optimal")


def test_with_require_only_meetings_abroad_take_place() -> None:
    made = event([*people(2, 2), person("p3", "DE")], policy={"mode": "require"})
    plan = plan_workshop(made, chances(made))
    assert {one.provider_id for one in plan.meetings} == {"p3"}


def test_rules_that_cannot_all_hold_are_named() -> None:
    made = event(people(3, 3), tables=1, slot_count=4, loads={"company_least": 2})
    with pytest.raises(PlanImpossible) as refused:
        plan_workshop(made, chances(made))
    assert set(refused.value.rules) == {Rule("tables"), Rule("every least", ("company",))}
    assert "there are 1 tables in 4 slots, which is 4 meetings" in str(refused.value)


def test_a_must_of_the_same_pair_from_both_is_one_meeting() -> None:
    made = event(people(1, 1), wishes=[wish("c1", "p1", "must"), wish("p1", "c1", "must")])
    assert len(plan_workshop(made, chances(made)).meetings) == 1


def test_an_event_in_which_nobody_may_meet_has_an_empty_plan() -> None:
    made = event(people(1, 1), forbidden=[("c1", "p1")])
    plan = plan_workshop(made, chances(made))
    assert check(made, plan) == []
    assert (plan.meetings, plan.quality.value, plan.quality.gap, plan.quality.proven) == ((), 0.0, 0.0, "optimal")


def test_wishes_that_mean_nothing_here_are_told() -> None:
    made = event(people(2, 2), wishes=[wish("c1", "c2"), wish("p1", "p2", "no")])
    assert plan_workshop(made, chances(made)).notes == (
        "2 wishes or pairs of two companies or two providers were passed over: in this event they do not meet.",
    )


def test_meetings_tell_where_they_take_place_and_what_they_are_worth() -> None:
    made = event(people(2, 2), slot_count=2, policy=NEUTRAL)
    probabilities = np.array([[0.75, 0.5], [0.5, 0.25]])
    plan = plan_workshop(made, probabilities)
    assert [(one.slot_id, one.table) for one in plan.meetings] == [("s1", 1), ("s1", 2), ("s2", 1), ("s2", 2)]
    assert sorted(one.probability for one in plan.meetings) == [0.25, 0.5, 0.5, 0.75]
    assert plan.quality.useful == 2.0
    assert plan.quality.largest_provider_load == 2


def test_probabilities_of_another_event_are_refused() -> None:
    with pytest.raises(Refusal, match="shape"):
        plan_workshop(event(people(2, 2)), np.full((3, 2), 0.5))
