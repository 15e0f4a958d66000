"""A list is on record whole or not at all."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from matcher.errors import LogUnavailable, NotFound
from matcher.log import ListQuery
from service.record.sql_log import SqlMatchLog
from tests.unit.service.entries import COMPONENTS, entry


def statement(log_file: Path, sql: str) -> list[tuple[int, ...]]:
    """Run one statement on the log's file from outside."""
    connection = sqlite3.connect(log_file)
    try:
        with connection:
            return connection.execute(sql).fetchall()
    finally:
        connection.close()


@pytest.fixture
def log_file(log: SqlMatchLog, tmp_path: Path) -> Path:
    return tmp_path / "log.sqlite3"


REFUSE_RANK_2 = """
CREATE TRIGGER no_second BEFORE INSERT ON matches WHEN NEW.rank = 2
BEGIN SELECT RAISE(ABORT, 'rank 2 is refused'); END
"""


def test_a_failure_among_the_matches_leaves_no_list(log: SqlMatchLog, log_file: Path) -> None:
    log.record(
        entry(
            "before",
            ("aqua", "NL"),
        ),
        COMPONENTS,
    )
    statement(log_file, REFUSE_RANK_2)
    with pytest.raises(LogUnavailable, match="rank 2 is refused"):
        log.record(entry("broken", ("aqua", "NL"), ("bruno", "DE")), COMPONENTS)
    with pytest.raises(NotFound):
        log.get("broken")
    assert [one.list_id for one in log.lists(ListQuery(limit=10))] == ["before"]
    assert [one.list_id for one in log.every_match()] == ["before"]


def test_a_failure_leaves_nothing_of_a_new_engine_either(log: SqlMatchLog, log_file: Path) -> None:
    statement(log_file, REFUSE_RANK_2)
    with pytest.raises(LogUnavailable):
        log.record(entry("broken", ("aqua", "NL"), ("bruno", "DE")), COMPONENTS)
    assert statement(log_file, "SELECT count(*) FROM engines") == [(0,)]


def test_recording_works_again_after_a_failure(log: SqlMatchLog, log_file: Path) -> None:
    statement(log_file, REFUSE_RANK_2)
    given = entry("one", ("aqua", "NL"), ("bruno", "DE"))
    with pytest.raises(LogUnavailable):
        log.record(given, COMPONENTS)
    statement(log_file, "DROP TRIGGER no_second")
    log.record(given, COMPONENTS)
    assert log.get("one") == given


def test_a_missing_table_leaves_no_list(log: SqlMatchLog, log_file: Path) -> None:
    statement(log_file, "DROP TABLE matches")
    with pytest.raises(LogUnavailable, match=r"no such table: (main\.)?matches"):
        log.record(entry("broken", ("aqua", "NL")), COMPONENTS)
    assert statement(log_file, "SELECT count(*) FROM match_lists") == [(0,)]


def test_an_id_that_is_taken_changes_nothing(log: SqlMatchLog) -> None:
    first = entry("one", ("aqua", "NL"))
    log.record(first, COMPONENTS)
    with pytest.raises(LogUnavailable):
        log.record(entry("one", ("bruno", "DE"), ("carla", "BE")), COMPONENTS)
    assert log.get("one") == first
    assert len(list(log.every_match())) == 1


def test_words_that_no_database_can_take_leave_nothing(log: SqlMatchLog) -> None:
    given = entry("one", ("aqua", "NL")).model_copy(update={"asked_by": "half \udcff"})
    with pytest.raises(ValueError, match="non-UTF-8"):
        log.record(given, COMPONENTS)
    assert log.lists(ListQuery(limit=1)) == []
