"""`crossmatch log outcome`: what became of a match, on record beside what was there."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from matcher.log import REASONS
from service.sql_log import SqlMatchLog
from tests.e2e.command import Command, Result, check_refused, run_all
from tests.unit.service.entries import COMPONENTS, entry


def with_one_list(home: Path) -> Command:
    """A log with the matches 1 and 2."""
    log = SqlMatchLog(f"sqlite:///{home / 'match-log.sqlite3'}")
    log.record(entry("one", ("aqua", "NL"), ("bruno", "DE")), COMPONENTS)
    log.close()
    return Command(home)


def recorded(home: Path) -> list[tuple[int, str, str | None, str]]:
    log = SqlMatchLog(f"sqlite:///{home / 'match-log.sqlite3'}")
    try:
        return [(one.match_id, one.kind, one.reason, one.recorded_by) for one in log.outcomes()]
    finally:
        log.close()


def test_outcomes_are_on_record_in_order(tmp_path: Path) -> None:
    command = with_one_list(tmp_path)
    first = command("log", "outcome", "2", "introduced")
    second = command("log", "outcome", "2", "declined", "--reason", "no capacity", "--by", "Zoë")
    assert [(result.code, result.err) for result in (first, second)] == [(0, "")] * 2
    assert first.out == "Outcome 1 on record: match 2 introduced\n"
    assert second.out == "Outcome 2 on record: match 2 declined: no capacity\n"
    assert recorded(tmp_path) == [(2, "introduced", None, "command line"), (2, "declined", "no capacity", "Zoë")]


REFUSALS: dict[str, tuple[tuple[str, ...], str]] = {
    "unknown match": (("3", "met"), "The match must be in the match log. Got 3. crossmatch log export shows each match_id."),
    "unknown kind": (("1", "married"), "be one of 'introduced', 'accepted', 'met' or 'declined'. Got 'married'"),
    "no reason": (("1", "declined"), f"Give one of {', '.join(REASONS)}."),
    "unknown reason": (("1", "declined", "--reason", "mood"), "Got 'mood'"),
    "a reason too many": (("1", "accepted", "--reason", "terms"), "have a reason only where it is declined"),
}


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    home = tmp_path_factory.mktemp("home")
    command = with_one_list(home)
    results = run_all({name: partial(command, "log", "outcome", *given) for name, (given, _) in REFUSALS.items()})
    assert recorded(home) == []
    return results


@pytest.mark.parametrize("name", REFUSALS)
def test_what_makes_no_sense_is_refused_in_one_line(refused: dict[str, Result], name: str) -> None:
    check_refused(refused[name], REFUSALS[name][1])
