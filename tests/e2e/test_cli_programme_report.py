"""`programme report` on the simulated history, on a record, and refused."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from matcher.programme.report_records import ProgrammeReport
from matcher.shipped import shipped_programme
from service.record.sql_log import SqlMatchLog
from service.record.sql_programme import SqlProgramme
from tests.e2e.command import Command, Result, check_refused

TOTALS = "224 incentives given (70 Collaboration, 44 Insight, 110 Meet & Greet)"
MARK = "SIMULATED"


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, Path, Path]:
    home = tmp_path_factory.mktemp("simulated")
    target = home / "out"
    return Command(home / "home")("programme", "report", "--simulated", "--out", target), target, home / "home"


@pytest.fixture
def adopted(bare: Command) -> Command:
    """A record with the shipped rules, without the mark that they are for show, and nothing else."""
    bare.home.mkdir()
    log = SqlMatchLog(f"sqlite:///{bare.home / 'match-log.sqlite3'}")
    SqlProgramme(log).adopt(shipped_programme().model_copy(update={"simulated": False}), "office")
    log.close()
    return bare


def test_the_terminal_tells_the_published_totals_and_that_they_are_made_up(simulated: tuple[Result, Path, Path]) -> None:
    result = simulated[0]
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith(f"{MARK}: everything here is made up.")
    assert TOTALS in result.out
    assert "230 cross-border matches" in result.out
    assert f"{MARK}. Incentives given in each call." in result.out
    assert max(map(len, result.out.splitlines()[10:])) <= 200


def test_nothing_of_it_comes_into_the_record(simulated: tuple[Result, Path, Path]) -> None:
    assert not (simulated[2] / "match-log.sqlite3").exists()


def test_the_files_hold_the_same(simulated: tuple[Result, Path, Path]) -> None:
    folder = simulated[1]
    report = ProgrammeReport.model_validate_json((folder / "report.json").read_text(encoding="utf-8"))
    assert report.simulated
    assert report.cross_border.total == 230
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert TOTALS in " ".join("".join(ET.fromstring(page).itertext()).split())
    for file in folder.glob("*.csv"):
        with file.open(encoding="utf-8", newline="") as stream:
            assert {row["simulated"] for row in csv.DictReader(stream)} == {"yes"}, file.name


def test_json_is_what_the_service_gives(bare: Command) -> None:
    result = bare("programme", "report", "--simulated", "--region", "nl-oost", "--json")
    assert (result.code, result.err) == (0, "")
    [told] = result.records
    assert (told["simulated"], told["region"], list(told["regions"])) == (True, "nl-oost", ["nl-oost"])
    assert 0 < told["grants"]["total"]["count"] < 224


def test_a_record_in_which_nothing_happened_is_told_without_a_mark(adopted: Command, tmp_path: Path) -> None:
    result = adopted("programme", "report", "--out", tmp_path / "out")
    assert (result.code, result.err) == (0, "")
    assert MARK not in result.out
    assert "0 incentives given" in result.out
    assert MARK not in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))["simulated"] is False


def test_what_cannot_be_told_is_refused(adopted: Command, tmp_path: Path) -> None:
    check_refused(adopted("programme", "report", "--region", "nowhere"), "region", "nl-oost")
    (tmp_path / "file").write_text("mine")
    check_refused(adopted("programme", "report", "--out", tmp_path / "file"), "--out", "folder")


def test_without_rules_it_is_told_how_to_put_some_in_force(bare: Command) -> None:
    check_refused(bare("programme", "report"), "programme", "adopt")
