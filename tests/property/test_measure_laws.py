from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.evaluation.measures import (
    catalogue_coverage,
    country_entropy,
    cross_border_share,
    exposure,
    exposure_gini,
    rank_biased_overlap,
    retrieval_measures,
)

PROVIDERS = [f"p{number}" for number in range(14)]
NEEDS = ["n0", "n1", "n2", "n3"]

rankings = st.permutations(PROVIDERS).flatmap(lambda order: st.integers(0, len(order)).map(lambda end: order[:end]))
persistence = st.floats(0.05, 0.95)
grades = st.dictionaries(st.sampled_from(PROVIDERS), st.integers(0, 3))
qrels = st.dictionaries(st.sampled_from(NEEDS), grades)
lists = st.dictionaries(st.sampled_from(NEEDS), rankings)
countries = st.lists(st.sampled_from(["NL", "DE", "BE", "FR", "DK"]))


def ideal(judged: dict[str, int]) -> list[str]:
    return sorted(judged, key=lambda provider: -judged[provider])


@given(judged=qrels)
def test_an_ideal_list_scores_one(judged: dict[str, dict[str, int]]) -> None:
    values = retrieval_measures(judged, {need: ideal(grades) for need, grades in judged.items()})
    for need, given_grades in judged.items():
        expected = float(any(given_grades.values()))
        for name in ("nDCG@10", "MRR", "Recall@50", "Success@10"):
            assert values[name][need] == pytest.approx(expected)


@given(judged=qrels, listed=lists)
def test_every_retrieval_measure_has_a_value_within_0_and_1_for_every_need(
    judged: dict[str, dict[str, int]], listed: dict[str, list[str]]
) -> None:
    for of_needs in retrieval_measures(judged, listed).values():
        assert of_needs.keys() == judged.keys()
        assert all(0 <= value <= 1 + 1e-12 for value in of_needs.values())


@given(judged=qrels, listed=lists)
def test_no_list_scores_more_than_the_ideal_one(judged: dict[str, dict[str, int]], listed: dict[str, list[str]]) -> None:
    best = retrieval_measures(judged, {need: ideal(grades) for need, grades in judged.items()})["nDCG@10"]
    found = retrieval_measures(judged, listed)["nDCG@10"]
    assert all(found[need] <= best[need] + 1e-12 for need in judged)


@given(one=rankings, other=rankings, k=st.integers(1, 15), p=persistence)
def test_rank_biased_overlap_is_symmetric_and_within_0_and_1(one: list[str], other: list[str], k: int, p: float) -> None:
    overlap = rank_biased_overlap(one, other, k, p)
    assert overlap == rank_biased_overlap(other, one, k, p)
    assert 0 <= overlap <= 1


@given(listed=rankings, end=st.integers(1, 14), p=persistence)
def test_a_list_and_its_own_beginning_are_alike(listed: list[str], end: int, p: float) -> None:
    beginning = listed[:end]
    assert rank_biased_overlap(listed, listed, 20, p) == pytest.approx(1)
    if listed:
        assert rank_biased_overlap(listed, beginning, 20, p) == pytest.approx(1)


@given(listed=rankings, p=persistence)
def test_disjoint_lists_have_nothing_in_common(listed: list[str], p: float) -> None:
    assert rank_biased_overlap(listed, [f"other {provider}" for provider in listed], 20, p) == (0.0 if listed else 1.0)


@given(listed=countries, k=st.integers(1, 12))
def test_shares_and_entropy_lie_within_their_bounds(listed: list[str], k: int) -> None:
    assert 0 <= cross_border_share(listed, "NL", k) <= 1
    different = len(set(listed[:k]))
    assert 0 <= country_entropy(listed, k) <= math.log2(max(1, different)) + 1e-12


@given(listed=lists, k=st.integers(1, 12))
def test_exposure_gini_and_coverage_lie_within_their_bounds(listed: dict[str, list[str]], k: int) -> None:
    gained = exposure(listed, PROVIDERS, k)
    assert gained.sum() == pytest.approx(
        sum(1 / math.log2(1 + rank) for one in listed.values() for rank in range(1, min(k, len(one)) + 1))
    )
    assert 0 <= exposure_gini(listed, PROVIDERS, k) <= 1 - 1 / len(PROVIDERS) + 1e-12
    assert catalogue_coverage(listed, PROVIDERS, k) == pytest.approx((gained > 0).mean())


@given(order=st.permutations(PROVIDERS))
def test_providers_in_turn_at_the_top_have_equal_exposure(order: list[str]) -> None:
    in_turn = {f"n{start}": order[start:] + order[:start] for start in range(len(order))}
    assert exposure_gini(in_turn, PROVIDERS, k=10) == pytest.approx(0, abs=1e-12)
