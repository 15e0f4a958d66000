from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.errors import Refusal
from matcher.programme.scoring import check_scores, score_of
from tests.unit.matcher.programme.small_programme import VALUES, history, scored, small_programme, step

PROGRAMME = small_programme()


def test_points_are_weighted_percent_of_the_most() -> None:
    found = score_of(PROGRAMME, history(scored(1, "assessor 1", 5, 0), scored(2, "assessor 2", 4, 10)))
    assert [(one.assessor, one.percent) for one in found.by_assessor] == [("assessor 1", 75.0), ("assessor 2", 85.0)]
    assert (found.assessors, found.percent, found.spread) == (2, 80.0, 10.0)
    assert (found.is_complete, found.passes) == (True, True)


def test_of_an_assessor_who_scores_twice_the_later_counts() -> None:
    steps = (scored(1, "assessor 1", 0, 0), scored(2, "assessor 2", 5, 10), scored(3, "Assessor  1", 5, 0))
    found = score_of(PROGRAMME, history(*steps))
    assert [(one.assessor, one.percent) for one in found.by_assessor] == [("assessor 2", 100.0), ("Assessor  1", 75.0)]
    assert score_of(PROGRAMME, history(*steps[::-1])) == found


def test_until_all_assessors_scored_nothing_passes_or_fails() -> None:
    found = score_of(PROGRAMME, history(scored(1, "assessor 1", 5, 10)))
    assert (found.assessors, found.percent, found.is_complete, found.passes) == (1, 100.0, False, None)
    nobody = score_of(PROGRAMME, history())
    assert (nobody.assessors, nobody.percent, nobody.spread, nobody.passes) == (0, 0.0, 0.0, None)


def test_the_pass_mark_itself_passes() -> None:
    # 4 of 5 points of three quarters of the weight are 60 percent.
    found = score_of(PROGRAMME, history(scored(1, "a", 4, 0), scored(2, "b", 4, 0)))
    assert (found.percent, found.passes) == (60.0, True)


def test_a_hair_below_the_pass_mark_fails() -> None:
    thirds = [{"criterion_id": "fit", "name": "Fit", "most": 3}]
    programme = small_programme(scoring={"assessors": 1, "pass_mark": 67, "criteria": thirds})
    given_points = step("assessed", 1, assessor="a", scores={"fit": 2})
    assert score_of(programme, history(given_points)).passes is False


def test_scores_by_other_criteria_are_told_and_do_not_count() -> None:
    old = step("assessed", 1, assessor="assessor 1", scores={"novelty": 5})
    found = score_of(PROGRAMME, history(old, scored(2, "assessor 2", 5, 10)))
    assert (found.outdated, found.assessors, found.is_complete) == (("assessor 1",), 1, False)


def test_without_assessors_every_application_passes() -> None:
    programme = small_programme(scoring={"assessors": 0})
    assert score_of(programme, history()).passes is True


@pytest.mark.parametrize(
    ("scores", "message"),
    [
        ({"fit": 5}, "must be for every criterion: fit, plan. Got none for plan."),
        ({}, "must be for every criterion: fit, plan. Got none for fit, plan."),
        ({"fit": 5, "plan": 1, "style": 1}, "must be for criteria of the programme: fit, plan. Got 'style'."),
        ({"fit": 6, "plan": 1}, "The score of fit must lie between 0 and 5. Got 6."),
        ({"fit": 5, "plan": -1}, "The score of plan must lie between 0 and 10. Got -1."),
        ({"fit": True, "plan": 1}, "The score of fit must lie between 0 and 5. Got True."),
    ],
)
def test_scores_that_do_not_fit_the_criteria_are_refused(scores: dict[str, Any], message: str) -> None:
    with pytest.raises(Refusal) as caught:
        check_scores(PROGRAMME, scores)
    assert message in str(caught.value)


def test_the_least_and_the_most_points_are_allowed() -> None:
    check_scores(PROGRAMME, {"fit": 0, "plan": 10})
    check_scores(PROGRAMME, {"fit": 5, "plan": 0})


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 10)), min_size=1, max_size=4))
def test_a_score_lies_between_the_lowest_and_the_highest(points: list[tuple[int, int]]) -> None:
    steps = [scored(number, f"assessor {number}", fit, plan) for number, (fit, plan) in enumerate(points, start=1)]
    found = score_of(PROGRAMME, history(*steps))
    percents = [one.percent for one in found.by_assessor]
    assert 0 <= min(percents) <= found.percent <= max(percents) <= 100
    assert found.spread == pytest.approx(max(percents) - min(percents))


def test_the_best_scores_are_a_hundred_percent_whatever_the_weights() -> None:
    criteria = [{**one, "weight": weight} for one, weight in zip(VALUES["scoring"]["criteria"], (7, 100), strict=True)]
    programme = small_programme(scoring={"assessors": 1, "criteria": criteria})
    assert score_of(programme, history(scored(1, "a", 5, 10))).percent == 100.0
