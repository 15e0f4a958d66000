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
from embeddings.hits import Hits, Mask

COUNT, DIM, QUERIES = 2_000, 32, 40
RECALL = 0.95


def unit_rows(count: int, seed: int) -> Vectors:
    rows = np.random.default_rng(seed).standard_normal((count, DIM)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


VECTORS, ASKED = unit_rows(COUNT, seed=1), unit_rows(QUERIES, seed=2)


def exact(vectors: Vectors, query: Vectors, k: int, allowed: Mask | None = None) -> list[int]:
    scores = vectors.astype(np.float64) @ query.astype(np.float64)
    ids = np.arange(len(vectors)) if allowed is None else np.flatnonzero(allowed)
    return sorted(ids.tolist(), key=lambda row: (-scores[row], row))[:k]


def recall(found: list[Hits], expected: list[list[int]]) -> float:
    shares = [len({*hits.ids.tolist()} & {*right}) / len(right) for hits, right in zip(found, expected, strict=True)]
    return float(np.mean(shares))


def leaning(at: dict[int, float], count: int = 800, seed: int = 3) -> Vectors:
    """Rows whose cosine with the first axis is exactly the one given by row, and 0 elsewhere."""
    rows = np.random.default_rng(seed).standard_normal((count, DIM))
    cosines = np.zeros(count)
    cosines[list(at)] = list(at.values())
    rows[:, 0] = 0
    rows *= (np.sqrt(1 - cosines**2) / np.linalg.norm(rows, axis=1))[:, None]
    rows[:, 0] = cosines
    return rows.astype(np.float32)


FIRST_AXIS = np.eye(1, DIM, dtype=np.float32)
BETTER, EQUAL = [20, 350], [*range(13, 400, 13)]
TIED = {**dict.fromkeys(BETTER, 0.9), **dict.fromkeys(EQUAL, 0.6)}


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


class TestDenseIndex:
    def test_it_knows_its_size(self, index: DenseIndex) -> None:
        assert (index.count, index.dim) == (COUNT, DIM)

    def test_the_nearest_are_those_of_exact_search(self, index: DenseIndex, factory: str) -> None:
        found, expected = index.search(ASKED, 10), [exact(VECTORS, query, 10) for query in ASKED]
        assert recall(found, expected) >= (1 if factory == "Flat" else RECALL)

    def test_best_comes_first_and_scores_are_cosines(self, index: DenseIndex) -> None:
        for query, hits in zip(ASKED, index.search(ASKED, 25), strict=True):
            assert np.all(np.diff(hits.scores) <= 0)
            np.testing.assert_allclose(hits.scores, VECTORS[hits.ids] @ query, atol=1e-6)

    def test_answers_have_the_declared_types_and_hold_no_row_twice(self, index: DenseIndex) -> None:
        for hits in index.search(ASKED, 25):
            assert (hits.ids.dtype, hits.scores.dtype) == (np.int64, np.float32)
            assert len({*hits.ids.tolist()}) == len(hits.ids) == 25

    def test_queries_asked_together_answer_as_each_alone(self, index: DenseIndex) -> None:
        for query, together in zip(ASKED, index.search(ASKED, 10), strict=True):
            (alone,) = index.search(query[None], 10)
            assert alone.ids.tolist() == together.ids.tolist()

    def test_the_mask_acts_inside_the_search(self, index: DenseIndex, factory: str) -> None:
        found, expected = [], []
        for query in ASKED:
            allowed = np.zeros(COUNT, dtype=np.bool_)
            allowed[exact(VECTORS, query, COUNT)[-20:]] = True
            (hits,) = index.search(query[None], 10, allowed)
            assert len(hits.ids) == 10
            assert allowed[hits.ids].all()
            found.append(hits)
            expected.append(exact(VECTORS, query, 10, allowed))
        assert recall(found, expected) >= (1 if factory == "Flat" else RECALL)

    def test_one_mask_holds_for_every_query_of_a_call(self, index: DenseIndex, factory: str) -> None:
        allowed = np.random.default_rng(4).random(COUNT) < 0.1
        found = index.search(ASKED, 10, allowed)
        assert all(len(hits.ids) == 10 and allowed[hits.ids].all() for hits in found)
        expected = [exact(VECTORS, query, 10, allowed) for query in ASKED]
        assert recall(found, expected) >= (1 if factory == "Flat" else RECALL)

    def test_the_last_row_can_be_the_only_one_allowed(self, index: DenseIndex) -> None:
        allowed = np.arange(COUNT) == COUNT - 1
        (hits,) = index.search(ASKED[:1], 5, allowed)
        assert hits.ids.tolist() == [COUNT - 1]

    def test_duplicates_come_in_order_of_id(self, kind: DenseKind) -> None:
        vectors, copies = VECTORS.copy(), [*range(1_990, 30, -49)]
        vectors[copies] = ASKED[0]
        index = DenseIndex.build(vectors, LISTS, kind)
        for hits in index.search(np.repeat(ASKED[:1], 30, axis=0), 6):
            assert hits.ids.tolist() == sorted(copies)[:6]

    def test_fewer_are_the_beginning_of_more_and_equal_scores_go_by_id(self, kind: DenseKind) -> None:
        # Beyond these all other rows are level: of them an inexact type scores just some.
        told_apart = len(BETTER) + len(EQUAL)
        index = DenseIndex.build(leaning(TIED), LISTS, kind)
        (everything,) = index.search(FIRST_AXIS, index.count)
        in_order = list(zip(-everything.scores, everything.ids, strict=True))
        assert in_order == sorted(in_order)
        for k in (1, 3, 7, 20, told_apart, *([60] if kind.is_exact else [])):
            (hits,) = index.search(FIRST_AXIS, k)
            assert hits.ids.tolist() == everything.ids[:k].tolist()

    def test_k_above_the_count_gives_every_row_once(self, index: DenseIndex) -> None:
        (hits,) = index.search(ASKED[:1], COUNT + 5)
        assert sorted(hits.ids.tolist()) == list(range(COUNT))

    def test_k_above_the_allowed_gives_just_the_allowed(self, index: DenseIndex) -> None:
        allowed = np.arange(COUNT) % 500 == 7
        (hits,) = index.search(ASKED[:1], 10, allowed)
        assert sorted(hits.ids.tolist()) == [7, 507, 1007, 1507]

    def test_nothing_allowed_gives_nothing_for_each_query(self, index: DenseIndex) -> None:
        found = index.search(ASKED, 3, np.zeros(COUNT, dtype=np.bool_))
        assert [(len(hits.ids), len(hits.scores)) for hits in found] == [(0, 0)] * QUERIES

    def test_no_query_gives_no_answer(self, index: DenseIndex) -> None:
        assert index.search(np.empty((0, DIM), dtype=np.float32), 3) == []

    @pytest.mark.parametrize("k", [0, -1])
    def test_k_below_one_is_refused(self, index: DenseIndex, k: int) -> None:
        with pytest.raises(ValueError, match=rf"k must be at least 1\. Got {k}\."):
            index.search(ASKED, k)

    @pytest.mark.parametrize(
        "mask",
        [np.ones(COUNT - 1, bool), np.ones(COUNT + 1, bool), np.ones((1, COUNT), bool), np.ones(COUNT, np.uint8)],
        ids=["short", "long", "two-dimensional", "numbers"],
    )
    def test_a_mask_of_another_shape_or_type_is_refused(self, index: DenseIndex, mask: Mask) -> None:
        with pytest.raises(ValueError, match=r"`allowed` must be 2000 booleans\. Got"):
            index.search(ASKED, 3, mask)

    def test_stored_vectors_come_back_in_the_order_asked(self, index: DenseIndex) -> None:
        ids = np.array([1_999, 0, 7, 7])
        for _ in range(2):
            np.testing.assert_array_equal(index.vectors(ids), VECTORS[ids])

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


@pytest.mark.parametrize("factory", ["Flat", "IVF16,PQ16x4fsr", "IVF16,SQ8"])
class TestLevelRows:
    def test_they_come_in_order_of_id_across_the_edge_of_k(self, factory: str) -> None:
        index = DenseIndex.build(leaning(TIED), LISTS, DenseKind(factory, ""))
        for k in (1, 2, 3, 7, 20, len(EQUAL) + 1):
            (hits,) = index.search(FIRST_AXIS, k)
            assert hits.ids.tolist() == [*BETTER, *EQUAL][:k]

    def test_they_come_in_order_of_id_under_a_mask(self, factory: str) -> None:
        allowed = np.arange(800) >= 100
        (hits,) = DenseIndex.build(leaning(TIED), LISTS, DenseKind(factory, "")).search(FIRST_AXIS, 6, allowed)
        assert hits.ids.tolist() == [350, *(row for row in EQUAL if row >= 100)][:6]


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
