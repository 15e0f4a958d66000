"""Milvus Lite: Milvus in a file of one process."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pymilvus import DataType, MilvusClient

from benchmarks.peers.engines.engine import Countries, Engine
from embeddings.encoder import Vectors

_AT_ONCE = 5_000


class MilvusFile(Engine):
    """Index AUTOINDEX, a country beside each vector."""

    def __init__(self, vectors: Vectors, countries: Countries, folder: Path) -> None:
        self._client = MilvusClient(str(folder / "passages.db"))
        schema = MilvusClient.create_schema(auto_id=False)
        schema.add_field("row", DataType.INT64, is_primary=True)
        schema.add_field("country", DataType.VARCHAR, max_length=2)
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=vectors.shape[1])
        index = self._client.prepare_index_params()
        index.add_index("vector", index_type="AUTOINDEX", metric_type="IP")
        self._client.create_collection("passages", schema=schema, index_params=index)
        for start in range(0, len(vectors), _AT_ONCE):
            part = range(start, min(start + _AT_ONCE, len(vectors)))
            rows = [{"row": row, "country": str(countries[row]), "vector": vectors[row].tolist()} for row in part]
            self._client.insert("passages", rows)
        self._client.load_collection("passages")

    def search(self, query: Vectors, k: int, country: str) -> Sequence[int]:
        """See `Engine`."""
        found = self._client.search("passages", [query.tolist()], filter=f'country == "{country}"', limit=k)
        return [int(hit["row"]) for hit in found[0]]
