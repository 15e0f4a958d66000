"""A record on two PostgreSQL servers outlives the loss of one: what was acknowledged is there, and nothing is there twice."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from matcher.errors import LogUnavailable
from matcher.log import ListQuery, Once
from service.record.sql_log import SqlMatchLog
from tests.postgres import DEADLINE, Postgres, failover_url, until
from tests.unit.matcher.steps import new_step
from tests.unit.service.entries import COMPONENTS, entry


@pytest.fixture
def primary() -> Iterator[Postgres]:
    with Postgres() as server:
        yield server


@pytest.fixture
def standby(primary: Postgres) -> Iterator[Postgres]:
    with Postgres.standby_of(primary) as server:
        yield server


@pytest.fixture
def log(primary: Postgres, standby: Postgres) -> Iterator[SqlMatchLog]:
    with closing(SqlMatchLog(failover_url("postgres", primary, standby))) as opened:
        yield opened


class Callers:
    """Threads that each ask for one list after the other, and ask again under the same key where they got none."""

    def __init__(self, log: SqlMatchLog, number: int) -> None:
        self._log = log
        self._stop = threading.Event()
        self._answered = threading.Semaphore(0)
        self._threads = [threading.Thread(target=self._ask, args=(caller,)) for caller in range(number)]
        self.got: dict[str, str] = {}
        """Key → id of the list that was acknowledged."""
        self.refused: list[LogUnavailable] = []
        self.errors: list[Exception] = []
        for thread in self._threads:
            thread.start()

    def _ask(self, caller: int) -> None:
        try:
            for number in range(100_000):
                if self._stop.is_set():
                    return
                self._ask_until_answered(f"{caller}-{number}")
                self._answered.release()
        except Exception as error:
            self.errors.append(error)

    def _ask_until_answered(self, key: str) -> None:
        once = Once(caller="an advisor", key=key, request=key)
        for attempt in range(100_000):
            # Each attempt makes a list of its own, as the desk does.
            given = entry(f"{key}-{attempt}", ("aqua", "NL"), ("bruno", "DE"))
            try:
                self.got[key] = self._log.record(given, COMPONENTS, once).list_id
            except LogUnavailable as refused:
                self.refused.append(refused)
                self._stop.wait(0.01)
            else:
                return

    def wait_for(self, answers: int) -> None:
        for _ in range(answers):
            assert self._answered.acquire(timeout=DEADLINE), self.errors

    def end(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(DEADLINE)
        assert self.errors == []


def test_the_log_goes_on_at_the_standby_with_all_that_was_acknowledged(
    log: SqlMatchLog, primary: Postgres, standby: Postgres
) -> None:
    callers = Callers(log, 4)
    callers.wait_for(40)
    primary.kill()
    until(lambda: len(callers.refused) >= 4, "the callers to be refused")
    before = dict(callers.got)
    standby.promote()
    callers.wait_for(40)
    callers.end()
    assert len(before) >= 40
    assert len(callers.got) > len(before)
    on_record = [one.list_id for one in log.lists(ListQuery(limit=10_000))]
    assert sorted(on_record) == sorted(callers.got.values())
    assert log.verify().seq == len(on_record) + 1
    for refused in callers.refused:
        assert str(standby.folder.name) in str(refused)
        assert "No answer is given out that is not on record." in str(refused)


def lose_primary_while_asked(log: SqlMatchLog, primary: Postgres, standby: Postgres, once: Once) -> None:
    """Ask for the list `first`: it is written at the primary, which is gone before it could say so."""
    refused: list[LogUnavailable] = []

    def ask() -> None:
        try:
            log.record(entry("first", ("bruno", "DE")), COMPONENTS, once)
        except LogUnavailable as error:
            refused.append(error)

    standby.stop()
    asking = threading.Thread(target=ask)
    asking.start()
    waits = "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
    until(lambda: primary.execute(waits) != [], "the commit to wait for the standby")
    primary.kill()
    asking.join(DEADLINE)
    assert len(refused) == 1


def test_a_request_in_doubt_is_answered_with_what_it_made(log: SqlMatchLog, primary: Postgres, standby: Postgres) -> None:
    once, step_once = (Once(caller="an advisor", key=key, request="r") for key in ("list", "step"))
    log.record(entry("before", ("aqua", "NL")), COMPONENTS)
    lose_primary_while_asked(log, primary, standby, once)
    primary.start()
    standby.start()
    assert log.record(entry("second", ("bruno", "DE")), COMPONENTS, once).list_id == "first"
    assert [one.list_id for one in log.lists(ListQuery())] == ["first", "before"]
    step = log.record_step(new_step("introduced"), "an advisor", step_once)
    assert log.record_step(new_step("introduced"), "an advisor", step_once) == step
    assert log.verify().seq == 4


def test_a_request_that_only_the_lost_server_had_is_carried_out_at_the_other(
    log: SqlMatchLog, primary: Postgres, standby: Postgres
) -> None:
    once = Once(caller="an advisor", key="list", request="r")
    log.record(entry("before", ("aqua", "NL")), COMPONENTS)
    lose_primary_while_asked(log, primary, standby, once)
    standby.start()
    standby.promote()
    assert log.record(entry("second", ("bruno", "DE")), COMPONENTS, once).list_id == "second"
    assert [one.list_id for one in log.lists(ListQuery())] == ["second", "before"]
    assert log.verify().seq == 3
