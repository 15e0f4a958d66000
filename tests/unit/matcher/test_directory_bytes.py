from __future__ import annotations

from pathlib import Path

import pytest

from matcher.directory import load_directory
from tests.unit.matcher.directory_files import HEADER, ROW, only_problem, write

LATIN_1 = f"{HEADER}\n{ROW}\np2,Caf".encode() + b"\xe9 Deux,finance,FR\n"


def test_a_latin_1_byte_is_named_by_line_and_byte(tmp_path: Path) -> None:
    problem = only_problem(write(tmp_path, "p.csv", LATIN_1))
    assert (problem.file, problem.line) == ("p.csv", 3)
    assert problem.found == "byte 0xE9 at byte 7 of the line"
    assert "save the file as CSV UTF-8" in problem.remedy


def test_a_latin_1_byte_after_a_byte_order_mark_is_named_all_the_same(tmp_path: Path) -> None:
    problem = only_problem(write(tmp_path, "p.csv", b"\xef\xbb\xbf" + LATIN_1))
    assert (problem.line, problem.found) == (3, "byte 0xE9 at byte 7 of the line")


def test_a_latin_1_byte_in_json_lines_is_named(tmp_path: Path) -> None:
    problem = only_problem(write(tmp_path, "p.jsonl", b'{"name": "One"}\n{"name": "\xe9"}\n'))
    assert (problem.line, problem.found) == (2, "byte 0xE9 at byte 11 of the line")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_utf_16_is_refused(tmp_path: Path, encoding: str, ending: str) -> None:
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    problem = only_problem(write(tmp_path, f"p.{ending}", f"{mark}{HEADER}\n{ROW}\n".encode(encoding)))
    assert (problem.line, problem.found) == (1, "a UTF-16 byte order mark")
    assert problem.remedy == "Save the file as CSV UTF-8."


def test_a_utf_8_byte_order_mark_is_no_part_of_the_first_column(tmp_path: Path) -> None:
    plain = load_directory([write(tmp_path, "p.csv", f"{HEADER}\n{ROW}\n")])
    marked = load_directory([write(tmp_path, "m.csv", f"\ufeff{HEADER}\n{ROW}\n")])
    assert marked.fingerprint == plain.fingerprint
    assert marked.ignored_columns == ()


def test_a_utf_8_byte_order_mark_before_json_lines_is_accepted(tmp_path: Path) -> None:
    line = '\ufeff{"provider_id": "p1", "name": "One", "category": "technology", "country": "NL"}\n'
    assert len(load_directory([write(tmp_path, "p.jsonl", line)])) == 1


def test_an_unknown_ending_names_the_known_ones(tmp_path: Path) -> None:
    problem = only_problem(write(tmp_path, "p.ods", "anything"))
    assert (problem.file, problem.line, problem.found) == ("p.ods", 0, "'.ods'")
    assert problem.required == "end in one of .csv, .tsv, .xlsx, .jsonl"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    problem = only_problem(tmp_path / "nowhere.csv")
    assert (problem.file, problem.required) == ("nowhere.csv", "be readable")
    assert problem.remedy == "Check the path and its permissions."


def test_a_folder_in_the_place_of_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    assert only_problem(tmp_path / "folder.csv").file == "folder.csv"


@pytest.mark.parametrize("content", ["", "\n\n", "\ufeff"])
@pytest.mark.parametrize("ending", ["csv", "tsv", "jsonl"])
def test_an_empty_file_holds_no_providers(tmp_path: Path, ending: str, content: str) -> None:
    problem = only_problem(write(tmp_path, f"p.{ending}", content))
    assert problem.file == f"p.{ending}"
    assert problem.required == "hold providers (columns provider_id, name, category, country)"
    assert problem.remedy == "Name their file."


def test_no_file_at_all_is_refused() -> None:
    assert only_problem().file == "no file"
