from __future__ import annotations

import itertools
import json
import math

from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.records import BorderPolicy
from tests.fakes import need, request
from tests.property.worlds import COUNTRIES, World, need_texts, policies, small_matcher, worlds


@given(world=worlds(), policy=policies(), data=st.data())
def test_the_parts_add_up_to_the_score_exactly_in_every_order(world: World, policy: BorderPolicy, data: st.DataObject) -> None:
    ranked = world.ranked(policy)
    if len(ranked.places) == 0:
        return
    place = data.draw(st.integers(0, len(ranked.places) - 1))
    values = [part.value for part in ranked.parts(place)]
    score = float(ranked.scores[place])
    for order in (values, values[::-1], data.draw(st.permutations(values))):
        assert sum(order) == score
    assert math.fsum(values) == score
    assert (values[0] + values[1]) + sum(values[2:]) == score


@settings(max_examples=60)
@given(text=need_texts(), country=st.sampled_from(COUNTRIES), policy=policies())
def test_the_parts_of_a_whole_match_list_add_up_before_and_after_json(text: str, country: str, policy: BorderPolicy) -> None:
    answer = small_matcher().match(request(need=need(text=text, country=country), policy=policy))
    for match in json.loads(answer.model_dump_json())["matches"]:
        for order in itertools.permutations(part["value"] for part in match["parts"] if part["value"]):
            assert sum(order) == match["score"]


@given(world=worlds(), policy=policies())
def test_the_list_is_in_order_of_score_and_then_of_provider(world: World, policy: BorderPolicy) -> None:
    ranked = world.ranked(policy)
    keys = list(zip((-ranked.scores).tolist(), ranked.places.tolist(), strict=True))
    assert keys == sorted(keys)
    assert len(set(ranked.places.tolist())) == len(keys)


@given(world=worlds(), policy=policies())
def test_exactly_those_are_listed_for_whom_something_speaks(world: World, policy: BorderPolicy) -> None:
    listed = set(world.ranked(policy).places.tolist())
    assert listed == {place for place, relevance in enumerate(world.candidates.spoken_for.tolist()) if relevance > 0}
