"""Opens the shared store's database: one address that is written to, and perhaps another that searches read from."""

from __future__ import annotations

import re
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from embeddings.errors import shown
from service.record.database import open_postgresql, without_password
from service.store.errors import StoreUnavailable
from service.store.statements import OF_CONNECTION

_OLDEST = (0, 8)
"""pgvector from which a filtered search goes on until it has found as many as were asked for."""
_LOCK = 0x43524F5353494458  # "CROSSIDX": one lock for all that build
_AGAIN = "Ask again once the database answers."
_FOR_INSTANCE = "For instance postgresql://user@host/database"


class StoreDatabase:
    """Transactions on the shared store. Whatever fails in one leaves as `StoreUnavailable`.

    Its connections are closed when nobody holds it any more.
    """

    def __init__(self, url: str, read_url: str = "") -> None:
        """Connects to nothing yet.

        Args:
            url: what is built is written there.
            read_url: searches read there; a replica that follows `url`. The same address if left out.

        Raises:
            StoreUnavailable: an address is none of a PostgreSQL database.
        """
        self._writer = self._reader = _Address("setting store_url", url)
        if read_url and read_url != url:
            self._reader = _Address("setting store_read_url", read_url)
        for address in {self._writer, self._reader}:
            weakref.finalize(self, address.engine.dispose)

    @property
    def place(self) -> str:
        """The database that is read from, as it may be shown."""
        return self._reader.place

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction in which everything read is of one moment.

        Raises:
            StoreUnavailable: the database cannot be read.
        """
        with self._reader.transaction("be readable", "REPEATABLE READ") as connection:
            yield connection

    @contextmanager
    def building(self) -> Iterator[Connection]:
        """A transaction of one who builds; others who build wait for its end, those who read do not.

        Raises:
            StoreUnavailable: it could not be carried out; nothing of it is there.
        """
        with self._writer.transaction("be writable", "READ COMMITTED") as connection:
            if connection.execute(text("SELECT pg_is_in_recovery()")).scalar():
                remedy = "Build at the server that it follows: CROSSMATCH_STORE_URL; searches may read from this one."
                raise StoreUnavailable(self._writer.place, "be writable", "a replica", remedy)
            connection.execute(text("SET LOCAL lock_timeout = 0"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            yield connection

    def close(self) -> None:
        """Close every connection."""
        self._writer.engine.dispose()
        self._reader.engine.dispose()


class _Address:
    def __init__(self, setting: str, url: str) -> None:
        self.place = f"shared store {without_password(url)}"
        self.engine = _opened(setting, url)
        event.listen(self.engine, "connect", _say)
        self._driver_error: type[Exception] = self.engine.dialect.loaded_dbapi.Error

    @contextmanager
    def transaction(self, required: str, isolation: Any) -> Iterator[Connection]:
        try:
            with self.engine.execution_options(isolation_level=isolation).begin() as connection:
                yield connection
        # What goes past SQLAlchemy (COPY, binary rows) raises the driver's own.
        except (SQLAlchemyError, self._driver_error, OSError) as error:
            lines = str(getattr(error, "orig", None) or error).splitlines()
            found = lines[0] if lines else type(error).__name__
            raise StoreUnavailable(self.place, required, found, _AGAIN) from error


def _say(connection: Any, record: Any) -> None:
    with connection.cursor() as cursor:
        for statement in OF_CONNECTION:
            cursor.execute(statement)
    connection.commit()


def _opened(setting: str, url: str) -> Engine:
    try:
        address = make_url(url)
        if address.get_backend_name() != "postgresql":
            raise ArgumentError(f"{address.get_backend_name()} is not PostgreSQL")
        return open_postgresql(address)
    except ImportError as error:
        remedy = "PostgreSQL needs the extra: pip install 'crossmatch[postgresql]'."
        raise StoreUnavailable(setting, "have its driver installed", str(error), remedy) from error
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        wanted = "be the address of a PostgreSQL database"
        raise StoreUnavailable(setting, wanted, shown(without_password(url)), _FOR_INSTANCE) from error


def has_pgvector(connection: Connection) -> str | None:
    """The version of pgvector in this database; `None` where there is none."""
    found = connection.execute(text("SELECT extversion FROM pg_extension WHERE extname = 'vector'")).scalar()
    return None if found is None else str(found)


def check_pgvector(connection: Connection, place: str) -> None:
    """See that vectors can be searched for here.

    Raises:
        StoreUnavailable: pgvector is missing, or too old to search with filters.
    """
    version = has_pgvector(connection)
    wanted = f"have the extension pgvector {'.'.join(map(str, _OLDEST))} or newer"
    if version is None:
        remedy = "Install it on the server, and let an administrator say in this database: CREATE EXTENSION vector"
        raise StoreUnavailable(place, wanted, "none", remedy)
    if tuple(map(int, re.findall(r"\d+", version)[:2])) < _OLDEST:
        remedy = "Install a newer one on the server, and say in this database: ALTER EXTENSION vector UPDATE"
        raise StoreUnavailable(place, wanted, version, remedy)
