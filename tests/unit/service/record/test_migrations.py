"""A record of an earlier version is brought to this one with everything that is in it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from matcher.errors import LogUnavailable
from matcher.log import ListQuery
from service.record.confidential import ERASED
from service.record.schema import HEAD, version_of
from service.record.sql_log import SqlMatchLog
from tests.postgres import Postgres
from tests.unit.matcher.steps import new_step
from tests.unit.service.entries import COMPONENTS, FIRST_DAY, entry
from tests.unit.service.record import earlier_versions
from tests.unit.service.record.conftest import DATABASES
from tests.unit.service.record.earlier_versions import LISTS, VERSIONS, Outcome
from tests.unit.service.record.outside import Outside

WORD = "Marsupialis"


@pytest.fixture(params=VERSIONS)
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def moved(blank_url: str, version: str) -> Iterator[SqlMatchLog]:
    """A record of that version, opened."""
    earlier_versions.make(blank_url, version)
    log = SqlMatchLog(blank_url)
    yield log
    log.close()


@pytest.fixture(scope="module", params=[(database, version) for database in DATABASES for version in VERSIONS], ids="-".join)
def moved_once(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlMatchLog]:
    """The same for tests that only read."""
    database, version = request.param
    url = f"sqlite:///{tmp_path_factory.mktemp('moved') / 'log.sqlite3'}"
    if database == "postgresql":
        url = request.getfixturevalue("postgres").new_database()
    earlier_versions.make(url, version)
    log = SqlMatchLog(url)
    yield log
    log.close()


with_outcomes = pytest.mark.parametrize("moved_once", [(one, "0002") for one in DATABASES], ids="-".join, indirect=True)


def test_every_list_reads_back_as_it_was_given_out(moved_once: SqlMatchLog) -> None:
    assert [moved_once.get(one.list_id) for one in LISTS] == list(LISTS)
    assert [one.match for one in moved_once.every_match()] == [match for one in LISTS for match in one.answer.matches]
    assert [one.match.signals for one in moved_once.every_match()] == [()] * 3
    assert [one.list_id for one in moved_once.lists(ListQuery())] == ["l-3", "l-2", "l-1"]
    with moved_once.database.reading() as connection:
        assert version_of(connection) == HEAD


def test_the_words_of_needs_stand_apart_and_nowhere_else(moved_once: SqlMatchLog) -> None:
    outside = Outside(moved_once.database.url)
    for table in ("match_lists", "matches", "entries", "engines"):
        rows = repr(outside.run(f"SELECT * FROM {table}"))
        assert WORD not in rows
        assert "lung models" not in rows
    assert [words.count(WORD) for (words,) in outside.run("SELECT words FROM confidential ORDER BY match_list")] == [1, 1, 1]


@with_outcomes
def test_the_chain_holds_in_order_of_time(moved_once: SqlMatchLog) -> None:
    outside = Outside(moved_once.database.url)
    told = outside.run("SELECT kind, recorded_by, match_list, match FROM entries ORDER BY seq")
    assert told == [
        ("engine", "migration", None, None),
        ("engine", "a test", None, None),
        ("match list", "a test", 1, None),
        ("step", "an advisor", 1, 1),
        ("match list", "a test", 2, None),
        ("step", "an advisor", 1, 1),
        ("match list", "a test", 3, None),
        ("step", "an advisor", 3, 3),
        ("step", "an advisor", 1, 2),
        ("step", "an advisor", 1, 2),
        ("step", "an advisor", 1, 2),
    ]
    assert moved_once.verify().seq == len(told)


def test_what_a_list_was_is_covered_as_of_one_recorded_today(blank_url: str) -> None:
    earlier_versions.make(blank_url, "0002", LISTS[:1], ())
    moved = SqlMatchLog(blank_url)
    moved.record(LISTS[0].model_copy(update={"list_id": "today"}), COMPONENTS)
    outside = Outside(blank_url)
    then, today = (json.loads(body) for (body,) in outside.run("SELECT body FROM entries WHERE kind = 'match list'"))
    assert then["list"].keys() == today["list"].keys()
    assert [match.keys() for match in then["matches"]] == [match.keys() for match in today["matches"]]
    assert outside.run("SELECT DISTINCT company_key FROM match_lists") == [("NL:nasovax",)]
    moved.verify()
    moved.close()


@with_outcomes
def test_outcomes_became_steps_in_force_in_order_of_recording(moved_once: SqlMatchLog) -> None:
    told = [(one.match_id, one.kind, one.reason, one.recorded_by, one.recorded_at) for one in moved_once.steps()]
    in_order = [earlier_versions.OUTCOMES[place] for place in range(6)]
    assert told == [(one.match, one.kind, one.reason, "an advisor", one.recorded_at) for one in in_order]
    histories = {one.match.match_id: one for one in moved_once.histories()}
    assert {number: one.state for number, one in histories.items()} == {1: "declined", 2: "met", 3: "met"}
    assert [step.kind for step in histories[2].steps] == ["introduced", "accepted", "met"]
    assert [step.rating for step in histories[3].steps] == [None]


def test_steps_go_on_after_outcomes_even_where_those_were_in_no_order(blank_url: str) -> None:
    earlier_versions.make(blank_url, "0002")
    log = SqlMatchLog(blank_url)
    log.record_step(new_step("outcome", match_id=3), "an advisor")
    log.record_step(new_step("introduced", match_id=1), "an advisor")
    met = log.history(2).steps[-1]
    log.record_step(new_step("met", match_id=2, corrects=met.step_id), "an advisor")
    assert [log.history(number).state for number in (1, 2, 3)] == ["introduced", "met", "outcome"]
    log.verify()
    log.close()


@with_outcomes
def test_the_company_is_known_by_what_was_recorded_then(moved_once: SqlMatchLog) -> None:
    assert [one.match.match_id for one in moved_once.histories_of("NASOVAX", "NL")] == [1, 2]


def test_numbers_go_on_where_they_were(moved: SqlMatchLog) -> None:
    moved.record(entry("l-4", ("bruno", "DE")), COMPONENTS)
    assert [one.number for one in moved.lists(ListQuery())] == [4, 3, 2, 1]
    assert [one.match_id for one in moved.every_match()] == [1, 2, 3, 4]
    moved.record_step(new_step("introduced", match_id=4), "a test")
    moved.verify()


def test_what_was_brought_over_is_protected(moved_once: SqlMatchLog) -> None:
    for sql in ("UPDATE match_lists SET asked_by = ''", "DELETE FROM matches", "DELETE FROM confidential"):
        with pytest.raises(sa.exc.DBAPIError, match="append-only"):
            Outside(moved_once.database.url).run(sql)


def test_words_of_then_can_be_erased(moved: SqlMatchLog) -> None:
    for one in LISTS:
        moved.erase(one.list_id, "an officer")
    assert WORD not in Outside(moved.database.url).everything()
    assert moved.get("l-1").answer.request.need.text == ERASED
    moved.verify()


def test_on_sqlite_no_page_keeps_words_of_then(version: str, tmp_path: Path) -> None:
    file = tmp_path / "old.sqlite3"
    lists = [
        entry(f"l-{number}", ("aqua", "NL"), ("bruno", "DE"), text=f"{WORD}{number:02} tests. " * (1 + number % 7))
        for number in range(40)
    ]
    earlier_versions.make(f"sqlite:///{file}", version, lists, ())
    log = SqlMatchLog(f"sqlite:///{file}")
    for one in lists[::2]:
        log.erase(one.list_id, "an officer")
    raw = b"".join(one.read_bytes() for one in tmp_path.iterdir())
    assert [f"{WORD}{number:02}".encode() in raw for number in range(40)] == [False, True] * 20
    log.close()


def test_an_empty_record_of_an_earlier_version_is_brought_over(blank_url: str, version: str) -> None:
    earlier_versions.make(blank_url, version, (), ())
    log = SqlMatchLog(blank_url)
    assert (log.lists(ListQuery()), log.verify().seq) == ([], 2)
    log.record(entry("l-1"), COMPONENTS)
    log.verify()
    log.close()


def test_an_outcome_from_before_its_list_by_the_clock_is_brought_over(blank_url: str) -> None:
    late = entry("late", ("aqua", "NL"), created_at=FIRST_DAY + timedelta(days=9))
    earlier_versions.make(blank_url, "0002", [late], [Outcome(1, "introduced")])
    log = SqlMatchLog(blank_url)
    assert [one.kind for one in log.history(1).steps] == ["introduced"]
    log.verify()
    log.close()


def test_the_longest_name_of_a_company_is_brought_over(blank_url: str) -> None:
    longest = "\ufdfa" * 500
    earlier_versions.make(blank_url, "0002", [entry("one", company=longest)], ())
    log = SqlMatchLog(blank_url)
    assert [one.list_id for one in log.lists(ListQuery(company=longest))] == ["one"]
    log.verify()
    log.close()


@pytest.mark.parametrize("database", DATABASES)
@pytest.mark.parametrize("written", ["no JSON", "[]", '{"rank": 1}'])
def test_a_record_that_cannot_be_brought_over_stays_as_it_was(
    database: str, written: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = f"sqlite:///{tmp_path / 'old.sqlite3'}"
    if database == "postgresql":
        postgres: Postgres = request.getfixturevalue("postgres")
        url = postgres.new_database()
    earlier_versions.make(url, "0002")
    outside = Outside(url)
    outside.tamper("UPDATE matches SET match = :written WHERE id = 3", written=written)
    before = hashlib.sha256(outside.everything().encode()).hexdigest()
    with pytest.raises(LogUnavailable, match=rf"hold what version 0002 wrote, so that it can be brought to version {HEAD}"):
        SqlMatchLog(url)
    assert hashlib.sha256(outside.everything().encode()).hexdigest() == before
    assert outside.run("SELECT version_num FROM alembic_version") == [("0002",)]
    outside.tamper("UPDATE matches SET match = :written WHERE id = 3", written=LISTS[2].answer.matches[0].model_dump_json())
    log = SqlMatchLog(url)
    assert [log.get(one.list_id) for one in LISTS] == list(LISTS)
    log.close()
