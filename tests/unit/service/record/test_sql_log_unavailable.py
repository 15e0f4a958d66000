"""A log that cannot be written or read says so, and says why."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from matcher.errors import LogUnavailable
from matcher.log import ListQuery
from service.record.sql_log import SqlMatchLog
from tests.unit.service.entries import COMPONENTS, entry
from tests.unit.service.full_disk import SmallDisk


@pytest.fixture
def read_only(log: SqlMatchLog, tmp_path: Path) -> Iterator[SqlMatchLog]:
    """The log opened a second time, without permission to write."""
    log.record(entry("one", ("aqua", "NL")), COMPONENTS)
    opened = SqlMatchLog(f"sqlite:///file:{tmp_path / 'log.sqlite3'}?mode=ro&uri=true")
    yield opened
    opened.close()


def test_a_full_disk_is_named_and_leaves_earlier_lists_whole(log: SqlMatchLog) -> None:
    first = entry("first", ("aqua", "NL"), ("bruno", "DE"))
    log.record(first, COMPONENTS)
    disk = SmallDisk(log)
    disk.fill()
    with pytest.raises(LogUnavailable, match=r"must be writable\. Got database or disk is full\."):
        log.record(entry("second", ("aqua", "NL"), text="A need of many words. " * 400), COMPONENTS)
    assert log.get("first") == first
    assert [one.list_id for one in log.lists(ListQuery(limit=10))] == ["first"]
    assert len(list(log.every_match())) == 2


def test_recording_works_again_once_there_is_space(log: SqlMatchLog) -> None:
    disk = SmallDisk(log)
    disk.fill()
    given = entry("one", ("aqua", "NL"), text="A need of many words. " * 400)
    with pytest.raises(LogUnavailable):
        log.record(given, COMPONENTS)
    disk.free()
    log.record(given, COMPONENTS)
    assert log.get("one") == given


def test_a_read_only_log_takes_no_list_but_can_be_read(read_only: SqlMatchLog) -> None:
    with pytest.raises(LogUnavailable, match="attempt to write a readonly database"):
        read_only.record(entry("two", ("aqua", "NL")), COMPONENTS)
    assert [one.list_id for one in read_only.lists(ListQuery(limit=10))] == ["one"]


def test_a_read_only_log_is_not_ready(read_only: SqlMatchLog) -> None:
    with pytest.raises(LogUnavailable, match="must be writable"):
        read_only.ready()


def test_a_log_that_can_be_written_is_ready_and_stays_empty(log: SqlMatchLog) -> None:
    log.ready()
    assert log.lists(ListQuery(limit=1)) == []


def test_a_folder_that_runs_through_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("not a folder")
    with pytest.raises(LogUnavailable, match=r"folder of the match log .* must be writable\. Got Not a directory\."):
        SqlMatchLog(f"sqlite:///{tmp_path / 'note.txt' / 'deep' / 'log.sqlite3'}")
    assert (tmp_path / "note.txt").read_text() == "not a folder"


def test_a_file_that_is_no_database_is_refused_and_kept(tmp_path: Path) -> None:
    file = tmp_path / "log.sqlite3"
    file.write_text("a letter, far from being a database " * 10)
    before = file.read_bytes()
    with pytest.raises(LogUnavailable, match="file is not a database"):
        SqlMatchLog(f"sqlite:///{file}")
    assert file.read_bytes() == before
