from __future__ import annotations

import pytest

from matcher.errors import NotFound
from matcher.programme.application import ApplicationHistory
from matcher.programme.scoring import Ranked, ranked
from tests.unit.matcher.programme.small_programme import granted, history, scored, small_programme, step

PROGRAMME = small_programme()


def with_points(application_id: int, fit: int, region_id: str = "east", requested: int = 400_000) -> ApplicationHistory:
    steps = (scored(1, "a", fit, 10), scored(2, "b", fit, 10))
    return history(*steps, application_id=application_id, region_id=region_id, requested=requested)


def listed(*histories: ApplicationHistory) -> list[Ranked]:
    return ranked(PROGRAMME, "spring", histories)


def brief(rows: list[Ranked]) -> list[tuple[int | None, int, bool | None]]:
    return [(row.rank, row.application_id, row.suffices) for row in rows]


def test_the_best_come_first_and_of_equals_the_earlier() -> None:
    rows = listed(with_points(1, 3), with_points(3, 5), with_points(2, 5))
    assert brief(rows) == [(1, 2, True), (2, 3, True), (3, 1, False)]
    assert [row.needed for row in rows] == [400_000, 800_000, 1_200_000]
    assert {row.budget for row in rows} == {1_000_000}
    assert {row.pass_mark for row in rows} == {60}


def test_each_region_pays_its_own() -> None:
    rows = listed(with_points(1, 5), with_points(2, 5), with_points(3, 4, "south"), with_points(4, 4))
    assert brief(rows) == [(1, 1, True), (2, 2, True), (3, 3, True), (4, 4, False)]


def test_behind_one_that_does_not_fit_nothing_fits() -> None:
    rows = listed(with_points(1, 5), with_points(2, 5), with_points(3, 4), with_points(4, 3, requested=1))
    assert [row.suffices for row in rows] == [True, True, False, False]


def test_the_last_cent_suffices() -> None:
    assert [row.suffices for row in listed(with_points(1, 5, requested=600_000), with_points(2, 4))] == [True, True]
    assert [row.suffices for row in listed(with_points(1, 5, requested=600_001), with_points(2, 4))] == [True, False]


def test_below_the_pass_mark_nothing_is_taken() -> None:
    rows = listed(with_points(1, 1), with_points(2, 5))
    assert brief(rows) == [(1, 2, True), (2, 1, None)]
    assert (rows[1].score.passes, rows[1].needed) == (False, 400_000)


def test_what_is_not_scored_in_full_comes_behind_without_a_rank() -> None:
    one_assessor = history(scored(1, "a", 5, 10), application_id=1)
    assert brief(listed(one_assessor, with_points(2, 1))) == [(1, 2, None), (None, 1, None)]


def test_what_is_out_comes_last_and_takes_nothing() -> None:
    rejected = history(scored(1, "a", 5, 10), scored(2, "b", 5, 10), step("rejected", 3, reason="no"), application_id=1)
    withdrawn = history(step("withdrawn", 1), application_id=2)
    rows = listed(rejected, withdrawn, history(application_id=3), with_points(4, 4))
    assert brief(rows) == [(1, 4, True), (None, 3, None), (None, 1, None), (None, 2, None)]


def test_what_was_granted_is_taken_off_first_wherever_it_ranks() -> None:
    given = history(scored(1, "a", 3, 10), scored(2, "b", 3, 10), granted(3, 300_000), application_id=1)
    rows = listed(given, with_points(2, 5), with_points(3, 4))
    assert brief(rows) == [(1, 2, True), (2, 3, False), (3, 1, False)]
    assert [(row.asks, row.needed) for row in rows] == [(400_000, 700_000), (400_000, 1_100_000), (300_000, 1_100_000)]


def test_what_was_paid_counts_with_what_was_paid() -> None:
    paid = history(granted(1), step("paid", 2, amount=250_000, reserved=-400_000, paid=250_000), application_id=1)
    (row,) = listed(paid)
    assert (row.state, row.asks, row.needed, row.suffices) == ("paid", 250_000, 250_000, True)


def test_where_nobody_assesses_time_decides() -> None:
    programme = small_programme(scoring={"assessors": 0})
    rows = ranked(programme, "spring", [history(application_id=number) for number in (3, 1, 2)])
    assert brief(rows) == [(1, 1, True), (2, 2, True), (3, 3, False)]


def test_other_calls_are_left_out() -> None:
    assert listed(history(call_id="autumn")) == []


def test_a_region_without_a_budget_in_the_call_has_none() -> None:
    in_autumn = with_points(1, 5, "south").model_copy()
    moved = in_autumn.model_copy(update={"application": in_autumn.application.model_copy(update={"call_id": "autumn"})})
    (row,) = ranked(PROGRAMME, "autumn", [moved])
    assert (row.budget, row.suffices) == (0, False)


def test_an_unknown_call_is_refused_with_those_known() -> None:
    with pytest.raises(NotFound, match="spring, autumn"):
        ranked(PROGRAMME, "winter", [])
