"""Somebody at the record's database beside Crossmatch, with all the rights of its owner."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, NullPool, create_engine, text


class Outside:
    """Runs SQL of its own; nothing of Crossmatch's settings is on its connections."""

    def __init__(self, url: str) -> None:
        self._engine = create_engine(url, poolclass=NullPool)
        self.is_sqlite = self._engine.dialect.name == "sqlite"

    def run(self, sql: str, **values: Any) -> list[tuple[Any, ...]]:
        """One statement, committed; its rows, if any."""
        with self._engine.begin() as connection:
            return _rows(connection, sql, values)

    def tamper(self, *statements: str, **values: Any) -> None:
        """Statements in one transaction, with triggers and foreign keys out of the way."""
        with self.unhindered() as connection:
            for sql in statements:
                _rows(connection, sql, values)

    @contextmanager
    def unhindered(self) -> Iterator[Connection]:
        """A transaction in which no trigger and no foreign key holds."""
        with self._engine.begin() as connection:
            if self.is_sqlite:
                named = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
                for trigger in connection.exec_driver_sql(named).scalars().all():
                    connection.exec_driver_sql(f"DROP TRIGGER {trigger}")
            else:
                connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            yield connection

    def everything(self) -> str:
        """All that stands in any column of any table, as text."""
        tables = self.tables()
        with self._engine.connect() as connection:
            return "\n".join(repr(row) for table in tables for row in _rows(connection, f"SELECT * FROM {table}", {}))

    def tables(self) -> list[str]:
        """Names of all tables."""
        if self.is_sqlite:
            listed = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
        else:
            listed = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY table_name"
        return [name for (name,) in self.run(listed)]

    def refuse_second_rank(self) -> None:
        """From now on the database takes no match of rank 2."""
        self.run(
            "CREATE TRIGGER no_second BEFORE INSERT ON matches WHEN NEW.rank = 2 "
            "BEGIN SELECT RAISE(ABORT, 'no_second: rank 2 is refused'); END"
            if self.is_sqlite
            else "ALTER TABLE matches ADD CONSTRAINT no_second CHECK (rank <> 2)"
        )

    def allow_second_rank(self) -> None:
        self.run("DROP TRIGGER no_second" if self.is_sqlite else "ALTER TABLE matches DROP CONSTRAINT no_second")


def _rows(connection: Connection, sql: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    result = connection.execute(text(sql), values)
    return [tuple(row) for row in result] if result.returns_rows else []
