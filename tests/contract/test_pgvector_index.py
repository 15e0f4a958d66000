"""The shared store's vectors answer as FAISS's do: the same cases, with exact search, with HNSW, and with both by country."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from service.store.kinds import PgvectorConfig
from service.store.pgvector_index import PgvectorIndex
from service.store.places import Places
from service.store.shared_store import SharedStore
from service.store.where import Where
from tests.contract.nearest_cases import (
    ASKED,
    COUNT,
    DIM,
    RECALL,
    VECTORS,
    Build,
    NearestCases,
    exact,
    recall,
)
from tests.postgres import Postgres

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


@pytest.fixture
def is_exact(kind: str) -> bool:
    return kind == "exact"


class TestPgvectorIndex(NearestCases):
    def test_it_knows_its_size_and_type(self, index: PgvectorIndex, kind: str) -> None:
        assert (index.count, index.dim) == (COUNT, DIM)
        assert index.kind.factory == ("Flat" if kind == "exact" else "pgvector HNSW16")

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
