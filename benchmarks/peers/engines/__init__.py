"""Vector searches with a filter by country, one file each."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.peers.engines.engine import Engine

OURS, EXACT = "Crossmatch (`DenseIndex`)", "FAISS, exact"
ENGINES = {
    EXACT: ("faiss_exact", "FaissExact"),
    OURS: ("crossmatch_dense", "CrossmatchDense"),
    "hnswlib": ("hnswlib_graph", "HnswlibGraph"),
    "USearch, filtered after": ("usearch_graph", "UsearchGraph"),
    "qdrant-client, local": ("qdrant_local", "QdrantLocal"),
    "Qdrant Edge": ("qdrant_edge_shard", "QdrantEdgeShard"),
    "LanceDB": ("lancedb_table", "LancedbTable"),
    "Chroma": ("chroma_collection", "ChromaCollection"),
    "Milvus Lite": ("milvus_file", "MilvusFile"),
}
"""Name → module and class."""
PACKAGES = ("faiss-cpu", "hnswlib", "usearch", "qdrant-client", "qdrant-edge-py", "lancedb", "chromadb", "milvus-lite")


def engine(name: str) -> type[Engine]:
    """The class, its library imported."""
    module, kind = ENGINES[name]
    found: type[Engine] = getattr(import_module(f"benchmarks.peers.engines.{module}"), kind)
    return found
