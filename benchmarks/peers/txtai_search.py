"""txtai with its hybrid index: dense by FAISS, words by its own BM25, half and half."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.peers.contender import PassageSearch
from benchmarks.peers.need_encoder import NeedEncoder
from benchmarks.peers.texts import Texts
from embeddings.encoder import Vectors


class TxtaiSearch(PassageSearch):
    """Vectors come through txtai's external method: passages' from memory, needs' from the encoder."""

    def __init__(self, texts: Texts, model: Path) -> None:
        from txtai import Embeddings

        super().__init__(texts)
        self._encoder = NeedEncoder(model)
        made = dict(zip(texts.texts, texts.vectors, strict=True))

        def vectors(asked: Sequence[str]) -> Vectors:
            if all(text in made for text in asked):
                return np.stack([made[text] for text in asked])
            return self._encoder.encode(asked)

        self._index = Embeddings(method="external", transform=vectors, hybrid=True, content=False)
        self._index.index((row, text, None) for row, text in enumerate(texts.texts))
        made.clear()

    def rows(self, text: str, depth: int) -> list[int]:
        """See `PassageSearch`."""
        return [int(row) for row, _ in self._index.search(text, depth)]

    def rows_each(self, texts: Sequence[str], depth: int) -> list[list[int]]:
        """See `PassageSearch`."""
        return [[int(row) for row, _ in found] for found in self._index.batchsearch(list(texts), depth)]
