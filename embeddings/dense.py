"""Nearest passages by vector: FAISS, exact while the index is small."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from embeddings.encoder import Vectors
from embeddings.hits import Hits, Mask, best, check_search

FILE = "dense.faiss"


@dataclass(frozen=True)
class DenseConfig:
    """When to give up exactness, and for what."""

    exact_up_to: int = 200_000
    """Vectors searched one by one: 200,000 of 384 numbers take about 30 ms on two cores."""

    memory_bytes: int = 2_000_000_000
    """Memory that the vectors may take; above it they are stored in one byte a number instead of four."""

    probes: int = 64
    """Lists visited by the inexact types; more is slower and nearer to exact search."""


@dataclass(frozen=True)
class DenseKind:
    """An index type by FAISS's factory name, and the reason for it in words."""

    factory: str
    why: str


def choose_kind(count: int, dim: int, config: DenseConfig | None = None) -> DenseKind:
    """Exact while small, inverted lists above, and compressed where memory would not do."""
    config = config or DenseConfig()
    needed = 4 * count * dim
    fits = needed <= config.memory_bytes
    if count <= config.exact_up_to and fits:
        return DenseKind("Flat", f"exact: {count:,} vectors are at most {config.exact_up_to:,}")
    lists = max(1, int(4 * count**0.5))
    size = f"{needed / 1e9:.1f} GB of vectors"
    if fits:
        return DenseKind(f"IVF{lists},Flat", f"inverted lists: {count:,} vectors are over {config.exact_up_to:,}; {size} fit")
    return DenseKind(f"IVF{lists},SQ8", f"inverted lists, one byte a number: {size} are over the memory allowed")


class DenseIndex:
    """Inner product over rows of unit length, so scores are cosines."""

    def __init__(self, index: Any, kind: DenseKind, probes: int) -> None:
        self._index = index
        self.kind = kind
        self._probes = probes

    @classmethod
    def build(cls, vectors: Vectors, config: DenseConfig | None = None, kind: DenseKind | None = None) -> DenseIndex:
        """`vectors` is `(n, dim)` float32 with rows of unit length; row numbers are the ids."""
        config = config or DenseConfig()
        count, dim = vectors.shape
        kind = kind or choose_kind(count, dim, config)
        index = faiss.index_factory(dim, kind.factory, faiss.METRIC_INNER_PRODUCT)
        vectors = np.ascontiguousarray(vectors, dtype=np.float32)
        if not index.is_trained:
            index.train(vectors)
        index.add(vectors)
        return cls(index, kind, config.probes)

    @property
    def count(self) -> int:
        """Vectors in the index."""
        return int(self._index.ntotal)

    @property
    def dim(self) -> int:
        """Numbers in one vector."""
        return int(self._index.d)

    def search(self, query_vectors: Vectors, k: int, allowed: Mask | None = None) -> list[Hits]:
        """The `k` nearest of the allowed rows for each query, best first.

        Args:
            query_vectors: `(q, dim)` float32, rows of unit length.
            k: how many; fewer come back where fewer are allowed.
            allowed: `(n,)` booleans, applied inside the search.
        """
        check_search(k, allowed, self.count)
        possible = self.count if allowed is None else int(allowed.sum())
        if possible == 0 or len(query_vectors) == 0:
            return [Hits(np.empty(0, np.int64), np.empty(0, np.float32)) for _ in query_vectors]
        # The selector is only borrowed by FAISS, so it must live until the search is over.
        selector = None if allowed is None else faiss.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))
        queries = np.ascontiguousarray(query_vectors, dtype=np.float32)
        wanted = min(k, possible)
        # Equal scores at the edge would be cut arbitrarily: look past the edge until it is clear.
        depth = min(possible, wanted + 8)
        while True:
            scores, ids = self._index.search(queries, depth, params=self._parameters(selector, self._probes))
            if bool(np.any(ids[:, wanted - 1] < 0)):
                # The lists visited hold too few of the allowed rows: visit all.
                scores, ids = self._index.search(queries, depth, params=self._parameters(selector, self.count))
            edge_is_clear = depth == possible or bool(np.all(scores[:, -1] < scores[:, wanted - 1]))
            if edge_is_clear:
                break
            depth = min(possible, depth * 2)
        return [best(row[row >= 0], score[row >= 0], wanted) for row, score in zip(ids, scores, strict=True)]

    def _parameters(self, selector: Any, probes: int) -> Any:
        if self.kind.factory.startswith("IVF"):
            return faiss.SearchParametersIVF(sel=selector, nprobe=min(probes, self._index.nlist))
        return faiss.SearchParameters(sel=selector)

    def vectors(self, ids: np.ndarray[Any, np.dtype[np.int64]]) -> Vectors:
        """The stored vectors of those rows, `(len(ids), dim)` float32 (approximate where the type compresses)."""
        if self.kind.factory.startswith("IVF"):
            self._index.make_direct_map()
        return np.asarray(self._index.reconstruct_batch(np.ascontiguousarray(ids, np.int64)), dtype=np.float32)

    def save(self, folder: Path) -> None:
        """Write the index as one file of a build."""
        faiss.write_index(self._index, str(folder / FILE))

    @classmethod
    def load(cls, folder: Path, kind: DenseKind, probes: int | None = None) -> DenseIndex:
        """Read what `save` wrote."""
        return cls(faiss.read_index(str(folder / FILE)), kind, probes or DenseConfig().probes)
