"""The twenty lines that one writes first: sentence-transformers and an exact FAISS index."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import faiss

from benchmarks.peers.contender import PassageSearch
from benchmarks.peers.need_encoder import NeedEncoder
from benchmarks.peers.texts import Texts


class FaissScript(PassageSearch):
    """Dense only."""

    def __init__(self, texts: Texts, model: Path) -> None:
        super().__init__(texts)
        self._encoder = NeedEncoder(model)
        self._index = faiss.IndexFlatIP(texts.vectors.shape[1])
        self._index.add(texts.vectors)

    def rows(self, text: str, depth: int) -> list[int]:
        """See `PassageSearch`."""
        return self.rows_each([text], depth)[0]

    def rows_each(self, texts: Sequence[str], depth: int) -> list[list[int]]:
        """See `PassageSearch`."""
        found: list[list[int]] = self._index.search(self._encoder.encode(texts), depth)[1].tolist()
        return found
