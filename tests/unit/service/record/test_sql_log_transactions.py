"""A list is on record whole or not at all."""

from __future__ import annotations

import pytest

from matcher.errors import LogUnavailable, NotFound
from matcher.log import ListQuery, Once
from service.record.sql_log import SqlMatchLog
from tests.unit.service.entries import COMPONENTS, entry
from tests.unit.service.record.outside import Outside


def test_a_failure_among_the_matches_leaves_no_list(any_log: SqlMatchLog, outside: Outside) -> None:
    any_log.record(entry("before", ("aqua", "NL")), COMPONENTS)
    outside.refuse_second_rank()
    with pytest.raises(LogUnavailable, match="no_second"):
        any_log.record(entry("broken", ("aqua", "NL"), ("bruno", "DE")), COMPONENTS)
    with pytest.raises(NotFound):
        any_log.get("broken")
    assert [one.list_id for one in any_log.lists(ListQuery(limit=10))] == ["before"]
    assert [one.list_id for one in any_log.every_match()] == ["before"]
    assert any_log.verify().seq == 2


def test_a_failure_leaves_nothing_of_a_new_engine_either(any_log: SqlMatchLog, outside: Outside) -> None:
    outside.refuse_second_rank()
    with pytest.raises(LogUnavailable):
        any_log.record(entry("broken", ("aqua", "NL"), ("bruno", "DE")), COMPONENTS)
    assert outside.run("SELECT count(*) FROM engines") == outside.run("SELECT count(*) FROM entries") == [(0,)]


def test_recording_works_again_after_a_failure(any_log: SqlMatchLog, outside: Outside) -> None:
    outside.refuse_second_rank()
    given = entry("one", ("aqua", "NL"), ("bruno", "DE"))
    with pytest.raises(LogUnavailable):
        any_log.record(given, COMPONENTS)
    outside.allow_second_rank()
    any_log.record(given, COMPONENTS)
    assert any_log.get("one") == given
    assert any_log.verify().seq == 2


def test_a_missing_table_leaves_no_list(any_log: SqlMatchLog, outside: Outside) -> None:
    outside.run("ALTER TABLE matches RENAME TO gone")
    with pytest.raises(LogUnavailable, match=r"no such table: (main\.)?matches|relation \"matches\" does not exist"):
        any_log.record(entry("broken", ("aqua", "NL")), COMPONENTS)
    assert outside.run("SELECT count(*) FROM match_lists") == [(0,)]


def test_an_id_that_is_taken_changes_nothing(any_log: SqlMatchLog) -> None:
    first = entry("one", ("aqua", "NL"))
    any_log.record(first, COMPONENTS)
    with pytest.raises(LogUnavailable):
        any_log.record(entry("one", ("bruno", "DE"), ("carla", "BE")), COMPONENTS)
    assert any_log.get("one") == first
    assert len(list(any_log.every_match())) == 1


def test_words_that_no_database_can_take_leave_nothing(any_log: SqlMatchLog) -> None:
    given = entry("one", ("aqua", "NL")).model_copy(update={"asked_by": "half \udcff"})
    with pytest.raises(ValueError, match="non-UTF-8"):
        any_log.record(given, COMPONENTS)
    assert any_log.lists(ListQuery(limit=1)) == []
    assert any_log.verify().seq == 0


def test_the_longest_name_of_a_company_is_recorded_and_found_whatever_becomes_of_it(any_log: SqlMatchLog) -> None:
    # Each of these signs is eighteen letters once it is taken apart.
    longest = "\ufdfa" * 500
    any_log.record(entry("one", company=longest), COMPONENTS)
    assert [one.company for one in any_log.lists(ListQuery(company=longest))] == [longest]
    any_log.verify()


def test_an_engine_first_seen_in_a_repeated_request_is_on_record_once_it_gives_a_list(any_log: SqlMatchLog) -> None:
    once = Once(caller="a", key="k", request="r")
    first = any_log.record(entry("one"), COMPONENTS, once)
    newer = entry("two").answer.model_copy(update={"engine": "engine-2"})
    again = any_log.record(entry("two").model_copy(update={"answer": newer}), COMPONENTS, once)
    assert again == first
    any_log.record(entry("three").model_copy(update={"answer": newer}), COMPONENTS)
    assert any_log.components("engine-2") == COMPONENTS


def test_an_engine_that_another_database_does_not_know_is_put_on_record_there(any_log: SqlMatchLog, outside: Outside) -> None:
    any_log.record(entry("one"), COMPONENTS)
    # As if a copy from before had taken the place of the database.
    outside.tamper("DELETE FROM confidential", "DELETE FROM entries", "DELETE FROM match_lists", "DELETE FROM engines")
    with pytest.raises(LogUnavailable, match=r"(?i)foreign key"):
        any_log.record(entry("two"), COMPONENTS)
    any_log.record(entry("three"), COMPONENTS)
    assert any_log.components("engine-1") == COMPONENTS
    assert any_log.verify().seq == 2
