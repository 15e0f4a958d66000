"""The database itself refuses to change or delete what is on record, whoever asks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.exc import SQLAlchemyError

from matcher.errors import LogUnavailable, RecordBroken
from service.record.chain import ChainEnd
from service.record.sql_log import SqlMatchLog
from service.record.tables import idempotency, metadata
from tests.unit.service.record.conftest import DATABASES
from tests.unit.service.record.outside import Outside
from tests.unit.service.record.whole_record import fill

PROTECTED = [name for name in metadata.tables if name != idempotency.name]
TAKEN = {"match_lists": "list_id", "engines": "fingerprint", "keys": "key_id"}
"""Table → a column that names a row beside, or as, its first."""


@pytest.fixture(scope="module", params=DATABASES)
def protected(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlMatchLog]:
    """One record for all tests: nothing of what they try may come true."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('protected') / 'log.sqlite3'}"
    else:
        url = request.getfixturevalue("postgres").new_database()
    log = SqlMatchLog(url)
    fill(log)
    yield log
    log.close()


def refused(log: SqlMatchLog, *statements: str) -> None:
    """Each is refused by the record's own triggers, and the record is as it was."""
    outside = Outside(log.database.url)
    before = outside.everything()
    for statement in statements:
        with pytest.raises(SQLAlchemyError, match="the record is append-only"):
            outside.run(statement)
    assert outside.everything() == before
    log.verify()


@pytest.mark.parametrize("name", PROTECTED)
def test_no_column_of_any_row_can_be_changed(protected: SqlMatchLog, name: str) -> None:
    refused(protected, *(f"UPDATE {name} SET {column.name} = {column.name}" for column in metadata.tables[name].c))


@pytest.mark.parametrize("name", PROTECTED)
def test_no_row_can_be_deleted(protected: SqlMatchLog, name: str) -> None:
    [key] = metadata.tables[name].primary_key
    newest = f"SELECT max({key.name}) FROM {name}"
    refused(protected, f"DELETE FROM {name}", f"DELETE FROM {name} WHERE {key.name} = ({newest})")


@pytest.mark.parametrize("name", PROTECTED)
def test_a_row_cannot_be_replaced_by_one_of_the_same_key(protected: SqlMatchLog, name: str) -> None:
    key = TAKEN.get(name) or next(iter(metadata.tables[name].primary_key)).name
    columns = [column.name for column in metadata.tables[name].c]
    copy = f"SELECT {', '.join(columns)} FROM {name} WHERE {key} IS NOT NULL LIMIT 1"
    if protected.database.is_postgresql:
        written = f"INSERT INTO {name} {copy} ON CONFLICT ({key}) DO UPDATE SET {columns[-1]} = EXCLUDED.{columns[-1]}"
        refused(protected, written)
    else:
        refused(protected, *(f"{how} INTO {name} {copy}" for how in ("INSERT OR REPLACE", "REPLACE", "INSERT")))


def test_a_list_cannot_take_the_id_of_another_under_a_new_number(protected: SqlMatchLog) -> None:
    if protected.database.is_postgresql:
        replacing = "INSERT INTO match_lists SELECT 99, %s FROM match_lists LIMIT 1 ON CONFLICT (list_id) DO UPDATE SET id = 99"
    else:
        replacing = "INSERT OR REPLACE INTO match_lists SELECT 99, %s FROM match_lists LIMIT 1"
    refused(protected, replacing % ", ".join(one.name for one in metadata.tables["match_lists"].c if one.name != "id"))


def test_no_table_can_be_truncated(protected: SqlMatchLog) -> None:
    if protected.database.is_postgresql:
        refused(protected, *(f"TRUNCATE {name} CASCADE" for name in PROTECTED), f"TRUNCATE {', '.join(metadata.tables)}")
    else:
        # SQLite has no TRUNCATE: it makes one of a DELETE of all rows, where there are no triggers.
        refused(protected, *(f"DELETE FROM {name}" for name in PROTECTED))


def test_words_can_be_deleted_once_their_erasure_is_on_record_and_not_before(any_log: SqlMatchLog, outside: Outside) -> None:
    fill(any_log)
    delete = "DELETE FROM confidential WHERE match_list = 1"
    for kept, table in ((delete, "confidential"), ("DELETE FROM note_words WHERE note = 20", "note_words")):
        with pytest.raises(SQLAlchemyError, match=f"the record is append-only: {table}"):
            outside.run(kept)
    with any_log.database.writing() as connection:
        ChainEnd.of(connection).append("erasure", {"list_id": "l-1"}, by="an officer", match_list=1)
    outside.run(delete)
    # What the notes on that list say goes with them: verifying finds words that stay.
    with pytest.raises(RecordBroken, match="have no words of the note after their erasure"):
        any_log.verify()
    outside.run("DELETE FROM note_words WHERE note IN (20, 21)")
    any_log.verify()
    with pytest.raises(SQLAlchemyError, match="the record is append-only: confidential"):
        outside.run("DELETE FROM confidential WHERE match_list = 2")


def write(log: SqlMatchLog, *statements: str) -> None:
    with log.database.writing() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def test_an_erasure_that_only_a_session_believes_in_opens_nothing(postgresql_log: SqlMatchLog) -> None:
    fill(postgresql_log)
    believed = "CREATE TEMP TABLE entries AS SELECT 'erasure' AS kind, 1 AS match_list"
    with pytest.raises(LogUnavailable, match="the record is append-only: confidential"):
        write(postgresql_log, believed, "DELETE FROM confidential WHERE match_list = 1")
    postgresql_log.verify()


def test_the_log_itself_cannot_change_what_is_on_record_either(protected: SqlMatchLog) -> None:
    with pytest.raises(LogUnavailable, match="the record is append-only: match_lists"):
        write(protected, "UPDATE match_lists SET asked_by = 'somebody else'")
    protected.verify()


def test_keys_of_repeated_requests_may_be_forgotten(any_log: SqlMatchLog, outside: Outside) -> None:
    fill(any_log)
    outside.run("DELETE FROM idempotency")
    any_log.verify()
