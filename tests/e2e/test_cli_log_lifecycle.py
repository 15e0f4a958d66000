"""`crossmatch log step|history|indicators`: what became of a match, on record beside what was there."""

from __future__ import annotations

import csv
import io
import json
from functools import partial
from pathlib import Path

import pytest

from matcher.lifecycle import REASONS
from service.record.sql_log import SqlMatchLog
from tests.e2e.command import Command, Result, check_refused, run_all
from tests.unit.service.entries import COMPONENTS, entry


def with_one_list(home: Path) -> Command:
    """A log with the matches 1 and 2; entries 1 and 2 are the engine and the list."""
    log = SqlMatchLog(f"sqlite:///{home / 'match-log.sqlite3'}")
    log.record(entry("one", ("aqua", "NL"), ("bruno", "DE"), company="Nasovax BV", region="nl-oost"), COMPONENTS)
    log.close()
    return Command(home)


def recorded(home: Path) -> list[tuple[int, str, str]]:
    log = SqlMatchLog(f"sqlite:///{home / 'match-log.sqlite3'}")
    try:
        return [(one.match_id, one.in_words, one.recorded_by) for one in log.steps()]
    finally:
        log.close()


def test_steps_are_on_record_in_order_and_told(tmp_path: Path) -> None:
    command = with_one_list(tmp_path)
    first = command("log", "step", "2", "introduced", "--on", "2026-03-02")
    second = command("log", "step", "2", "declined", "--reason", "no capacity", "--by", "Zoë")
    third = command("log", "step", "2", "accepted", "--corrects", "4")
    assert [(result.code, result.err) for result in (first, second, third)] == [(0, "")] * 3
    assert first.out == "Step 3 on record: match 2 introduced\n"
    assert second.out == "Step 4 on record: match 2 declined: no capacity\n"
    assert recorded(tmp_path) == [
        (2, "introduced", "command line"),
        (2, "declined: no capacity", "Zoë"),
        (2, "accepted", "command line"),
    ]
    shown = command("log", "history", "2")
    assert shown.code == 0
    assert "Nasovax BV and Bruno Institute (NL→DE): accepted" in shown.out
    assert "(corrected)" in shown.out
    assert "corrects 4" in shown.out
    assert "May come next: met, incentive granted, declined" in shown.out
    assert json.loads(command("log", "history", "2", "--json").out)["steps"][0]["happened_on"] == "2026-03-02"


def test_indicators_come_as_table_csv_and_json(tmp_path: Path) -> None:
    command = with_one_list(tmp_path)
    command("log", "step", "2", "introduced")
    forms = run_all(
        {
            "table": lambda: command("log", "indicators"),
            "csv": lambda: command("log", "indicators", "--format", "csv"),
            "json": lambda: command("log", "indicators", "--format", "json", "--region", "nl-oost"),
            "nowhere": lambda: command("log", "indicators", "--format", "json", "--region", "be-liege"),
            "pdf": lambda: command("log", "indicators", "--format", "pdf"),
        }
    )
    assert [forms[name].code for name in ("table", "csv", "json", "nowhere")] == [0] * 4
    assert "NL→DE" in forms["table"].out
    rows = list(csv.DictReader(io.StringIO(forms["csv"].out)))
    assert {"section", "name", "value", "low", "high", "n"} == set(rows[0])
    assert json.loads(forms["json"].out)["cross_border"]["total"] == 1
    assert json.loads(forms["nowhere"].out)["cross_border"]["total"] == 0
    check_refused(forms["pdf"], "table, csv, json", "'pdf'")
    assert all("Nasovax" not in result.out for result in forms.values())


REFUSALS: dict[str, tuple[tuple[str, ...], str]] = {
    "unknown match": (("3", "introduced"), "The match must be in the match log. Got 3. crossmatch log export shows each"),
    "unknown kind": (("1", "married"), "Got 'married'"),
    "no reason": (("1", "declined"), f"Give one of: {', '.join(REASONS)}."),
    "unknown reason": (("1", "declined", "--reason", "mood"), "Got 'mood'"),
    "a reason too many": (("1", "introduced", "--reason", "terms"), "only where it is 'declined'"),
    "too early": (("1", "accepted"), "may follow 'proposed': introduced"),
    "no day": (("1", "introduced", "--on", "yesterday"), "be a day as in 2026-01-31"),
    "no such step": (("1", "withdrawn", "--corrects", "1"), "be in force for that match"),
}


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    home = tmp_path_factory.mktemp("home")
    command = with_one_list(home)
    results = run_all({name: partial(command, "log", "step", *given) for name, (given, _) in REFUSALS.items()})
    assert recorded(home) == []
    return results


@pytest.mark.parametrize("name", REFUSALS)
def test_what_makes_no_sense_is_refused_in_one_line(refused: dict[str, Result], name: str) -> None:
    check_refused(refused[name], REFUSALS[name][1])


def test_what_others_wrote_is_neither_markup_nor_orders_for_the_terminal(tmp_path: Path) -> None:
    log = SqlMatchLog(f"sqlite:///{tmp_path / 'match-log.sqlite3'}")
    log.record(entry("one", ("bruno", "DE"), company="Lungs [/x] \x1b[2J BV", title="[bold] \x1b[1A need"), COMPONENTS)
    log.close()
    shown = [Command(tmp_path)("log", *rest) for rest in (("list",), ("show", "one"), ("history", "1"))]
    for result in shown:
        assert (result.code, result.err) == (0, "")
        assert "\x1b" not in result.out
        assert "Lungs [/x]" in result.out
