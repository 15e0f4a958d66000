"""`survey send|send-all|answers|due`: companies are asked, and what they answer is read."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from matcher.surveys import SurveyAnswer
from service.record.sql_links import SqlLinks
from service.record.sql_log import SqlMatchLog
from tests.e2e.command import Command, check_refused
from tests.unit.matcher.steps import new_step
from tests.unit.service.entries import COMPONENTS, entry

AFTER = "after the event"
RATED = SurveyAnswer(survey="after the event", rating="cooperation possible", wishes_to_continue="yes")


@pytest.fixture
def log(bare: Command) -> Iterator[SqlMatchLog]:
    """Matches 1 and 2 were met in March 2026, 3 was accepted in April, 4 only introduced."""
    bare.home.mkdir(parents=True)
    opened = SqlMatchLog(f"sqlite:///{bare.home / 'match-log.sqlite3'}")
    for number, region in enumerate(("nl-oost", "de-nrw", "nl-oost", "nl-oost"), start=1):
        opened.record(entry(f"l-{number}", ("bruno", "DE"), company=f"Company {number}, Ltd", region=region), COMPONENTS)
        opened.record_step(new_step("introduced", match_id=number, happened_on="2026-03-02"), "advisor")
    for number, day in ((1, "2026-03-03"), (2, "2026-03-03"), (3, "2026-04-01")):
        opened.record_step(new_step("accepted", match_id=number, happened_on=day), "advisor")
    for number in (1, 2):
        opened.record_step(new_step("met", match_id=number, happened_on="2026-03-10"), "advisor")
    yield opened
    opened.close()


def sent(command: Command, file: Path, *more: str) -> list[dict[str, str]]:
    result = command("survey", "send-all", "--survey", AFTER, "--since", "2026-03-01", "--out", file, *more)
    assert result.code == 0, result.err
    assert "ct_" not in result.out + result.err
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_one_survey_is_a_link_that_is_shown_once(bare: Command, log: SqlMatchLog) -> None:
    result = bare("survey", "send", "--match", "1", "--survey", AFTER, "--address", "https://match.example.eu")
    assert result.code == 0, result.err
    assert result.out.startswith("https://match.example.eu/answer#ct_")
    SqlLinks(log).answer(result.out.strip().partition("#")[2], RATED)
    [found] = bare("survey", "answers", "--json").records
    assert (found["match_id"], found["answer"]["answer"]["rating"]) == (1, "cooperation possible")
    table = bare("survey", "answers").out
    assert "cooperation possible" in table
    assert "1 of 1 answered" in table


def test_everybody_is_asked_once(bare: Command, log: SqlMatchLog, tmp_path: Path) -> None:
    rows = sent(bare, tmp_path / "links.csv", "--region", "nl-oost")
    assert [(row["match"], row["company"], row["provider"]) for row in rows] == [
        ("1", "Company 1, Ltd", "Bruno Institute"),
        ("3", "Company 3, Ltd", "Bruno Institute"),
    ]
    assert (tmp_path / "links.csv").stat().st_mode & 0o777 == 0o600
    assert SqlLinks(log).opened(rows[1]["link"].partition("#")[2], "after the event").subject == "3"
    assert [row["match"] for row in sent(bare, tmp_path / "more.csv")] == ["2"]
    assert sent(bare, tmp_path / "none.csv") == []
    log.verify()


def test_only_matches_of_which_something_happened_since_then_are_asked_about(
    bare: Command, log: SqlMatchLog, tmp_path: Path
) -> None:
    result = bare("survey", "send-all", "--survey", AFTER, "--since", "2026-03-15")
    assert [row["match"] for row in csv.DictReader(result.out.splitlines())] == ["3"]


def test_a_file_that_cannot_be_written_leaves_nothing_on_record(bare: Command, log: SqlMatchLog, tmp_path: Path) -> None:
    head = log.verify()
    for place in (tmp_path / "nowhere" / "links.csv", tmp_path):
        asked = ("survey", "send-all", "--survey", AFTER, "--since", "2026-03-01", "--out", place)
        check_refused(bare(*asked), "be writable")
    assert log.verify() == head


def test_what_is_due_is_told_until_it_is_sent(bare: Command, log: SqlMatchLog, tmp_path: Path) -> None:
    assert [json.loads(line)["match_id"] for line in bare("survey", "due", "--json").out.splitlines()] == [1, 2]
    assert "2 due" in bare("survey", "due").out
    assert "0 due" in bare("survey", "due", "--after-event", "40000").out
    sent(bare, tmp_path / "links.csv")
    assert "0 due" in bare("survey", "due").out


def test_what_cannot_be_is_refused_in_one_line(bare: Command, log: SqlMatchLog) -> None:
    check_refused(bare("survey", "send", "--match", "99", "--survey", AFTER), "99")
    check_refused(bare("survey", "send", "--match", "1", "--survey", "sometime"), "after the event, after six months")
    check_refused(bare("survey", "send-all", "--survey", AFTER, "--since", "soon"), "2026-01-31")
    check_refused(bare("survey", "answers", "--survey", "sometime"), "be one of")
