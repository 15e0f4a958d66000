"""What became of the matches: written beside what was written before, read back as it was, refused where it makes no sense."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from matcher.errors import LogUnavailable, NotFound, RequestRefused
from matcher.log import REASONS, Outcome
from service import sql_log
from service.schema import HEAD, MIGRATIONS, version_of
from service.sql_log import SqlMatchLog
from tests.unit.service.entries import COMPONENTS, entry
from tests.unit.service.full_disk import SmallDisk


@pytest.fixture
def filled(log: SqlMatchLog) -> SqlMatchLog:
    """Matches 1 to 3."""
    log.record(entry("l-1", ("aqua", "NL"), ("bruno", "DE"), ("carla", "BE")), COMPONENTS)
    return log


def test_an_outcome_comes_back_as_it_was_recorded(filled: SqlMatchLog) -> None:
    before = datetime.now(UTC)
    given = filled.record_outcome(2, "declined", "no capacity", "Zoë, an advisor")
    assert (given.outcome_id, given.match_id, given.kind, given.reason) == (1, 2, "declined", "no capacity")
    assert given.recorded_by == "Zoë, an advisor"
    assert before <= given.recorded_at <= datetime.now(UTC)
    assert given.recorded_at.tzinfo == UTC
    [found] = filled.outcomes()
    assert found == given
    assert found.model_dump_json() == given.model_dump_json()


@pytest.mark.parametrize("kind", ["introduced", "accepted", "met"])
def test_what_is_not_declined_has_no_reason(filled: SqlMatchLog, kind: str) -> None:
    filled.record_outcome(1, kind, None, "a test")
    assert [(one.kind, one.reason) for one in filled.outcomes()] == [(kind, None)]


@pytest.mark.parametrize("reason", REASONS)
def test_every_coded_reason_can_be_given(filled: SqlMatchLog, reason: str) -> None:
    assert filled.record_outcome(1, "declined", reason, "a test").reason == reason


def test_outcomes_come_in_order_of_recording_and_none_replaces_another(filled: SqlMatchLog) -> None:
    steps = [(3, "introduced"), (1, "introduced"), (3, "accepted"), (3, "accepted"), (1, "met")]
    given = [filled.record_outcome(match_id, kind, None, "a test") for match_id, kind in steps]
    assert [(one.match_id, one.kind) for one in filled.outcomes()] == steps
    assert list(filled.outcomes()) == given


def test_outcomes_cross_their_pages_without_loss_or_repetition(filled: SqlMatchLog, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(7):
        filled.record_outcome(1, "introduced", None, "a test")
    for size in (1, 3, 7, 8):
        monkeypatch.setattr(sql_log, "_ROWS_AT_ONCE", size)
        assert [one.outcome_id for one in filled.outcomes()] == [1, 2, 3, 4, 5, 6, 7]


def test_a_log_without_outcomes_has_none(filled: SqlMatchLog) -> None:
    assert list(filled.outcomes()) == []


def test_the_list_stays_as_it_was_given_out(filled: SqlMatchLog) -> None:
    filled.record_outcome(1, "met", None, "a test")
    assert filled.get("l-1") == entry("l-1", ("aqua", "NL"), ("bruno", "DE"), ("carla", "BE"))


@pytest.mark.parametrize("match_id", [0, -1, 4, 2**63 - 1, 2**63, 10**40])
def test_an_unknown_match_is_not_found_and_named(filled: SqlMatchLog, match_id: int) -> None:
    with pytest.raises(NotFound) as caught:
        filled.record_outcome(match_id, "met", None, "a test")
    remedy = "crossmatch log export shows each match_id."
    assert str(caught.value) == f"The match must be in the match log. Got {match_id}. {remedy}"
    assert list(filled.outcomes()) == []


KNOWN = ", ".join(REASONS)
REFUSED: dict[str, tuple[str, str | None, str, str]] = {
    "no reason": (
        "declined",
        None,
        "a test",
        f"The outcome must have a reason where it is declined. Got none. Give one of {KNOWN}.",
    ),
    "a reason for a meeting": (
        "met",
        "terms",
        "a test",
        "The outcome must have a reason only where it is declined. Got 'terms' for met. "
        f"Leave it out, or record the match as declined: {KNOWN}.",
    ),
    "a reason in own words": (
        "declined",
        "they were rude",
        "a test",
        "The reason of the outcome must be one of 'too early', 'wrong field', 'no capacity', 'terms', 'language', "
        "'already in contact', 'conflict', 'unclear need' or 'other'. Got 'they were rude'. Choose one of them.",
    ),
    "an empty reason": ("declined", "", "a test", "The reason of the outcome must be one of 'too early', "),
    "an unknown kind": (
        "married",
        None,
        "a test",
        "The kind of the outcome must be one of 'introduced', 'accepted', 'met' or 'declined'. Got 'married'. "
        "Choose one of them.",
    ),
    "a name too long": ("met", None, "x" * 201, "The recorded_by of the outcome must have at most 200 characters. Got 201 "),
    "half a character": ("met", None, "half \udcff", "The recorded_by of the outcome must be whole Unicode text."),
    "a NUL character": ("met", None, "nul \0", "be whole Unicode text. Got a NUL character at character 5."),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_makes_no_sense_is_refused_with_what_is_known(filled: SqlMatchLog, name: str) -> None:
    kind, reason, by, message = REFUSED[name]
    with pytest.raises(RequestRefused) as caught:
        filled.record_outcome(1, kind, reason, by)
    assert message in str(caught.value)
    assert list(filled.outcomes()) == []


def test_a_full_disk_is_named_and_leaves_no_outcome(filled: SqlMatchLog) -> None:
    disk = SmallDisk(filled)
    disk.fill()

    def record_many() -> None:
        for _ in range(10_000):
            filled.record_outcome(1, "introduced", None, "x" * 200)

    with pytest.raises(LogUnavailable, match=r"must be writable\. Got database or disk is full\."):
        record_many()
    count = len(list(filled.outcomes()))
    disk.free()
    assert filled.record_outcome(1, "met", None, "a test").kind == "met"
    assert len(list(filled.outcomes())) == count + 1


def test_the_database_itself_refuses_an_outcome_of_no_match(filled: SqlMatchLog, tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "log.sqlite3")
    connection.execute("PRAGMA foreign_keys=ON")
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        connection.execute("INSERT INTO outcomes (match, recorded_at, recorded_by, kind) VALUES (9, '2026-01-01', '', 'met')")
    connection.close()


def at_first_version(file: Path) -> None:
    """A log as the first version left it: one list with two matches that have no signals yet."""
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    given = entry("old", ("aqua", "NL"), ("bruno", "DE"))
    answer = given.answer
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO engines VALUES ('engine-1', '{}')")
        connection.exec_driver_sql(
            "INSERT INTO match_lists VALUES (1, 'old', 'request-old', ?, 'a test', '', '', 'NL', '', ?, 'en', 'matches', "
            "'[]', ?, 'engine-1')",
            (
                given.created_at.replace(tzinfo=None).isoformat(sep=" "),
                answer.request.model_dump_json(),
                answer.considered.model_dump_json(),
            ),
        )
        for match in answer.matches:
            then = match.model_dump(mode="json", exclude={"signals", "because", "probability"})
            connection.exec_driver_sql(
                "INSERT INTO matches VALUES (?, 1, ?, ?, ?, ?, ?, ?, '{}', ?)",
                (
                    match.rank,
                    match.rank,
                    match.provider_id,
                    match.category,
                    match.country,
                    match.cross_border,
                    match.score,
                    json.dumps(then),
                ),
            )
    engine.dispose()


def test_a_log_of_the_first_version_keeps_its_lists_and_takes_outcomes(tmp_path: Path) -> None:
    file = tmp_path / "older.sqlite3"
    at_first_version(file)
    log = SqlMatchLog(f"sqlite:///{file}")
    try:
        with log._engine.connect() as connection:
            assert version_of(connection) == HEAD
        assert log.get("old") == entry("old", ("aqua", "NL"), ("bruno", "DE"))
        assert [one.match.signals for one in log.every_match()] == [(), ()]
        assert list(log.outcomes()) == []
        given = log.record_outcome(2, "accepted", None, "a test")
        assert list(log.outcomes()) == [given]
    finally:
        log.close()


def test_outcomes_are_numbered_on_even_after_the_log_was_reopened(filled: SqlMatchLog) -> None:
    filled.record_outcome(1, "introduced", None, "a test")
    again = SqlMatchLog(filled._url)
    given = again.record_outcome(1, "met", None, "another")
    again.close()
    assert given.outcome_id == 2
    assert [one.recorded_by for one in filled.outcomes()] == ["a test", "another"]


def test_an_outcome_cannot_be_changed() -> None:
    given = Outcome(outcome_id=1, match_id=1, recorded_at=datetime.now(UTC), recorded_by="a test", kind="met")
    with pytest.raises(ValueError, match="frozen"):
        given.kind = "accepted"  # type: ignore[misc]
