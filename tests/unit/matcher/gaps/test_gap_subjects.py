from __future__ import annotations

import numpy as np
import pytest

from embeddings.errors import Refusal
from matcher.gaps import subjects
from matcher.gaps.subjects import apart_from_each_other, common_to, most_central, subjects_of, unrelated_from
from tests.unit.matcher.gaps.asked_needs import DIM, direction

THREE = np.stack([direction(0), direction(0, 1), direction(1, 0), direction(2), direction(0, 2), direction(2, 0)])
"""Needs about the axes 0, 0, 1, 2, 0 and 2."""


def test_needs_near_each_other_are_on_one_subject_numbered_by_its_first() -> None:
    assert subjects_of(THREE, 0.3).tolist() == [0, 0, 1, 2, 0, 2]


def test_nothing_is_forced_into_a_subject() -> None:
    assert subjects_of(THREE, 0.01).tolist() == list(range(6))


def test_of_nothing_there_is_no_subject_and_one_need_is_one() -> None:
    assert subjects_of(THREE[:0], 0.3).tolist() == []
    assert subjects_of(THREE[:1], 0.3).tolist() == [0]


def test_the_same_needs_again_give_the_same_subjects() -> None:
    rows = np.random.default_rng(0).normal(size=(60, DIM)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    first = subjects_of(rows, 0.8)
    assert first.tolist() == subjects_of(rows.copy(), 0.8).tolist()
    assert 1 < first.max() < 59


def test_in_another_order_the_same_needs_are_together() -> None:
    order = np.random.default_rng(1).permutation(6)
    found, other = subjects_of(THREE, 0.3), subjects_of(THREE[order], 0.3)
    same = found[order][:, None] == found[order][None, :]
    assert np.array_equal(same, other[:, None] == other[None, :])


def test_too_many_needs_are_refused_with_a_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subjects, "MOST_NEEDS", 5)
    with pytest.raises(Refusal, match=r"be at most 5\. Got 6\. Look at one region \(--region\)"):
        subjects_of(THREE, 0.3)


def test_unrelated_is_as_far_as_ordinary_needs_on_different_subjects_are() -> None:
    vectors = np.stack([direction(0), direction(0, 1), direction(1), direction(2)])
    far = unrelated_from(vectors, ["a", "a", "b", "c"], share=0.0)
    # The nearest pair on different subjects is 70° apart; those on one subject are 20° apart and do not count.
    assert far == pytest.approx(1 - np.cos(np.radians(70)), abs=1e-6)
    assert unrelated_from(vectors, ["a", "a", "b", "c"], share=1.0) == pytest.approx(1.0)


def test_a_bank_of_one_subject_cannot_tell_what_is_unrelated() -> None:
    with pytest.raises(Refusal, match=r"must have at least two subjects\. Got 1"):
        unrelated_from(THREE[:2], ["a", "a"])


def test_what_all_needs_have_in_common_is_taken_away() -> None:
    shared = direction(5) * 2
    rows = np.stack([(direction(axis) + shared) / np.sqrt(5) for axis in (0, 1, 2)])
    assert float(rows[0] @ rows[1]) == pytest.approx(0.8)
    apart = apart_from_each_other(rows, common_to(rows, 0))
    assert np.linalg.norm(apart, axis=1) == pytest.approx([1.0] * 3)
    assert float(apart[0] @ apart[1]) < 0


def test_a_few_needs_are_not_taken_for_their_kind() -> None:
    rows = np.stack([direction(0)])
    assert common_to(rows, 24) == pytest.approx(direction(0) / 25)
    assert apart_from_each_other(rows, common_to(rows, 24)) == pytest.approx(rows)


def test_the_most_central_is_nearest_to_all_and_of_equals_the_first() -> None:
    assert most_central(np.stack([direction(0, 1), direction(0), direction(0, 2)])) == 1
    assert most_central(np.stack([direction(0), direction(1)])) == 0
