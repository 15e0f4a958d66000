"""A copy of the record while it goes on: whole, proved, and for its owner only."""

from __future__ import annotations

import sqlite3
import stat
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from embeddings.errors import Refusal
from matcher.errors import RecordBroken
from matcher.log import ListQuery
from service.record.backup import back_up
from service.record.sql_log import SqlMatchLog
from tests.postgres import DEADLINE
from tests.unit.service.entries import COMPONENTS, entry
from tests.unit.service.record.outside import Outside
from tests.unit.service.record.whole_record import KINDS, fill


class Writers:
    """Threads that record one list after the other until told to stop."""

    def __init__(self, log: SqlMatchLog, number: int) -> None:
        self._log = log
        self._enough = threading.Semaphore(0)
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._write, args=(writer,)) for writer in range(number)]
        self.errors: list[Exception] = []
        for thread in self._threads:
            thread.start()

    def _write(self, writer: int) -> None:
        try:
            for number in range(10_000):
                self._log.record(entry(f"w{writer}-{number}", ("aqua", "NL"), ("bruno", "DE")), COMPONENTS)
                self._enough.release()
                if self._stop.is_set():
                    return
        except Exception as error:
            self.errors.append(error)

    def wait_for(self, lists: int) -> None:
        for _ in range(lists):
            assert self._enough.acquire(timeout=DEADLINE), self.errors

    def end(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(DEADLINE)
        assert self.errors == []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where backups go; nothing else is in it."""
    made = tmp_path / "backups"
    made.mkdir()
    return made


def opened(file: Path) -> closing[SqlMatchLog]:
    return closing(SqlMatchLog(f"sqlite:///{file}"))


def hashes(log: SqlMatchLog) -> list[tuple[object, ...]]:
    return Outside(log.database.url).run("SELECT seq, hash FROM entries ORDER BY seq")


@pytest.fixture
def writers(any_log: SqlMatchLog) -> Iterator[Writers]:
    writing = Writers(any_log, 4)
    yield writing
    writing.end()


def test_a_backup_made_while_others_write_is_the_record_of_one_moment(
    any_log: SqlMatchLog, writers: Writers, folder: Path
) -> None:
    writers.wait_for(20)
    before = any_log.verify()
    head = back_up(any_log, folder / "one.backup")
    writers.wait_for(20)
    writers.end()
    assert any_log.verify().seq > head.seq >= before.seq
    with opened(folder / "one.backup") as copy:
        assert copy.verify() == head
        assert hashes(copy) == hashes(any_log)[: head.seq]
        assert [one.list_id for one in copy.lists(ListQuery(limit=10_000))] == [
            one.list_id for one in any_log.lists(ListQuery(limit=10_000, before=head.seq))
        ]
        newest = copy.lists(ListQuery(limit=1))[0].list_id
        assert copy.get(newest) == any_log.get(newest)


def test_a_backup_has_everything_in_it(any_log: SqlMatchLog, folder: Path) -> None:
    fill(any_log)
    assert back_up(any_log, folder / "one.backup").seq == len(KINDS)
    with opened(folder / "one.backup") as copy:
        for list_id in ("l-1", "l-2", "l-3", "l-4"):
            assert copy.get(list_id) == any_log.get(list_id)
        assert list(copy.steps()) == list(any_log.steps())
        assert copy.given_out() == any_log.given_out()


def test_a_backup_is_one_file_which_only_its_owner_may_read(any_log: SqlMatchLog, folder: Path) -> None:
    fill(any_log)
    back_up(any_log, folder / "one.backup")
    assert [one.name for one in folder.iterdir()] == ["one.backup"]
    assert stat.S_IMODE((folder / "one.backup").stat().st_mode) == 0o600
    with closing(sqlite3.connect(folder / "one.backup")) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)


def test_an_empty_record_can_be_backed_up(any_log: SqlMatchLog, folder: Path) -> None:
    assert back_up(any_log, folder / "one.backup").seq == 0
    with opened(folder / "one.backup") as copy:
        assert copy.verify().seq == 0


def test_a_backup_replaces_nothing(log: SqlMatchLog, folder: Path) -> None:
    file = folder / "one.backup"
    file.write_text("dear diary")
    with pytest.raises(Refusal, match=r"must be a new one\. Got one that is there\. Choose another name"):
        back_up(log, file)
    assert file.read_text() == "dear diary"
    link = folder / "link.backup"
    link.symlink_to(folder / "not there yet")
    with pytest.raises(Refusal, match="must be a new one"):
        back_up(log, link)
    assert sorted(one.name for one in folder.iterdir()) == ["link.backup", "one.backup"]


def test_a_backup_into_no_folder_is_refused(log: SqlMatchLog, folder: Path) -> None:
    with pytest.raises(Refusal, match=r"must be writable\. Got No such file or directory\. Choose another\."):
        back_up(log, folder / "nowhere" / "one.backup")
    (folder / "letter").write_text("a file")
    with pytest.raises(Refusal, match=r"must be writable\. Got Not a directory\."):
        back_up(log, folder / "letter" / "one.backup")


def test_a_record_that_does_not_hold_is_not_backed_up_and_nothing_is_left(any_log: SqlMatchLog, folder: Path) -> None:
    fill(any_log)
    Outside(any_log.database.url).tamper("UPDATE matches SET score = 99 WHERE id = 1")
    with pytest.raises(RecordBroken, match="entry 2 of the record"):
        back_up(any_log, folder / "one.backup")
    assert list(folder.iterdir()) == []


def test_a_record_of_many_rows_is_copied_page_by_page(any_log: SqlMatchLog, folder: Path) -> None:
    for number in range(11):
        any_log.record(entry(f"l-{number}", *((f"p-{place}", "DE") for place in range(100))), COMPONENTS)
    back_up(any_log, folder / "one.backup")
    with opened(folder / "one.backup") as copy:
        assert [one.match_id for one in copy.every_match()] == list(range(1, 1101))
