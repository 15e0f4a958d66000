"""Who holds the record's lock for too long keeps writers waiting, and no reader."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from matcher.errors import LogUnavailable
from matcher.log import ListQuery
from service.record import database
from service.record.sql_log import SqlMatchLog
from tests.postgres import DEADLINE
from tests.unit.service.entries import COMPONENTS, entry

TOO_LONG = r"must be writable\. Got (database is locked|canceling statement due to lock timeout)"


@contextmanager
def held_by(log: SqlMatchLog) -> Iterator[None]:
    """Meanwhile another thread is in the midst of writing."""
    held, let_go = threading.Event(), threading.Event()

    def hold() -> None:
        with log.database.writing():
            held.set()
            let_go.wait(DEADLINE)

    holder = threading.Thread(target=hold)
    holder.start()
    try:
        assert held.wait(DEADLINE)
        yield
    finally:
        let_go.set()
        holder.join(DEADLINE)


@pytest.fixture
def impatient(any_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[SqlMatchLog]:
    monkeypatch.setattr(database, "PATIENCE_S", 1)
    monkeypatch.setattr("embeddings.write_ahead.PATIENCE_S", 0)
    log = SqlMatchLog(any_url)
    yield log
    log.close()


def test_who_waits_too_long_is_told_and_writes_later(any_log: SqlMatchLog, impatient: SqlMatchLog) -> None:
    with held_by(any_log):
        with pytest.raises(LogUnavailable, match=TOO_LONG):
            impatient.record(entry("one"), COMPONENTS)
        assert impatient.lists(ListQuery()) == []
    impatient.record(entry("one"), COMPONENTS)
    assert any_log.verify().seq == 2


def test_who_waits_a_little_writes(any_log: SqlMatchLog) -> None:
    other = SqlMatchLog(any_log.database.url)
    with held_by(any_log):
        writing = threading.Thread(target=other.record, args=(entry("one"), COMPONENTS))
        writing.start()
        assert any_log.lists(ListQuery()) == []
    writing.join(DEADLINE)
    assert [one.list_id for one in any_log.lists(ListQuery())] == ["one"]
    other.close()
