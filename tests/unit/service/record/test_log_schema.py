"""The migrations make exactly the tables that the code writes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect

from matcher.errors import LogUnavailable
from service.record.schema import HEAD, MIGRATIONS, upgrade, version_of
from service.record.sql_log import SqlMatchLog
from service.record.tables import metadata
from tests.unit.service.entries import COMPONENTS, entry


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Engine]:
    engine = create_engine(f"sqlite:///{tmp_path / 'schema.sqlite3'}")
    yield engine
    engine.dispose()


def test_the_version_the_code_writes_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_an_empty_database_has_no_version(database: Engine) -> None:
    with database.connect() as connection:
        assert version_of(connection) is None


def test_upgrading_an_empty_database_gives_the_tables_of_the_code(database: Engine) -> None:
    with database.begin() as connection:
        upgrade(connection)
    with database.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        assert version_of(connection) == HEAD
    assert set(inspect(database).get_table_names()) == {*metadata.tables, "alembic_version"}


def test_the_migrated_tables_have_the_keys_of_the_code(database: Engine, tmp_path: Path) -> None:
    with database.begin() as connection:
        upgrade(connection)
    other = create_engine(f"sqlite:///{tmp_path / 'made.sqlite3'}")
    metadata.create_all(other)
    for table in metadata.tables:
        for look in ("get_foreign_keys", "get_pk_constraint", "get_indexes", "get_unique_constraints"):
            migrated, made = (getattr(inspect(engine), look)(table) for engine in (database, other))
            assert migrated == made, f"{look} of {table}"
    other.dispose()


def test_upgrading_twice_keeps_what_is_there(log: SqlMatchLog) -> None:
    given = entry("one", ("aqua", "NL"))
    log.record(given, COMPONENTS)
    with log.database.engine.begin() as connection:
        upgrade(connection)
        upgrade(connection)
    assert log.get("one") == given


def test_a_migration_that_fails_leaves_the_database_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "taken.sqlite3"
    outside = sqlite3.connect(file)
    with outside:
        outside.execute("CREATE TABLE matches (football TEXT)")
    with pytest.raises(LogUnavailable, match="matches already exists"):
        SqlMatchLog(f"sqlite:///{file}")
    assert outside.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall() == [("matches",)]
    outside.close()
