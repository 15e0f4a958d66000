from __future__ import annotations

from pathlib import Path

import pytest

from matcher.directory import load_directory
from matcher.tables import LARGEST_CELL
from tests.unit.matcher.directory_files import HEADER, ROW, only_problem, problems_of, write, write_lines


@pytest.mark.parametrize(("row", "count"), [("p2,Two,finance", 3), ("p2,Two,finance,BE,Mons", 5)])
def test_a_row_too_short_or_too_long_is_counted(tmp_path: Path, row: str, count: int) -> None:
    problem = only_problem(write_lines(tmp_path, "p.csv", HEADER, ROW, row))
    assert (problem.file, problem.line) == ("p.csv", 3)
    assert (problem.required, problem.found) == ("have 4 cells like the header", str(count))
    assert problem.remedy == "Put cells that contain ',' in double quotes."


def test_the_remedy_for_a_long_row_names_the_delimiter_of_the_file(tmp_path: Path) -> None:
    problem = only_problem(write_lines(tmp_path, "p.csv", HEADER.replace(",", ";"), "p1;One; Ltd;finance;BE"))
    assert "';'" in problem.remedy


def test_a_multi_line_cell_does_not_shift_the_lines_after_it(tmp_path: Path) -> None:
    rows = ['p1,"One\nof\nthree lines",technology,NL', "", "p2,Two,technology,XX", '"p3","Th\nree",technology,YY']
    problems = problems_of(write_lines(tmp_path, "p.csv", HEADER, *rows))
    assert [(problem.line, problem.found) for problem in problems] == [(6, "'XX'"), (7, "'YY'")]


def test_an_unclosed_quote_is_named_where_its_row_begins(tmp_path: Path) -> None:
    problem = only_problem(write_lines(tmp_path, "p.csv", HEADER, ROW, 'p2,"Two,finance,BE', "p3,Three,finance,BE"))
    assert (problem.file, problem.line, problem.required) == ("p.csv", 3, "be well-formed CSV")
    assert problem.remedy == "Close the quotes of the row that begins here."


def test_text_after_a_closing_quote_is_refused(tmp_path: Path) -> None:
    assert only_problem(write_lines(tmp_path, "p.csv", HEADER, ROW, 'p2,"Two" & Co,finance,BE')).line == 3


def test_a_cell_of_200_kb_is_measured(tmp_path: Path) -> None:
    problem = only_problem(write_lines(tmp_path, "p.csv", HEADER, ROW, f"p2,{'x' * 200_000},finance,BE"))
    assert (problem.file, problem.line, problem.column) == ("p.csv", 3, "name")
    assert (problem.required, problem.found) == ("have at most 100,000 characters", "200,000")
    assert problem.remedy == "Shorten the cell."


@pytest.mark.parametrize("quote", ["", '"'])
def test_a_cell_of_100_mb_is_measured_and_not_shown(tmp_path: Path, quote: str) -> None:
    cell = quote.encode() + b"x" * 100_000_000 + quote.encode()
    file = write(tmp_path, "p.csv", f"{HEADER}\np1,".encode() + cell + b",finance,BE\n")
    problem = only_problem(file)
    file.unlink()
    assert (problem.line, problem.column, problem.found) == (2, "name", "100,000,000")


def test_the_largest_cell_is_refused_for_its_field_alone(tmp_path: Path) -> None:
    problem = only_problem(write_lines(tmp_path, "p.csv", HEADER, f"p1,{'x' * LARGEST_CELL},finance,BE"))
    assert problem.required == "have at most 500 characters"


def test_a_doubled_column_is_refused(tmp_path: Path) -> None:
    problem = only_problem(write_lines(tmp_path, "p.csv", f"{HEADER},name", f"{ROW},Uno"))
    assert (problem.line, problem.column) == (1, "name")
    assert problem.remedy == "Rename or remove one of them."


def test_an_unknown_column_is_listed_and_otherwise_passed_over(tmp_path: Path) -> None:
    providers = write_lines(tmp_path, "p.csv", f"{HEADER},phone,mood", f"{ROW},1,good")
    evidence = write_lines(tmp_path, "e.csv", "provider_id,kind,title,budget", "p1,project,A,9")
    directory = load_directory([providers, evidence])
    assert directory.ignored_columns == ("p.csv: phone", "p.csv: mood", "e.csv: budget")
    assert (
        directory.fingerprint
        == load_directory(
            [
                write_lines(tmp_path, "p2.csv", HEADER, ROW),
                write_lines(tmp_path, "e2.csv", "provider_id,kind,title", "p1,project,A"),
            ]
        ).fingerprint
    )


def test_a_blank_line_before_the_header_hides_no_delimiter(tmp_path: Path) -> None:
    file = write_lines(tmp_path, "p.csv", "", HEADER.replace(",", ";"), ROW.replace(",", ";"))
    assert len(load_directory([file])) == 1


def test_rows_of_empty_cells_are_passed_over(tmp_path: Path) -> None:
    assert len(load_directory([write_lines(tmp_path, "p.csv", HEADER, ROW, ",,,", ",,,")])) == 1
