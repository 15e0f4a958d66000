"""The dense index of Crossmatch, as a match searches it: a mask of rows inside the search."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from benchmarks.peers.engines.engine import Countries, Engine
from embeddings.dense import DenseIndex
from embeddings.encoder import Vectors


class CrossmatchDense(Engine):
    """The type that `choose_kind` chooses."""

    def __init__(self, vectors: Vectors, countries: Countries, folder: Path) -> None:
        self._index = DenseIndex.build(vectors)
        self._masks = {country: countries == country for country in set(countries.tolist())}

    def search(self, query: Vectors, k: int, country: str) -> Sequence[int]:
        """See `Engine`."""
        found: list[int] = self._index.search(query[None, :], k, self._masks[country])[0].ids.tolist()
        return found
