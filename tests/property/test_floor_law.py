from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from matcher.ranking import Ranked
from matcher.records import BorderPolicy, Floor
from tests.property.worlds import World, policies, worlds


@st.composite
def floors(draw: st.DrawFn) -> Floor:
    of_first = draw(st.integers(1, 20))
    return Floor(at_least=draw(st.integers(1, of_first)), of_first=of_first)


def with_floor(world: World, policy: BorderPolicy, floor: Floor) -> Ranked:
    return world.ranked(policy.model_copy(update={"floor": floor}))


@given(world=worlds(), policy=policies(), floor=floors())
def test_the_floor_is_met_whenever_there_are_foreign_ones_enough(world: World, policy: BorderPolicy, floor: Floor) -> None:
    foreign = world.is_foreign(with_floor(world, policy, floor))
    assert sum(foreign[: floor.of_first]) >= min(floor.at_least, sum(foreign))


@given(world=worlds(), policy=policies(), floor=floors())
def test_the_floor_loses_nobody_and_changes_no_score(world: World, policy: BorderPolicy, floor: Floor) -> None:
    plain, floored = world.ranked(policy), with_floor(world, policy, floor)
    before, after = (dict(zip(one.places.tolist(), one.scores.tolist(), strict=True)) for one in (plain, floored))
    assert before == after
    assert len(plain.places) == len(floored.places)


@given(world=worlds(), policy=policies(), floor=floors())
def test_a_floor_that_was_met_anyway_changes_nothing(world: World, policy: BorderPolicy, floor: Floor) -> None:
    plain = world.ranked(policy)
    if sum(world.is_foreign(plain)[: floor.of_first]) >= floor.at_least:
        assert with_floor(world, policy, floor).places.tolist() == plain.places.tolist()


@given(world=worlds(), policy=policies(), floor=floors())
def test_no_more_foreign_ones_are_brought_in_than_the_floor_asks_for(world: World, policy: BorderPolicy, floor: Floor) -> None:
    before = sum(world.is_foreign(world.ranked(policy))[: floor.of_first])
    after = sum(world.is_foreign(with_floor(world, policy, floor))[: floor.of_first])
    assert after <= max(before, floor.at_least)


@given(world=worlds(), policy=policies(), floor=floors())
def test_the_order_by_score_is_kept_inside_the_first_places_and_after_them(
    world: World, policy: BorderPolicy, floor: Floor
) -> None:
    ranked = with_floor(world, policy, floor)
    keys = list(zip((-ranked.scores).tolist(), ranked.places.tolist(), strict=True))
    assert keys[: floor.of_first] == sorted(keys[: floor.of_first])
    assert keys[floor.of_first :] == sorted(keys[floor.of_first :])
