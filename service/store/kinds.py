"""Which countries' vectors get an index of their own in the shared store, and how it is searched."""

from __future__ import annotations

from dataclasses import dataclass

from embeddings.dense_kind import EXACT, DenseKind

MOST_NUMBERS = 2_000
"""Numbers in a vector that pgvector's HNSW takes."""


@dataclass(frozen=True)
class PgvectorConfig:
    """When the database may miss a passage, and for what. Measured: `benchmarks/README.md`."""

    exact_up_to: int = 20_000
    """Vectors searched one by one, several times slower than in memory; of more each country gets an HNSW index."""

    least_indexed: int = 2_000
    """Vectors up to which a country is searched one by one all the same."""

    exact_below_kept: int = 2_000
    """Rows of a country kept by a filter up to which just they are searched, one by one."""

    exact_from_share: float = 0.01
    """Share of the kept rows that is wanted, from which all of them are searched: retrieval's thousands, not a list of ten."""

    links: int = 16
    """Neighbours that each vector is linked to (HNSW's m)."""

    looked_at_building: int = 128
    """Neighbours that are looked at for each vector while building (HNSW's ef_construction)."""

    looked_at: int = 400
    """Neighbours that a search looks at before it goes on for more (HNSW's ef_search), at most 1,000: needs lie elsewhere than
    passages, so that it takes many."""


def kind_of(count: int, dim: int, config: PgvectorConfig) -> DenseKind:
    """Exact while small.

    Args:
        count: vectors.
        dim: numbers in one.
        config: the limits.
    """
    if count <= config.exact_up_to:
        return DenseKind(EXACT, f"exact, in PostgreSQL: {count:,} vectors are at most {config.exact_up_to:,}")
    if dim > MOST_NUMBERS:
        return DenseKind(EXACT, f"exact, in PostgreSQL: HNSW takes no more than {MOST_NUMBERS:,} numbers, vectors have {dim:,}")
    why = (
        f"in PostgreSQL, {count:,} vectors are over {config.exact_up_to:,}: each country of more than {config.least_indexed:,}"
    )
    return DenseKind(f"pgvector HNSW{config.links}", why)
