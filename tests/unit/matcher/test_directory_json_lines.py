from __future__ import annotations

import json
from pathlib import Path

import pytest

from matcher.directory import load_directory
from tests.unit.matcher.directory_files import HEADER, ROW, only_problem, problems_of, write_lines

GOOD = '{"provider_id": "p1", "name": "One", "category": "technology", "country": "NL"}'


@pytest.mark.parametrize("line", ["[1, 2]", '"text"', "7", "null", "{", "provider_id,name", "NaN"])
def test_a_line_that_is_no_object_is_named(tmp_path: Path, line: str) -> None:
    problem = only_problem(write_lines(tmp_path, "p.jsonl", GOOD, line))
    assert (problem.file, problem.line, problem.required) == ("p.jsonl", 2, "be one JSON object a line")
    assert problem.remedy


def test_blank_lines_are_passed_over_and_counted(tmp_path: Path) -> None:
    assert only_problem(write_lines(tmp_path, "p.jsonl", "", GOOD, "  ", "[]")).line == 4


def test_a_wrong_value_names_line_and_column(tmp_path: Path) -> None:
    problem = only_problem(write_lines(tmp_path, "p.jsonl", GOOD, GOOD.replace("p1", "p2").replace("NL", "UK")))
    assert (problem.line, problem.column, problem.remedy) == (2, "country", "Write GB.")


def test_null_is_an_empty_cell(tmp_path: Path) -> None:
    (provider,) = load_directory([write_lines(tmp_path, "p.jsonl", GOOD.replace("}", ', "city": null}'))]).providers
    assert provider.city == ""


def test_unknown_fields_are_listed(tmp_path: Path) -> None:
    file = write_lines(tmp_path, "p.jsonl", GOOD, GOOD.replace("p1", "p2").replace("}", ', "phone": 1}'))
    assert load_directory([file]).ignored_columns == ("p.jsonl: phone",)


def test_half_a_character_is_refused(tmp_path: Path) -> None:
    problem = only_problem(write_lines(tmp_path, "p.jsonl", GOOD.replace("One", "O\\ud800ne")))
    assert (problem.line, problem.column) == (1, "name")


@pytest.mark.parametrize("sign", ["\u2028", "\u2029", "\u0085"])
def test_no_sign_but_the_line_feed_ends_a_line(tmp_path: Path, sign: str) -> None:
    (provider,) = load_directory([write_lines(tmp_path, "p.jsonl", GOOD.replace("One", f"One{sign}Two"))]).providers
    assert provider.name == f"One{sign}Two"


def test_an_object_without_its_id_is_named(tmp_path: Path) -> None:
    without = json.dumps({"name": "Two", "category": "technology", "country": "NL"})
    problem = only_problem(write_lines(tmp_path, "p.jsonl", GOOD, without))
    assert (problem.line, problem.column, problem.found) == (2, "provider_id", "nothing")


def test_evidence_with_and_without_id_can_stand_in_one_file(tmp_path: Path) -> None:
    providers = write_lines(tmp_path, "p.csv", HEADER, ROW)
    rows = [{"evidence_id": "e1", "provider_id": "p1", "kind": "project", "title": "A"}]
    rows.append({"provider_id": "p1", "kind": "project", "title": "B"})
    evidence = write_lines(tmp_path, "e.jsonl", *(json.dumps(row) for row in rows))
    assert {item.title for item in load_directory([providers, evidence]).evidence} == {"A", "B"}


def test_brackets_without_end_are_refused(tmp_path: Path) -> None:
    assert only_problem(write_lines(tmp_path, "p.jsonl", GOOD, "[" * 100_000)).line == 2


def test_all_wrong_lines_are_named(tmp_path: Path) -> None:
    assert [problem.line for problem in problems_of(write_lines(tmp_path, "p.jsonl", "{", GOOD, "[]", "{}x"))] == [1, 3, 4]
