"""Opens the record's database: SQLite or PostgreSQL, one code path after this file."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DataError, IntegrityError, SQLAlchemyError

from embeddings.errors import shown
from embeddings.write_ahead import PATIENCE_S, write_ahead
from matcher.errors import LogUnavailable

_LOCK = 0x43524F53534D4154  # "CROSSMAT": one lock for all that write this record
_WITH_READERS_S = 2
"""How long a wait for readers may keep writers waiting."""
_POSTGRESQL_PATIENCE: dict[str, int] = {
    "connect_timeout": PATIENCE_S,
    # A machine that is gone says nothing: without these a connection to it hangs for many minutes.
    "keepalives_idle": PATIENCE_S,
    "keepalives_interval": PATIENCE_S // 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 2 * PATIENCE_S * 1000,
}


class Database:
    """Transactions on the record's database. Whatever fails in one leaves as `LogUnavailable`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = _open(url)
        self._tidying = threading.Lock()
        # Whoever waited for the lock must see what was written meanwhile, whatever the server's own setting.
        newest = {"isolation_level": "READ COMMITTED"} if self.is_postgresql else {}
        self._writing_engine = self.engine.execution_options(begin="BEGIN IMMEDIATE", **newest)
        # SQLite reads of one moment by itself.
        of_one_moment = {"isolation_level": "REPEATABLE READ"} if self.is_postgresql else {}
        self._reading_engine = self.engine.execution_options(**of_one_moment)

    @property
    def is_postgresql(self) -> bool:
        """PostgreSQL, where several machines may share the record."""
        return self.engine.dialect.name == "postgresql"

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that holds the record's lock from its beginning, committed at the end.

        Raises:
            LogUnavailable: it could not be carried out, or not be made durable; nothing of it is there. Only where the
                connection is lost while it is being made durable nobody can tell: ask again under an idempotency key.
        """
        try:
            with self._writing_engine.begin() as connection:
                if self.is_postgresql:
                    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
                yield connection
        except (SQLAlchemyError, OSError) as error:
            raise self._unavailable("be writable", error) from error

    @contextmanager
    def part(self, connection: Connection) -> Iterator[None]:
        """A part of a transaction that may fail by itself: what came before it stays.

        Raises:
            LogUnavailable: the database does not take these values.
            ValueError: what the part raised.
        """
        savepoint = connection.begin_nested()
        try:
            yield
        except (DataError, IntegrityError) as error:
            savepoint.rollback()
            raise self._unavailable("be writable", error) from error
        except ValueError:
            savepoint.rollback()
            raise
        # Any other error ends the whole transaction: a full disk has ended it already, savepoints and all.
        savepoint.commit()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction in which everything read is of one moment.

        Raises:
            LogUnavailable: the database cannot be read.
        """
        try:
            with self._reading_engine.begin() as connection:
                yield connection
        except (SQLAlchemyError, OSError) as error:
            raise self._unavailable("be readable", error) from error

    def leave_no_trace(self) -> None:
        """See to it that what was deleted is gone from SQLite's files too, and not only from its tables.

        Raises:
            LogUnavailable: somebody reads the record all the time, so that traces are still there.
        """
        if self.is_postgresql:
            return
        try:
            # One at a time: SQLite waits for readers and writers, but not for another who does the same.
            with self._tidying, self._outside_transactions() as connection:
                # Marked by a migration that took words out of rows: they may be left in the unused parts of pages.
                if connection.execute(text("PRAGMA user_version")).scalar():
                    connection.execute(text("VACUUM"))
                    connection.execute(text("PRAGMA user_version=0"))
                emptied = _write_ahead_log_emptied(connection)
        except (SQLAlchemyError, OSError) as error:
            raise self._unavailable("be writable", error) from error
        if not emptied:
            wanted = "be free for a moment, so that no trace of erased words is left in its files"
            found = f"somebody who reads from it for more than {_WITH_READERS_S} seconds"
            remedy = "Ask again when the other has finished (a backup?): the words are erased, and their traces will be."
            raise LogUnavailable(self._place, wanted, found, remedy)

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    @contextmanager
    def _outside_transactions(self) -> Iterator[Connection]:
        with self.engine.execution_options(begin=None).connect() as connection:
            yield connection

    @property
    def _place(self) -> str:
        return f"match log {without_password(self.url)}"

    def _unavailable(self, required: str, error: Exception) -> LogUnavailable:
        lines = str(getattr(error, "orig", None) or error).splitlines()
        remedy = "No answer is given out that is not on record. Free space or give write permission, then ask again."
        if self.is_postgresql:
            remedy = "No answer is given out that is not on record. Ask again once the database answers."
        if isinstance(error, _FileGone):
            remedy = "Put it back, or start Crossmatch again to go on with the file that is there."
        return LogUnavailable(self._place, required, lines[0] if lines else type(error).__name__, remedy)


def without_password(url: str) -> str:
    """The address of a database as it may be shown."""
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        return re.sub(r"(//[^/:@]*:).*@", r"\1***@", url)
    secret = [name for name in address.query if "password" in name]
    return address.difference_update_query(secret).render_as_string(hide_password=True)


class _FileGone(OSError):
    """SQLite's file is not the one that was opened: what is written would be lost with it."""


def _make_private(file: Path) -> None:
    """A new file for its owner only, for needs are confidential; what SQLite puts beside it gets the same permissions."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        file.touch(mode=0o600)


def _open(url: str) -> Engine:
    try:
        address = make_url(url)
        if address.get_backend_name() == "postgresql":
            return open_postgresql(address)
        if address.get_backend_name() != "sqlite":
            raise ArgumentError(f"{address.get_backend_name()} is neither SQLite nor PostgreSQL")
        if address.database and not address.database.startswith(("file:", ":")):
            _make_private(Path(address.database))
        engine = create_engine(address, hide_parameters=True)
    except (ArgumentError, ImportError, ValueError) as error:
        remedy = "For instance sqlite:////path/match-log.sqlite3 or postgresql://user@host/database"
        if isinstance(error, ImportError) and url.startswith("postgresql"):
            remedy = "PostgreSQL needs the extra: pip install 'crossmatch[postgresql]'."
        raise LogUnavailable("setting log_url", "be the address of a database", shown(without_password(url)), remedy) from error
    except OSError as error:
        place, remedy = f"folder of the match log {url}", "Choose another folder with CROSSMATCH_HOME."
        raise LogUnavailable(place, "be writable", error.strerror or str(error), remedy) from error
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def open_postgresql(address: URL) -> Engine:
    """A pool of connections to PostgreSQL; none is made yet."""
    if address.drivername == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
    own = address.query.get("options", "")
    options = f"{own} -c lock_timeout={PATIENCE_S * 1000} -c timezone=UTC".strip()
    patience = {name: value for name, value in _POSTGRESQL_PATIENCE.items() if name not in address.query}
    # A connection that the server has dropped is noticed and replaced: who asks again after a restart is answered.
    return create_engine(
        address,
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=10,
        max_overflow=30,
        connect_args={**patience, "options": options},
    )


def _prepare_sqlite(connection: Any, record: Any) -> None:
    """Readers do not wait for writers (WAL), and a commit returns only when it is on the disk (FULL)."""
    # Python's driver would begin transactions late and not at all for DDL: `_begin_sqlite` does it.
    connection.isolation_level = None
    # Only for a new file. What `service.record.confidential.APART` keeps apart is made for pages of this size.
    connection.execute("PRAGMA page_size=4096")
    write_ahead(connection)
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    # In kB. A part of a batch is 7 MB, which SQLite's own 2 MB would write and read back before it is committed.
    connection.execute("PRAGMA cache_size=-16000")
    # What is erased is overwritten, not only marked as free.
    connection.execute("PRAGMA secure_delete=ON")
    file = connection.execute("PRAGMA database_list").fetchone()[2]
    record.info["file"] = (file, _identity(file))


def _begin_sqlite(connection: Connection) -> None:
    """A writer takes the write lock at once, so that two never wait for each other half-way; migrations included."""
    file, opened = connection.info["file"]
    if _identity(file) != opened:
        raise _FileGone("another file than the one that was opened, or none")
    begin = connection.get_execution_options().get("begin", "BEGIN")
    if begin is not None:
        connection.exec_driver_sql(begin)


def _write_ahead_log_emptied(connection: Connection) -> bool:
    """Whether everything could be moved from there to the record's own file within `_WITH_READERS_S`."""
    deadline = time.monotonic() + _WITH_READERS_S
    connection.execute(text(f"PRAGMA busy_timeout={_WITH_READERS_S * 1000}"))
    try:
        # It is busy at once where another process does the same.
        while connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)")).one()[0]:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.01)
    finally:
        connection.execute(text(f"PRAGMA busy_timeout={PATIENCE_S * 1000}"))
    return True


def _identity(file: str) -> tuple[int, int] | None:
    """What tells a file from others of its name; `None` where there is none (a record in memory has no name)."""
    try:
        found = Path(file).stat() if file else None
    except OSError:
        return None
    return None if found is None else (found.st_dev, found.st_ino)
