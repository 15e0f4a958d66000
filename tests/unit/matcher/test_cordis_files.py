from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from matcher.cordis import read_cordis
from matcher.cordis_files import day_of, is_true
from matcher.errors import DirectoryRefused, Problem
from tests.unit.matcher.cordis_folder import FIELDS, PARTICIPATIONS, PROJECTS, Row, write_download, write_extract


def problems_of(folder: Path, *, objectives: bool = False) -> tuple[Problem, ...]:
    with pytest.raises(DirectoryRefused) as caught:
        read_cordis(folder, objectives=objectives)
    return caught.value.problems


def without(rows: tuple[Row, ...], column: str) -> list[Row]:
    return [{name: cell for name, cell in row.items() if name != column} for row in rows]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-12-01", dt.date(2024, 12, 1)),
        ("2024-12-01 00:00:00", dt.date(2024, 12, 1)),
        ("01/12/2024", dt.date(2024, 12, 1)),
        ("1/2/2024", dt.date(2024, 2, 1)),
        ("31/02/2024", None),
        ("12/31/2024", None),
        ("2024-13-01", None),
        ("soon", None),
        ("", None),
    ],
)
def test_a_day_is_iso_or_day_first(text: str, day: dt.date | None) -> None:
    assert day_of(text) == day


@pytest.mark.parametrize(
    ("text", "answer"), [("true", True), ("True", True), ("TRUE", True), ("false", False), ("False", False), ("", False)]
)
def test_a_truth_value_may_be_written_in_any_case_and_be_missing(text: str, answer: bool) -> None:
    assert is_true(text) is answer


def test_names_of_files_and_columns_may_be_in_any_case(tmp_path: Path) -> None:
    expected = read_cordis(write_extract(tmp_path))
    loud = tmp_path / "loud"
    write_extract(
        loud,
        projects=[{name.upper(): cell for name, cell in row.items()} for row in PROJECTS],
        participations=[{name.lower(): cell for name, cell in row.items()} for row in PARTICIPATIONS],
    )
    for file in list(loud.iterdir()):
        file.rename(loud / file.name.upper())
    assert read_cordis(loud) == expected


def test_every_missing_file_is_named_with_those_that_are_there(tmp_path: Path) -> None:
    write_extract(tmp_path)
    (tmp_path / "projects.csv").unlink()
    (tmp_path / "euroscivoc.csv").unlink()
    (tmp_path / "notes.txt").write_text("mine")
    assert [str(problem) for problem in problems_of(tmp_path)] == [
        "project.csv or projects.csv: must be in the folder. Got organizations.csv. Unpack the whole download there.",
        "euroSciVoc.csv: must be in the folder. Got organizations.csv. Unpack the whole download there.",
    ]


def test_an_empty_folder_lacks_all_three(tmp_path: Path) -> None:
    assert [problem.found for problem in problems_of(tmp_path)] == ["no CSV file"] * 3


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    (problem,) = problems_of(tmp_path / "nowhere")
    assert str(problem).endswith("must be a folder with CORDIS' CSV files. Got none. Name the folder of the unpacked download.")


@pytest.mark.parametrize("column", ["projectID", "name", "SME", "activityType", "country", "role"])
def test_a_missing_column_is_named_with_those_that_are_there(tmp_path: Path, column: str) -> None:
    rows = without(PARTICIPATIONS, column)
    (problem,) = problems_of(write_extract(tmp_path, participations=rows))
    assert (problem.file, problem.line, problem.column) == ("organizations.csv", 1, column)
    assert problem.required == "be a column of the table"
    assert problem.found == f"the columns {', '.join(rows[0])}"
    assert problem.remedy == f"Add the column {column}."


def test_the_code_of_an_organisation_may_have_either_name(tmp_path: Path) -> None:
    (problem,) = problems_of(write_extract(tmp_path, participations=without(PARTICIPATIONS, "pic")))
    assert (problem.column, problem.remedy) == ("organisationID or pic", "Add the column organisationID.")


def test_problems_of_all_files_come_together(tmp_path: Path) -> None:
    write_extract(
        tmp_path, projects=without(PROJECTS, "startDate"), participations=without(without_name(), "role"), fields=FIELDS
    )
    (tmp_path / "euroscivoc.csv").write_bytes(b"projectID,euroSciVocPath\n101000001,/caf\xe9\n")
    found = [(problem.file, problem.line, problem.column) for problem in problems_of(tmp_path)]
    assert found == [
        ("projects.csv", 1, "startDate"),
        ("organizations.csv", 1, "name"),
        ("organizations.csv", 1, "role"),
        ("euroscivoc.csv", 2, ""),
    ]


def without_name() -> tuple[Row, ...]:
    return tuple(without(PARTICIPATIONS, "name"))


@pytest.mark.parametrize("column", ["shortName", "city", "organizationURL"])
def test_a_column_that_is_only_welcome_may_be_missing(tmp_path: Path, column: str) -> None:
    assert len(read_cordis(write_extract(tmp_path, participations=without(PARTICIPATIONS, column))).providers) == 4


def test_the_objective_is_needed_only_when_asked_for(tmp_path: Path) -> None:
    write_extract(tmp_path, projects=without(PROJECTS, "objective"))
    assert len(read_cordis(tmp_path).needs) == 4
    (problem,) = problems_of(tmp_path, objectives=True)
    assert (problem.file, problem.line, problem.column) == ("projects.csv", 1, "objective")


def test_a_row_of_another_width_is_named(tmp_path: Path) -> None:
    write_download(tmp_path)
    file = tmp_path / "euroSciVoc.csv"
    file.write_text(file.read_text(encoding="utf-8") + '"101000001";"/a/b"\n', encoding="utf-8")
    (problem,) = problems_of(tmp_path)
    assert (problem.file, problem.line) == ("euroSciVoc.csv", 5)
    assert (problem.required, problem.found) == ("have 3 cells like the header", "2")
    assert problem.remedy == "Put cells that contain ';' in double quotes."


def test_a_file_without_anything_in_it_is_named(tmp_path: Path) -> None:
    write_extract(tmp_path)
    (tmp_path / "projects.csv").write_bytes(b"")
    (problem,) = problems_of(tmp_path)
    assert str(problem) == "projects.csv: must hold a header and rows. Got nothing. Download it again."
