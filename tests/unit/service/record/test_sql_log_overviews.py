"""Lists newest first with their counts, and every match one by one."""

from __future__ import annotations

from datetime import timedelta
from itertools import islice

from matcher.log import ListQuery
from service.record import sql_log
from service.record.sql_log import SqlMatchLog
from tests.unit.service.entries import COMPONENTS, FIRST_DAY, entry


def test_lists_come_newest_first_with_their_counts(any_log: SqlMatchLog) -> None:
    any_log.record(entry("old", ("aqua", "NL"), ("bruno", "DE"), ("carla", "BE")), COMPONENTS)
    any_log.record(entry("none", company="Nobody Found"), COMPONENTS)
    any_log.record(entry("new", ("erik", "DK"), country="DK", need_id="n-3", region="dk-danmark"), COMPONENTS)
    found = any_log.lists(ListQuery(limit=10))
    assert [(one.list_id, one.matches, one.cross_border) for one in found] == [("new", 1, 0), ("none", 0, 0), ("old", 3, 2)]
    assert (found[0].country, found[0].need_id, found[0].region, found[0].engine) == ("DK", "n-3", "dk-danmark", "engine-1")
    assert (found[1].company, found[1].verdict) == ("Nobody Found", "no good match")
    assert found[2].created_at == FIRST_DAY


def test_newest_means_recorded_last_even_where_a_clock_went_backwards(any_log: SqlMatchLog) -> None:
    any_log.record(entry("first", created_at=FIRST_DAY), COMPONENTS)
    any_log.record(entry("second", created_at=FIRST_DAY - timedelta(hours=1)), COMPONENTS)
    assert [one.list_id for one in any_log.lists(ListQuery(limit=2))] == ["second", "first"]


def test_no_more_lists_come_than_are_asked_for(any_log: SqlMatchLog) -> None:
    for number in range(5):
        any_log.record(entry(f"list-{number}"), COMPONENTS)
    assert [one.list_id for one in any_log.lists(ListQuery(limit=2))] == ["list-4", "list-3"]


def test_an_empty_log_has_no_lists_and_no_matches(any_log: SqlMatchLog) -> None:
    assert any_log.lists(ListQuery(limit=10)) == []
    assert list(any_log.every_match()) == []


def test_every_match_crosses_its_pages_without_loss_or_repetition(any_log: SqlMatchLog) -> None:
    each, lists = 100, 11
    assert each * lists > 2 * sql_log._ROWS_AT_ONCE
    for number in range(lists):
        any_log.record(entry(f"list-{number:02}", *((f"p-{place}", "DE") for place in range(each))), COMPONENTS)
    found = [(one.list_id, one.match.rank) for one in islice(any_log.every_match(), each * lists + 1)]
    assert found == [(f"list-{number:02}", rank) for number in range(lists) for rank in range(1, each + 1)]


def test_what_an_engine_consists_of_is_kept_once(any_log: SqlMatchLog) -> None:
    for number in range(3):
        any_log.record(entry(f"list-{number}"), COMPONENTS)
    with any_log.database.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT fingerprint, components FROM engines").all()
    assert rows == [("engine-1", '{"encoder": "fake-1", "ranking_version": 1}')]
