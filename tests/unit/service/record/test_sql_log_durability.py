"""What a connection promises, and that it holds with many writers."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import inspect, make_url

from matcher.log import ListQuery
from service.record.sql_log import SqlMatchLog
from service.record.tables import metadata
from tests.unit.service.entries import COMPONENTS, entry


def test_every_connection_writes_ahead_and_waits_for_the_disk(log: SqlMatchLog) -> None:
    for _ in range(2):
        with log.database.engine.connect() as first, log.database.engine.connect() as second:
            for connection in (first, second):
                assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
                assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
                assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        log.database.engine.dispose()


def test_on_postgresql_a_writer_sees_the_newest_and_a_reader_one_moment_whatever_the_server_says(postgresql_url: str) -> None:
    said = make_url(postgresql_url).update_query_dict({"options": "-c default_transaction_isolation=serializable"})
    log = SqlMatchLog(said.render_as_string())
    for transaction, level in ((log.database.writing, "read committed"), (log.database.reading, "repeatable read")):
        for _ in range(2):
            with transaction() as connection:
                assert connection.exec_driver_sql("SHOW transaction_isolation").scalar() == level
                assert connection.exec_driver_sql("SHOW lock_timeout").scalar() == "10s"
                assert connection.exec_driver_sql("SHOW timezone").scalar() == "UTC"
    log.close()


def test_eight_threads_record_everything_once(any_log: SqlMatchLog) -> None:
    threads, each = 8, 25
    start = threading.Barrier(threads, timeout=60)

    def work(thread: int) -> None:
        start.wait()
        for number in range(each):
            any_log.record(entry(f"t{thread}-{number:02}", ("aqua", "NL"), ("bruno", "DE")), COMPONENTS)

    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(work, thread) for thread in range(threads)]:
            done.result()
    lists = [one.list_id for one in any_log.lists(ListQuery(limit=1000))]
    assert sorted(lists) == sorted(f"t{thread}-{number:02}" for thread in range(threads) for number in range(each))
    pairs = [(one.list_id, one.match.rank) for one in any_log.every_match()]
    assert any_log.verify().seq == threads * each + 1
    assert len(pairs) == len(set(pairs)) == threads * each * 2


def test_several_logs_write_one_chain(any_log: SqlMatchLog) -> None:
    others = [SqlMatchLog(any_log.database.url) for _ in range(3)]
    start = threading.Barrier(len(others), timeout=60)

    def work(number: int) -> None:
        start.wait()
        for one in range(20):
            others[number].record(entry(f"l{number}-{one:02}", ("aqua", "NL")), COMPONENTS)

    with ThreadPoolExecutor(len(others)) as pool:
        for done in [pool.submit(work, number) for number in range(len(others))]:
            done.result()
    assert {other.verify() for other in others} == {any_log.verify()}
    assert any_log.verify().seq == 61
    for other in others:
        other.close()


def test_a_list_recorded_by_one_log_is_seen_by_another_at_once(any_log: SqlMatchLog) -> None:
    other = SqlMatchLog(any_log.database.url)
    any_log.record(entry("one", ("aqua", "NL")), COMPONENTS)
    other.record(entry("two", ("bruno", "DE")), COMPONENTS)
    assert [one.list_id for one in other.lists(ListQuery(limit=10))] == ["two", "one"]
    assert [one.list_id for one in any_log.lists(ListQuery(limit=10))] == ["two", "one"]
    other.close()


def test_a_new_log_opened_by_many_at_once_opens_for_all(blank_url: str) -> None:
    threads = 6
    start = threading.Barrier(threads, timeout=60)

    def work(_: int) -> list[str]:
        start.wait()
        opened = SqlMatchLog(blank_url)
        try:
            return sorted(inspect(opened.database.engine).get_table_names())
        finally:
            opened.close()

    with ThreadPoolExecutor(threads) as pool:
        found = list(pool.map(work, range(threads)))
    assert found == [sorted(["alembic_version", *metadata.tables])] * threads
