"""A disk without space, as SQLite sees it: a limit on the pages of the file."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event

from service.record.sql_log import SqlMatchLog

UNLIMITED = 4_294_967_294


class SmallDisk:
    """Stands under one open log. `fill` takes all space away, `free` gives it back."""

    def __init__(self, log: SqlMatchLog) -> None:
        self._pages = UNLIMITED
        with log.database.engine.connect() as connection:
            # Pages that lie free in the file would give room without it growing.
            connection.connection.cursor().execute("VACUUM")
        event.listen(log.database.engine, "checkout", self._limit)

    def _limit(self, connection: Any, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count={self._pages}").fetchall()

    def fill(self) -> None:
        """From now on the file cannot grow."""
        self._pages = 1

    def free(self) -> None:
        """From now on it can."""
        self._pages = UNLIMITED
