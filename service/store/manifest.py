"""Which build is in use, and whether everything of it is there as it was written. The rules are those of `embeddings.store`."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from embeddings.errors import IndexDamaged, IndexMismatch, IndexMissing, shown
from embeddings.store import REBUILD
from service.store.layout import SCHEMA, is_made, table_of
from service.store.sent_vectors import DIGEST

LAYOUT = 1
"""Raised when what is stored changes its meaning."""
_PART = 16_000_000
"""Bytes of a file in one row; PostgreSQL takes a thousand million at most."""


@dataclass(frozen=True)
class Build:
    """A build that is whole."""

    name: str
    manifest: dict[str, Any]


def current_build(connection: Connection) -> tuple[str, str] | None:
    """Name of the build in use and its manifest's SHA-256; `None` where nothing was built."""
    if not is_made(connection):
        return None
    row = connection.execute(text(f"SELECT build, manifest_sha256 FROM {SCHEMA}.current")).one_or_none()  # noqa: S608
    return None if row is None else (str(row[0]), str(row[1]))


def write_files(connection: Connection, build: str, folder: Path) -> dict[str, dict[str, Any]]:
    """Keep every file below the folder; their sizes and SHA-256 by name."""
    listed: dict[str, dict[str, Any]] = {}
    insert = text(f"INSERT INTO {SCHEMA}.files (build, file, part, content) VALUES (:build, :file, :part, :content)")  # noqa: S608
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        content, name = path.read_bytes(), path.relative_to(folder).as_posix()
        for part, start in enumerate(range(0, max(1, len(content)), _PART)):
            values = {"build": build, "file": name, "part": part, "content": content[start : start + _PART]}
            connection.execute(insert, values)
        listed[name] = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    return listed


def put_in_use(connection: Connection, build: str, manifest: dict[str, Any]) -> None:
    """Write the manifest of a build, and name it as the one in use when the transaction ends."""
    written = json.dumps({"layout": LAYOUT, **manifest}, indent=1, sort_keys=True)
    named = text(
        f"INSERT INTO {SCHEMA}.current (build, manifest_sha256) VALUES (:build, :digest) "  # noqa: S608
        "ON CONFLICT (only_one) DO UPDATE SET build = excluded.build, manifest_sha256 = excluded.manifest_sha256"
    )
    update = text(f"UPDATE {SCHEMA}.builds SET manifest = :manifest WHERE build = :build")  # noqa: S608
    connection.execute(update, {"build": build, "manifest": written})
    connection.execute(named, {"build": build, "digest": hashlib.sha256(written.encode()).hexdigest()})


def whole_build(connection: Connection, place: str, encoder_fingerprint: str) -> Build:
    """The build in use, with its manifest and its vectors checked.

    Args:
        connection: in a transaction that sees one moment.
        place: the database, for messages.
        encoder_fingerprint: of the encoder that needs will be encoded with.

    Raises:
        IndexMissing: nothing has been built.
        IndexDamaged: a vector or its place is missing or altered, or the manifest is.
        IndexMismatch: another encoder or another layout built it.
    """
    build = build_in_use(connection, place)
    encoder = build.manifest["encoder"]
    if encoder != encoder_fingerprint:
        wanted = f"hold an index built with the encoder {encoder_fingerprint}"
        raise IndexMismatch(place, wanted, f"one built with {encoder}", REBUILD)
    _check_vectors(connection, build.name, place, build.manifest["vectors"])
    return build


def build_in_use(connection: Connection, place: str) -> Build:
    """The build in use by its manifest, which is checked; its vectors and files are not looked at.

    Raises:
        IndexMissing: nothing has been built.
        IndexDamaged: the manifest is altered.
        IndexMismatch: another layout.
    """
    current = current_build(connection)
    if current is None:
        remedy = "Build it: crossmatch index build --store URL"
        raise IndexMissing(place, "hold an index", "a database without one", remedy)
    build, digest = current
    content = connection.execute(text(f"SELECT manifest FROM {SCHEMA}.builds WHERE build = :b"), {"b": build}).scalar() or ""  # noqa: S608
    of_manifest = f"manifest of build {build} in the {place}"
    try:
        manifest: dict[str, Any] = json.loads(content)
        layout = manifest["layout"]
        _ = manifest["encoder"], manifest["vectors"]
    except (ValueError, KeyError, TypeError) as error:
        raise IndexDamaged(of_manifest, "be readable", shown(str(error)), REBUILD) from error
    if layout != LAYOUT:
        raise IndexMismatch(place, f"have layout {LAYOUT}", f"layout {shown(layout)}", REBUILD)
    if hashlib.sha256(content.encode()).hexdigest() != digest:
        raise IndexDamaged(of_manifest, "be unaltered (SHA-256)", "other content", REBUILD)
    return Build(build, manifest)


def read_files(connection: Connection, build: Build, place: str, folder: Path) -> None:
    """Unpack the files of a build, each checked.

    Raises:
        IndexDamaged: a file is missing, cut short or altered; it is named.
    """
    select = text(f"SELECT content FROM {SCHEMA}.files WHERE build = :build AND file = :file ORDER BY part")  # noqa: S608
    for name, entry in build.manifest["files"].items():
        content = b"".join(connection.execute(select, {"build": build.name, "file": name}).scalars())
        of_file = f"file {name} of build {build.name} in the {place}"
        if len(content) != entry["bytes"]:
            raise IndexDamaged(of_file, f"have {entry['bytes']} bytes", f"{len(content)} bytes", REBUILD)
        if hashlib.sha256(content).hexdigest() != entry["sha256"]:
            raise IndexDamaged(of_file, "be unaltered (SHA-256)", "other content of the same length", REBUILD)
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def _check_vectors(connection: Connection, build: str, place: str, vectors: dict[str, Any]) -> None:
    table, of_vectors = table_of(build), f"vectors of build {build} in the {place}"
    if connection.exec_driver_sql("SELECT to_regclass(%s)", (table,)).scalar() is None:
        raise IndexDamaged(of_vectors, "be there", "no such table", REBUILD)
    width = "SELECT atttypmod FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attname = 'embedding'"
    dim = connection.exec_driver_sql(width, (table,)).scalar()
    if dim != vectors["dim"]:
        raise IndexDamaged(of_vectors, f"have {vectors['dim']} numbers each", str(dim), REBUILD)
    count, first, last, sha256 = connection.exec_driver_sql(DIGEST.format(table=table)).one()
    if (count, first, last) != (vectors["rows"], 0, vectors["rows"] - 1):
        found = f"{count} rows from {first} to {last}"
        raise IndexDamaged(of_vectors, f"be {vectors['rows']} rows, numbered from 0", found, REBUILD)
    if sha256 != vectors["sha256"]:
        raise IndexDamaged(of_vectors, "be unaltered (SHA-256)", "other vectors, countries, categories or regions", REBUILD)
