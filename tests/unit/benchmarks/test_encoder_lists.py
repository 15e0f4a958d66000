"""How lists of two ways to encode are set beside one another."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.encoder import ratio
from benchmarks.encoder_ranks import Lists
from benchmarks.encoder_ways import unit


def test_the_same_lists_differ_in_nothing() -> None:
    usual = Lists([["a", "b"], ["c"]], [{"a": 2.0, "b": 1.0}, {"c": 0.5}])
    found = usual.beside(usual)
    assert (found.needs, found.same_ten, found.same_first, found.overlap, found.moved) == (2, 2, 2, 1.0, 0.0)


def test_an_exchange_of_places_keeps_the_overlap_and_not_the_order() -> None:
    usual = Lists([["a", "b"]], [{"a": 2.0, "b": 1.5}])
    other = Lists([["b", "a"]], [{"b": 1.75, "a": 1.5}])
    found = other.beside(usual)
    assert (found.same_ten, found.same_first, found.overlap, found.moved) == (0, 0, 1.0, 0.5)


def test_a_provider_that_only_one_list_has_counts_in_the_overlap_and_has_no_move() -> None:
    usual = Lists([["a", "b"]], [{"a": 2.0, "b": 1.0}])
    other = Lists([["a", "c"]], [{"a": 2.0, "c": 1.0}])
    found = other.beside(usual)
    assert (found.same_first, found.overlap, found.moved) == (1, 0.5, 0.0)


def test_a_ratio_is_taken_turn_by_turn_over_the_turns_that_both_had() -> None:
    assert ratio([2.0, 4.0, 100.0], [1.0, 2.0]) == pytest.approx(2.0)


def test_vectors_in_any_number_type_become_unit_rows_of_float32() -> None:
    rows = unit(np.array([[3.0, 4.0], [0.0, 2.0]], dtype=np.float16))
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-6)
