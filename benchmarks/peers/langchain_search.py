"""LangChain's FAISS store with its defaults."""

from __future__ import annotations

from pathlib import Path

from langchain_community.vectorstores import FAISS
from langchain_core.embeddings import Embeddings

from benchmarks.peers.contender import PassageSearch
from benchmarks.peers.need_encoder import NeedEncoder
from benchmarks.peers.texts import Texts


class _NeedEmbeddings(Embeddings):
    def __init__(self, model: Path) -> None:
        self._encoder = NeedEncoder(model)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        raise NotImplementedError("Passages come with their vectors.")

    def embed_query(self, text: str) -> list[float]:
        found: list[float] = self._encoder.encode([text])[0].tolist()
        return found


class LangchainSearch(PassageSearch):
    """Dense only; texts one by one, for the store has no search for several."""

    def __init__(self, texts: Texts, model: Path) -> None:
        super().__init__(texts)
        pairs = zip(texts.texts, texts.vectors.tolist(), strict=True)
        places = [{"row": row} for row in range(len(texts.texts))]
        self._store = FAISS.from_embeddings(pairs, _NeedEmbeddings(model), metadatas=places)

    def rows(self, text: str, depth: int) -> list[int]:
        """See `PassageSearch`."""
        return [int(found.metadata["row"]) for found in self._store.similarity_search(text, k=depth)]
