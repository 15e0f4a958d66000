"""What every store of vectors must do, whatever it is made of: the cases that each is held to."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from embeddings.encoder import Vectors
from embeddings.hits import Hits, Mask
from embeddings.nearest import Nearest

Build = Callable[[Vectors], Nearest]
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


class NearestCases:
    """A test class of a store has these, and fixtures: `index` over `VECTORS`, `build` for other vectors, and `is_exact`."""

    def test_it_knows_its_size(self, index: Nearest) -> None:
        assert (index.count, index.dim) == (COUNT, DIM)

    def test_the_nearest_are_those_of_exact_search(self, index: Nearest, is_exact: bool) -> None:
        found, expected = index.search(ASKED, 10), [exact(VECTORS, query, 10) for query in ASKED]
        assert recall(found, expected) >= (1 if is_exact else RECALL)

    def test_best_comes_first_and_scores_are_cosines(self, index: Nearest) -> None:
        for query, hits in zip(ASKED, index.search(ASKED, 25), strict=True):
            assert np.all(np.diff(hits.scores) <= 0)
            np.testing.assert_allclose(hits.scores, VECTORS[hits.ids] @ query, atol=1e-5)

    def test_answers_have_the_declared_types_and_hold_no_row_twice(self, index: Nearest) -> None:
        for hits in index.search(ASKED, 25):
            assert (hits.ids.dtype, hits.scores.dtype) == (np.int64, np.float32)
            assert len({*hits.ids.tolist()}) == len(hits.ids) == 25

    def test_queries_asked_together_answer_as_each_alone(self, index: Nearest) -> None:
        for query, together in zip(ASKED, index.search(ASKED, 10), strict=True):
            (alone,) = index.search(query[None], 10)
            assert alone.ids.tolist() == together.ids.tolist()

    def test_the_mask_acts_inside_the_search(self, index: Nearest, is_exact: bool) -> None:
        found, expected = [], []
        for query in ASKED:
            allowed = np.zeros(COUNT, dtype=np.bool_)
            allowed[exact(VECTORS, query, COUNT)[-20:]] = True
            (hits,) = index.search(query[None], 10, allowed)
            assert len(hits.ids) == 10
            assert allowed[hits.ids].all()
            found.append(hits)
            expected.append(exact(VECTORS, query, 10, allowed))
        assert recall(found, expected) >= (1 if is_exact else RECALL)

    def test_one_mask_holds_for_every_query_of_a_call(self, index: Nearest, is_exact: bool) -> None:
        allowed = np.random.default_rng(4).random(COUNT) < 0.1
        found = index.search(ASKED, 10, allowed)
        assert all(len(hits.ids) == 10 and allowed[hits.ids].all() for hits in found)
        expected = [exact(VECTORS, query, 10, allowed) for query in ASKED]
        assert recall(found, expected) >= (1 if is_exact else RECALL)

    def test_the_last_row_can_be_the_only_one_allowed(self, index: Nearest) -> None:
        allowed = np.arange(COUNT) == COUNT - 1
        (hits,) = index.search(ASKED[:1], 5, allowed)
        assert hits.ids.tolist() == [COUNT - 1]

    def test_duplicates_come_in_order_of_id(self, build: Build) -> None:
        vectors, copies = VECTORS.copy(), [*range(1_990, 30, -49)]
        vectors[copies] = ASKED[0]
        for hits in build(vectors).search(np.repeat(ASKED[:1], 30, axis=0), 6):
            assert hits.ids.tolist() == sorted(copies)[:6]

    def test_fewer_are_the_beginning_of_more_and_equal_scores_go_by_id(self, build: Build, is_exact: bool) -> None:
        # Beyond these all other rows are level: of them an inexact type scores just some.
        told_apart = len(BETTER) + len(EQUAL)
        index = build(leaning(TIED))
        (everything,) = index.search(FIRST_AXIS, index.count)
        in_order = list(zip(-everything.scores, everything.ids, strict=True))
        assert in_order == sorted(in_order)
        for k in (1, 3, 7, 20, told_apart, *([60] if is_exact else [])):
            (hits,) = index.search(FIRST_AXIS, k)
            assert hits.ids.tolist() == everything.ids[:k].tolist()

    def test_k_above_the_count_gives_every_row_once(self, index: Nearest) -> None:
        (hits,) = index.search(ASKED[:1], COUNT + 5)
        assert sorted(hits.ids.tolist()) == list(range(COUNT))

    def test_k_above_the_allowed_gives_just_the_allowed(self, index: Nearest) -> None:
        allowed = np.arange(COUNT) % 500 == 7
        (hits,) = index.search(ASKED[:1], 10, allowed)
        assert sorted(hits.ids.tolist()) == [7, 507, 1007, 1507]

    def test_nothing_allowed_gives_nothing_for_each_query(self, index: Nearest) -> None:
        found = index.search(ASKED, 3, np.zeros(COUNT, dtype=np.bool_))
        assert [(len(hits.ids), len(hits.scores)) for hits in found] == [(0, 0)] * QUERIES

    def test_no_query_gives_no_answer(self, index: Nearest) -> None:
        assert index.search(np.empty((0, DIM), dtype=np.float32), 3) == []

    @pytest.mark.parametrize("k", [0, -1])
    def test_k_below_one_is_refused(self, index: Nearest, k: int) -> None:
        with pytest.raises(ValueError, match=rf"k must be at least 1\. Got {k}\."):
            index.search(ASKED, k)

    @pytest.mark.parametrize(
        "mask",
        [np.ones(COUNT - 1, bool), np.ones(COUNT + 1, bool), np.ones((1, COUNT), bool), np.ones(COUNT, np.uint8)],
        ids=["short", "long", "two-dimensional", "numbers"],
    )
    def test_a_mask_of_another_shape_or_type_is_refused(self, index: Nearest, mask: Mask) -> None:
        with pytest.raises(ValueError, match=r"`allowed` must be 2000 booleans\. Got"):
            index.search(ASKED, 3, mask)

    def test_stored_vectors_come_back_in_the_order_asked(self, index: Nearest) -> None:
        ids = np.array([1_999, 0, 7, 7])
        for _ in range(2):
            np.testing.assert_array_equal(index.vectors(ids), VECTORS[ids])

    def test_level_rows_come_in_order_of_id_across_the_edge_of_k(self, build: Build) -> None:
        index = build(leaning(TIED))
        for k in (1, 2, 3, 7, 20, len(EQUAL) + 1):
            (hits,) = index.search(FIRST_AXIS, k)
            assert hits.ids.tolist() == [*BETTER, *EQUAL][:k]

    def test_level_rows_come_in_order_of_id_under_a_mask(self, build: Build) -> None:
        (hits,) = build(leaning(TIED)).search(FIRST_AXIS, 6, np.arange(800) >= 100)
        assert hits.ids.tolist() == [350, *(row for row in EQUAL if row >= 100)][:6]
