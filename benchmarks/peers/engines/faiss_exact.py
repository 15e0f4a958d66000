"""FAISS's exact index with a selector of ids: what recall is measured against, timed too."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import faiss
import numpy as np

from benchmarks.peers.engines.engine import Countries, Engine
from embeddings.encoder import Vectors


class FaissExact(Engine):
    """Compares every vector of the country."""

    def __init__(self, vectors: Vectors, countries: Countries, folder: Path) -> None:
        self._index = faiss.IndexFlatIP(vectors.shape[1])
        self._index.add(vectors)
        packed = {c: np.packbits(countries == c, bitorder="little") for c in set(countries.tolist())}
        self._chosen = {c: faiss.SearchParameters(sel=faiss.IDSelectorBitmap(bits)) for c, bits in packed.items()}

    def search(self, query: Vectors, k: int, country: str) -> Sequence[int]:
        """See `Engine`."""
        found: list[int] = self._index.search(query[None, :], k, params=self._chosen[country])[1][0].tolist()
        return found
