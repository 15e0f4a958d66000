"""hnswlib, with its filter: a Python function that it calls for each vector it comes by."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import hnswlib

from benchmarks.peers.engines.engine import Countries, Engine
from embeddings.encoder import Vectors


class HnswlibGraph(Engine):
    """M 16, ef_construction 200, ef 100: the values of its documentation."""

    def __init__(self, vectors: Vectors, countries: Countries, folder: Path) -> None:
        self._index = hnswlib.Index(space="ip", dim=vectors.shape[1])
        self._index.init_index(max_elements=len(vectors), M=16, ef_construction=200)
        self._index.add_items(vectors)
        self._index.set_ef(100)
        self._countries = countries.tolist()

    def search(self, query: Vectors, k: int, country: str) -> Sequence[int]:
        """See `Engine`."""
        countries = self._countries
        try:
            found: list[int] = self._index.knn_query(
                query[None, :], k=k, num_threads=1, filter=lambda row: countries[row] == country
            )[0][0].tolist()
        except RuntimeError:
            # It found fewer than k within the part of the graph that it looked at, and gives none of them.
            return []
        return found
