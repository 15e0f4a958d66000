"""Every index type answers as exact search does, or nearly so where it says it is inexact."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from sklearn.neighbors import NearestNeighbors

from embeddings import coded_lists, full_vectors
from embeddings.dense import DenseConfig, DenseIndex, DenseKind
from embeddings.encoder import Vectors
from tests.contract.nearest_cases import (
    ASKED,
    COUNT,
    DIM,
    VECTORS,
    Build,
    NearestCases,
    exact,
)


@pytest.fixture(scope="module", params=["Flat", "IVF16,PQ16x4fsr", "IVF16,SQ8"])
def factory(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def kind(factory: str) -> DenseKind:
    return DenseKind(factory, "asked for by the test")


LISTS = DenseConfig(exact_below_kept=0, exact_from_share=1e6, visited_share=0.7, visited_at_least=0)
"""So that also a filter that keeps few goes through the lists. The made vectors lie all around: near ones are in many lists."""


@pytest.fixture(scope="module")
def index(kind: DenseKind) -> DenseIndex:
    return DenseIndex.build(VECTORS, LISTS, kind)


@pytest.fixture
def build(kind: DenseKind) -> Build:
    return lambda vectors: DenseIndex.build(vectors, LISTS, kind)


@pytest.fixture
def is_exact(kind: DenseKind) -> bool:
    return kind.is_exact


class TestDenseIndex(NearestCases):
    def test_what_is_saved_comes_back(self, index: DenseIndex, kind: DenseKind, tmp_path: Path) -> None:
        index.save(tmp_path)
        loaded = DenseIndex.load(tmp_path, kind, LISTS)
        files = {full_vectors.FILE} if kind.is_exact else {full_vectors.FILE, coded_lists.FILE}
        assert {p.name for p in tmp_path.iterdir()} == files
        assert (loaded.count, loaded.dim, loaded.kind) == (COUNT, DIM, kind)
        allowed = np.arange(COUNT) % 3 == 0
        for mask in (None, allowed):
            for before, after in zip(index.search(ASKED, 10, mask), loaded.search(ASKED, 10, mask), strict=True):
                np.testing.assert_array_equal(before.ids, after.ids)
                np.testing.assert_array_equal(before.scores, after.scores)
        np.testing.assert_array_equal(loaded.vectors(np.arange(50)), index.vectors(np.arange(50)))

    def test_the_same_vectors_build_the_same_index(self, index: DenseIndex, kind: DenseKind) -> None:
        again = DenseIndex.build(VECTORS, LISTS, kind)
        for first, second in zip(index.search(ASKED, 10), again.search(ASKED, 10), strict=True):
            np.testing.assert_array_equal(first.ids, second.ids)


def test_flat_agrees_with_scikit_learn() -> None:
    neighbours = NearestNeighbors(n_neighbors=15, metric="cosine", algorithm="brute").fit(VECTORS)
    distances, ids = neighbours.kneighbors(ASKED)
    found = DenseIndex.build(VECTORS, kind=DenseKind("Flat", "")).search(ASKED, 15)
    np.testing.assert_array_equal([hits.ids for hits in found], ids)
    np.testing.assert_allclose([hits.scores for hits in found], 1 - distances, atol=1e-5)


NARROW = DenseConfig(exact_below_kept=0, exact_from_share=1e6, visited_share=0.01, visited_more=0.0, visited_at_least=0)


@pytest.mark.parametrize("inexact", ["IVF16,PQ16x4fsr", "IVF16,SQ8"])
class TestFewListsVisited:
    def test_k_rows_come_back_even_where_the_lists_hold_fewer(self, inexact: str) -> None:
        index = DenseIndex.build(VECTORS, NARROW, DenseKind(inexact, ""))
        for query, hits in zip(ASKED, index.search(ASKED, 500), strict=True):
            assert len(hits.ids) == 500
            np.testing.assert_allclose(hits.scores, VECTORS[hits.ids] @ query, atol=1e-6)

    def test_allowed_rows_are_found_however_far_they_are(self, inexact: str) -> None:
        allowed = np.zeros(COUNT, dtype=np.bool_)
        allowed[exact(VECTORS, ASKED[0], COUNT)[-5:]] = True
        (hits,) = DenseIndex.build(VECTORS, NARROW, DenseKind(inexact, "")).search(ASKED[:1], 3, allowed)
        assert hits.ids.tolist() == exact(VECTORS, ASKED[0], 3, allowed)

    def test_where_a_fifth_would_be_scored_anyway_all_are(self, inexact: str) -> None:
        config = DenseConfig(exact_below_kept=0, visited_share=0.01, visited_more=0.0, visited_at_least=0)
        index = DenseIndex.build(VECTORS, config, DenseKind(inexact, ""))
        for query, hits in zip(ASKED, index.search(ASKED, 100), strict=True):
            assert hits.ids.tolist() == exact(VECTORS, query, 100)

    def test_where_a_filter_keeps_few_the_search_is_exact(self, inexact: str) -> None:
        index = DenseIndex.build(
            VECTORS,
            DenseConfig(exact_below_kept=200, exact_from_share=1e6, visited_share=0.01, visited_at_least=0),
            DenseKind(inexact, ""),
        )
        allowed = np.arange(COUNT) % 10 == 3
        for query, hits in zip(ASKED, index.search(ASKED, 10, allowed), strict=True):
            assert hits.ids.tolist() == exact(VECTORS, query, 10, allowed)


@pytest.mark.parametrize("factory", ["Flat", "IVF16,PQ16x4fsr", "IVF16,SQ8"])
def test_loaded_vectors_lie_in_their_file_and_cannot_be_written(factory: str, tmp_path: Path) -> None:
    DenseIndex.build(VECTORS, kind=DenseKind(factory, "")).save(tmp_path)
    index = DenseIndex.load(tmp_path, DenseKind(factory, ""))
    mapped = Path("/proc/self/maps").read_text()
    assert str(tmp_path / full_vectors.FILE) in mapped
    index.vectors(np.arange(3))[:] = 0
    np.testing.assert_array_equal(index.vectors(np.arange(3)), VECTORS[:3])


def test_another_type_in_the_file_is_told(tmp_path: Path) -> None:
    DenseIndex.build(VECTORS, kind=DenseKind("Flat", "")).save(tmp_path)
    with pytest.raises(RuntimeError):
        DenseIndex.load(tmp_path, DenseKind("IVF16,SQ8", ""))
    (tmp_path / full_vectors.FILE).rename(tmp_path / coded_lists.FILE)
    with pytest.raises(RuntimeError, match=r"holds IndexFlat.*, and inverted lists are asked for"):
        DenseIndex.load(tmp_path, DenseKind("IVF16,SQ8", ""))


def few_distinct_rows() -> Iterator[st.SearchStrategy[Vectors]]:
    values = st.sampled_from([-1.0, 0.0, 0.5, 1.0])
    for count in range(1, 40):
        yield arrays.arrays(np.float32, (count, 3), elements=values)


@given(st.data(), st.one_of(*few_distinct_rows()), st.integers(1, 45))
def test_flat_is_exact_search_with_ties_by_id_whatever_is_allowed(data: st.DataObject, rows: Vectors, k: int) -> None:
    allowed = data.draw(arrays.arrays(np.bool_, len(rows)))
    query = data.draw(arrays.arrays(np.float32, 3, elements=st.sampled_from([-1.0, 0.0, 1.0])))
    (hits,) = DenseIndex.build(rows, kind=DenseKind("Flat", "")).search(query[None], k, allowed)
    assert hits.ids.tolist() == exact(rows, query, k, allowed)
