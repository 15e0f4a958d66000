"""What every store of passages' vectors can do, whether it lies in this process or in a database."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from embeddings.dense_kind import DenseKind
from embeddings.encoder import Vectors
from embeddings.hits import Hits, Mask


class Nearest(Protocol):
    """Inner product over rows of unit length, numbered from 0; `tests/contract` holds every implementation to it."""

    @property
    def count(self) -> int:
        """Vectors."""

    @property
    def dim(self) -> int:
        """Numbers in one vector."""

    def search(self, query_vectors: Vectors, k: int, allowed: Mask | None = None) -> list[Hits]:
        """The `k` nearest of the allowed rows for each query, best first; equal scores in order of row.

        Args:
            query_vectors: `(q, dim)` float32, rows of unit length.
            k: how many; fewer come back only where fewer are allowed.
            allowed: `(n,)` booleans, applied inside the search.
        """

    def vectors(self, ids: np.ndarray[Any, np.dtype[np.int64]]) -> Vectors:
        """The stored vectors of those rows, `(len(ids), dim)` float32."""


class NearestOfKind(Nearest, Protocol):
    """One that can say of which type it is; where it lies and how it is kept is its own affair."""

    @property
    def kind(self) -> DenseKind:
        """Its type, and the reason for it."""
