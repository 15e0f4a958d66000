"""qdrant-client without a server: NumPy over everything, with payloads in memory."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from qdrant_client import QdrantClient, models

from benchmarks.peers.engines.engine import Countries, Engine
from embeddings.encoder import Vectors


class QdrantLocal(Engine):
    """In memory."""

    def __init__(self, vectors: Vectors, countries: Countries, folder: Path) -> None:
        self._client = QdrantClient(":memory:")
        parameters = models.VectorParams(size=vectors.shape[1], distance=models.Distance.DOT)
        self._client.create_collection("passages", vectors_config=parameters)
        payload = [{"country": country} for country in countries.tolist()]
        self._client.upload_collection("passages", vectors=vectors, payload=payload, ids=range(len(vectors)))

    def search(self, query: Vectors, k: int, country: str) -> Sequence[int]:
        """See `Engine`."""
        wanted = models.FieldCondition(key="country", match=models.MatchValue(value=country))
        found = self._client.query_points(
            "passages", query=query.tolist(), limit=k, query_filter=models.Filter(must=[wanted]), with_payload=False
        )
        return [int(point.id) for point in found.points]
