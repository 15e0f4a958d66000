"""The vectors as they were given: for exact search, for exact scores of what an inexact search found, and to be read back.

They lie in one file that is mapped into memory, so that every process that opens it shares the same pages.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import faiss
import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Vectors
from embeddings.hits import Hits, Mask, best
from embeddings.threads import at_most

FILE = "dense.faiss"
NOTHING = Hits(np.empty(0, np.int64), np.empty(0, np.float32))
Rows = NDArray[np.int64]


class FullVectors:
    """Exact search over rows of unit length."""

    def __init__(self, flat: Any) -> None:
        self._flat = flat

    @classmethod
    def of(cls, vectors: Vectors) -> FullVectors:
        """Hold `(n, dim)` float32 with rows of unit length."""
        held = cls(faiss.IndexFlatIP(vectors.shape[1]))
        held.add(vectors)
        return held

    def add(self, vectors: Vectors) -> None:
        """Append `(n, dim)` rows. Not to vectors that were loaded: those are mapped from their file."""
        self._flat.add(np.ascontiguousarray(vectors, dtype=np.float32))

    @property
    def count(self) -> int:
        """Vectors."""
        return int(self._flat.ntotal)

    @property
    def dim(self) -> int:
        """Numbers in one vector."""
        return int(self._flat.d)

    @property
    def array(self) -> Vectors:
        """`(n, dim)` all of them, where they lie: nothing is copied, and nothing may be written."""
        if not self.count:
            return np.empty((0, self.dim), dtype=np.float32)
        view = faiss.rev_swig_ptr(self._flat.get_xb(), self.count * self.dim).reshape(self.count, self.dim)
        view.flags.writeable = False
        return cast("Vectors", view)

    def vectors(self, ids: Rows) -> Vectors:
        """`(len(ids), dim)` a copy of those rows."""
        return self.array[ids]

    def nearest(self, queries: Vectors, k: int, allowed: Mask | None, possible: int) -> list[Hits]:
        """The `k` nearest of the `possible` allowed rows, which are at least one, by going through all."""
        # The selector is only borrowed by FAISS, so it must live until the search is over.
        selector = None if allowed is None else faiss.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))
        wanted = min(k, possible)
        # Equal scores at the edge would be cut arbitrarily: look past the edge until it is clear.
        depth = min(possible, wanted + 8)
        while True:
            with at_most(len(queries)):
                scores, ids = self._flat.search(queries, depth, params=faiss.SearchParameters(sel=selector))
            edge_is_clear = depth == possible or bool(np.all(scores[:, -1] < scores[:, wanted - 1]))
            if edge_is_clear:
                break
            depth = min(possible, depth * 2)
        return [best(row[row >= 0], score[row >= 0], wanted) for row, score in zip(ids, scores, strict=True)]

    def nearest_among(self, query: Vectors, rows: Rows, k: int) -> Hits:
        """The `k` nearest to `(dim,)` a query of just those rows, whichever way they were found."""
        scores = np.empty(len(rows), dtype=np.float32)
        rows, query = np.ascontiguousarray(rows, np.int64), np.ascontiguousarray(query, np.float32)
        where = (faiss.swig_ptr(scores), faiss.swig_ptr(query), self._flat.get_xb(), faiss.swig_ptr(rows))
        # One product a row, so that a row's score does not depend on the others, as it would in a matrix product.
        with at_most(1):
            faiss.fvec_inner_products_by_idx(*where, self.dim, 1, len(rows))
        if k < len(rows):
            edge = np.partition(scores, len(rows) - k)[len(rows) - k]
            reached = scores >= edge
            rows, scores = rows[reached], scores[reached]
        return best(rows, scores, k)

    def save(self, folder: Path) -> None:
        """Write them as one file of a build."""
        faiss.write_index(self._flat, str(folder / FILE))

    @classmethod
    def load(cls, folder: Path) -> FullVectors:
        """Map what `save` wrote into memory.

        Raises:
            RuntimeError: the file is not there, or holds something else.
        """
        flat = faiss.read_index(str(folder / FILE), faiss.IO_FLAG_MMAP_IFC)
        if not isinstance(flat, faiss.IndexFlat):
            raise RuntimeError(f"{FILE} holds {type(flat).__name__}, and full vectors are asked for")
        return cls(flat)
