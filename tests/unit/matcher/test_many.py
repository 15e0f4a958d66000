from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.many import capped_lists, top_lists

NEVER = -np.inf


def test_the_best_come_first_and_ties_in_order_of_column() -> None:
    scores = np.array([[1.0, 3.0, 2.0, 3.0], [0.0, 0.0, 0.0, 0.0]])
    assert top_lists(scores, 3).tolist() == [[1, 3, 2], [0, 1, 2]]


def test_who_may_not_be_listed_leaves_the_end_empty() -> None:
    assert top_lists(np.array([[NEVER, 2.0, NEVER], [NEVER] * 3]), 2).tolist() == [[1, -1], [-1, -1]]


def test_a_list_is_never_longer_than_there_are_providers() -> None:
    assert top_lists(np.array([[1.0, 2.0]]), 10).tolist() == [[1, 0]]


rows = st.lists(st.lists(st.sampled_from([NEVER, 0.0, 1.0, 2.0, 3.5]), min_size=6, max_size=6), min_size=1, max_size=5)


@given(scores=rows, k=st.integers(1, 8))
def test_each_row_is_what_sorting_it_alone_gives(scores: list[list[float]], k: int) -> None:
    found = top_lists(np.array(scores), k).tolist()
    for listed, row in zip(found, scores, strict=True):
        order = [column for column in sorted(range(6), key=lambda c: (-row[c], c)) if row[column] > NEVER][:k]
        assert listed == order + [-1] * (min(k, 6) - len(order))


def test_a_cap_hands_the_next_best_to_those_who_come_later() -> None:
    scores = np.array([[3.0, 2.0, 1.0]] * 3)
    assert capped_lists(scores, 1, 1).tolist() == [[0], [1], [2]]
    assert capped_lists(scores, 2, 2).tolist() == [[0, 1], [0, 1], [2, -1]]
    assert capped_lists(scores, 2, 3).tolist() == top_lists(scores, 2).tolist()


def test_a_cap_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="must be at least 1"):
        capped_lists(np.ones((1, 2)), 1, 0)
