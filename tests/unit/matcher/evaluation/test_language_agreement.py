from __future__ import annotations

import pytest

from embeddings.errors import Refusal
from matcher.evaluation.languages import language_agreement
from matcher.evaluation.measures import rank_biased_overlap

LISTS = {
    ("n2", "fr"): ["a", "b"],
    ("n2", "de"): ["a", "b"],
    ("n1", "nl"): ["x", "y"],
    ("n1", "de"): ["a", "b"],
    ("n1", "fr"): ["a", "b"],
    ("n3", "da"): ["a", "b"],
}


def test_each_need_is_the_mean_over_all_pairs_of_its_languages() -> None:
    assert language_agreement(LISTS).by_need == pytest.approx({"n1": 1 / 3, "n2": 1.0})


def test_the_table_by_pair_is_in_order_and_means_over_the_needs_in_both() -> None:
    by_pair = language_agreement(LISTS).by_pair
    assert list(by_pair) == [("de", "fr"), ("de", "nl"), ("fr", "nl")]
    assert by_pair == pytest.approx({("de", "fr"): 1.0, ("de", "nl"): 0.0, ("fr", "nl"): 0.0})


def test_the_mean_is_over_needs_with_an_interval() -> None:
    interval = language_agreement(LISTS).interval
    assert interval.mean == pytest.approx(2 / 3)
    assert (interval.low, interval.high) == pytest.approx((1 / 3, 1.0))


def test_a_need_in_one_language_is_passed_over() -> None:
    assert "n3" not in language_agreement(LISTS).by_need


def test_it_is_measured_by_rank_biased_overlap_of_the_first_k() -> None:
    lists = {("n1", "de"): list("abcdef"), ("n1", "fr"): list("bacxyz")}
    for k in (1, 2, 6):
        expected = rank_biased_overlap(lists["n1", "de"], lists["n1", "fr"], k)
        assert language_agreement(lists, k).by_need == {"n1": expected}
    assert language_agreement(lists, 1).interval.mean == 0.0


def test_the_order_of_the_lists_does_not_matter() -> None:
    assert language_agreement(dict(reversed(LISTS.items()))) == language_agreement(LISTS)


def test_two_empty_answers_are_alike_and_an_empty_one_is_like_no_other() -> None:
    lists = {("n1", "de"): [], ("n1", "fr"): [], ("n1", "nl"): ["a"]}
    assert language_agreement(lists).by_need == pytest.approx({"n1": 1 / 3})


@pytest.mark.parametrize("lists", [{}, {("n1", "de"): ["a"], ("n2", "fr"): ["a"]}])
def test_without_a_need_in_two_languages_there_is_nothing_to_measure(lists: dict[tuple[str, str], list[str]]) -> None:
    with pytest.raises(Refusal, match="must hold a need in two languages"):
        language_agreement(lists)
