from __future__ import annotations

import math

import pytest

from embeddings.errors import Refusal
from matcher.evaluation.measures import (
    RETRIEVAL,
    catalogue_coverage,
    country_entropy,
    cross_border_share,
    exposure,
    exposure_gini,
    rank_biased_overlap,
    retrieval_measures,
)


def test_ndcg_of_a_list_worked_out_by_hand() -> None:
    """Gains 0 and 3 at places 1 and 2; best would be 3 and 1."""
    values = retrieval_measures({"n": {"good": 3, "bad": 0, "fair": 1}}, {"n": ["bad", "good", "unknown"]})
    gained = 3 / math.log2(3)
    best = 3 / math.log2(2) + 1 / math.log2(3)
    assert values["nDCG@10"]["n"] == pytest.approx(gained / best)


def test_the_other_retrieval_measures_of_the_same_list() -> None:
    values = retrieval_measures({"n": {"good": 3, "bad": 0, "fair": 1}}, {"n": ["bad", "good", "unknown"]})
    by_name = {name: of_needs["n"] for name, of_needs in values.items() if name != "nDCG@10"}
    assert by_name == pytest.approx(
        {"MRR": 1 / 2, "Recall@10": 1 / 2, "Recall@50": 1 / 2, "Success@10": 1.0, "judged@10": 2 / 3}
    )


def test_what_stands_after_the_tenth_place_counts_for_recall_at_50_and_mrr_only() -> None:
    values = retrieval_measures({"n": {"good": 2}}, {"n": [*(f"other-{place}" for place in range(10)), "good"]})
    found = {name: of_needs["n"] for name, of_needs in values.items()}
    assert found == pytest.approx(
        {"nDCG@10": 0, "MRR": 1 / 11, "Recall@10": 0, "Recall@50": 1, "Success@10": 0, "judged@10": 0}
    )


def test_a_grade_of_zero_is_no_use_to_any_measure_but_it_is_judged() -> None:
    values = retrieval_measures({"n": {"bad": 0}}, {"n": ["bad"]})
    assert {name for name, of_needs in values.items() if of_needs["n"]} == {"judged@10"}


@pytest.mark.parametrize("lists", [{}, {"silent": []}, {"silent": [], "unheard of": ["x"]}], ids=["none", "empty", "another"])
def test_needs_without_an_answer_count_as_zero(lists: dict[str, list[str]]) -> None:
    answered = {"answered": ["good"], **lists}
    values = retrieval_measures({"answered": {"good": 1}, "silent": {"good": 1}}, answered)
    for name in RETRIEVAL:
        assert values[name] == {"answered": 1.0, "silent": 0.0}


def test_no_lists_at_all_are_zero_and_no_needs_at_all_are_nothing() -> None:
    assert retrieval_measures({"n": {"good": 1}}, {})["MRR"] == {"n": 0.0}
    assert retrieval_measures({}, {"n": ["good"]}) == {name: {} for name in RETRIEVAL}


def test_a_need_nothing_is_known_about_counts_as_zero() -> None:
    values = retrieval_measures({"n": {}, "m": {"good": 1}}, {"n": ["good"], "m": ["good"]})
    assert values["nDCG@10"] == {"n": 0.0, "m": 1.0}


def test_a_list_that_names_a_provider_twice_is_refused() -> None:
    with pytest.raises(Refusal, match=r"The list of need 'n' must name each provider once\. Got 'b' twice\."):
        retrieval_measures({"n": {"a": 1}}, {"n": ["a", "b", "b"]})


def test_the_cross_border_share_is_of_the_first_k_that_are_there() -> None:
    countries = ["DE", "NL", "BE", "FR", "NL"]
    assert cross_border_share(countries, "NL") == pytest.approx(3 / 5)
    assert cross_border_share(countries, "NL", k=2) == pytest.approx(1 / 2)
    assert cross_border_share(["NL"], "NL") == 0.0
    assert cross_border_share([], "NL") == 0.0


@pytest.mark.parametrize(
    ("countries", "bits"),
    [
        ([], 0.0),
        (["NL", "NL"], 0.0),
        (["NL", "DE"], 1.0),
        (["NL", "DE", "BE", "FR"], 2.0),
        (["NL", "NL", "DE", "BE"], 1.5),
    ],
)
def test_country_entropy_in_bits(countries: list[str], bits: float) -> None:
    found = country_entropy(countries)
    assert found == pytest.approx(bits)
    assert math.copysign(1, found) == 1


def test_country_entropy_reads_the_first_k_only() -> None:
    assert country_entropy(["NL", "NL", "DE"], k=2) == 0.0


def test_exposure_is_the_logarithmic_discount_summed_over_lists() -> None:
    lists = {"n": ["a", "b", "c"], "m": ["b"]}
    second = 1 / math.log2(3)
    assert exposure(lists, ["a", "b", "c", "d"]).tolist() == pytest.approx([1.0, second + 1.0, 1 / 2, 0.0])
    assert exposure(lists, ["a", "b", "c", "d"], k=1).tolist() == [1.0, 1.0, 0.0, 0.0]


def test_exposure_of_a_provider_of_another_directory_is_refused() -> None:
    with pytest.raises(Refusal, match=r"The list of need 'n' must name providers of the directory.+ Got 'x'\."):
        exposure({"n": ["a", "x"]}, ["a", "b"])


def test_gini_is_zero_where_all_are_shown_equally_and_where_nobody_is() -> None:
    assert exposure_gini({str(n): [p] for n, p in enumerate("abcde")}, list("abcde")) == 0.0
    assert exposure_gini({}, ["a", "b"]) == 0.0
    assert exposure_gini({}, []) == 0.0


def test_gini_of_one_provider_shown_always_and_of_shares_worked_out_by_hand() -> None:
    assert exposure_gini({"n": ["a"], "m": ["a"]}, list("abcd")) == pytest.approx(3 / 4)
    # Exposures 1 and 3: mean absolute difference 1, over twice the mean, 4.
    assert exposure_gini({"1": ["a"], "2": ["b"], "3": ["b"], "4": ["b"]}, ["a", "b"]) == pytest.approx(1 / 4)


def test_catalogue_coverage_counts_each_provider_once() -> None:
    lists = {"n": ["a", "b", "c"], "m": ["b"]}
    assert catalogue_coverage(lists, list("abcd")) == pytest.approx(3 / 4)
    assert catalogue_coverage(lists, list("abcd"), k=1) == pytest.approx(1 / 2)
    assert catalogue_coverage(lists, list("de")) == 0.0
    assert catalogue_coverage({}, []) == 0.0


def infinite_overlap(one: list[str], other: list[str], p: float) -> float:
    """Rank-biased overlap by its definition, (1 - p) Σ p^(d-1) A_d, the lists carried on as section 4 of the paper says."""
    short, long = sorted((one, other), key=len)
    ends, reaches = len(short), len(long)

    def in_common(depth: int) -> float:
        return len(set(short[:depth]) & set(long[:depth]))

    def agreement(depth: int) -> float:
        if depth > reaches:
            return agreement(reaches)
        carried_on = in_common(ends) * max(0, depth - ends) / ends
        return (in_common(depth) + carried_on) / depth

    return (1 - p) * sum(p ** (depth - 1) * agreement(depth) for depth in range(1, 800))


@pytest.mark.parametrize("p", [0.5, 0.9])
@pytest.mark.parametrize(
    ("one", "other"),
    [("abc", "abc"), ("abc", "cab"), ("abcdefg", "xbaygd"), ("ab", "xyab"), ("a", "bcda"), ("abcd", "efgh"), ("fedcba", "abz")],
)
def test_rank_biased_overlap_is_the_infinite_sum_that_it_stands_for(one: str, other: str, p: float) -> None:
    assert rank_biased_overlap(list(one), list(other), p=p) == pytest.approx(infinite_overlap(list(one), list(other), p))


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        ("abc", "abc", 1.0),
        ("abc", "xyz", 0.0),
        ("ab", "abcde", 1.0),
        ("", "", 1.0),
        ("", "abc", 0.0),
        ("ab", "ba", 0.9),
        ("ab", "ac", 0.1 + 0.9 / 2),
    ],
    ids=["identical", "disjoint", "beginning", "both empty", "one empty", "turned round", "half"],
)
def test_rank_biased_overlap_of_lists_worked_out_by_hand(one: str, other: str, overlap: float) -> None:
    assert rank_biased_overlap(list(one), list(other), p=0.9) == pytest.approx(overlap)


def test_rank_biased_overlap_weighs_early_places_more_and_reads_k_of_them() -> None:
    same = list("abcdef")
    early, late = list("bacdef"), list("abcdfe")
    assert rank_biased_overlap(same, early) < rank_biased_overlap(same, late) < 1
    assert rank_biased_overlap(same, late, k=4) == pytest.approx(1)


@pytest.mark.parametrize("p", [0.0, 1.0, -0.5, math.nan])
def test_a_persistence_that_is_none_is_refused(p: float) -> None:
    with pytest.raises(Refusal, match="p of the rank-biased overlap must be greater than 0 and less than 1"):
        rank_biased_overlap(["a"], ["a"], p=p)
