"""Which rows may be near a query, from short codes in inverted lists. Whoever asks scores them exactly (`full_vectors`)."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from embeddings.dense_kind import DenseConfig, DenseKind
from embeddings.encoder import Vectors
from embeddings.full_vectors import Rows
from embeddings.hits import Mask
from embeddings.threads import at_most

FILE = "dense-lists.faiss"
_ROW_NUMBER = 8
"""Bytes that a row number takes in a list."""
_TRAINED_ON = 50
"""Vectors a list from which the lists' centres are learned; FAISS asks for 39 at least, and more gain nothing here."""


class CodedLists:
    """FAISS's inverted lists, told how many of them to visit by how many rows are wanted and allowed."""

    def __init__(self, index: Any, config: DenseConfig) -> None:
        self._index = index
        self._config = config

    @classmethod
    def build(cls, vectors: Vectors, kind: DenseKind, config: DenseConfig) -> CodedLists:
        """Learn the lists' centres from a sample, and code all of `(n, dim)`."""
        count, dim = vectors.shape
        index = faiss.index_factory(dim, kind.factory, faiss.METRIC_INNER_PRODUCT)
        sampled = min(count, _TRAINED_ON * index.nlist)
        # Evenly over all rows, so that the same vectors always make the same lists.
        index.train(vectors[np.linspace(0, count - 1, sampled, dtype=np.int64)])
        index.add(vectors)
        return cls(index, config)

    @property
    def code_bytes(self) -> int:
        """Bytes of codes and row numbers."""
        count, code = int(self._index.ntotal), int(self._index.code_size)
        return count * (code + _ROW_NUMBER)

    def candidates(self, queries: Vectors, k: int, allowed: Mask | None, possible: int) -> list[Rows]:
        """For each query the allowed rows among which its `k` nearest probably are: several for each one wanted.

        Args:
            queries: `(q, dim)` float32.
            k: how many are wanted.
            allowed: `(n,)` booleans, applied inside the search.
            possible: how many are allowed.
        """
        # The selector is only borrowed by FAISS, so it must live until the search is over.
        selector = None if allowed is None else faiss.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))
        depth = min(possible, max(self._config.rescored * k, self._config.rescored_at_least))
        visited = faiss.SearchParametersIVF(sel=selector, nprobe=self._lists_visited(k, possible))
        with at_most(len(queries)):
            _, ids = self._index.search(queries, depth, params=visited)
        return [row[row >= 0] for row in ids]

    def _lists_visited(self, k: int, possible: int) -> int:
        config = self._config
        share = config.visited_share + config.visited_more * math.sqrt(k / possible)
        share = min(1.0, max(share, config.visited_at_least / int(self._index.ntotal)))
        return math.ceil(share * int(self._index.nlist))

    def save(self, folder: Path) -> None:
        """Write them as one file of a build."""
        faiss.write_index(self._index, str(folder / FILE))

    @classmethod
    def load(cls, folder: Path, config: DenseConfig) -> CodedLists:
        """Read what `save` wrote. FAISS maps some types; codes for its fast scan it reads into memory.

        Raises:
            RuntimeError: the file is not there, or holds something else.
        """
        index = faiss.read_index(str(folder / FILE), faiss.IO_FLAG_MMAP_IFC)
        if not isinstance(index, faiss.IndexIVF):
            raise RuntimeError(f"{FILE} holds {type(index).__name__}, and inverted lists are asked for")
        return cls(index, config)
