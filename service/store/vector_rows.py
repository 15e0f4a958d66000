"""Writes the vectors of a new build, within the transaction of who builds."""

from __future__ import annotations

from typing import Any

import numpy as np
from sqlalchemy import Connection

from embeddings.dense_kind import DenseKind
from embeddings.encoder import Vectors
from service.store.kinds import PgvectorConfig, kind_of
from service.store.layout import index_vectors, make_vectors, table_of
from service.store.places import Places
from service.store.sent_vectors import digest, sent

_BYTES_A_LINK = 8
_MOST_MEMORY = 2_000_000_000
"""Bytes that the server may take to build an index; with less than a country's vectors need it takes many times as long."""


def write_vectors(
    connection: Connection, build: str, vectors: Vectors, places: Places, config: PgvectorConfig
) -> tuple[DenseKind, dict[str, Any]]:
    """Write `(n, dim)` float32 with rows of unit length, and index them.

    Returns:
        Their type, and what a manifest says of them.
    """
    count, dim = vectors.shape
    names, sizes = np.unique(places.countries, return_counts=True)
    kind = kind_of(count, dim, config)
    make_vectors(connection, build, dim, names.tolist())
    messages = sent(vectors)
    driver: Any = connection.connection.driver_connection
    columns = "row, provider_id, country, category, region, embedding"
    with driver.cursor() as cursor, cursor.copy(f"COPY {table_of(build)} ({columns}) FROM STDIN (FORMAT BINARY)") as copy:
        # In binary form a vector is just the bytes that the server reads one from.
        copy.set_types(["int4", "text", "text", "text", "text", "bytea"])
        of_row = zip(messages, places.provider_ids, places.countries, places.categories, places.regions, strict=True)
        for row, (message, provider_id, country, category, region) in enumerate(of_row):
            copy.write_row((row, provider_id, str(country), str(category), str(region), message))
    indexed = []
    for country, size in zip(names.tolist(), sizes.tolist(), strict=True):
        hnsw = None if kind.is_exact or size <= config.least_indexed else (config.links, config.looked_at_building)
        if hnsw:
            indexed.append(country)
            needed = size * (4 * dim + 2 * _BYTES_A_LINK * config.links + 200)
            connection.exec_driver_sql(
                f"SET LOCAL maintenance_work_mem = '{max(64_000, min(_MOST_MEMORY, needed) // 1_000)}kB'"
            )
        index_vectors(connection, build, country, hnsw)
    return kind, {"rows": count, "dim": dim, "indexed": indexed, "sha256": digest(messages, places)}
