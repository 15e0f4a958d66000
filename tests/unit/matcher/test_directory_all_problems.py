from __future__ import annotations

from pathlib import Path

import pytest

from matcher.directory import load_directory
from matcher.errors import DirectoryRefused
from matcher.records import Provider
from tests.unit.matcher.directory_files import EVIDENCE_HEADER, HEADER, ROW, problems_of, write, write_lines


def test_every_problem_of_every_file_is_collected(tmp_path: Path) -> None:
    providers = write_lines(
        tmp_path, "p.csv", HEADER, ROW, "p1,Again,technology,NL", "p2,Two,tech,XX", "p3,Three", "p4,,finance,BE"
    )
    evidence = write_lines(tmp_path, "e.csv", f"{EVIDENCE_HEADER},year", "e1,p1,rumour,A,1", "e1,p1,project,B,2020")
    latin = write(tmp_path, "l.csv", f"{HEADER}\np9,Caf".encode() + b"\xe9,finance,FR\n")
    places = [(problem.file, problem.line, problem.column) for problem in problems_of(providers, evidence, latin)]
    assert sorted(places) == [
        ("e.csv", 2, "kind"),
        ("e.csv", 2, "year"),
        ("e.csv", 3, "evidence_id"),
        ("l.csv", 2, ""),
        ("p.csv", 3, "provider_id"),
        ("p.csv", 4, "category"),
        ("p.csv", 4, "country"),
        ("p.csv", 5, ""),
        ("p.csv", 6, "name"),
    ]


def test_a_thousand_wrong_rows_are_a_thousand_problems(tmp_path: Path) -> None:
    rows = [f"p{number},Name,technology,XX" for number in range(1000)]
    assert [problem.line for problem in problems_of(write_lines(tmp_path, "p.csv", HEADER, *rows))] == list(range(2, 1002))


def test_the_message_is_the_first_problem_and_says_how_many_more_there_are(tmp_path: Path) -> None:
    file = write_lines(tmp_path, "p.csv", HEADER, "p1,One,technology,UK", "p2,Two,technology,XX", "p3,Three,technology,YY")
    with pytest.raises(DirectoryRefused) as caught:
        load_directory([file])
    message = str(caught.value)
    assert message.startswith(
        "The p.csv, line 2, column country must be a country by its two ISO 3166 letters. Got 'UK'. Write GB."
    )
    assert "2 more problems" in message


def test_a_message_never_shows_a_whole_long_value(tmp_path: Path) -> None:
    with pytest.raises(DirectoryRefused) as caught:
        load_directory([write_lines(tmp_path, "p.csv", HEADER, f"p1,One,technology,{'N' * 50_000}")])
    assert len(str(caught.value)) < 300


def test_a_refused_load_returns_nothing_and_leaves_the_files_alone(tmp_path: Path) -> None:
    files = [write_lines(tmp_path, "p.csv", HEADER, ROW), write_lines(tmp_path, "q.csv", HEADER, "p2,Two,tech,NL")]
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    loaded: object = None
    with pytest.raises(DirectoryRefused):
        loaded = load_directory(files)
    assert loaded is None
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_the_same_files_load_once_the_problem_is_mended(tmp_path: Path) -> None:
    file = write_lines(tmp_path, "p.csv", HEADER, "p1,One,technology,UK")
    problems_of(file)
    write_lines(tmp_path, "p.csv", HEADER, "p1,One,technology,GB")
    assert load_directory([file]).providers == (Provider(provider_id="p1", name="One", category="technology", country="GB"),)
