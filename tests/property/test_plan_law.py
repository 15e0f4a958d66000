from __future__ import annotations

from hypothesis import given, settings

from matcher.errors import PlanImpossible
from matcher.workshop.checker import check
from matcher.workshop.plan import Plan
from matcher.workshop.planning import plan_workshop
from matcher.workshop.rules import keeping
from tests.property.every_plan import TinyEvent
from tests.property.made_events import Made, made_events

tiny_events = made_events(most_people=3, most_slots=3, most_rules=2)


def planned(made: Made) -> Plan | PlanImpossible:
    try:
        return plan_workshop(*made)
    except PlanImpossible as refusal:
        return refusal


@settings(max_examples=150)
@given(made=made_events())
def test_whatever_the_event_there_is_a_sound_plan_or_a_named_conflict(made: Made) -> None:
    found = planned(made)
    if isinstance(found, PlanImpossible):
        assert found.rules
    else:
        assert check(made[0], found) == []
        assert not found.quality.stopped


@settings(max_examples=150)
@given(made=tiny_events)
def test_no_plan_of_a_tiny_event_is_better(made: Made) -> None:
    found, best = planned(made), TinyEvent(*made).best()
    if isinstance(found, PlanImpossible):
        assert best is None
    else:
        assert best is not None
        worst = found.quality.worst_served if made[0].fair else 0.0
        assert (worst, found.quality.value) == best
        assert (found.quality.bound, found.quality.proven) == (best[1], "optimal")


@settings(max_examples=150)
@given(made=tiny_events)
def test_the_rules_of_a_conflict_clash_and_giving_up_any_one_of_them_resolves_it(made: Made) -> None:
    found = planned(made)
    if isinstance(found, Plan):
        return
    assert not TinyEvent(keeping(made[0], found.rules), made[1]).is_possible()
    for rule in found.rules:
        others = [other for other in found.rules if other != rule]
        assert TinyEvent(keeping(made[0], others), made[1]).is_possible()


@settings(max_examples=30)
@given(made=made_events())
def test_the_same_event_gives_the_same_plan(made: Made) -> None:
    first, second = planned(made), planned(made)
    if isinstance(first, PlanImpossible):
        assert isinstance(second, PlanImpossible)
        assert first.rules == second.rules
    else:
        assert isinstance(second, Plan)
        assert first.meetings == second.meetings
