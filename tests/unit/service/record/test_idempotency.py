"""The same request twice is carried out once, however it comes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from matcher.errors import KeyReused, LogUnavailable, StepRefused
from matcher.log import ListQuery, Once
from service.record.idempotency import KEPT
from service.record.sql_log import SqlMatchLog
from tests.unit.matcher.steps import new_step
from tests.unit.service.entries import COMPONENTS, entry
from tests.unit.service.record.outside import Outside

ONCE = Once(caller="an advisor", key="k-1", request="POST /match-lists {...}")
ANOTHER_REQUEST = Once(caller="an advisor", key="k-1", request="POST /match-lists {another}")
ANOTHER_CALLER = Once(caller="an organiser", key="k-1", request="POST /match-lists {...}")


def all_at_once(threads: int, work: Callable[[int], Any]) -> list[Any]:
    """What each of so many threads, begun together, came to."""
    start = threading.Barrier(threads, timeout=60)

    def begin(number: int) -> Any:
        start.wait()
        return work(number)

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(begin, range(threads)))


def lists(log: SqlMatchLog) -> list[str]:
    return [one.list_id for one in log.lists(ListQuery(limit=100))]


def test_a_new_key_stands_for_nothing(any_log: SqlMatchLog) -> None:
    assert any_log.given_before(ONCE) is None


def test_the_same_key_gets_the_same_list_and_nothing_more_is_recorded(any_log: SqlMatchLog) -> None:
    first = entry("one", ("aqua", "NL"))
    assert any_log.record(first, COMPONENTS, ONCE) == first
    head = any_log.verify()
    assert any_log.given_before(ONCE) == first
    assert any_log.record(entry("two", ("bruno", "DE")), COMPONENTS, ONCE) == first
    assert any_log.verify() == head
    assert lists(any_log) == ["one"]


def test_a_key_with_another_request_is_refused_and_nothing_is_recorded(any_log: SqlMatchLog) -> None:
    any_log.record(entry("one"), COMPONENTS, ONCE)
    message = r"^The Idempotency-Key must stand for one request only\. Got 'k-1' with another request\. Take a new key"
    with pytest.raises(KeyReused, match=message):
        any_log.record(entry("two"), COMPONENTS, ANOTHER_REQUEST)
    with pytest.raises(KeyReused, match=message):
        any_log.given_before(ANOTHER_REQUEST)
    assert lists(any_log) == ["one"]


def test_two_callers_do_not_disturb_each_other(any_log: SqlMatchLog) -> None:
    any_log.record(entry("one"), COMPONENTS, ONCE)
    assert any_log.given_before(ANOTHER_CALLER) is None
    assert any_log.record(entry("two"), COMPONENTS, ANOTHER_CALLER).list_id == "two"
    assert (any_log.given_before(ONCE) or entry("")).list_id == "one"
    assert lists(any_log) == ["two", "one"]


def test_eight_threads_with_one_key_get_one_list(any_log: SqlMatchLog) -> None:
    got = all_at_once(8, lambda number: any_log.record(entry(f"l-{number}", ("aqua", "NL")), COMPONENTS, ONCE))
    assert len({one.list_id for one in got}) == 1
    assert lists(any_log) == [got[0].list_id]
    assert any_log.verify().seq == 2


def test_two_machines_with_one_key_get_one_list(any_log: SqlMatchLog) -> None:
    other = SqlMatchLog(any_log.database.url)
    logs = (any_log, other)
    for attempt in range(5):
        once = Once(caller="an advisor", key=f"k-{attempt}", request="r")
        got = all_at_once(4, lambda number, once=once: logs[number % 2].record(entry(f"{once.key}-{number}"), COMPONENTS, once))
        assert len({one.list_id for one in got}) == 1
    other.close()
    assert len(lists(any_log)) == 5
    any_log.verify()


@pytest.fixture
def filled(any_log: SqlMatchLog) -> SqlMatchLog:
    any_log.record(entry("one", ("aqua", "NL"), ("bruno", "DE")), COMPONENTS)
    return any_log


def test_the_same_key_gets_the_same_step(filled: SqlMatchLog) -> None:
    first = filled.record_step(new_step("introduced"), "a test", ONCE)
    # Without the key it would be refused: who was introduced cannot be introduced.
    assert filled.record_step(new_step("introduced"), "a test", ONCE) == first
    assert list(filled.steps()) == [first]
    with pytest.raises(KeyReused):
        filled.record_step(new_step("accepted"), "a test", ANOTHER_REQUEST)
    assert list(filled.steps()) == [first]


def test_eight_threads_with_one_key_get_one_step(filled: SqlMatchLog) -> None:
    got = all_at_once(8, lambda _: filled.record_step(new_step("introduced"), "a test", ONCE))
    assert list(filled.steps()) == [got[0]]
    assert got == [got[0]] * 8


def test_a_refused_request_leaves_its_key_free(filled: SqlMatchLog) -> None:
    with pytest.raises(StepRefused):
        filled.record_step(new_step("accepted"), "a test", ONCE)
    assert filled.record_step(new_step("introduced"), "a test", ANOTHER_REQUEST).kind == "introduced"


def test_a_request_that_failed_leaves_its_key_free(filled: SqlMatchLog) -> None:
    with pytest.raises(LogUnavailable):
        filled.record(entry("one"), COMPONENTS, ONCE)
    assert filled.given_before(ONCE) is None
    assert filled.record(entry("two"), COMPONENTS, ONCE).list_id == "two"


def kept_since(outside: Outside, age: timedelta) -> None:
    """Let all keys have come so long ago."""
    at = (datetime.now(UTC) - age).replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")
    outside.run(f"UPDATE idempotency SET created_at = '{at}'")


def test_a_key_is_forgotten_after_a_while_and_may_be_taken_again(any_log: SqlMatchLog, outside: Outside) -> None:
    any_log.record(entry("one"), COMPONENTS, ONCE)
    kept_since(outside, KEPT - timedelta(minutes=1))
    assert any_log.given_before(ONCE) is not None
    kept_since(outside, KEPT + timedelta(minutes=1))
    assert any_log.given_before(ONCE) is None
    assert any_log.record(entry("two"), COMPONENTS, ANOTHER_REQUEST).list_id == "two"
    assert (any_log.given_before(ANOTHER_REQUEST) or entry("")).list_id == "two"


def test_keys_that_are_too_old_go_with_the_next_that_comes(any_log: SqlMatchLog, outside: Outside) -> None:
    for number in range(3):
        any_log.record(entry(f"l-{number}"), COMPONENTS, Once(caller="a", key=f"k-{number}", request="r"))
    kept_since(outside, KEPT + timedelta(minutes=1))
    any_log.record(entry("newest"), COMPONENTS, ONCE)
    assert outside.run("SELECT caller, key FROM idempotency") == [("an advisor", "k-1")]


def test_a_request_cannot_be_read_or_guessed_from_what_is_kept(any_log: SqlMatchLog, outside: Outside) -> None:
    any_log.record(entry("one"), COMPONENTS, ONCE)
    any_log.record(entry("two"), COMPONENTS, ANOTHER_CALLER)
    [(first, first_salt), (second, second_salt)] = outside.run("SELECT request, salt FROM idempotency")
    assert len({first, second, first_salt, second_salt}) == 4
    assert {len(one) for one in (first, second, first_salt, second_salt)} == {64}
