"""An index in a database that several machines share: built in one transaction, opened without any local file.

Every build has its own table of vectors and its own files; one row names the build in use. Who reads sees the old build or
the new one, never a half-written one, and the build before the current one is kept for who still searches it.
"""

from __future__ import annotations

import tempfile
import uuid
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from embeddings.dense_kind import DenseKind
from embeddings.encoder import Encoder, Vectors
from embeddings.errors import IndexDamaged, Refusal, shown
from embeddings.store import REBUILD
from matcher.index import ProviderIndex
from service.store.database import StoreDatabase, check_pgvector, has_pgvector
from service.store.errors import StoreUnavailable
from service.store.kinds import PgvectorConfig
from service.store.layout import SCHEMA, make_tables, remove_builds, table_of
from service.store.manifest import current_build, put_in_use, read_files, whole_build, write_files
from service.store.pgvector_index import PgvectorIndex
from service.store.places import Places
from service.store.vector_rows import write_vectors


class SharedStore:
    """The shared store at an address."""

    def __init__(self, url: str, read_url: str = "", config: PgvectorConfig | None = None) -> None:
        """Connects to nothing yet.

        Args:
            url: the database that is built in.
            read_url: the one that is read from: a replica; `url` if left out.
            config: limits of exactness.

        Raises:
            StoreUnavailable: an address is none of a PostgreSQL database.
        """
        self.database = StoreDatabase(url, read_url)
        self._config = config or PgvectorConfig()

    def named_build(self) -> str:
        """Name and digest of the build in use; empty where there is none.

        Raises:
            StoreUnavailable: the database cannot be read.
        """
        with self.database.reading() as connection:
            return " ".join(current_build(connection) or ())

    def write(self, index: ProviderIndex) -> dict[str, Any]:
        """Put an index in place as the current build, all or nothing; builds older than the one it replaces are removed.

        Args:
            index: from `ProviderIndex.build`.

        Returns:
            What its manifest says.

        Raises:
            StoreUnavailable: the database cannot be written, or pgvector is missing. The build before it stays in use.
        """
        vectors = index.vectors(np.arange(len(index.passages), dtype=np.int64))
        with tempfile.TemporaryDirectory(prefix="crossmatch-store-") as scratch:
            folder = Path(scratch)
            index.save_beside_vectors(folder)
            return self._write(index.facts, vectors, Places.of(index.directory, index.passages), folder)

    def write_vectors(self, vectors: Vectors, places: Places) -> PgvectorIndex:
        """Put just vectors in place, with nothing beside them, and open them: what a search needs."""
        with tempfile.TemporaryDirectory(prefix="crossmatch-store-") as scratch:
            manifest = self._write({"encoder": ""}, vectors, places, Path(scratch))
        return self._vectors_of(manifest, places)

    def open(self, encoder: Encoder) -> ProviderIndex:
        """The current build, whole and checked.

        Raises:
            IndexMissing: nothing has been built there.
            IndexDamaged: a file, a vector or the manifest is missing or altered; it is named.
            IndexMismatch: another encoder or another layout built it.
            StoreUnavailable: the database cannot be read.
        """
        place = self.database.place
        with tempfile.TemporaryDirectory(prefix="crossmatch-store-") as scratch:
            folder = Path(scratch)
            with self.database.reading() as connection:
                build = whole_build(connection, place, encoder.fingerprint)
                check_pgvector(connection, place)
                read_files(connection, build, place, folder)
            try:
                return ProviderIndex.read_beside_vectors(
                    folder,
                    build.manifest,
                    lambda directory, passages: self._vectors_of(build.manifest, Places.of(directory, passages)),
                )
            except Refusal:
                raise
            except (KeyError, TypeError, ValueError, RuntimeError) as error:
                found = shown(str(error))
                raise IndexDamaged(f"build {build.name} in the {place}", "be readable", found, REBUILD) from error

    def close(self) -> None:
        """Close every connection."""
        self.database.close()

    def _vectors_of(self, manifest: dict[str, Any], places: Places) -> PgvectorIndex:
        kind, vectors = DenseKind(**manifest["dense"]), manifest["vectors"]
        table, dim = table_of(manifest["build"]), int(vectors["dim"])
        return PgvectorIndex(self.database, table, dim, kind, places, vectors["indexed"], self._config)

    def _write(self, facts: dict[str, Any], vectors: Vectors, places: Places, folder: Path) -> dict[str, Any]:
        build = uuid.uuid4().hex[:12]
        with self.database.building() as connection:
            _see_to_pgvector(connection, self.database.place)
            make_tables(connection)
            insert = text(f"INSERT INTO {SCHEMA}.builds (build, manifest) VALUES (:build, '')")  # noqa: S608
            connection.execute(insert, {"build": build})
            kind, of_vectors = write_vectors(connection, build, vectors, places, self._config)
            files = write_files(connection, build, folder)
            dense = {"factory": kind.factory, "why": kind.why}
            manifest = facts | {"build": build, "dense": dense, "vectors": of_vectors, "files": files}
            put_in_use(connection, build, manifest)
        # Afterwards, because it waits for who still reads them; those that are left now the next build removes.
        with suppress(StoreUnavailable), self.database.building() as connection:
            connection.execute(text("SET LOCAL lock_timeout = '200ms'"))
            remove_builds(connection)
        return manifest


def _see_to_pgvector(connection: Connection, place: str) -> None:
    """Take the extension into use where it is installed on the server; most servers let the database's owner."""
    if has_pgvector(connection) is None:
        with suppress(SQLAlchemyError), connection.begin_nested():
            connection.execute(text("CREATE EXTENSION vector"))
    check_pgvector(connection, place)
