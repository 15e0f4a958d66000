"""USearch: it has no filter in Python, so more are asked for and those of other countries are left out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from usearch.index import Index

from benchmarks.peers.engines.engine import Countries, Engine
from embeddings.encoder import Vectors


class UsearchGraph(Engine):
    """Asks for twice as many as would be enough by the country's share."""

    def __init__(self, vectors: Vectors, countries: Countries, folder: Path) -> None:
        self._index = Index(ndim=vectors.shape[1], metric="ip", dtype="f32")
        self._index.add(np.arange(len(vectors)), vectors)
        self._countries = countries
        names, counts = np.unique(countries, return_counts=True)
        self._share = dict(zip(names.tolist(), (counts / len(countries)).tolist(), strict=True))

    def search(self, query: Vectors, k: int, country: str) -> Sequence[int]:
        """See `Engine`."""
        rows = self._index.search(query, round(2 * k / self._share[country])).keys
        found: list[int] = rows[self._countries[rows.astype(np.int64)] == country][:k].tolist()
        return found
