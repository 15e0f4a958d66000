"""Copies of the record: one SQLite file whatever database it came from, made while the service runs, proved by the chain."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection, func, insert, select, text

from embeddings.errors import Refusal, shown
from matcher.errors import LogUnavailable
from matcher.log import Head
from service.record.sql_log import SqlMatchLog
from service.record.tables import entries, match_lists, matches, metadata
from service.record.verifying import verified

_ROWS_AT_ONCE = 500
_OWNER_ONLY = 0o600


def back_up(log: SqlMatchLog, file: Path) -> Head:
    """Write the whole record, as it stands at one moment, to a new file.

    Who writes meanwhile does not wait and is not waited for. The file holds need texts: only its owner may read it.

    Raises:
        Refusal: the file is there already, or its folder cannot be written.
        RecordBroken: the record does not verify; the file is not made then.
        LogUnavailable: it cannot be read.
    """
    if file.exists():
        raise Refusal(f"file {file}", "be a new one", "one that is there", "Choose another name: a backup replaces nothing.")
    with _scratch_folder(file.parent) as folder:
        unfinished = folder / "record.sqlite3"
        copy = SqlMatchLog(f"sqlite:///{unfinished}")
        try:
            with log.database.reading() as source:
                head = verified(source)
                with copy.database.writing() as target:
                    _copy_rows(source, target)
            if copy.verify() != head:
                raise LogUnavailable("copy of the record", f"have entry {head.seq} as its newest", "another", "Try again.")
        finally:
            copy.close()
        _make_one_file(unfinished)
        # A link and not a renaming: it fails where somebody else made the file meanwhile.
        try:
            os.link(unfinished, file)
        except OSError as error:
            raise Refusal(f"file {file}", "be a new one that can be written", error.strerror or str(error)) from error
        _sync_folder(file.parent)
    return head


def restore(file: Path, url: str) -> Head:
    """Read a backup into an empty record, SQLite or PostgreSQL; backups of earlier versions too.

    Raises:
        Refusal: the file is no backup or is damaged, or the record is not empty.
        RecordBroken: the backup does not verify.
        LogUnavailable: the backup is of a newer version, or the record to fill cannot be written; it stays empty then.
    """
    _check_backup(file)
    with tempfile.TemporaryDirectory() as folder:
        # A copy, because opening one of an earlier version brings it to this one.
        copied = Path(folder) / "record.sqlite3"
        shutil.copyfile(file, copied)
        copied.chmod(_OWNER_ONLY)
        with closing(SqlMatchLog(f"sqlite:///{copied}")) as backup, backup.database.reading() as source:
            verified(source)
            with closing(SqlMatchLog(url)) as log:
                with log.database.writing() as target:
                    _check_empty(target)
                    _copy_rows(source, target)
                    _continue_numbers(target)
                return log.verify()


def _check_backup(file: Path) -> None:
    place, remedy = f"file {file}", "Name a file that crossmatch log backup wrote."
    if not file.is_file():
        raise Refusal(place, "be a backup of a record", "no file", remedy)
    if Path(f"{file}-wal").exists():
        # What is newest stands in the file beside it.
        raise Refusal(place, "be a backup of a record", "a record that is in use", remedy)
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            [damage] = connection.execute("PRAGMA quick_check(1)").fetchone()
            if damage != "ok":
                raise Refusal(place, "be a whole backup", f"a damaged one ({damage.splitlines()[-1]})", "Take another backup.")
            connection.execute("SELECT version_num FROM alembic_version")
    except (sqlite3.Error, UnicodeDecodeError) as error:
        # SQLite repeats damaged text in what it says of it.
        raise Refusal(place, "be a backup of a record", f"another file or a damaged one ({error})", remedy) from error


def _copy_rows(source: Connection, target: Connection) -> None:
    for table in metadata.sorted_tables:
        found = source.execute(select(table).order_by(*table.primary_key), execution_options={"yield_per": _ROWS_AT_ONCE})
        for rows in found.partitions():
            target.execute(insert(table), [dict(row._mapping) for row in rows])


def _check_empty(target: Connection) -> None:
    count = target.execute(select(func.count()).select_from(entries)).scalar_one()
    if count:
        found = f"{count:,} entries"
        remedy = "Name a new database with CROSSMATCH_LOG_URL; this one is left as it is."
        raise Refusal("record to be filled", "be empty", found, remedy)


def _continue_numbers(target: Connection) -> None:
    """PostgreSQL counts on from where it stood, whatever numbers were put in."""
    if target.dialect.name != "postgresql":
        return
    for table in (match_lists, matches):
        newest = target.execute(select(func.max(table.c.id))).scalar()
        if newest is not None:
            sequence = text("SELECT setval(pg_get_serial_sequence(:table, 'id'), :newest)")
            target.execute(sequence, {"table": table.name, "newest": newest})


@contextmanager
def _scratch_folder(parent: Path) -> Iterator[Path]:
    """A folder on the same disk, gone at the end."""
    try:
        with tempfile.TemporaryDirectory(prefix=".crossmatch-backup-", dir=parent) as folder:
            yield Path(folder)
    except OSError as error:
        raise Refusal(f"folder {shown(str(parent))}", "be writable", error.strerror or str(error), "Choose another.") from error


def _make_one_file(file: Path) -> None:
    """Without a write-ahead log beside it, and on the disk."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    file.chmod(_OWNER_ONLY)
    with file.open("rb") as content:
        os.fsync(content.fileno())


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
