from __future__ import annotations

import numpy as np
import pytest

from matcher.workshop.baselines import greedy_plan, random_plan
from matcher.workshop.checker import check
from matcher.workshop.planning import plan_workshop
from tests.unit.matcher.workshop.small_events import chances, event, fixed, people, wish


def test_greedy_takes_the_best_pair_first_and_so_misses_the_best_plan() -> None:
    made = event(people(2, 2), slot_count=2, loads={"company_most": 1, "provider_most": 1}, policy={"mode": "neutral"})
    probabilities = np.array([[0.75, 0.5], [0.625, 0.125]])
    greedy, best = greedy_plan(made, probabilities), plan_workshop(made, probabilities)
    assert {(one.company_id, one.provider_id) for one in greedy.meetings} == {("c1", "p1"), ("c2", "p2")}
    assert (greedy.quality.value, best.quality.value) == (0.875, 1.125)


@pytest.mark.parametrize("seed", range(4))
def test_baselines_keep_the_rules_and_are_never_better_than_the_plan(seed: int) -> None:
    made = event(
        people(8, 6, c1={"slots": ["s1", "s2"]}, p2={"slots": ["s3"]}),
        tables=4,
        fair=False,
        wishes=[wish("c2", "p3", "must"), wish("p1", "c4", "no")],
        fixed=[fixed("c3", "p4", "s2")],
    )
    probabilities = chances(made, seed)
    best = plan_workshop(made, probabilities).quality.value
    for plan in (greedy_plan(made, probabilities), random_plan(made, probabilities, seed=seed)):
        assert check(made, plan) == []
        assert plan.quality.value <= best <= plan.quality.bound


def test_another_seed_gives_another_random_plan() -> None:
    made = event(people(5, 5))
    first, again, second = (random_plan(made, chances(made), seed=seed) for seed in (1, 1, 2))
    assert first.meetings == again.meetings
    assert first.meetings != second.meetings


def test_leasts_come_before_the_best_pairs() -> None:
    made = event(people(3, 1, c3={"least": 1}), slot_count=2, loads={"provider_most": 2})
    plan = greedy_plan(made, np.array([[0.9], [0.8], [0.1]]))
    assert {one.company_id for one in plan.meetings} == {"c1", "c3"}


def test_a_share_across_borders_is_kept() -> None:
    abroad = [*people(3, 2), people(0, 3)[2].model_copy(update={"country": "DE"})]
    made = event(abroad, policy={"floor": {"at_least": 1, "of_first": 2}})
    plan = greedy_plan(made, chances(made))
    assert check(made, plan) == []
    assert plan.quality.cross_border * 2 >= plan.quality.meetings > 0
