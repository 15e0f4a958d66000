"""Nearest passages by vector: exact while the index is small; above, inverted lists whose finds are scored exactly."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from embeddings.coded_lists import CodedLists
from embeddings.dense_kind import EXACT
from embeddings.dense_kind import DenseConfig as DenseConfig
from embeddings.dense_kind import DenseKind as DenseKind
from embeddings.dense_kind import choose_kind as choose_kind
from embeddings.encoder import Vectors
from embeddings.full_vectors import FILE as FILE
from embeddings.full_vectors import NOTHING, FullVectors, Rows
from embeddings.hits import Hits, Mask, check_search

_MANY = 100
"""From so many wanted on, sorting all scores is faster than keeping the best in a heap: four times for 5,000."""


class DenseIndex:
    """Inner product over rows of unit length, so scores are cosines. Of every type they are exact, only rows may be missed."""

    def __init__(self, full: FullVectors, lists: CodedLists | None, kind: DenseKind, config: DenseConfig) -> None:
        self._full = full
        self._lists = lists
        self._kind = kind
        self._config = config

    @classmethod
    def build(cls, vectors: Vectors, config: DenseConfig | None = None, kind: DenseKind | None = None) -> DenseIndex:
        """`vectors` is `(n, dim)` float32 with rows of unit length; row numbers are the ids."""
        config = config or DenseConfig()
        count, dim = vectors.shape
        kind = kind or choose_kind(count, dim, config)
        full = FullVectors.of(vectors)
        return cls(full, None if kind.is_exact else CodedLists.build(full.array, kind, config), kind, config)

    @property
    def kind(self) -> DenseKind:
        """Its type, and the reason for it."""
        return self._kind

    @property
    def count(self) -> int:
        """Vectors in the index."""
        return self._full.count

    @property
    def dim(self) -> int:
        """Numbers in one vector."""
        return self._full.dim

    @property
    def mapped_bytes(self) -> int:
        """Bytes of the vectors; of a loaded index they lie in a mapped file, whose pages processes share."""
        return 4 * self.count * self.dim

    @property
    def own_bytes(self) -> int:
        """Bytes that each process holds for itself: the codes of an inexact type, 0 of an exact one."""
        return self._lists.code_bytes if self._lists else 0

    def search(self, query_vectors: Vectors, k: int, allowed: Mask | None = None) -> list[Hits]:
        """The `k` nearest of the allowed rows for each query, best first; equal scores in order of row.

        Args:
            query_vectors: `(q, dim)` float32, rows of unit length.
            k: how many; fewer come back only where fewer are allowed.
            allowed: `(n,)` booleans, applied inside the search.
        """
        check_search(k, allowed, self.count)
        possible = self.count if allowed is None else int(np.count_nonzero(allowed))
        if possible == 0 or len(query_vectors) == 0:
            return [NOTHING for _ in query_vectors]
        queries = np.ascontiguousarray(query_vectors, dtype=np.float32)
        if self._lists is None and k < _MANY:
            return self._full.nearest(queries, k, allowed, possible)
        if self._lists is None or possible <= self._exact_up_to(k):
            return self._among(queries, k, allowed)
        found = self._lists.candidates(queries, k, allowed, possible)
        if any(len(rows) < k for rows in found):
            # The lists visited hold too few of the allowed rows.
            return self._among(queries, k, allowed)
        return [self._full.nearest_among(query, rows, k) for query, rows in zip(queries, found, strict=True)]

    def _exact_up_to(self, k: int) -> int:
        """Allowed rows up to which none is passed over."""
        config = self._config
        return max(k, config.exact_below_kept, int(config.rescored * k / config.exact_from_share))

    def _among(self, queries: Vectors, k: int, allowed: Mask | None) -> list[Hits]:
        rows: Rows = np.arange(self.count) if allowed is None else np.flatnonzero(allowed)
        return [self._full.nearest_among(query, rows, k) for query in queries]

    def exactly(self, query_vectors: Vectors, k: int, allowed: Mask | None = None) -> list[Hits]:
        """As `search`, by comparing every allowed row, whatever the type: what an inexact type is measured against."""
        check_search(k, allowed, self.count)
        return self._among(np.ascontiguousarray(query_vectors, dtype=np.float32), k, allowed)

    def vectors(self, ids: Rows) -> Vectors:
        """The stored vectors of those rows, `(len(ids), dim)` float32."""
        return self._full.vectors(ids)

    def save(self, folder: Path) -> None:
        """Write the vectors, and beside them the lists where there are some."""
        self._full.save(folder)
        if self._lists:
            self._lists.save(folder)

    @classmethod
    def load(cls, folder: Path, kind: DenseKind, config: DenseConfig | None = None) -> DenseIndex:
        """Read what `save` wrote. The vectors are mapped into memory: they are not copied, and processes share the pages.

        Raises:
            RuntimeError: a file is not there, or holds something else.
        """
        config = config or DenseConfig()
        lists = None if kind.factory == EXACT else CodedLists.load(folder, config)
        return cls(FullVectors.load(folder), lists, kind, config)
