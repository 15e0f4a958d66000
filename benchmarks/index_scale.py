"""One machine, as far as it goes: the index at 10,000, 100,000 and 1,000,000 passages.

    python -m benchmarks.index_scale [--write] [--sizes 10000,100000] [--matching 100000] [--documents 100000]

Vectors are made of the shipped directory's passages (`made_vectors`), the directory of its providers (`made_directory`).
A million vectors take 5 GB while they are indexed. Needs are encoded once and kept in the home's benchmark vectors.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from functools import partial
from pathlib import Path

import faiss
import numpy as np

from benchmarks.index_dense import LISTED, LOOKED_AT, growth, reload_seconds, searches, shared_memory, timed
from benchmarks.index_lexical import lexical_rows
from benchmarks.index_matching import matching_rows
from benchmarks.made_vectors import RealVectors, nearest_cosine, need_queries
from benchmarks.report import machine, table, write
from embeddings.bundled import BundledE5
from embeddings.cache import CachedEncoder, VectorStore
from embeddings.dense import DenseIndex
from embeddings.encoder import Vectors
from matcher.encoding import encode_need
from matcher.index import ProviderIndex
from matcher.shipped import shipped_needs
from service.desk import build_index
from service.settings import Settings

_EXACT_FOR = 60
_NEEDS = 12


def dense_rows(real: RealVectors, count: int, queries: Vectors, folder: Path) -> tuple[list[list[str]], list[list[str]]]:
    """Rows about the index of that size, and rows about its searches."""
    vectors = real.made(count)
    alike = nearest_cosine(vectors, 200)
    built, index = timed(partial(DenseIndex.build, vectors))
    index.save(folder)
    some = vectors[:: max(1, count // 10_000)].copy()
    kind = index.kind
    del index, vectors
    sizes = {file.name: file.stat().st_size / 1e6 for file in folder.iterdir()}
    loaded = DenseIndex.load(folder, kind)
    checked, mapped = reload_seconds(folder, loaded)
    np.save(folder.parent / "queries.npy", queries)
    shared = shared_memory(folder, loaded, folder.parent / "queries.npy", 2)
    found = [one for k in (LISTED, LOOKED_AT) for one in searches(loaded, queries, k, _EXACT_FOR)]
    grown = growth(loaded, some, queries)
    told = [
        ["type", kind.factory],
        ["median cosine to the nearest other", f"{alike:.3f}"],
        ["built in", f"{built:.1f} s"],
        ["files", ", ".join(f"{name} {size:,.0f} MB" for name, size in sorted(sizes.items()))],
        ["checked (SHA-256) and mapped at opening", f"{checked:.2f} s and {1e3 * mapped:.1f} ms"],
        ["memory of two processes after all queries, each: resident", _each(shared, "rss")],
        ["… its share of what is mapped, and its own (PSS)", _each(shared, "pss")],
        ["… its own alone (USS)", _each(shared, "uss")],
        ["added, ten at a time", f"{grown['added']:,.0f} a second"],
        ["removed, ten at a time", f"{grown['removed']:,.0f} a second"],
        ["ten nearest before and after 2,000 additions and removals", f"{grown['before']:.2f} ms, {grown['after']:.2f} ms"],
    ]
    rows = [
        [
            f"{count:,}",
            f"{one.k:,}",
            one.what,
            f"{one.middle:.2f}",
            f"{one.slowest:.2f}",
            f"{one.exactly:.2f}",
            f"{one.recall:.4f}",
        ]
        for one in found
    ]
    return [[f"{count:,}", *row] for row in told], rows


def _each(shared: list[dict[str, float]], name: str) -> str:
    return ", ".join(f"{one[name]:,.0f} MB" for one in shared)


def open_shipped(settings: Settings, encoder: CachedEncoder) -> ProviderIndex:
    """The home's index, built first where there is none."""
    if not (settings.index_folder / "CURRENT").is_file():
        build_index(settings)
    return ProviderIndex.open(settings.index_folder, encoder)


def _numbers(text: str) -> list[int]:
    return [int(one) for one in text.split(",") if one]


def main() -> None:
    """Measure, print, and with `--write` keep."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--sizes", type=_numbers, default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--matching", type=_numbers, default=[100_000])
    parser.add_argument("--documents", type=int, default=100_000)
    asked = parser.parse_args()
    settings = Settings()
    store = VectorStore(settings.benchmark_vectors)
    encoder = CachedEncoder(BundledE5(), queries=store)
    shipped = open_shipped(settings, encoder)
    queries = need_queries(shipped, encoder)
    needs = [encode_need(need, encoder, shipped.ordinary) for need in shipped_needs()[:_NEEDS]]
    real = RealVectors.of(shipped.vectors(np.arange(len(shipped.passages))))
    load = os.getloadavg()[0]
    about, found = [], []
    for count in asked.sizes:
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder) / "index"
            place.mkdir()
            of_index, of_searches = dense_rows(real, count, queries, place)
        about += of_index
        found += of_searches
        print(table(["vectors", "what", ""], of_index), flush=True)
        print(table(["vectors", "k", "kept", "p50", "p99", "exact", "recall"], of_searches), flush=True)
    words = lexical_rows(shipped, asked.documents) if asked.documents else []
    whole = [row for count in asked.matching for row in matching_rows(shipped, encoder, needs, count)]
    alike = nearest_cosine(np.unique(shipped.vectors(np.arange(len(shipped.passages))).round(6), axis=0))
    head = f"{machine()}, FAISS {faiss.__version__}; load when it began {load:.1f}, when it ended {os.getloadavg()[0]:.1f}"
    content = "\n\n".join(
        [
            head,
            f"Queries are {len(queries)} needs, one after the other on one thread. Real passages of the shipped directory have "
            f"a median cosine of {alike:.3f} to the nearest other that is not the same text.",
            table(["vectors", "what", ""], about),
            table(["vectors", "k", "rows kept by the filter", "p50 ms", "p99 ms", "exact, p50 ms", "recall@k"], found),
            table(["words", "documents", "built in", "needs a second", "size"], words),
            table(["a match without the encoder", "median, steps: mean"], whole),
        ]
    )
    print(content)
    if asked.write:
        write("index-scale", content)


if __name__ == "__main__":
    main()
