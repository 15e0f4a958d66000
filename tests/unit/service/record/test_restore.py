"""What was backed up is put into an empty record, in either database, and goes on there."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, select

from embeddings.errors import Refusal
from matcher.errors import LogUnavailable, RecordBroken
from matcher.log import ListQuery, Once
from service.record.backup import back_up, restore
from service.record.sql_log import SqlMatchLog
from service.record.tables import metadata
from tests.unit.matcher.steps import new_step
from tests.unit.service.entries import COMPONENTS, entry
from tests.unit.service.record import earlier_versions
from tests.unit.service.record.earlier_versions import LISTS, VERSIONS
from tests.unit.service.record.outside import Outside
from tests.unit.service.record.whole_record import KINDS, fill


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlMatchLog]:
    """A record with something of every kind in it."""
    log = SqlMatchLog(f"sqlite:///{tmp_path_factory.mktemp('original') / 'log.sqlite3'}")
    fill(log)
    yield log
    log.close()


@pytest.fixture(scope="module")
def kept_backup(original: SqlMatchLog, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("kept") / "one.backup"
    back_up(original, file)
    return file


@pytest.fixture
def backup(kept_backup: Path, tmp_path: Path) -> Path:
    """Of the record `original`; a test may do with it what it likes."""
    return Path(shutil.copy(kept_backup, tmp_path / "one.backup"))


def rows(url: str) -> dict[str, list[str]]:
    """All rows of all tables, as Crossmatch reads them."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        return {name: sorted(map(repr, connection.execute(select(table)))) for name, table in metadata.tables.items()}


def test_a_backup_is_restored_whole(backup: Path, original: SqlMatchLog, any_url: str) -> None:
    head = restore(backup, any_url)
    assert head == original.verify()
    assert head.seq == len(KINDS)
    assert rows(any_url) == rows(original.database.url)


def test_a_restored_record_goes_on(backup: Path, any_url: str) -> None:
    restore(backup, any_url)
    with closing(SqlMatchLog(any_url)) as restored:
        restored.record(entry("l-7", ("aqua", "NL"), ("bruno", "DE")), COMPONENTS)
        assert restored.lists(ListQuery(limit=1))[0].number == 7
        assert [one.match_id for one in restored.every_match()] == [1, 2, 3, 4, 5, 6, 7, 8]
        step = restored.record_step(new_step("introduced", match_id=8), "a test")
        assert step.step_id == len(KINDS) + 2
        again = restored.given_before(Once(caller="a", key="k", request="r"))
        assert again is not None
        assert again.list_id == "l-2"
        restored.erase("l-1", "an officer")
        restored.verify()


def test_from_sqlite_to_postgresql_and_back_every_row_is_the_same(
    backup: Path, original: SqlMatchLog, postgresql_url: str, tmp_path: Path
) -> None:
    other = f"sqlite:///{tmp_path / 'other.sqlite3'}"
    restore(backup, postgresql_url)
    with closing(SqlMatchLog(postgresql_url)) as between:
        back_up(between, tmp_path / "two.backup")
    restore(tmp_path / "two.backup", other)
    assert rows(other) == rows(postgresql_url) == rows(original.database.url)
    with closing(SqlMatchLog(other)) as last:
        assert last.verify() == original.verify()
        assert [last.get(f"l-{number}") for number in range(1, 5)] == [original.get(f"l-{number}") for number in range(1, 5)]


def test_a_backup_is_restored_into_a_database_without_tables(backup: Path, blank_url: str) -> None:
    assert restore(backup, blank_url).seq == len(KINDS)


def test_an_empty_record_is_restored_as_one(any_url: str, tmp_path: Path) -> None:
    empty = SqlMatchLog(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    back_up(empty, tmp_path / "empty.backup")
    empty.close()
    assert restore(tmp_path / "empty.backup", any_url).seq == 0


def test_a_record_that_is_not_empty_is_refused_and_left_as_it_is(backup: Path, any_url: str) -> None:
    with closing(SqlMatchLog(any_url)) as there:
        there.record(entry("mine", ("carla", "BE")), COMPONENTS)
    before = rows(any_url)
    with pytest.raises(Refusal, match=r"record to be filled must be empty\. Got 2 entries\. Name a new database"):
        restore(backup, any_url)
    assert rows(any_url) == before


def test_a_restored_backup_stays_as_it_was(backup: Path, any_url: str) -> None:
    before = backup.read_bytes()
    restore(backup, any_url)
    assert backup.read_bytes() == before
    assert [one.name for one in backup.parent.glob("one.backup*")] == ["one.backup"]


def test_a_backup_that_was_tampered_with_is_refused_and_the_record_stays_empty(backup: Path, any_url: str) -> None:
    Outside(f"sqlite:///{backup}").tamper("UPDATE match_lists SET company = 'Somebody else' WHERE id = 2")
    with pytest.raises(RecordBroken, match=r"entry 3 of the record \(match list l-2\)"):
        restore(backup, any_url)
    assert set(map(len, rows(any_url).values())) == {0}


def test_what_the_new_database_does_not_take_leaves_it_empty(backup: Path, any_url: str) -> None:
    outside = Outside(any_url)
    outside.refuse_second_rank()
    with pytest.raises(LogUnavailable, match="no_second"):
        restore(backup, any_url)
    assert set(map(len, rows(any_url).values())) == {0}
    outside.allow_second_rank()
    assert restore(backup, any_url).seq == len(KINDS)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_backup_of_an_earlier_version_is_restored_and_stays_as_it_was(version: str, any_url: str, tmp_path: Path) -> None:
    file = tmp_path / "old.backup"
    earlier_versions.make(f"sqlite:///{file}", version)
    before = file.read_bytes()
    restore(file, any_url)
    with closing(SqlMatchLog(any_url)) as restored:
        assert [restored.get(one.list_id) for one in LISTS] == list(LISTS)
        restored.record(entry("l-4", ("aqua", "NL")), COMPONENTS)
        restored.verify()
    assert file.read_bytes() == before


def test_a_backup_of_a_later_version_is_refused(backup: Path, any_url: str) -> None:
    Outside(f"sqlite:///{backup}").run("UPDATE alembic_version SET version_num = '0999'")
    with pytest.raises(LogUnavailable, match=r"Got version 0999\. Use the version of Crossmatch that wrote it"):
        restore(backup, any_url)


NO_BACKUP = {
    "a letter": b"a letter, far from being a database " * 200,
    "nothing": b"",
    "half a header": b"SQLite format 3\0" * 3,
}


@pytest.mark.parametrize("content", NO_BACKUP)
def test_a_file_that_is_no_backup_is_named_and_refused(content: str, tmp_path: Path, sqlite_url: str) -> None:
    file = tmp_path / "one.backup"
    file.write_bytes(NO_BACKUP[content])
    with pytest.raises(Refusal, match=r"file .*one\.backup must be a backup of a record\. Got another file or a damaged one"):
        restore(file, sqlite_url)
    assert file.read_bytes() == NO_BACKUP[content]


def test_a_database_of_something_else_is_refused(tmp_path: Path, sqlite_url: str) -> None:
    file = tmp_path / "games.backup"
    Outside(f"sqlite:///{file}").run("CREATE TABLE matches (football TEXT)")
    with pytest.raises(Refusal, match=r"must be a backup of a record\. Got another file or a damaged one \(no such table"):
        restore(file, sqlite_url)


@pytest.mark.parametrize("missing", ["nowhere.backup", ""])
def test_a_file_that_is_not_there_is_refused(missing: str, tmp_path: Path, sqlite_url: str) -> None:
    with pytest.raises(Refusal, match=r"must be a backup of a record\. Got no file\."):
        restore(tmp_path / missing, sqlite_url)


def test_a_damaged_backup_is_refused_and_the_record_stays_empty(backup: Path, any_url: str) -> None:
    content = bytearray(backup.read_bytes())
    pages = range(2 * 4096, len(content), 4096)
    for page in pages[1::2]:
        content[page : page + 64] = b"\x7f" * 64
    backup.write_bytes(content)
    with pytest.raises(Refusal, match=r"file .*one\.backup must be a (whole )?backup.* Got .*damaged"):
        restore(backup, any_url)
    assert set(map(len, rows(any_url).values())) == {0}


def test_a_backup_that_was_cut_short_is_refused(backup: Path, any_url: str) -> None:
    backup.write_bytes(backup.read_bytes()[: 5 * 4096])
    with pytest.raises(Refusal, match="damaged"):
        restore(backup, any_url)


def test_the_file_of_a_record_in_use_is_refused(log: SqlMatchLog, any_url: str, tmp_path: Path) -> None:
    log.record(entry("one"), COMPONENTS)
    with pytest.raises(Refusal, match=r"must be a backup of a record\. Got a record that is in use\."):
        restore(tmp_path / "log.sqlite3", any_url)


def test_the_file_of_a_record_that_was_put_to_rest_may_serve_as_a_backup(tmp_path: Path, any_url: str) -> None:
    at_rest = SqlMatchLog(f"sqlite:///{tmp_path / 'rest.sqlite3'}")
    fill(at_rest)
    at_rest.close()
    shutil.copyfile(tmp_path / "rest.sqlite3", tmp_path / "copy.sqlite3")
    assert restore(tmp_path / "copy.sqlite3", any_url).seq == len(KINDS)
