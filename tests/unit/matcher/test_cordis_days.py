"""The day of a piece of evidence and of a need: read, kept, and refused in the common form."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from pydantic import ValidationError

from matcher.cordis import read_cordis
from matcher.directory import Directory, load_directory
from matcher.index import ProviderIndex
from matcher.records import Evidence, Need
from matcher.validation import checked
from tests.fakes import FakeEncoder, small_directory
from tests.unit.matcher.cordis_folder import write_extract
from tests.unit.matcher.directory_files import EVIDENCE_HEADER, HEADER, ROW, only_problem, write_lines
from tests.unit.matcher.refusals import has_the_form, refusal_of_need

DAY = dt.date(2024, 12, 1)


def dated(day: object) -> Evidence:
    return Evidence.model_validate({"evidence_id": "e", "provider_id": "p", "kind": "project", "title": "T", "date": day})


@pytest.mark.parametrize("day", [DAY, "2024-12-01", " 2024-12-01 ", "20241201"])
def test_evidence_has_a_day(day: object) -> None:
    assert dated(day).date == DAY


def test_evidence_and_needs_may_be_without_one() -> None:
    assert dated(None).date is None
    assert Need(text="Some laboratory.", country="NL").asked_on is None


@pytest.mark.parametrize("day", ["", "01/12/2024", "soon", 20241201, 1.5, True, dt.datetime(2024, 12, 1, 12, tzinfo=dt.UTC)])
def test_what_is_no_day_is_refused(day: object) -> None:
    with pytest.raises(ValidationError):
        dated(day)


def test_a_refused_day_of_a_need_says_how_to_write_it() -> None:
    message = str(refusal_of_need(asked_on="soon"))
    assert message == "The asked_on of the need must be a day as in 2026-01-31. Got 'soon'. Write year, month and day."
    assert has_the_form(message)


def test_a_need_is_read_back_with_its_day() -> None:
    need = checked(Need, {"text": "Some laboratory.", "country": "NL", "asked_on": "2024-12-01"}, "need")
    assert need.asked_on == DAY
    assert Need.model_validate_json(need.model_dump_json()) == need


def test_a_day_is_read_from_a_table(tmp_path: Path) -> None:
    files = write_lines(tmp_path, "p.csv", HEADER, ROW), tmp_path / "e.csv"
    write_lines(tmp_path, "e.csv", f"{EVIDENCE_HEADER},date", "e1,p1,project,One,2024-12-01", "e2,p1,project,Two,")
    assert [item.date for item in load_directory(files).evidence] == [DAY, None]


def test_a_day_of_a_table_that_is_none_is_named(tmp_path: Path) -> None:
    evidence = write_lines(tmp_path, "e.csv", f"{EVIDENCE_HEADER},date", "e1,p1,project,One,1/12/2024")
    problem = only_problem(write_lines(tmp_path, "p.csv", HEADER, ROW), evidence)
    assert (problem.file, problem.line, problem.column) == ("e.csv", 2, "date")
    assert (problem.required, problem.found) == ("be a day as in 2026-01-31", "'1/12/2024'")


def test_the_day_counts_in_the_fingerprint(tmp_path: Path) -> None:
    imported = read_cordis(write_extract(tmp_path))
    undated = tuple(item.model_copy(update={"date": None}) for item in imported.evidence)
    with_days, without = Directory(imported.providers, imported.evidence), Directory(imported.providers, undated)
    assert with_days.fingerprint != without.fingerprint


def test_an_index_gives_back_the_days_that_it_was_built_with(tmp_path: Path) -> None:
    imported = read_cordis(write_extract(tmp_path / "raw"))
    directory = Directory(imported.providers, imported.evidence)
    ProviderIndex.build(directory, FakeEncoder()).save(tmp_path / "index")
    opened = ProviderIndex.open(tmp_path / "index", FakeEncoder()).directory
    assert opened == directory
    assert opened.fingerprint == directory.fingerprint == Directory(opened.providers, opened.evidence).fingerprint


def test_an_index_of_undated_evidence_stays_undated(tmp_path: Path) -> None:
    ProviderIndex.build(small_directory(), FakeEncoder()).save(tmp_path)
    assert {item.date for item in ProviderIndex.open(tmp_path, FakeEncoder()).directory.evidence} == {None}
