"""A file that is removed or replaced under an open record: nothing is written to what nobody will find again."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from matcher.errors import LogUnavailable
from matcher.log import ListQuery
from service.record.sql_log import SqlMatchLog
from tests.unit.service.entries import COMPONENTS, entry

ANOTHER_FILE = r"must be {}\. Got another file than the one that was opened, or none\. Put it back, or start Crossmatch again"


@pytest.fixture
def file(log: SqlMatchLog, tmp_path: Path) -> Path:
    """Of the record `log`, with one list in it."""
    log.record(entry("one", ("aqua", "NL")), COMPONENTS)
    return tmp_path / "log.sqlite3"


def check_refused(log: SqlMatchLog) -> None:
    for call in (lambda: log.record(entry("lost"), COMPONENTS), log.ready, lambda: log.erase("one", "an officer")):
        with pytest.raises(LogUnavailable, match=ANOTHER_FILE.format("writable")):
            call()
    for read in (lambda: log.get("one"), log.verify):
        with pytest.raises(LogUnavailable, match=ANOTHER_FILE.format("readable")):
            read()


def test_a_file_that_was_removed_takes_nothing_more(log: SqlMatchLog, file: Path) -> None:
    file.unlink()
    check_refused(log)
    assert not file.exists()


def test_a_file_that_was_moved_away_goes_on_when_it_is_put_back(log: SqlMatchLog, file: Path, tmp_path: Path) -> None:
    file.rename(tmp_path / "aside.sqlite3")
    check_refused(log)
    (tmp_path / "aside.sqlite3").rename(file)
    log.record(entry("two", ("bruno", "DE")), COMPONENTS)
    assert [one.list_id for one in log.lists(ListQuery())] == ["two", "one"]
    assert log.verify().seq == 3


def test_a_file_that_took_the_place_of_another_is_used_only_after_a_new_start(
    log: SqlMatchLog, file: Path, tmp_path: Path
) -> None:
    other = SqlMatchLog(f"sqlite:///{tmp_path / 'other.sqlite3'}")
    other.record(entry("other"), COMPONENTS)
    other.close()
    shutil.move(tmp_path / "other.sqlite3", file)
    check_refused(log)
    log.close()
    for beside in ("log.sqlite3-wal", "log.sqlite3-shm"):
        (tmp_path / beside).unlink(missing_ok=True)
    started_again = SqlMatchLog(log.database.url)
    assert [one.list_id for one in started_again.lists(ListQuery())] == ["other"]
    started_again.close()
