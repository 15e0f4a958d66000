"""A PostgreSQL database with an empty record, lent to one test after the other: emptying one is faster than making one."""

from __future__ import annotations

from sqlalchemy import Connection, NullPool, create_engine, make_url

from service.record.sql_log import SqlMatchLog
from service.record.tables import metadata
from tests.postgres import Postgres

_LAYOUT = """
SELECT relname, relkind::text FROM pg_class WHERE relnamespace = 'public'::regnamespace
UNION ALL SELECT conname, conrelid::regclass::text FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT tgname, tgrelid::regclass || tgenabled::text FROM pg_trigger WHERE NOT tgisinternal
ORDER BY 1, 2
"""


class LentDatabase:
    """One test has it at a time."""

    def __init__(self, server: Postgres) -> None:
        self._server = server
        url = server.new_database()
        SqlMatchLog(url).close()
        self._template = str(make_url(url).database)
        self._url: str | None = None
        self._layout: list[tuple[str, str]] = []

    def take(self) -> str:
        """Address of an empty record."""
        if self._url is None:
            self._url = self._server.new_database(template=self._template)
            with create_engine(self._url, poolclass=NullPool).connect() as connection:
                self._layout = _layout(connection)
        return self._url

    def give_back(self) -> None:
        """Empty it; or drop it, where the test changed more than rows."""
        assert self._url is not None
        with create_engine(self._url, poolclass=NullPool).begin() as connection:
            as_it_was = _layout(connection) == self._layout
            if as_it_was:
                connection.exec_driver_sql("SET LOCAL session_replication_role = replica; SET LOCAL lock_timeout = '10s'")
                connection.exec_driver_sql(f"TRUNCATE {', '.join(metadata.tables)} RESTART IDENTITY CASCADE")
        if not as_it_was:
            self._server.drop_database(self._url)
            self._url = None


def _layout(connection: Connection) -> list[tuple[str, str]]:
    return [(row[0], row[1]) for row in connection.exec_driver_sql(_LAYOUT)]
