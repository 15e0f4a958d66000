"""Chroma in memory, with a country in the metadata of each vector."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import chromadb
from chromadb.config import Settings

from benchmarks.peers.engines.engine import Countries, Engine
from embeddings.encoder import Vectors

_AT_ONCE = 5_000


class ChromaCollection(Engine):
    """Its defaults, with inner product."""

    def __init__(self, vectors: Vectors, countries: Countries, folder: Path) -> None:
        client = chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))
        self._collection = client.create_collection("passages", metadata={"hnsw:space": "ip"}, embedding_function=None)
        for start in range(0, len(vectors), _AT_ONCE):
            part = slice(start, start + _AT_ONCE)
            self._collection.add(
                ids=[str(row) for row in range(len(vectors))[part]],
                embeddings=vectors[part],
                metadatas=[{"country": country} for country in countries[part].tolist()],
            )

    def search(self, query: Vectors, k: int, country: str) -> Sequence[int]:
        """See `Engine`."""
        found = self._collection.query(query_embeddings=query[None, :], n_results=k, where={"country": country}, include=[])
        return [int(row) for row in found["ids"][0]]
