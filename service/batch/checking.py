"""The look through a file of needs before anything is matched, and the same needs again when they are."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from embeddings.errors import Refusal, shown
from matcher.errors import Problem
from service.batch.lists import NeedsDigest
from service.batch.needs import ReadNeed, RefusedRow, needs_of

_TOLD_EACH = 500
"""Rows after which progress is told."""


class Looked(NamedTuple):
    """What a file of needs holds."""

    needs: int
    refused: int
    file_digest: str
    """SHA-256 of the file, byte by byte."""
    digest: str
    """Of its needs; see `NeedsDigest`."""


def look_through(
    file: Path,
    about: Mapping[str, str],
    on_refused: Callable[[RefusedRow], None],
    on_progress: Callable[[int], None] = lambda rows: None,
) -> Looked:
    """Read the whole file once.

    Args:
        file: of needs.
        about: fields that hold for every need that does not say otherwise.
        on_refused: is given every row that is no need.
        on_progress: is told how many rows were read.

    Raises:
        Refusal: the file changes while it is read.
    """
    before = identity(file)
    needs = refused = 0
    digest = NeedsDigest()
    for one in checked_needs(file, about):
        if isinstance(one, ReadNeed):
            needs += 1
            digest.add(one.need)
        else:
            refused += 1
            on_refused(one)
        if one.number % _TOLD_EACH == 0:
            on_progress(one.number)
    file_digest = ""
    if before is not None:
        with file.open("rb") as stream:
            file_digest = hashlib.file_digest(stream, "sha256").hexdigest()
    if identity(file) != before:
        raise Refusal(f"file {file}", "stay as it is while it is read", "a change", "Start again once it is complete.")
    return Looked(needs, refused, file_digest, digest.told)


def checked_needs(file: Path, about: Mapping[str, str]) -> Iterator[ReadNeed | RefusedRow]:
    """As `needs_of`; a need with an id that came before is refused too, for their lists could not be told apart."""
    # In a file of the database's own, gone when it is closed: a million ids in memory would be a hundred MB.
    with closing(sqlite3.connect("")) as seen:
        seen.execute("CREATE TABLE seen (id TEXT PRIMARY KEY, place TEXT) WITHOUT ROWID")
        for one in needs_of(file, about):
            yield _doubled(seen, one) if isinstance(one, ReadNeed) and one.need.need_id else one


def _doubled(seen: sqlite3.Connection, one: ReadNeed) -> ReadNeed | RefusedRow:
    row, need_id = one.row, one.need.need_id
    place = f"{row.file}, line {row.line}"
    if seen.execute("INSERT INTO seen VALUES (?, ?) ON CONFLICT DO NOTHING", (need_id, place)).rowcount:
        return one
    [first] = seen.execute("SELECT place FROM seen WHERE id = ?", (need_id,)).fetchone()
    column = "id" if "id" in row.cells else "need_id"
    found = f"{shown(need_id)} again (first in {first})"
    problem = Problem(row.file, row.line, column, "be unique", found, "Give each need its own id, or none.")
    return RefusedRow(one.number, row, (problem,))


def identity(file: Path) -> tuple[int, int, int] | None:
    """What tells whether a file was changed; `None` where there is none."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns
