"""Whatever was added and removed, a search finds what exact search over the rest finds, by the numbers given at first."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from embeddings.dense import DenseConfig, DenseIndex
from embeddings.encoder import Vectors
from embeddings.growing import GrowingIndex
from embeddings.nearest import NearestOfKind

DIM = 3
few_values = st.sampled_from([-1.0, 0.0, 0.5, 1.0])
some_rows = st.integers(0, 6).flatmap(lambda count: arrays.arrays(np.float32, (count, DIM), elements=few_values))
QUERIES = np.array([[1.0, 0.0, -1.0], [0.0, 1.0, 1.0]], dtype=np.float32)


def unit_rows(count: int, seed: int, dim: int = 16) -> Vectors:
    rows = np.random.default_rng(seed).standard_normal((count, dim)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


class Growing(RuleBasedStateMachine):
    """Additions, removals and compactions in any order, beside a plain dictionary of what is there."""

    def __init__(self) -> None:
        super().__init__()
        self.index = GrowingIndex(None, DIM)
        self.there: dict[int, Vectors] = {}

    @initialize(vectors=some_rows)
    def begin(self, vectors: Vectors) -> None:
        if len(vectors):
            self.index = GrowingIndex(DenseIndex.build(vectors), DIM)
            self.there = dict(enumerate(vectors))

    @rule(vectors=some_rows)
    def add(self, vectors: Vectors) -> None:
        given = self.index.add(vectors)
        assert given.tolist() == list(range(self.index.count - len(vectors), self.index.count))
        self.there |= dict(zip(given.tolist(), vectors, strict=True))

    @precondition(lambda self: self.there)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        rows = data.draw(st.lists(st.sampled_from(sorted(self.there)), unique=True))
        self.index.remove(np.array(rows, dtype=np.int64))
        for row in rows:
            del self.there[row]

    @rule()
    def compact(self) -> None:
        self.index.compact()
        assert self.index.added == 0

    @rule(data=st.data(), k=st.integers(1, 12))
    def search_under_a_mask(self, data: st.DataObject, k: int) -> None:
        allowed = data.draw(arrays.arrays(np.bool_, self.index.count))
        for query, hits in zip(QUERIES, self.index.search(QUERIES, k, allowed), strict=True):
            assert hits.ids.tolist() == self.right([row for row in self.there if allowed[row]], query)[:k]

    @invariant()
    def a_search_finds_what_is_there(self) -> None:
        for query, hits in zip(QUERIES, self.index.search(QUERIES, 5), strict=True):
            assert hits.ids.tolist() == self.right(list(self.there), query)[:5]

    @invariant()
    def vectors_come_back_by_row(self) -> None:
        rows = sorted(self.there, reverse=True)
        expected = np.array([self.there[row] for row in rows], dtype=np.float32).reshape(-1, DIM)
        np.testing.assert_array_equal(self.index.vectors(np.array(rows, dtype=np.int64)), expected)
        assert np.flatnonzero(self.index.is_there).tolist() == sorted(self.there)

    def right(self, rows: list[int], query: Vectors) -> list[int]:
        return sorted(rows, key=lambda row: (-float(self.there[row] @ query), row))


TestGrowing = Growing.TestCase
TestGrowing.settings = settings(max_examples=40, stateful_step_count=15, deadline=None)


def test_it_is_a_nearest_like_any_other() -> None:
    index: NearestOfKind = GrowingIndex(DenseIndex.build(unit_rows(20, 1)), 16)
    assert (index.count, index.dim, index.kind.factory) == (20, 16, "Flat")


def test_over_inexact_lists_it_misses_no_more_than_they_do() -> None:
    config = DenseConfig(exact_up_to=500, exact_below_kept=0, visited_share=0.7, visited_at_least=0)
    index = GrowingIndex(DenseIndex.build(unit_rows(2_000, 1), config), 16, config)
    index.add(unit_rows(300, 2))
    index.remove(np.arange(0, 2_300, 7))
    asked, left = unit_rows(40, 3), np.flatnonzero(index.is_there)
    for _ in range(2):
        vectors = index.vectors(left)
        shares = []
        for query, hits in zip(asked, index.search(asked, 10), strict=True):
            assert index.is_there[hits.ids].all()
            right = left[np.argsort(-(vectors @ query), kind="stable")[:10]]
            shares.append(len({*hits.ids.tolist()} & {*right.tolist()}) / 10)
        assert float(np.mean(shares)) >= 0.95
        index.compact()
        assert index.kind.factory.startswith("IVF")


def test_what_is_saved_comes_back_with_additions_and_removals(tmp_path: Path) -> None:
    index = GrowingIndex(DenseIndex.build(unit_rows(50, 1)), 16)
    index.add(unit_rows(10, 2))
    index.remove(np.array([3, 55]))
    index.compact()
    index.add(unit_rows(5, 3))
    index.remove(np.array([7, 61]))
    index.save(tmp_path)
    again = GrowingIndex.load(tmp_path)
    assert (again.count, again.added, again.kind) == (65, 5, index.kind)
    asked = unit_rows(8, 4)
    for one, other in zip(index.search(asked, 12), again.search(asked, 12), strict=True):
        np.testing.assert_array_equal(one.ids, other.ids)
        np.testing.assert_array_equal(one.scores, other.scores)
    assert again.add(unit_rows(1, 5)).tolist() == [65]


def test_an_index_that_began_with_nothing_is_saved_too(tmp_path: Path) -> None:
    index = GrowingIndex(None, 16)
    index.add(unit_rows(3, 1))
    index.save(tmp_path)
    again = GrowingIndex.load(tmp_path)
    assert again.search(unit_rows(1, 1), 1)[0].ids.tolist() == [0]


def test_emptied_and_compacted_it_finds_nothing_and_grows_on() -> None:
    index = GrowingIndex(DenseIndex.build(unit_rows(4, 1)), 16)
    index.remove(np.arange(4))
    index.compact()
    assert len(index.search(unit_rows(1, 2), 3)[0].ids) == 0
    assert index.add(unit_rows(2, 3)).tolist() == [4, 5]


@pytest.mark.parametrize("rows", [[4], [-1], [1, 2]], ids=["never given", "negative", "one of them gone"])
def test_a_row_that_is_not_there_is_neither_removed_nor_read(rows: list[int]) -> None:
    index = GrowingIndex(DenseIndex.build(unit_rows(4, 1)), 16)
    index.remove(np.array([2]))
    for refused in (index.remove, index.vectors):
        with pytest.raises(ValueError, match=r"The rows must be in the index\. Got -?\d"):
            refused(np.array(rows))
    assert index.is_there.tolist() == [True, True, False, True]


def test_vectors_of_another_length_are_refused() -> None:
    with pytest.raises(ValueError, match=r"must be rows of 16 numbers\. Got the shape \(2, 8\)\."):
        GrowingIndex(None, 16).add(np.zeros((2, 8), dtype=np.float32))


def test_a_mask_of_another_length_is_refused_as_everywhere() -> None:
    index = GrowingIndex(DenseIndex.build(unit_rows(4, 1)), 16)
    index.add(unit_rows(1, 2))
    with pytest.raises(ValueError, match="`allowed` must be 5 booleans"):
        index.search(unit_rows(1, 3), 2, np.ones(4, dtype=np.bool_))
