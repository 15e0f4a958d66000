"""Filters that keep few rows: where pgvector at its default settings silently finds fewer rows than are wanted."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import psycopg
import pytest
from sqlalchemy import make_url

from embeddings.dense import DenseIndex
from service.store import statements
from service.store.pgvector_index import PgvectorIndex
from service.store.shared_store import SharedStore
from tests.contract.nearest_cases import ASKED, RECALL, recall, unit_rows
from tests.contract.test_pgvector_index import CONFIGS, spread
from tests.postgres import Postgres

COUNT = 6_000
PLACES = spread(COUNT)


@pytest.fixture(scope="module")
def large_url(postgres: Postgres) -> Iterator[str]:
    url = postgres.new_database()
    yield url
    postgres.drop_database(url)


@pytest.fixture(scope="module")
def large(large_url: str) -> Iterator[PgvectorIndex]:
    store = SharedStore(large_url, config=CONFIGS["HNSW"])
    yield store.write_vectors(unit_rows(COUNT, seed=8), PLACES)
    store.close()


def found_alone(postgres: Postgres, url: str, partition: str, rows: list[int]) -> list[int]:
    """How many of the rows pgvector finds for each query by itself, where ten are wanted."""
    statement = f"SELECT row FROM {partition} WHERE row = ANY(%s) ORDER BY embedding <#> %s::vector LIMIT 10"
    with psycopg.connect(postgres.conninfo(str(make_url(url).database))) as connection:
        connection.execute("SET enable_seqscan = off; SET enable_sort = off; SET enable_bitmapscan = off")
        return [len(connection.execute(statement, (rows, statements.written(query))).fetchall()) for query in ASKED]


@pytest.mark.parametrize("one_in", [20, 100, 300])
def test_as_many_are_found_as_are_wanted_where_the_index_alone_finds_fewer(
    postgres: Postgres, large_url: str, large: PgvectorIndex, one_in: int
) -> None:
    allowed = np.random.default_rng(one_in).permutation(COUNT) % one_in == 0
    found = large.search(ASKED, 10, allowed)
    assert all(len(hits.ids) == 10 and allowed[hits.ids].all() for hits in found)
    assert recall(found, [hits.ids.tolist() for hits in large.exactly(ASKED, 10, allowed)]) >= RECALL
    alone = found_alone(postgres, large_url, f"{large.table}_de", np.flatnonzero(allowed).tolist())
    assert min(alone) < 10


def test_recall_is_that_of_exact_search_in_memory(large: PgvectorIndex) -> None:
    vectors = unit_rows(COUNT, seed=8)
    in_memory = DenseIndex.build(vectors)
    for allowed in (None, PLACES.countries == "NL", PLACES.categories == "finance"):
        expected = [hits.ids.tolist() for hits in in_memory.exactly(ASKED, 10, allowed)]
        assert recall(large.search(ASKED, 10, allowed), expected) >= RECALL
        assert recall(large.exactly(ASKED, 10, allowed), expected) == 1


def test_where_an_index_gives_up_every_kept_row_is_compared(large: PgvectorIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    allowed = np.arange(COUNT) % 300 == 0
    monkeypatch.setitem(statements._SETTINGS, "hnsw.iterative_scan", "off")
    expected = [hits.ids.tolist() for hits in large.exactly(ASKED, 10, allowed)]
    assert [hits.ids.tolist() for hits in large.search(ASKED, 10, allowed)] == expected
