"""What the shared store holds, for `crossmatch index info`: by the manifest of the build in use, and sizes by the server."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, text

from embeddings.errors import IndexDamaged, shown
from embeddings.store import REBUILD
from service.index_status import IndexStatus, of_manifest
from service.store.database import StoreDatabase
from service.store.layout import SCHEMA, table_of
from service.store.manifest import build_in_use

_VECTORS = "vectors, with their indexes"


def store_status(database: StoreDatabase) -> IndexStatus:
    """Of the build in use. The encoder is not opened, and neither vectors nor files are read but for the manifest.

    Raises:
        IndexMissing: nothing has been built there.
        IndexDamaged: the manifest is altered or says too little.
        IndexMismatch: another layout.
        StoreUnavailable: the database cannot be read.
    """
    with database.reading() as connection:
        build = build_in_use(connection, database.place)
        every = connection.execute(text(f"SELECT build FROM {SCHEMA}.builds ORDER BY built_at")).scalars().all()  # noqa: S608
        in_tables = _bytes_of(connection, table_of(build.name))
    facts: dict[str, Any] = build.manifest
    try:
        return IndexStatus(
            folder=database.place,
            build=build.name,
            other_builds=tuple(name for name in every if name != build.name),
            **of_manifest(facts),
            is_exact=not facts["vectors"]["indexed"],
            recall=(),
            dense_bytes=in_tables,
            dense_code_bytes=0,
            files={**{name: entry["bytes"] for name, entry in sorted(facts["files"].items())}, _VECTORS: in_tables},
            is_shared=True,
        )
    except (KeyError, TypeError) as error:
        place = f"manifest of build {build.name} in the {database.place}"
        raise IndexDamaged(place, "say what the index holds", f"no {shown(str(error))}", REBUILD) from error


def _bytes_of(connection: Connection, table: str) -> int:
    """A table's partitions with their indexes, on the server's disk."""
    statement = "SELECT coalesce(sum(pg_total_relation_size(relid)), 0) FROM pg_partition_tree(to_regclass(%s))"
    return int(connection.exec_driver_sql(statement, (table,)).scalar_one())
