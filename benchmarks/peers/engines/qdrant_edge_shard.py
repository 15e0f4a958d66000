"""Qdrant Edge: Qdrant's own core in this process, with its graph that knows filters."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from qdrant_edge import (
    Distance,
    EdgeConfig,
    EdgeShard,
    EdgeVectorParams,
    FieldCondition,
    Filter,
    MatchValue,
    PayloadSchemaType,
    Point,
    Query,
    SearchRequest,
    UpdateOperation,
)

from benchmarks.peers.engines.engine import Countries, Engine
from embeddings.encoder import Vectors

_AT_ONCE = 5_000


class QdrantEdgeShard(Engine):
    """Its defaults, with the country indexed and the segments optimised."""

    def __init__(self, vectors: Vectors, countries: Countries, folder: Path) -> None:
        parameters = EdgeVectorParams(size=vectors.shape[1], distance=Distance.Dot)
        self._shard = EdgeShard.create(str(folder), EdgeConfig(vectors={"passage": parameters}))
        self._shard.update(UpdateOperation.create_field_index("country", PayloadSchemaType.Keyword))
        for start in range(0, len(vectors), _AT_ONCE):
            part = range(start, min(start + _AT_ONCE, len(vectors)))
            points = [Point(row, {"passage": vectors[row].tolist()}, {"country": str(countries[row])}) for row in part]
            self._shard.update(UpdateOperation.upsert_points(points))
        self._shard.optimize()

    def search(self, query: Vectors, k: int, country: str) -> Sequence[int]:
        """See `Engine`."""
        wanted = Filter(must=[FieldCondition("country", match=MatchValue(country))])
        asked = SearchRequest(Query.Nearest(query.tolist(), using="passage"), limit=k, filter=wanted)
        return [int(point.id) for point in self._shard.search(asked)]
