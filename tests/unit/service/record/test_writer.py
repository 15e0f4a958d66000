"""All records that wait are written in one transaction, and none suffers from what is wrong with another."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from embeddings.errors import Refusal
from matcher.errors import LogUnavailable
from service.record import writer as writer_module
from service.record.chain import ChainEnd
from service.record.sql_log import SqlMatchLog
from service.record.tables import entries
from service.record.writer import Writer
from tests.postgres import DEADLINE, until
from tests.unit.service.entries import COMPONENTS, entry
from tests.unit.service.record.outside import Outside


class Heard:
    """What an observer was told, in order."""

    def __init__(self) -> None:
        self.told: list[tuple[str, int]] = []

    def written(self, records: int) -> None:
        self.told.append(("written", records))

    def writing_failed(self, records: int) -> None:
        self.told.append(("failed", records))


class Held:
    """A writer whose first record holds on to its transaction until it is let go; the others wait meanwhile."""

    def __init__(self, log: SqlMatchLog) -> None:
        self.heard = Heard()
        self.writer = Writer(log.database, self.heard)
        self.go_on = threading.Event()
        self._begun = threading.Event()
        self._pool = ThreadPoolExecutor(16)
        self.first = self._pool.submit(self.writer.write, self._hold)
        assert self._begun.wait(DEADLINE)

    def _hold(self, chain: ChainEnd) -> int:
        self._begun.set()
        assert self.go_on.wait(DEADLINE)
        return chain.append("first", {}, by="a test").seq

    def submit(self, *works: object) -> list[Future[int]]:
        """Hand in records, one after the other; all of them wait when this returns."""
        submitted = []
        for work in works:
            waiting = self.writer.waiting
            submitted.append(self._pool.submit(self.writer.write, work))  # type: ignore[arg-type]
            until(lambda waiting=waiting: self.writer.waiting == waiting + 1, "the record to wait")  # type: ignore[misc]
        return submitted

    def close(self) -> None:
        self.go_on.set()
        self._pool.shutdown()


@pytest.fixture
def held(any_log: SqlMatchLog) -> Iterator[Held]:
    held = Held(any_log)
    yield held
    held.close()


def adds(chain: ChainEnd) -> int:
    return chain.append("added", {}, by="a test").seq


def is_refused(chain: ChainEnd) -> int:
    chain.append("refused", {}, by="a test")
    raise Refusal("record", "be welcome", "this one")


def cannot_be_put_down(chain: ChainEnd) -> int:
    chain.append("before", {}, by="a test")
    return chain.append("half a character", {"said": "\udcff"}, by="a test").seq


def is_taken(chain: ChainEnd) -> int:
    chain.append("before", {}, by="a test")
    chain.head = chain.head.model_copy(update={"seq": 0})
    return chain.append("again", {}, by="a test").seq


def breaks(chain: ChainEnd) -> int:
    chain.append("before", {}, by="a test")
    chain.connection.exec_driver_sql("SELECT 1 FROM nowhere")
    return 0


def kinds(log: SqlMatchLog) -> list[str]:
    with log.database.reading() as connection:
        return list(connection.execute(select(entries.c.kind).order_by(entries.c.seq)).scalars())


def test_all_that_wait_come_in_one_transaction_in_order(any_log: SqlMatchLog, held: Held) -> None:
    waiting = held.submit(*[adds] * 10)
    assert held.heard.told == []
    held.go_on.set()
    assert held.first.result(DEADLINE) == 1
    assert [one.result(DEADLINE) for one in waiting] == list(range(2, 12))
    assert held.heard.told == [("written", 1), ("written", 10)]
    assert any_log.verify().seq == 11


def test_no_more_come_at_once_than_the_first_should_wait_for(
    any_log: SqlMatchLog, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_module, "_MOST_AT_ONCE", 4)
    waiting = held.submit(*[adds] * 10)
    held.go_on.set()
    assert [one.result(DEADLINE) for one in waiting] == list(range(2, 12))
    assert held.heard.told == [("written", 1), ("written", 4), ("written", 4), ("written", 2)]
    any_log.verify()


@pytest.mark.parametrize(
    ("bad", "error"), [(is_refused, Refusal), (cannot_be_put_down, ValueError), (is_taken, LogUnavailable)]
)
def test_a_record_that_cannot_be_written_leaves_the_others_alone(
    any_log: SqlMatchLog, held: Held, bad: object, error: type[Exception]
) -> None:
    before, refused, after = held.submit(adds, bad, adds)
    held.go_on.set()
    assert (before.result(DEADLINE), after.result(DEADLINE)) == (2, 3)
    with pytest.raises(error):
        refused.result(DEADLINE)
    assert held.heard.told == [("written", 1), ("written", 2)]
    assert kinds(any_log) == ["first", "added", "added"]
    assert any_log.verify().seq == 3


def test_an_error_of_the_database_fails_all_and_leaves_nothing(any_log: SqlMatchLog, held: Held) -> None:
    waiting = held.submit(adds, breaks, adds, is_refused)
    held.go_on.set()
    assert held.first.result(DEADLINE) == 1
    for one in waiting:
        with pytest.raises(LogUnavailable, match=r"must be writable\. Got .*nowhere"):
            one.result(DEADLINE)
    assert held.heard.told == [("written", 1), ("failed", 4)]
    assert kinds(any_log) == ["first"]
    assert held.writer.write(adds) == 2
    assert any_log.verify().seq == 2


def test_an_error_that_nobody_foresaw_fails_all_and_the_next_is_written(any_log: SqlMatchLog, held: Held) -> None:
    def stumbles(chain: ChainEnd) -> int:
        raise ZeroDivisionError

    waiting = held.submit(adds, stumbles)
    held.go_on.set()
    for one in waiting:
        with pytest.raises(ZeroDivisionError):
            one.result(DEADLINE)
    assert held.writer.write(adds) == 2
    assert kinds(any_log) == ["first", "added"]


def test_it_tells_how_many_wait_and_how_long_the_oldest_has(held: Held) -> None:
    assert held.writer.waiting == 1
    held.submit(adds, adds)
    assert held.writer.waiting == 3
    first = held.writer.lag_s
    assert 0 < first <= held.writer.lag_s
    held.go_on.set()
    until(lambda: held.writer.waiting == 0, "everything to be written")
    assert held.writer.lag_s == 0


def test_who_stops_waiting_does_not_stop_the_others(any_log: SqlMatchLog) -> None:
    heard = Heard()
    writer = Writer(any_log.database, heard)

    def is_stopped(chain: ChainEnd) -> int:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        writer.write(is_stopped)
    assert writer.waiting == 0
    assert writer.write(adds) == 1
    assert heard.told == [("failed", 1), ("written", 1)]


def test_what_is_refused_alone_is_no_failure_of_the_record(any_log: SqlMatchLog) -> None:
    heard = Heard()
    with pytest.raises(Refusal, match="must be welcome"):
        Writer(any_log.database, heard).write(is_refused)
    assert heard.told == [("written", 0)]
    assert any_log.verify().seq == 0


def test_lists_and_steps_and_erasures_share_the_transaction(any_log: SqlMatchLog, outside: Outside) -> None:
    heard = Heard()
    log = SqlMatchLog(any_log.database.url, heard)
    threads, each = 6, 10

    def work(number: int) -> None:
        for one in range(each):
            log.record(entry(f"l-{number}-{one}", ("aqua", "NL")), COMPONENTS)
            log.erase(f"l-{number}-{one}", "an officer")

    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(work, number) for number in range(threads)]:
            done.result()
    assert sum(records for _, records in heard.told) == 2 * threads * each
    assert log.verify().seq == 1 + 2 * threads * each
    with log.database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(entries)).scalar() == 1 + 2 * threads * each
    log.close()
    assert outside.run("SELECT count(*) FROM confidential") == [(0,)]
