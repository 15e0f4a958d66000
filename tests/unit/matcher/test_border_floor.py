from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from matcher.ranking import with_floor
from matcher.records import Floor
from tests.unit.matcher.candidates import candidates_of, policy, rank

FOREIGN = np.array([False, False, False, True, False, True, True])
"""Positions 0 to 6, best first."""


def floored(at_least: int, of_first: int, foreign: NDArray[np.bool_] = FOREIGN) -> list[int]:
    order = np.arange(len(foreign), dtype=np.int64)
    return [int(place) for place in with_floor(order, foreign, Floor(at_least=at_least, of_first=of_first))]


@pytest.mark.parametrize(
    ("at_least", "of_first", "expected"),
    [
        (1, 3, [0, 1, 3, 2, 4, 5, 6]),
        (2, 3, [0, 3, 5, 1, 2, 4, 6]),
        (3, 3, [3, 5, 6, 0, 1, 2, 4]),
        (1, 1, [3, 0, 1, 2, 4, 5, 6]),
        (1, 4, [0, 1, 2, 3, 4, 5, 6]),
        (2, 5, [0, 1, 2, 3, 5, 4, 6]),
        (3, 7, [0, 1, 2, 3, 4, 5, 6]),
    ],
)
def test_the_best_foreign_ones_come_into_the_first_places(at_least: int, of_first: int, expected: list[int]) -> None:
    assert floored(at_least, of_first) == expected


def test_a_floor_that_is_met_changes_nothing() -> None:
    assert floored(2, 3, np.array([True, True, False, False])) == [0, 1, 2, 3]


def test_more_foreign_ones_than_the_floor_asks_for_stay_where_they_are() -> None:
    assert floored(1, 3, np.array([True, True, True, False])) == [0, 1, 2, 3]


def test_a_floor_that_cannot_be_met_takes_what_there_is() -> None:
    assert floored(3, 3, np.array([False, False, False, True, False])) == [0, 1, 3, 2, 4]


def test_a_floor_without_anyone_foreign_changes_nothing() -> None:
    assert floored(2, 2, np.zeros(4, dtype=np.bool_)) == [0, 1, 2, 3]


def test_a_floor_beyond_the_end_of_the_list_does_no_harm() -> None:
    assert floored(5, 50) == [0, 1, 2, 3, 4, 5, 6]


def test_nobody_is_lost_or_doubled() -> None:
    for of_first in range(1, 9):
        for at_least in range(1, of_first + 1):
            assert sorted(floored(at_least, of_first)) == list(range(7))


def test_the_floor_works_under_every_policy_and_before_the_cut() -> None:
    candidates = candidates_of([5.0, 4.0, 3.0, 0.5])
    countries = ["NL", "NL", "NL", "DE"]
    for mode in ("neutral", "favour"):
        ranked = rank(countries, candidates, policy(mode, beta=1.0, floor={"at_least": 1, "of_first": 2}), k=2)
        assert ranked.places.tolist() == [0, 3]


def test_the_floor_moves_places_and_never_scores() -> None:
    candidates = candidates_of([5.0, 4.0, 0.5])
    plain = rank(["NL", "NL", "DE"], candidates, policy("neutral"))
    moved = rank(["NL", "NL", "DE"], candidates, policy("neutral", floor={"at_least": 1, "of_first": 1}))
    assert moved.places.tolist() == [2, 0, 1]
    assert dict(zip(moved.places.tolist(), moved.scores.tolist(), strict=True)) == dict(
        zip(plain.places.tolist(), plain.scores.tolist(), strict=True)
    )
