"""The shared store beside the index in memory: building, opening, searching with and without filters, and what is missed.

    CROSSMATCH_HOME=… python -m benchmarks.pgvector [--write] [--sizes 100000]

The shipped directory first, then vectors made of its passages (`made_vectors`), each in the country of the provider that its
passage is about. PostgreSQL is the tests' own, on this machine, reached through a Unix socket. Queries are sample needs, asked
one after the other; each is asked of both in turn, so that what else runs on the machine slows both.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

import numpy as np
from sqlalchemy import text

import tests.postgres
from benchmarks.made_vectors import RealVectors, need_queries
from benchmarks.report import machine, table, write
from embeddings.bundled import BundledE5
from embeddings.cache import CachedEncoder, VectorStore
from embeddings.dense import DenseIndex
from embeddings.encoder import Vectors
from embeddings.hits import Hits, Mask
from matcher.index import ProviderIndex
from matcher.shipped import shipped_directory
from service.settings import Settings
from service.store.database import has_pgvector
from service.store.manifest import whole_build
from service.store.pgvector_index import PgvectorIndex
from service.store.places import Places
from service.store.shared_store import SharedStore

_QUERIES = {10: 100, 5_000: 20}
"""How many nearest are asked for, as a list's length and as retrieval does, and by how many needs."""

Ask = Callable[[Vectors], list[Hits]]


@dataclass(frozen=True)
class Searched:
    """One way to search, over all queries."""

    milliseconds: list[float]
    found: list[Hits]

    def figures(self, right: list[Hits]) -> list[str]:
        """Middle, slowest of a hundred, recall."""
        shares = [
            len(np.intersect1d(one.ids, other.ids)) / len(other.ids) for one, other in zip(self.found, right, strict=True)
        ]
        middle, slow = np.percentile(self.milliseconds, [50, 99])
        return [f"{middle:.1f}", f"{slow:.1f}", f"{np.mean(shares):.3f}"]


def in_turn(ways: list[Ask], queries: Vectors) -> list[Searched]:
    """Every query of each way, before the next query."""
    spent: list[list[float]] = [[] for _ in ways]
    found: list[list[Hits]] = [[] for _ in ways]
    for way in ways:
        way(queries[:1])
    for query in queries:
        for number, way in enumerate(ways):
            start = time.perf_counter()
            found[number] += way(query[None])
            spent[number].append(1e3 * (time.perf_counter() - start))
    return [Searched(*one) for one in zip(spent, found, strict=True)]


def filters(places: Places) -> dict[str, Mask | None]:
    """Filters as requests have them, and one that keeps a hundredth wherever it is."""
    by_chance = np.random.default_rng(5).permutation(len(places)) % 100 == 0
    return {
        "none": None,
        "one country (NL)": places.countries == "NL",
        "abroad (not NL)": places.countries != "NL",
        "one category (finance)": places.categories == "finance",
        "a hundredth, by chance": by_chance,
    }


def search_rows(shared: PgvectorIndex, in_memory: DenseIndex, places: Places, queries: Vectors) -> list[list[str]]:
    """A row for each filter and length."""
    rows = []
    for k, asked in _QUERIES.items():
        some = queries[:: max(1, len(queries) // asked)][:asked]
        for name, mask in filters(places).items():
            kept = shared.count if mask is None else int(mask.sum())
            ways: list[Ask] = [
                lambda query, k=k, mask=mask: shared.search(query, k, mask),
                lambda query, k=k, mask=mask: shared.exactly(query, k, mask),
                lambda query, k=k, mask=mask: in_memory.search(query, k, mask),
                lambda query, k=k, mask=mask: in_memory.exactly(query, k, mask),
            ]
            store, compared, faiss, exact = in_turn(ways, some)
            middle = [f"{np.median(one.milliseconds):.1f}" for one in (compared, exact)]
            figures = [*store.figures(exact.found), middle[0], *faiss.figures(exact.found), middle[1]]
            rows.append([f"{shared.count:,}", f"{k:,}", name, f"{kept:,}", *figures])
            print(rows[-1], flush=True)
    return rows


def alone(store: SharedStore, shared: PgvectorIndex, places: Places, queries: Vectors) -> str:
    """What pgvector finds in the largest country's index at its default settings, under the filter by chance."""
    kept = filters(places)["a hundredth, by chance"]
    assert kept is not None
    bits = np.packbits(kept, bitorder="little").tobytes()
    names, sizes = np.unique(places.countries, return_counts=True)
    partition = f"{shared.table}_{str(names[sizes.argmax()]).lower()}"
    statement = text(
        f"SELECT row FROM {partition} WHERE get_bit(CAST(:bits AS bytea), row) = 1 "
        "ORDER BY embedding <#> CAST(:query AS vector) LIMIT 10"
    )
    counts = []
    with store.database.reading() as connection:
        for way in ("seqscan", "bitmapscan", "sort"):
            connection.execute(text(f"SET LOCAL enable_{way} = off"))
        for query in queries[:100]:
            found = connection.execute(statement, {"bits": bits, "query": str(query.tolist())})
            counts.append(len(found.all()))
    fewer = sum(count < 10 for count in counts)
    return f"{fewer} of {len(counts)} queries got fewer than the ten that there are, {np.mean(counts):.1f} on average"


def measured(
    server: tests.postgres.Postgres, vectors: Vectors, places: Places, queries: Vectors
) -> tuple[list[list[str]], list[list[str]]]:
    """Rows about building and opening, and rows about searches."""
    start = time.perf_counter()
    in_memory = DenseIndex.build(vectors)
    took_memory = time.perf_counter() - start
    url = server.new_database()
    with closing(SharedStore(url)) as store:
        start = time.perf_counter()
        shared = store.write_vectors(vectors, places)
        took = time.perf_counter() - start
        start = time.perf_counter()
        rows = np.random.default_rng(6).choice(len(vectors), min(len(vectors), 5_000), replace=False)
        shared.vectors(rows)
        read = time.perf_counter() - start
        start = time.perf_counter()
        with store.database.reading() as connection:
            whole_build(connection, store.database.place, "")
        checked = time.perf_counter() - start
        size = store_bytes(store, shared)
        told = [
            ["type, in PostgreSQL", f"{shared.kind.factory} ({shared.kind.why})"],
            ["type, in memory", in_memory.kind.factory],
            ["written and indexed, in PostgreSQL", f"{took:.1f} s"],
            ["indexed, in memory", f"{took_memory:.1f} s"],
            ["vectors with their indexes in PostgreSQL", f"{size / 1e6:,.0f} MB"],
            ["every vector checked (SHA-256) in the database, at opening", f"{checked:.2f} s"],
            [f"vectors of {len(rows):,} passages read", f"{1e3 * read:.0f} ms"],
        ]
        if not shared.kind.is_exact:
            told.append(["pgvector by itself, a hundredth kept", alone(store, shared, places, queries)])
        found = search_rows(shared, in_memory, places, queries)
    server.drop_database(url)
    return [[f"{len(vectors):,}", *row] for row in told], found


def store_bytes(store: SharedStore, shared: PgvectorIndex) -> int:
    """Of all partitions of the table, with their indexes."""
    sizes = "SELECT sum(pg_total_relation_size(relid)) FROM pg_partition_tree(CAST(:table AS regclass))"
    with store.database.reading() as connection:
        return int(connection.execute(text(sizes), {"table": shared.table}).scalar() or 0)


def main() -> None:
    """Measure, print, and with `--write` keep."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="into benchmarks/README.md")
    parser.add_argument("--sizes", type=lambda told: [int(one) for one in told.split(",") if one], default=[100_000])
    asked = parser.parse_args()
    settings = Settings()
    needs, passages = VectorStore(settings.benchmark_vectors), VectorStore(settings.vector_cache)
    encoder = CachedEncoder(BundledE5(), queries=needs, passages=passages)
    index = ProviderIndex.build(shipped_directory(), encoder)
    queries = need_queries(index, encoder)
    shipped = index.vectors(np.arange(len(index.passages)))
    places = Places.of(index.directory, index.passages)
    real = RealVectors.of(shipped)
    # The tests' servers have little memory each; a store's has enough for its vectors.
    tests.postgres._SETTINGS["shared_buffers"] = "1GB"
    load = os.getloadavg()[0]
    with tests.postgres.Postgres(durable=False) as server:
        about, found = measured(server, shipped, places, queries)
        for count in asked.sizes:
            origin = np.sort(np.random.default_rng(7).integers(0, len(shipped), count))
            there = Places(
                [places.provider_ids[row] for row in origin],
                places.countries[origin],
                places.categories[origin],
                places.regions[origin],
            )
            of_store, of_searches = measured(server, real.made_of(origin), there, queries)
            about, found = about + of_store, found + of_searches
        version = version_of(server)
    told = f"load when it began {load:.1f}, when it ended {os.getloadavg()[0]:.1f}"
    header = ["vectors", "k", "filter", "rows kept", "PostgreSQL: p50 ms", "p99 ms", "recall@k", "exactly, p50 ms"]
    header += ["in memory: p50 ms", "p99 ms", "recall@k", "exactly, p50 ms"]
    content = "\n\n".join(
        [f"{machine()}; {version}; {told}", table(["vectors", "what", ""], about), table(header, found)],
    )
    print(content)
    if asked.write:
        write("pgvector", content)


def version_of(server: tests.postgres.Postgres) -> str:
    """Server and extension."""
    url = server.new_database()
    with closing(SharedStore(url)) as store:
        with store.database.building() as connection:
            connection.execute(text("CREATE EXTENSION vector"))
        with store.database.reading() as connection:
            server_version = connection.execute(text("SHOW server_version")).scalar()
            return f"PostgreSQL {server_version}, pgvector {has_pgvector(connection)}"


if __name__ == "__main__":
    main()
