from __future__ import annotations

import numpy as np
import pytest

from service.store.kinds import PgvectorConfig, kind_of
from service.store.shared_store import SharedStore
from tests.contract.test_pgvector_index import spread


@pytest.mark.parametrize(
    ("count", "dim", "factory", "why"),
    [
        (20_000, 384, "Flat", "exact, in PostgreSQL: 20,000 vectors are at most 20,000"),
        (20_001, 384, "pgvector HNSW16", "in PostgreSQL, 20,001 vectors are over 20,000: each country of more than 2,000"),
        (20_001, 2_000, "pgvector HNSW16", "in PostgreSQL, 20,001 vectors are over 20,000: each country of more than 2,000"),
        (20_001, 2_001, "Flat", "exact, in PostgreSQL: HNSW takes no more than 2,000 numbers, vectors have 2,001"),
    ],
)
def test_it_is_exact_while_small_and_where_the_vectors_are_too_long(count: int, dim: int, factory: str, why: str) -> None:
    kind = kind_of(count, dim, PgvectorConfig())
    assert (kind.factory, kind.why) == (factory, why)


@pytest.mark.parametrize("dim", [1_800, 1_801, 2_400])
def test_vectors_that_do_not_lie_in_a_page_are_stored_and_searched_too(store: SharedStore, dim: int) -> None:
    vectors = np.random.default_rng(dim).standard_normal((20, dim)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    index = store.write_vectors(vectors, spread(20))
    np.testing.assert_array_equal(index.vectors(np.arange(20)), vectors)
    assert [hits.ids.tolist() for hits in index.search(vectors, 1)] == [[row] for row in range(20)]
