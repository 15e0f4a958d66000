from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from matcher.workshop.clock import Clock
from matcher.workshop.event import Event
from matcher.workshop.flow import Flow, best_flow
from matcher.workshop.pairing import Pairing
from matcher.workshop.service import total_of
from tests.unit.matcher.workshop.small_events import chances, event, people, wish


def flow_of(made: Event, seed: int = 0) -> tuple[Pairing, Flow]:
    pairing = Pairing.of(made, chances(made, seed))
    found = best_flow(pairing, Clock(30))
    assert found is not None
    return pairing, found


@pytest.mark.parametrize("seed", range(5))
def test_with_one_meeting_each_it_is_the_assignment_problem(seed: int) -> None:
    pairing, found = flow_of(event(people(7, 9), loads={"company_most": 1, "provider_most": 1}), seed)
    value = pairing.value.astype(np.float64)
    assert total_of(pairing, *found.pairs) == value[linear_sum_assignment(-value)].sum()


@pytest.mark.parametrize("seed", range(5))
def test_its_prices_prove_that_nothing_is_better(seed: int) -> None:
    loads = {"company_least": 1, "company_most": 3, "provider_least": 1, "provider_most": 4}
    pairing, found = flow_of(event(people(9, 6), slot_count=5, tables=3, loads=loads), seed)
    assert found.bound == total_of(pairing, *found.pairs)
    loads_of = np.bincount(np.concatenate(found.pairs) + np.repeat([0, pairing.first_column], len(found.rows)))
    assert (loads_of >= pairing.least).all()
    assert (loads_of <= pairing.most).all()


def test_no_more_meetings_than_tables_in_all_slots() -> None:
    _, found = flow_of(event(people(9, 9), slot_count=2, tables=4))
    assert len(found.rows) == 8


def test_musts_come_even_if_they_are_worth_nothing() -> None:
    made = event(people(2, 2), slot_count=1, wishes=[wish("c1", "p1", "must")])
    pairing = Pairing.of(made, np.array([[0.0, 0.9], [0.9, 0.1]]))
    found = best_flow(pairing, Clock(30))
    assert found is not None
    assert {*zip(*(part.tolist() for part in found.pairs), strict=True)} == {(0, 0), (1, 1)}
    assert found.bound == total_of(pairing, *found.pairs)


def test_among_equals_loads_of_providers_are_spread() -> None:
    made = event(people(6, 3), slot_count=8, loads={"company_most": 1, "provider_most": 6})
    found = best_flow(Pairing.of(made, np.full((6, 3), 0.5)), Clock(30))
    assert found is not None
    assert np.bincount(found.columns).tolist() == [2, 2, 2]


def test_leasts_that_cannot_be_reached_allow_no_flow() -> None:
    made = event(people(4, 1), loads={"company_least": 1, "provider_most": 3})
    assert best_flow(Pairing.of(made, chances(made)), Clock(30)) is None


def test_of_many_pairs_only_promising_ones_are_looked_at_and_the_rest_is_proven_to_be_worse() -> None:
    made = event(people(700, 600), slot_count=8, loads={"company_most": 4, "provider_most": 4})
    pairing, found = flow_of(made)
    assert pairing.value.size > 400_000
    assert found.bound == total_of(pairing, *found.pairs)
    assert len(found.rows) == 2400
