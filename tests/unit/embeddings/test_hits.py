from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.hits import best, check_search

scored = st.lists(st.sampled_from([0.0, 0.5, 1.0, -1.0]), max_size=20)


def test_the_highest_come_first_and_equals_in_order_of_id() -> None:
    found = best(np.array([9, 4, 7, 1]), np.array([0.5, 0.5, 0.9, 0.5], dtype=np.float32), k=3)
    assert found.ids.tolist() == [7, 1, 4]
    assert found.scores.tolist() == pytest.approx([0.9, 0.5, 0.5])


@given(scored, st.integers(1, 25), st.randoms())
def test_the_order_of_the_input_does_not_matter(scores: list[float], k: int, random: object) -> None:
    ids, values = np.arange(len(scores)), np.array(scores, dtype=np.float32)
    shuffled = np.array(sorted(ids, key=lambda _: random.random()), dtype=np.int64)  # type: ignore[attr-defined]
    assert best(shuffled, values[shuffled], k).ids.tolist() == best(ids, values, k).ids.tolist()


def test_no_mask_is_every_row() -> None:
    check_search(1, None, 3)


def test_a_mask_of_the_right_length_passes() -> None:
    check_search(1, np.array([True, False, True]), 3)


def test_a_mask_of_another_length_is_refused_with_both_lengths() -> None:
    with pytest.raises(ValueError, match=r"must be 3 booleans\. Got bool of shape \(2,\)\."):
        check_search(1, np.array([True, False]), 3)
