"""The dense index of one size: built, searched, grown and shared, beside exact search over the same vectors."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from embeddings.dense import DenseIndex
from embeddings.encoder import Vectors
from embeddings.growing import GrowingIndex
from embeddings.hits import Mask

FILTERS: dict[str, int | None] = {"all": None, "1 in 2": 2, "1 in 10": 10, "1 in 100": 100}
LISTED, LOOKED_AT = 10, 5_000
_ADDED_AT_ONCE, _ADDITIONS = 10, 200


@dataclass(frozen=True)
class Search:
    """Milliseconds of one query after the other, and what they found of the truly nearest."""

    what: str
    k: int
    middle: float
    slowest: float
    exactly: float
    """Median milliseconds of exact search under the same filter."""
    recall: float


def timed(call: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds and result of one call."""
    start = time.perf_counter()
    result = call()
    return time.perf_counter() - start, result


def searches(index: DenseIndex, queries: Vectors, k: int, exact_for: int) -> list[Search]:
    """Under each filter; recall over the first `exact_for` queries, since exact search of a million takes long."""
    return [_search(index, queries, k, name, _mask(index.count, one_in), exact_for) for name, one_in in FILTERS.items()]


def _mask(count: int, one_in: int | None) -> Mask | None:
    return None if one_in is None else np.random.default_rng(5).permutation(count) % one_in == 0


def _search(index: DenseIndex, queries: Vectors, k: int, name: str, allowed: Mask | None, exact_for: int) -> Search:
    index.search(queries[:1], k, allowed)
    answers = [timed(lambda q=query: index.search(q[None], k, allowed)[0]) for query in queries]
    right = [timed(lambda q=query: index.exactly(q[None], k, allowed)[0]) for query in queries[:exact_for]]
    shares = [
        len(np.intersect1d(hits.ids, one.ids)) / len(one.ids) for (_, hits), (_, one) in zip(answers, right, strict=False)
    ]
    seconds = np.array([taken for taken, _ in answers]) * 1e3
    exactly = float(np.median([taken for taken, _ in right])) * 1e3
    return Search(name, k, float(np.median(seconds)), float(np.quantile(seconds, 0.99)), exactly, float(np.mean(shares)))


def growth(index: DenseIndex, vectors: Vectors, queries: Vectors) -> dict[str, float]:
    """Vectors a second added and removed, ten at a time, and what a search takes before and after."""
    growing = GrowingIndex(index, index.dim)
    rng = np.random.default_rng(7)
    batches = [vectors[rng.integers(0, len(vectors), _ADDED_AT_ONCE)] for _ in range(_ADDITIONS)]
    gone = rng.choice(index.count, (_ADDITIONS, _ADDED_AT_ONCE), replace=False)
    before = np.median([timed(lambda q=q: growing.search(q[None], LISTED))[0] for q in queries])
    added, _ = timed(lambda: [growing.add(batch) for batch in batches])
    removed, _ = timed(lambda: [growing.remove(rows) for rows in gone])
    after = np.median([timed(lambda q=q: growing.search(q[None], LISTED))[0] for q in queries])
    number = _ADDED_AT_ONCE * _ADDITIONS
    return {"added": number / added, "removed": number / removed, "before": 1e3 * float(before), "after": 1e3 * float(after)}


def reload_seconds(folder: Path, index: DenseIndex) -> tuple[float, float]:
    """Seconds to check the files' SHA-256, which opening a build does, and to map them."""

    def check() -> None:
        for file in sorted(folder.iterdir()):
            with file.open("rb") as stream:
                hashlib.file_digest(stream, "sha256")

    return timed(check)[0], timed(lambda: DenseIndex.load(folder, index.kind))[0]


def shared_memory(folder: Path, index: DenseIndex, queries_file: Path, processes: int) -> list[dict[str, float]]:
    """MB by process, of so many that have opened the index, searched it with every query, and all still hold it."""
    told = json.dumps([str(folder), index.kind.factory, str(queries_file)])
    command = [sys.executable, "-m", "benchmarks.index_reader", told]
    readers = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(processes)]
    try:
        for reader in readers:
            assert reader.stdout
            assert reader.stdout.readline().strip() == "ready"
        found = []
        for reader in readers:
            assert reader.stdin
            assert reader.stdout
            print("measure", file=reader.stdin, flush=True)
            found.append(json.loads(reader.stdout.readline()))
        return found
    finally:
        for reader in readers:
            reader.communicate("\n")
