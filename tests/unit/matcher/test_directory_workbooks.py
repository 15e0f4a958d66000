from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from matcher.directory import load_directory
from tests.unit.matcher.directory_files import EVIDENCE_HEADER, HEADER, only_problem, problems_of, write, write_workbook

COLUMNS = HEADER.split(",")
ROW = ["p1", "One", "technology", "NL"]


def with_part(file: Path, part: str, content: bytes) -> Path:
    """The workbook with one of its inner files replaced."""
    stream = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            new.writestr(name, content if name == part else old.read(name))
    file.write_bytes(stream.getvalue())
    return file


def test_a_problem_names_sheet_line_and_column(tmp_path: Path) -> None:
    evidence = [EVIDENCE_HEADER.split(","), ["e1", "p1", "rumour", "A"], ["e2", "p9", "project", "B"]]
    file = write_workbook(tmp_path, "both.xlsx", {"Who": [COLUMNS, ROW], "What": evidence})
    problems = problems_of(file)
    assert [(problem.file, problem.line, problem.column) for problem in problems] == [
        ("both.xlsx[What]", 2, "kind"),
        ("both.xlsx[What]", 3, "provider_id"),
    ]


def test_empty_rows_do_not_shift_the_lines_after_them(tmp_path: Path) -> None:
    rows = [[], [], COLUMNS, ROW, [], ["p2", "Two", "technology", "XX"]]
    assert only_problem(write_workbook(tmp_path, "p.xlsx", {"Who": rows})).line == 6


def test_a_row_longer_than_the_header_is_refused(tmp_path: Path) -> None:
    problem = only_problem(write_workbook(tmp_path, "p.xlsx", {"Who": [COLUMNS, ["p2", *ROW[1:], None, "surplus"], ROW]}))
    assert (problem.line, problem.found) == (2, "more: 'surplus'")


def test_a_row_shorter_than_the_header_lacks_its_last_cells(tmp_path: Path) -> None:
    problem = only_problem(write_workbook(tmp_path, "p.xlsx", {"Who": [COLUMNS, ROW[:3]]}))
    assert (problem.line, problem.column, problem.found) == (2, "country", "nothing")


def test_an_empty_sheet_beside_the_others_does_no_harm(tmp_path: Path) -> None:
    assert len(load_directory([write_workbook(tmp_path, "p.xlsx", {"Notes": [], "Who": [COLUMNS, ROW]})])) == 1


def test_a_workbook_without_cells_holds_no_providers(tmp_path: Path) -> None:
    problem = only_problem(write_workbook(tmp_path, "p.xlsx", {"Notes": []}))
    assert (problem.file, problem.found) == ("p.xlsx", "none")


def test_whole_numbers_are_read_without_a_decimal_point(tmp_path: Path) -> None:
    file = write_workbook(tmp_path, "p.xlsx", {"Who": [COLUMNS, [7, 1848.0, "finance", "FR"]]})
    (provider,) = load_directory([file]).providers
    assert (provider.provider_id, provider.name) == ("7", "1848")


@pytest.mark.parametrize("content", [b"", b"provider_id,name\n", b"\xd0\xcf\x11\xe0 an old .xls"])
def test_what_is_no_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    problem = only_problem(write(tmp_path, "p.xlsx", content))
    assert (problem.file, problem.line, problem.required) == ("p.xlsx", 0, "be an Excel workbook (.xlsx)")
    assert problem.remedy == "Open it in a spreadsheet and save it again."


def test_a_workbook_cut_short_is_refused(tmp_path: Path) -> None:
    file = write_workbook(tmp_path, "p.xlsx", {"Who": [COLUMNS, ROW]})
    content = file.read_bytes()
    assert only_problem(write(tmp_path, "p.xlsx", content[: len(content) // 2])).required == "be an Excel workbook (.xlsx)"


def test_another_zip_archive_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "p.xlsx", "w") as archive:
        archive.writestr("hello.txt", "hello")
    assert only_problem(tmp_path / "p.xlsx").required == "be an Excel workbook (.xlsx)"


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/styles.xml", "xl/worksheets/sheet1.xml"])
def test_a_workbook_with_broken_xml_is_refused(tmp_path: Path, part: str) -> None:
    file = with_part(write_workbook(tmp_path, "p.xlsx", {"Who": [COLUMNS, ROW]}), part, b"<worksheet><sheetData><row")
    assert only_problem(file).required == "be an Excel workbook (.xlsx)"


def test_a_workbook_with_damaged_bytes_is_refused(tmp_path: Path) -> None:
    content = bytearray(write_workbook(tmp_path, "p.xlsx", {"Who": [COLUMNS, ROW]}).read_bytes())
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        start = archive.getinfo("xl/workbook.xml").header_offset + 30 + len("xl/workbook.xml")
    content[start : start + 20] = b"\xff" * 20
    assert only_problem(write(tmp_path, "p.xlsx", bytes(content))).required == "be an Excel workbook (.xlsx)"
