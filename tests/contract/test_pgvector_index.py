"""The shared store's vectors answer as FAISS's do: the same cases, with exact search, with HNSW, and with both by country."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from embeddings.encoder import Vectors
from embeddings.hits import Mask
from service.store.kinds import PgvectorConfig
from service.store.pgvector_index import PgvectorIndex
from service.store.places import Places
from service.store.shared_store import SharedStore
from service.store.where import Where
from tests.contract.test_dense_index import (
    ASKED,
    BETTER,
    COUNT,
    DIM,
    EQUAL,
    FIRST_AXIS,
    QUERIES,
    RECALL,
    TIED,
    VECTORS,
    exact,
    leaning,
    recall,
)
from tests.postgres import Postgres

Build = Callable[[Vectors], PgvectorIndex]

CONFIGS = {
    "exact": PgvectorConfig(),
    "HNSW": PgvectorConfig(exact_up_to=0, least_indexed=0, exact_below_kept=0, exact_from_share=2.0),
    "both": PgvectorConfig(exact_up_to=0, least_indexed=400, exact_below_kept=0, exact_from_share=2.0),
}
"""Limits under which a small table is searched as a large one would be. Of four countries one in five has 400 rows."""


def spread(count: int) -> Places:
    """Rows of four countries, of which one has two in five, of two categories and seven regions."""
    row = np.arange(count)
    return Places(
        provider_ids=[f"p-{number // 3}" for number in row],
        countries=np.array(["BE", "DE", "DE", "FR", "NL"])[row % 5],
        categories=np.array(["technology", "finance"])[(row % 50 == 0).astype(int)],
        regions=np.array([f"region-{number}" for number in range(7)])[row % 7],
    )


@pytest.fixture(scope="module")
def store_url(postgres: Postgres) -> Iterator[str]:
    url = postgres.new_database()
    yield url
    postgres.drop_database(url)


@pytest.fixture(scope="module", params=list(CONFIGS))
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def build(store_url: str, kind: str) -> Iterator[Build]:
    store = SharedStore(store_url, config=CONFIGS[kind])
    yield lambda vectors: store.write_vectors(vectors, spread(len(vectors)))
    store.close()


@pytest.fixture(scope="module")
def index(postgres: Postgres, kind: str) -> Iterator[PgvectorIndex]:
    url = postgres.new_database()
    store = SharedStore(url, config=CONFIGS[kind])
    yield store.write_vectors(VECTORS, spread(COUNT))
    store.close()
    postgres.drop_database(url)


class TestPgvectorIndex:
    def test_it_knows_its_size_and_type(self, index: PgvectorIndex, kind: str) -> None:
        assert (index.count, index.dim) == (COUNT, DIM)
        assert index.kind.factory == ("Flat" if kind == "exact" else "pgvector HNSW16")

    def test_the_nearest_are_those_of_exact_search(self, index: PgvectorIndex, kind: str) -> None:
        found, expected = index.search(ASKED, 10), [exact(VECTORS, query, 10) for query in ASKED]
        assert recall(found, expected) >= (1 if kind == "exact" else RECALL)

    def test_best_comes_first_and_scores_are_cosines(self, index: PgvectorIndex) -> None:
        for query, hits in zip(ASKED, index.search(ASKED, 25), strict=True):
            assert np.all(np.diff(hits.scores) <= 0)
            np.testing.assert_allclose(hits.scores, VECTORS[hits.ids] @ query, atol=1e-5)

    def test_answers_have_the_declared_types_and_hold_no_row_twice(self, index: PgvectorIndex) -> None:
        for hits in index.search(ASKED, 25):
            assert (hits.ids.dtype, hits.scores.dtype) == (np.int64, np.float32)
            assert len({*hits.ids.tolist()}) == len(hits.ids) == 25

    def test_queries_asked_together_answer_as_each_alone(self, index: PgvectorIndex) -> None:
        for query, together in zip(ASKED, index.search(ASKED, 10), strict=True):
            (alone,) = index.search(query[None], 10)
            assert alone.ids.tolist() == together.ids.tolist()

    def test_the_mask_acts_inside_the_search(self, index: PgvectorIndex, kind: str) -> None:
        found, expected = [], []
        for query in ASKED:
            allowed = np.zeros(COUNT, dtype=np.bool_)
            allowed[exact(VECTORS, query, COUNT)[-20:]] = True
            (hits,) = index.search(query[None], 10, allowed)
            assert len(hits.ids) == 10
            assert allowed[hits.ids].all()
            found.append(hits)
            expected.append(exact(VECTORS, query, 10, allowed))
        assert recall(found, expected) >= (1 if kind == "exact" else RECALL)

    def test_one_mask_holds_for_every_query_of_a_call(self, index: PgvectorIndex, kind: str) -> None:
        allowed = np.random.default_rng(4).random(COUNT) < 0.1
        found = index.search(ASKED, 10, allowed)
        assert all(len(hits.ids) == 10 and allowed[hits.ids].all() for hits in found)
        expected = [exact(VECTORS, query, 10, allowed) for query in ASKED]
        assert recall(found, expected) >= (1 if kind == "exact" else RECALL)

    def test_the_last_row_can_be_the_only_one_allowed(self, index: PgvectorIndex) -> None:
        (hits,) = index.search(ASKED[:1], 5, np.arange(COUNT) == COUNT - 1)
        assert hits.ids.tolist() == [COUNT - 1]

    def test_duplicates_come_in_order_of_id(self, build: Build) -> None:
        vectors, copies = VECTORS.copy(), [*range(1_990, 30, -49)]
        vectors[copies] = ASKED[0]
        for hits in build(vectors).search(np.repeat(ASKED[:1], 3, axis=0), 6):
            assert hits.ids.tolist() == sorted(copies)[:6]

    def test_fewer_are_the_beginning_of_more_and_equal_scores_go_by_id(self, build: Build) -> None:
        index = build(leaning(TIED))
        (everything,) = index.search(FIRST_AXIS, index.count)
        in_order = list(zip(-everything.scores, everything.ids, strict=True))
        assert in_order == sorted(in_order)
        for k in (1, 2, 3, 7, 20, 31, 60):
            (hits,) = index.search(FIRST_AXIS, k)
            assert hits.ids.tolist() == everything.ids[:k].tolist()
        (level,) = index.search(FIRST_AXIS, len(EQUAL) + 1)
        assert level.ids.tolist() == [*BETTER, *EQUAL][: len(EQUAL) + 1]

    def test_k_above_the_count_gives_every_row_once(self, index: PgvectorIndex) -> None:
        (hits,) = index.search(ASKED[:1], COUNT + 5)
        assert sorted(hits.ids.tolist()) == list(range(COUNT))

    def test_k_above_the_allowed_gives_just_the_allowed(self, index: PgvectorIndex) -> None:
        (hits,) = index.search(ASKED[:1], 10, np.arange(COUNT) % 500 == 7)
        assert sorted(hits.ids.tolist()) == [7, 507, 1007, 1507]

    def test_nothing_allowed_gives_nothing_for_each_query(self, index: PgvectorIndex) -> None:
        found = index.search(ASKED, 3, np.zeros(COUNT, dtype=np.bool_))
        assert [(len(hits.ids), len(hits.scores)) for hits in found] == [(0, 0)] * QUERIES

    def test_no_query_gives_no_answer(self, index: PgvectorIndex) -> None:
        assert index.search(np.empty((0, DIM), dtype=np.float32), 3) == []

    @pytest.mark.parametrize("k", [0, -1])
    def test_k_below_one_is_refused(self, index: PgvectorIndex, k: int) -> None:
        with pytest.raises(ValueError, match=rf"k must be at least 1\. Got {k}\."):
            index.search(ASKED, k)

    @pytest.mark.parametrize(
        "mask",
        [np.ones(COUNT - 1, bool), np.ones(COUNT + 1, bool), np.ones((1, COUNT), bool), np.ones(COUNT, np.uint8)],
        ids=["short", "long", "two-dimensional", "numbers"],
    )
    def test_a_mask_of_another_shape_or_type_is_refused(self, index: PgvectorIndex, mask: Mask) -> None:
        with pytest.raises(ValueError, match=r"`allowed` must be 2000 booleans\. Got"):
            index.search(ASKED, 3, mask)

    def test_stored_vectors_come_back_bit_by_bit_in_the_order_asked(self, index: PgvectorIndex) -> None:
        ids = np.array([1_999, 0, 7, 7])
        for _ in range(2):
            np.testing.assert_array_equal(index.vectors(ids), VECTORS[ids])
        np.testing.assert_array_equal(index.vectors(np.arange(COUNT)), VECTORS)
        assert index.vectors(np.empty(0, dtype=np.int64)).shape == (0, DIM)

    @pytest.mark.parametrize("row", [-1, COUNT])
    def test_a_row_that_there_is_not_is_refused(self, index: PgvectorIndex, row: int) -> None:
        with pytest.raises(ValueError, match=rf"The rows must be from 0 to 1999\. Got {row}\."):
            index.vectors(np.array([5, row]))

    @pytest.mark.parametrize(
        "where",
        [
            Where(countries=("NL",)),
            Where(countries=("DE", "FR")),
            Where(categories=("finance",)),
            Where(countries=("BE", "NL"), regions=("region-3", "region-4")),
            Where(),
        ],
        ids=["one country", "two countries", "a category", "countries and regions", "everything"],
    )
    def test_a_filter_by_columns_finds_what_its_mask_finds(self, index: PgvectorIndex, kind: str, where: Where) -> None:
        allowed = where.kept(spread(COUNT))
        found, masked = index.search_where(ASKED, 10, where), index.search(ASKED, 10, allowed)
        assert all(len(hits.ids) == 10 and allowed[hits.ids].all() for hits in (*found, *masked))
        expected = [exact(VECTORS, query, 10, allowed) for query in ASKED]
        least = 1 if kind == "exact" else RECALL
        assert min(recall(found, expected), recall(masked, expected)) >= least

    def test_a_filter_that_nothing_passes_gives_nothing(self, index: PgvectorIndex) -> None:
        assert [len(hits.ids) for hits in index.search_where(ASKED[:2], 3, Where(countries=("SE",)))] == [0, 0]

    def test_the_same_vectors_build_the_same_answers(self, index: PgvectorIndex, build: Build, kind: str) -> None:
        again = build(VECTORS)
        if kind == "exact":
            for first, second in zip(index.search(ASKED, 10), again.search(ASKED, 10), strict=True):
                np.testing.assert_array_equal(first.ids, second.ids)
