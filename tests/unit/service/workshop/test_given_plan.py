from __future__ import annotations

import pytest

from matcher.workshop.planning import plan_workshop
from service.workshop.given_plan import PlanBroken, check_given
from service.workshop.plan_file import PlannedEvent
from tests.unit.service.workshop.planned_events import MADE_AT, event, planned


def sound(**about_event: object) -> PlannedEvent:
    told = event(**about_event)
    rows = ((0.25, 0.5), (0.125, 0.25))
    matrix = planned(**about_event).model_copy(update={"probabilities": rows}).matrix
    return PlannedEvent(made_at=MADE_AT, event=told, plan=plan_workshop(told, matrix, seconds=10), probabilities=rows)


def test_a_plan_as_it_was_made_is_taken_and_one_read_again_too() -> None:
    check_given(sound())
    check_given(PlannedEvent.model_validate_json(sound().as_json))


def test_every_rule_that_is_broken_is_named() -> None:
    told = sound()
    absent = {"of": told.plan.meetings[0].company_id, "about": told.plan.meetings[0].provider_id, "level": "no"}
    with pytest.raises(PlanBroken, match="keep the rules of its event") as refused:
        check_given(told.model_copy(update={"event": event(wishes=[absent], tables=1)}))
    assert any("one of them said no" in one for one in refused.value.breaks)
    assert f"({len(refused.value.breaks) - 1} more)" in refused.value.found


def test_figures_that_are_not_those_of_the_probabilities_are_refused() -> None:
    told = sound()
    with pytest.raises(PlanBroken) as refused:
        check_given(told.model_copy(update={"probabilities": ((0.5, 0.5), (0.5, 0.5))}))
    assert all("the plan says their" in one for one in refused.value.breaks)


def test_a_table_beyond_all_people_is_refused_where_tables_are_not_counted() -> None:
    told = sound(tables=None)
    check_given(told)
    *others, last = told.plan.meetings
    plan = told.plan.model_copy(update={"meetings": (*others, last.model_copy(update={"table": 10**9}))})
    with pytest.raises(PlanBroken, match="need no more than 4 tables"):
        check_given(told.model_copy(update={"plan": plan}))
