"""The two ways of planning that stand beside the planner in the benchmark."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.made_events import Shape
from benchmarks.peers.joint_program import joint_plan
from benchmarks.peers.min_cost_flow import flow_plan
from matcher.workshop.checker import check
from matcher.workshop.event import Loads
from matcher.workshop.planning import plan_workshop

SMALL = Shape(6, 5, slots=6, loads=Loads(company_most=3, provider_most=4), fair=False)


def test_flow_is_as_good_as_the_planner_where_everybody_is_there_all_day() -> None:
    event, probabilities = SMALL.event(3)
    plan = flow_plan(event, probabilities)
    assert check(event, plan) == []
    assert plan.quality.value == pytest.approx(plan_workshop(event, probabilities).quality.value)


def test_the_joint_program_is_as_good_as_the_planner() -> None:
    event, probabilities = SMALL.event(4)
    plan = joint_plan(event, probabilities)
    assert plan is not None
    assert check(event, plan) == []
    # HiGHS stops within a ten-thousandth of the best.
    assert plan.quality.value == pytest.approx(plan_workshop(event, probabilities).quality.value, rel=1e-4)


def test_the_joint_program_keeps_tables_musts_and_leasts() -> None:
    shape = Shape(
        6, 5, slots=6, tables=2, loads=Loads(company_least=1, company_most=3), fair=False, wishes=1.0, part_of_day=0.3
    )
    event, probabilities = shape.event(1)
    plan = joint_plan(event, probabilities)
    assert plan is not None
    assert check(event, plan) == []


def test_flow_drops_meetings_that_find_no_table() -> None:
    event, probabilities = Shape(6, 5, slots=3, tables=1, fair=False).event(3)
    plan = flow_plan(event, probabilities)
    assert plan.quality.meetings <= 3
    assert check(event, plan) == []


def test_flow_never_gives_anybody_more_than_they_want() -> None:
    event, probabilities = SMALL.event(5)
    plan = flow_plan(event, np.ones_like(probabilities) * 0.9)
    assert check(event, plan) == []
