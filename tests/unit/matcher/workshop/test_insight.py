"""Who could step in, who would rather swap, and what each rule costs."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest

from embeddings.errors import Refusal
from matcher.records import BorderPolicy, Floor
from matcher.workshop.changes import fixed, replan, swap
from matcher.workshop.event import Event, Loads, Participant, Slot, Wish
from matcher.workshop.insight import RulePrice, alternates, prices_of_rules, rather_each_other, relaxed_events
from matcher.workshop.plan import Plan
from matcher.workshop.planning import plan_workshop

START = dt.datetime(2027, 3, 11, 9, 0, tzinfo=dt.UTC)
SLOTS = tuple(
    Slot(slot_id=f"s{n + 1}", starts=START + dt.timedelta(minutes=30 * n), ends=START + dt.timedelta(minutes=30 * n + 25))
    for n in range(3)
)
CHANCES = np.array([[0.9, 0.5, 0.4], [0.6, 0.8, 0.3], [0.2, 0.3, 0.7]])


def event(**changed: Any) -> Event:
    """Three companies of NL, three providers of BE, three slots, one meeting for each at most."""
    companies = [Participant(participant_id=f"c{n}", side="company", name=f"Company {n}", country="NL") for n in range(1, 4)]
    providers = [Participant(participant_id=f"p{n}", side="provider", name=f"Provider {n}", country="BE") for n in range(1, 4)]
    told: dict[str, Any] = {
        "name": "Lung day",
        "slots": SLOTS,
        "loads": Loads(company_most=1, provider_most=1),
        "policy": BorderPolicy(mode="neutral"),
        "participants": (*companies, *providers),
        "fair": False,
        **changed,
    }
    return Event(**told)


def planned(told: Event) -> Plan:
    return plan_workshop(told, CHANCES, seconds=20)


def prices(told: Event, plan: Plan | None = None) -> dict[str, RulePrice]:
    return {one.rule: one for one in prices_of_rules(told, CHANCES, plan or planned(told), seconds=20)}


def test_whoever_is_free_with_room_steps_in_the_best_first() -> None:
    told = event(loads=Loads(company_most=1, provider_most=2), tables=1)
    made = {one.meeting.company_id: one for one in alternates(told, CHANCES, planned(told))}
    # One table: at each meeting all others are free, and each provider has one meeting of two.
    assert [(one.participant_id, one.probability) for one in made["c1"].for_company] == [("p2", 0.5), ("p3", 0.4)]
    # The other companies have all they want.
    assert made["c1"].for_provider == ()


def test_only_so_many_alternates_are_named_as_asked_for() -> None:
    told = event(loads=Loads(company_most=2, provider_most=2), tables=1)
    assert all(len(one.for_company) <= 1 for one in alternates(told, CHANCES, planned(told), count=1))


def test_nobody_steps_in_who_is_busy_away_or_not_wanted() -> None:
    people = [one.model_copy(update={"slots": ("s1",)}) if one.participant_id == "p3" else one for one in event().participants]
    told = event(
        participants=tuple(people),
        loads=Loads(company_most=1, provider_most=3),
        wishes=(Wish(of="p2", about="c1", level="no"),),
    )
    plan = planned(told)
    for one in alternates(told, CHANCES, plan, count=9):
        slot = one.meeting.slot_id
        busy = {who for other in plan.meetings if other.slot_id == slot for who in (other.company_id, other.provider_id)}
        stand_in = {alternate.participant_id for alternate in (*one.for_company, *one.for_provider)}
        assert not stand_in & busy
        assert slot == "s1" or "p3" not in stand_in
        assert one.meeting.company_id != "c1" or "p2" not in stand_in


def test_a_plan_of_favourites_leaves_nobody_to_swap() -> None:
    assert rather_each_other(event(), CHANCES, planned(event())) == []


def test_two_who_would_both_rather_meet_are_named() -> None:
    told, plan = event(), planned(event())
    worse = swap(told, CHANCES, plan, ("c1", "p1"), ("c2", "p2"), exchange="partners")
    # c1 has p2 (0.5) and p1 has c2 (0.6), though c1 and p1 are worth 0.9; c2 and p2 are worth 0.8 to 0.6 and 0.5.
    found = [(one.company_id, one.provider_id, round(one.gain, 3)) for one in rather_each_other(told, CHANCES, worse)]
    assert found == [("c1", "p1", 0.3), ("c2", "p2", 0.2)]


def test_companies_among_themselves_may_rather_meet_others_too() -> None:
    companies = tuple(Participant(participant_id=f"c{n}", side="company", name=f"Company {n}", country="NL") for n in range(4))
    told = event(kind="company to company", participants=companies)
    chances = np.full((4, 4), 0.2)
    chances[0, 1] = chances[1, 0] = 0.9
    plan = plan_workshop(told, chances, seconds=20)
    both = [("c0", "c1"), ("c2", "c3")]
    assert [(one.company_id, one.provider_id) for one in plan.meetings if one.value > 0.5] == both[:1]
    assert rather_each_other(told, chances, plan) == []
    worse = swap(told, chances, plan, *both, exchange="partners")
    assert [(one.company_id, one.provider_id) for one in rather_each_other(told, chances, worse)] == both[:1]


def test_the_rules_that_an_event_has_are_priced_and_no_others() -> None:
    one_more = ["one more meeting for all companies", "one more meeting for all providers"]
    assert list(prices(event())) == one_more
    full = event(
        tables=2,
        fair=True,
        policy=BorderPolicy(mode="favour", floor=Floor(at_least=1, of_first=2)),
        loads=Loads(company_least=1, company_most=1, provider_most=1),
    )
    assert [rule for rule, _ in relaxed_events(full)] == [
        "one more table",
        *one_more,
        "not fair to the worst-served company",
        "border policy neutral, not favour",
        "no share across borders",
        "no least number of meetings",
    ]


def test_a_table_more_is_worth_the_meetings_that_it_makes_room_for() -> None:
    told = event(tables=1, slots=SLOTS[:1])
    price = prices(told)["one more table"]
    # One table in one slot holds 0.9 alone; two hold 0.9 and 0.8.
    assert (price.meetings, round(price.useful, 6), price.uncertain) == (1, 0.8, 0.0)
    assert price.value == pytest.approx(0.8, abs=1e-5)


def test_a_rule_that_does_not_bind_costs_nothing() -> None:
    price = prices(event(tables=3))["one more table"]
    assert (price.meetings, price.value, price.useful, price.uncertain) == (0, 0.0, 0.0, 0.0)


def test_another_border_policy_is_compared_by_useful_meetings_only() -> None:
    price = prices(event(policy=BorderPolicy(mode="favour")))["border policy neutral, not favour"]
    assert (price.value, price.worst_served, price.uncertain) == (None, None, None)
    assert price.meetings == 0


def test_fairness_costs_value_and_serves_the_worst_served() -> None:
    told = event(fair=True, participants=event().participants[:2] + event().participants[3:5])
    chances = np.array([[0.9, 0.3], [0.5, 0.1]])
    plan = plan_workshop(told, chances, seconds=20)
    (price,) = [one for one in prices_of_rules(told, chances, plan, seconds=20) if one.rule.startswith("not fair")]
    # Fair: 0.3 and 0.5. Not fair: 0.9 and 0.1.
    assert price.value == pytest.approx(0.2, abs=1e-5)
    assert price.worst_served == pytest.approx(-0.2, abs=1e-5)


def test_a_least_number_that_forces_a_poor_meeting_gains_nothing_when_dropped() -> None:
    price = prices(event(loads=Loads(company_least=1, company_most=1, provider_most=1)))["no least number of meetings"]
    assert price.value == 0.0


def test_a_plan_changed_by_hand_is_not_what_rules_are_compared_with() -> None:
    told = event()
    worse = replan(fixed(told, "c1", "p3"), CHANCES, planned(told)).plan
    assert worse.quality.proven == "bound" or worse.quality.value < planned(told).quality.value
    swapped = swap(told, CHANCES, planned(told), ("c1", "p1"), ("c3", "p3"), exchange="partners")
    assert swapped.quality.proven == "bound"
    assert prices(told, swapped) == prices(told)


def test_probabilities_of_another_shape_are_refused() -> None:
    plan = planned(event())
    for ask in (alternates, rather_each_other):
        with pytest.raises(Refusal, match="probabilities"):
            ask(event(), CHANCES[:2], plan)
