from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.errors import PlanImpossible
from matcher.workshop.clock import Clock
from matcher.workshop.pairing import Pairing
from matcher.workshop.prices import Prices
from matcher.workshop.ranks import ranks_of
from matcher.workshop.relaxation import Relaxation
from tests.property.every_plan import TinyEvent
from tests.property.made_events import Made, made_events

tiny_events = made_events(most_people=3, most_slots=3, most_rules=2)


def pairing_of(made: Made) -> Pairing | None:
    try:
        return Pairing.of(*made)
    except PlanImpossible:
        return None


@settings(max_examples=60)
@given(made=tiny_events, seed=st.integers(0, 99), base=st.sampled_from([0.0, 1.0]), floor=st.sampled_from([0.0, 0.5]))
def test_no_plan_is_worth_more_than_any_prices_add_up_to(made: Made, seed: int, base: float, floor: float) -> None:
    pairing = pairing_of(made)
    if pairing is None:
        return
    random = np.random.default_rng(seed)
    people, spans = pairing.spans.present.shape
    prices = Prices(
        load=random.normal(0, 0.3, people),
        time=random.random((people, spans)) * (random.random((people, spans)) < 0.3),
        table=random.random(spans) * (random.random(spans) < 0.5) * 0.5,
        floor=floor,
        care=random.random(people) * pairing.served * 0.5,
    )
    ceiling = prices.ceiling(pairing, base)
    tiny = TinyEvent(*made)
    for plan in tiny.plans():
        service = [sum(tiny.value[pair] for pair in plan if one in pair) for one in range(people)]
        assert base * tiny.total(plan) + float(prices.care @ np.array(service)) <= ceiling + 1e-9


@settings(max_examples=60)
@given(made=tiny_events, share=st.floats(0.1, 1.0))
def test_every_plan_that_serves_all_so_well_has_the_good_partners_that_this_takes(made: Made, share: float) -> None:
    pairing = pairing_of(made)
    if pairing is None:
        return
    tiny = TinyEvent(*made)
    for plan in tiny.plans():
        worst = tiny.worst(plan) * share
        for rank in ranks_of(pairing, worst) if worst > 0 else []:
            assert sum(rank.person in pair and tiny.value[pair] >= rank.threshold for pair in plan) >= rank.count


@settings(max_examples=60)
@given(made=tiny_events)
def test_the_relaxation_bounds_every_plan(made: Made) -> None:
    pairing = pairing_of(made)
    if pairing is None:
        return
    tiny, relaxed = TinyEvent(*made), Relaxation(pairing, Clock(30))
    plans = list(tiny.plans())
    assert relaxed.possible() or not plans
    if plans:
        assert max(map(tiny.total, plans)) <= relaxed.total()
        assert max(map(tiny.worst, plans)) <= relaxed.worst(100.0)
