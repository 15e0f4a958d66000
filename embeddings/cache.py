"""Vectors that were computed once are not computed again: keyed by the text's content and the encoder's fingerprint."""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from embeddings.encoder import Encoder, Vectors
from embeddings.errors import CacheUnusable, check_encodable
from embeddings.write_ahead import write_ahead


def content_key(fingerprint: str, role: str, text: str) -> bytes:
    """SHA-256 over encoder, role (`query` or `passage`) and text."""
    return hashlib.sha256(f"{fingerprint}\0{role}\0{text}".encode()).digest()


class VectorStore:
    """Vectors on disk, so that a rebuilt index encodes only what changed.

    One SQLite file; losing it costs time, never data, so it is written without waiting for the disk.
    """

    def __init__(self, file: Path) -> None:
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            self._database = sqlite3.connect(file, check_same_thread=False)
            write_ahead(self._database)
            self._database.execute("PRAGMA synchronous=OFF")
            self._database.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB) WITHOUT ROWID")
        except (OSError, sqlite3.Error) as error:
            remedy = "Remove the file, or choose another folder."
            found = getattr(error, "strerror", None) or str(error)
            raise CacheUnusable(f"vector cache {file}", "be a database that can be written", found, remedy) from error

    def get(self, key: bytes) -> Vectors | None:
        """The vector of that key, or `None`."""
        row = self._database.execute("SELECT vector FROM vectors WHERE key = ?", (key,)).fetchone()
        return None if row is None else np.frombuffer(row[0], dtype=np.float32)

    def put(self, entries: Sequence[tuple[bytes, Vectors]]) -> None:
        """Keep vectors by key."""
        rows = [(key, vector.astype(np.float32).tobytes()) for key, vector in entries]
        with self._database:
            self._database.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)

    def close(self) -> None:
        """Close the file."""
        self._database.close()


class RecentQueries:
    """The last query vectors, in memory only: need texts are confidential and are not written to a cache file."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._entries: OrderedDict[bytes, Vectors] = OrderedDict()
        self._turn = threading.Lock()

    def get(self, key: bytes) -> Vectors | None:
        """The vector of that key, or `None`."""
        with self._turn:
            if key in self._entries:
                self._entries.move_to_end(key)
            return self._entries.get(key)

    def put(self, entries: Sequence[tuple[bytes, Vectors]]) -> None:
        """Keep vectors by key."""
        with self._turn:
            for key, vector in entries:
                self._entries[key] = vector
            while len(self._entries) > self._size:
                self._entries.popitem(last=False)


class CachedEncoder:
    """An encoder that remembers.

    Args:
        encoder: what encodes the rest.
        queries: how many of the last queries are kept in memory; or a store on disk, only for queries that anybody
            may read.
        passages: where passages are kept; nowhere if left out.
    """

    def __init__(self, encoder: Encoder, *, queries: int | VectorStore = 1000, passages: VectorStore | None = None) -> None:
        self._encoder = encoder
        self._fingerprint = encoder.fingerprint
        self._queries = RecentQueries(queries) if isinstance(queries, int) else queries
        self._passages = passages
        self.encoded = 0
        """Texts that really went through the encoder."""

    @property
    def dim(self) -> int:
        """Numbers in one vector."""
        return self._encoder.dim

    @property
    def fingerprint(self) -> str:
        """That of the encoder within."""
        return self._fingerprint

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """See `embeddings.encoder.Encoder`; recent ones come from memory."""
        return self._through(texts, "query", self._queries, self._encoder.encode_queries)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """See `embeddings.encoder.Encoder`; known ones come from the store."""
        if self._passages is None:
            self.encoded += len(texts)
            return self._encoder.encode_passages(texts)
        return self._through(texts, "passage", self._passages, self._encoder.encode_passages)

    def _through(
        self,
        texts: Sequence[str],
        role: str,
        memory: RecentQueries | VectorStore,
        encode: Callable[[Sequence[str]], Vectors],
    ) -> Vectors:
        check_encodable(list(texts))
        keys = [content_key(self._fingerprint, role, text) for text in texts]
        known = {key: memory.get(key) for key in set(keys)}
        missing = list(dict.fromkeys(key for key in keys if known[key] is None))
        if missing:
            text_of = dict(zip(keys, texts, strict=True))
            fresh = encode([text_of[key] for key in missing])
            self.encoded += len(missing)
            entries = list(zip(missing, fresh, strict=True))
            memory.put(entries)
            known.update(entries)
        found = [vector for key in keys if (vector := known[key]) is not None]
        return np.stack(found) if found else np.empty((0, self.dim), dtype=np.float32)
