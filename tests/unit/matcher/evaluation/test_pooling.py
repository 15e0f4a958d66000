from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Sequence

import pytest

from embeddings.errors import Refusal
from matcher.evaluation.pooling import PooledPair, pool, unjudged_share

LISTS = {
    "first": {"n1": ["a", "b", "c"], "n2": ["d"]},
    "second": {"n1": ["c", "a", "e"], "n3": ["a", "b"]},
}
MANY = {"only": {f"n{number}": [f"p{place}" for place in range(10)] for number in range(10)}}


def as_set(pairs: Sequence[PooledPair]) -> set[tuple[str, str]]:
    return {(pair.need_id, pair.provider_id) for pair in pairs}


def test_the_pool_is_the_union_of_the_first_places() -> None:
    expected = {("n1", "a"), ("n1", "b"), ("n1", "c"), ("n2", "d"), ("n3", "a"), ("n3", "b")}
    pairs = pool(LISTS, 2, seed=0)
    assert as_set(pairs) == expected
    assert len(pairs) == len(expected)


def test_the_order_of_rankers_and_needs_makes_no_difference() -> None:
    turned = {ranker: dict(reversed(of_needs.items())) for ranker, of_needs in reversed(LISTS.items())}
    assert pool(turned, 2, seed=4) == pool(LISTS, 2, seed=4)


def test_rankers_that_find_nothing_add_nothing() -> None:
    assert pool({}, 10, seed=0) == []
    assert pool({"silent": {"n1": []}, "other": {}}, 10, seed=0) == []


def test_a_pair_says_need_and_provider_and_nothing_else() -> None:
    assert [field.name for field in dataclasses.fields(PooledPair)] == ["need_id", "provider_id"]


def test_needs_and_their_pairs_are_shuffled_by_the_seed() -> None:
    pairs = pool(MANY, 10, seed=1)
    assert pairs == pool(MANY, 10, seed=1)
    assert pairs != pool(MANY, 10, seed=2)
    needs = list(dict.fromkeys(pair.need_id for pair in pairs))
    assert needs != sorted(needs)
    orders = [tuple(pair.provider_id for pair in pairs if pair.need_id == need) for need in needs]
    assert len(set(orders)) > 1
    assert MANY["only"]["n0"] not in [list(order) for order in orders]


def test_pairs_of_a_need_stay_together_for_the_judge_reads_it_once() -> None:
    needs = [pair.need_id for pair in pool(MANY, 10, seed=3)]
    assert sum(one != following for one, following in itertools.pairwise(needs)) == 9


def test_a_pair_has_an_id_of_its_own_that_is_always_the_same() -> None:
    assert PooledPair("n1", "a").pair_id == PooledPair("n1", "a").pair_id == "pair-15a5bfaf3f96"
    assert len({pair.pair_id for pair in pool(MANY, 10, seed=0)}) == 100
    assert PooledPair("n1", "1a").pair_id != PooledPair("n11", "a").pair_id
    assert re.fullmatch(r"pair-[0-9a-f]{12}", PooledPair("é", "ø").pair_id)


def test_a_pool_of_no_depth_is_refused() -> None:
    with pytest.raises(Refusal, match=r"The depth of the pool must be at least 1\. Got 0\."):
        pool(LISTS, 0, seed=0)


def test_the_unjudged_share_is_a_mean_over_needs() -> None:
    qrels = {"n1": {"a": 3, "b": 0}, "n2": {"d": 1}}
    lists = {"n1": ["a", "x", "b", "y"], "n2": ["d"], "unheard of": ["a"]}
    assert unjudged_share(qrels, lists, 4) == pytest.approx((2 / 4 + 0) / 2)
    assert unjudged_share(qrels, lists, 1) == 0.0
    assert unjudged_share(qrels, lists, 2) == pytest.approx((1 / 2 + 0) / 2)


def test_needs_without_a_list_count_as_fully_unjudged() -> None:
    qrels = {"n1": {"a": 3}, "n2": {"a": 3}, "n3": {"a": 3}, "n4": {}}
    assert unjudged_share(qrels, {"n1": ["a"], "n2": [], "n4": ["a"]}, 10) == pytest.approx(3 / 4)


def test_what_was_pooled_to_that_depth_has_nothing_unjudged() -> None:
    pairs = pool(LISTS, 2, seed=0)
    for lists in LISTS.values():
        qrels: dict[str, dict[str, int]] = {}
        for pair in pairs:
            if pair.need_id in lists:
                qrels.setdefault(pair.need_id, {})[pair.provider_id] = 0
        assert unjudged_share(qrels, lists, 2) == 0.0


def test_a_share_of_nothing_is_refused() -> None:
    with pytest.raises(Refusal, match="at least one need"):
        unjudged_share({}, {"n1": ["a"]}, 10)
    with pytest.raises(Refusal, match="k of the unjudged share must be at least 1"):
        unjudged_share({"n1": {"a": 1}}, {"n1": ["a"]}, 0)
