"""SQLite's write-ahead log, turned on by many at once."""

from __future__ import annotations

import sqlite3
import time
from typing import Any

PATIENCE_S = 10
"""How long one waits for another who writes."""


def write_ahead(connection: Any) -> None:
    """Turn a database to WAL, in which readers do not wait for writers, and wait for others who write.

    The change itself takes a lock for which SQLite does not wait its busy timeout, so of several that open a new
    database at once all but one would be refused: it is tried again here.

    Args:
        connection: a `sqlite3.Connection` outside a transaction.

    Raises:
        sqlite3.OperationalError: the database cannot be written, or is not set free in `PATIENCE_S` seconds.
    """
    connection.execute(f"PRAGMA busy_timeout={PATIENCE_S * 1000}")
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            # The low byte of SQLite's error code is its kind; the rest says how it came about.
            busy = error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
            if not busy or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
