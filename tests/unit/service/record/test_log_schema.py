"""The migrations make exactly the tables that the code writes."""

from __future__ import annotations

from collections.abc import Iterator

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
from tests.unit.service.record.outside import Outside


@pytest.fixture
def database(blank_url: str) -> Iterator[Engine]:
    engine = create_engine(blank_url)
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
        assert upgrade(connection) is False
    with database.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)
        # Comments are for who reads the code; no database needs them.
        assert [one for one in differences if not (isinstance(one, list) and one[0][0] == "modify_comment")] == []
        assert version_of(connection) == HEAD
    assert set(inspect(database).get_table_names()) == {*metadata.tables, "alembic_version"}


def test_the_migrated_tables_have_the_keys_of_the_code(database: Engine) -> None:
    with database.begin() as connection:
        upgrade(connection)
    looks = ("get_foreign_keys", "get_pk_constraint", "get_indexes", "get_unique_constraints")
    migrated = {(table, look): getattr(inspect(database), look)(table) for table in metadata.tables for look in looks}
    with database.begin() as connection:
        metadata.drop_all(connection)
        metadata.create_all(connection)
    made = {(table, look): getattr(inspect(database), look)(table) for table, look in migrated}
    assert migrated == made


def test_upgrading_twice_keeps_what_is_there(any_log: SqlMatchLog) -> None:
    given = entry("one", ("aqua", "NL"))
    any_log.record(given, COMPONENTS)
    with any_log.database.writing() as connection:
        assert not upgrade(connection)
        assert not upgrade(connection)
    assert any_log.get("one") == given


def test_a_migration_that_fails_leaves_the_database_as_it_was(blank_url: str) -> None:
    outside = Outside(blank_url)
    outside.run("CREATE TABLE matches (football TEXT)")
    with pytest.raises(LogUnavailable, match=r"(table|relation) \"?matches\"? already exists"):
        SqlMatchLog(blank_url)
    assert outside.tables() == ["matches"]


def test_a_record_of_a_newer_version_is_refused_with_both_versions_and_left_as_it_is(any_url: str) -> None:
    outside = Outside(any_url)
    outside.run("UPDATE alembic_version SET version_num = '0999'")
    with pytest.raises(LogUnavailable, match=rf"must be at version {HEAD} or earlier\. Got version 0999\."):
        SqlMatchLog(any_url)
    assert outside.run("SELECT version_num FROM alembic_version") == [("0999",)]
    outside.run(f"UPDATE alembic_version SET version_num = '{HEAD}'")
