"""Haystack as its tutorial on hybrid retrieval has it: in memory, BM25 beside embeddings, joined by reciprocal rank."""

from __future__ import annotations

from pathlib import Path

from benchmarks.peers.contender import PassageSearch
from benchmarks.peers.texts import Texts


class HaystackSearch(PassageSearch):
    """A pipeline of embedder, two retrievers and a joiner."""

    def __init__(self, texts: Texts, model: Path) -> None:
        from haystack import Document, Pipeline
        from haystack.components.joiners import DocumentJoiner
        from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
        from haystack.document_stores.in_memory import InMemoryDocumentStore

        from benchmarks.peers.haystack_embedder import NeedEmbedder

        super().__init__(texts)
        store = InMemoryDocumentStore(embedding_similarity_function="dot_product")
        store.write_documents(
            [
                Document(id=str(row), content=text, embedding=vector.tolist())
                for row, (text, vector) in enumerate(zip(texts.texts, texts.vectors, strict=True))
            ]
        )
        self._pipeline = Pipeline()
        self._pipeline.add_component("embedder", NeedEmbedder(model))
        self._pipeline.add_component("dense", InMemoryEmbeddingRetriever(store))
        self._pipeline.add_component("words", InMemoryBM25Retriever(store))
        self._pipeline.add_component("joiner", DocumentJoiner(join_mode="reciprocal_rank_fusion"))
        self._pipeline.connect("embedder.embedding", "dense.query_embedding")
        self._pipeline.connect("dense", "joiner")
        self._pipeline.connect("words", "joiner")

    def rows(self, text: str, depth: int) -> list[int]:
        """See `PassageSearch`."""
        asked = {
            "embedder": {"text": text},
            "dense": {"top_k": depth},
            "words": {"query": text, "top_k": depth},
            "joiner": {"top_k": depth},
        }
        return [int(found.id) for found in self._pipeline.run(asked)["joiner"]["documents"]]
