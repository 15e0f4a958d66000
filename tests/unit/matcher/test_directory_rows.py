from __future__ import annotations

from pathlib import Path

import pytest

from matcher.directory import load_directory
from tests.unit.matcher.directory_files import EVIDENCE_HEADER, HEADER, ROW, only_problem, problems_of, write_lines


def test_a_doubled_id_names_the_first_place(tmp_path: Path) -> None:
    problem = only_problem(write_lines(tmp_path, "p.csv", HEADER, ROW, "p2,Two,finance,BE", "p1,Three,finance,FR"))
    assert (problem.file, problem.line, problem.column) == ("p.csv", 4, "provider_id")
    assert problem.found == "'p1' again (first in p.csv, line 2)"
    assert problem.remedy == "Give each its own id."


def test_an_id_doubled_in_another_file_names_that_file(tmp_path: Path) -> None:
    first, second = write_lines(tmp_path, "a.csv", HEADER, ROW), write_lines(tmp_path, "b.csv", HEADER, ROW)
    problem = only_problem(first, second)
    assert (problem.file, problem.line) == ("b.csv", 2)
    assert "first in a.csv, line 2" in problem.found


def test_a_doubled_evidence_id_is_refused(tmp_path: Path) -> None:
    providers = write_lines(tmp_path, "p.csv", HEADER, ROW)
    problem = only_problem(providers, write_lines(tmp_path, "e.csv", EVIDENCE_HEADER, "e1,p1,project,A", "e1,p1,project,B"))
    assert (problem.file, problem.line, problem.column) == ("e.csv", 3, "evidence_id")


def test_an_id_doubled_but_for_blanks_is_refused(tmp_path: Path) -> None:
    problem = only_problem(write_lines(tmp_path, "p.csv", HEADER, ROW, "p1 ,Two,technology,NL"))
    assert (problem.line, problem.column) == (3, "provider_id")


@pytest.mark.parametrize("column", ["provider_id", "name", "category", "country"])
def test_a_missing_column_is_named(tmp_path: Path, column: str) -> None:
    there = [name for name in HEADER.split(",") if name != column]
    problem = only_problem(write_lines(tmp_path, "p.csv", ",".join(there), "a,b,c"))
    assert (problem.file, problem.line, problem.column) == ("p.csv", 1, column)
    assert problem.found == f"the columns {', '.join(there)}"
    assert problem.remedy == f"Add the column {column}."


@pytest.mark.parametrize("column", ["provider_id", "kind"])
def test_a_missing_column_of_evidence_is_named(tmp_path: Path, column: str) -> None:
    there = [name for name in ("provider_id", "kind", "title") if name != column]
    evidence = write_lines(tmp_path, "e.csv", ",".join(there), "a,b")
    problem = only_problem(write_lines(tmp_path, "p.csv", HEADER, ROW), evidence)
    assert (problem.file, problem.line, problem.column) == ("e.csv", 1, column)


@pytest.mark.parametrize(
    ("country", "remedy"),
    [
        ("XX", "For instance NL, BE, DE, DK or FR."),
        ("UK", "Write GB."),
        ("EL", "Write GR."),
        ("Netherlands", "Write NL."),
        ("EU", "For instance NL, BE, DE, DK or FR."),
    ],
)
def test_a_wrong_country_comes_with_a_hint(tmp_path: Path, country: str, remedy: str) -> None:
    problem = only_problem(write_lines(tmp_path, "p.csv", HEADER, ROW, f"p2,Two,finance,{country}"))
    assert (problem.file, problem.line, problem.column) == ("p.csv", 3, "country")
    assert problem.required == "be a country by its two ISO 3166 letters"
    assert problem.found == repr(country)
    assert problem.remedy == remedy


def test_an_unknown_category_names_the_known_ones(tmp_path: Path) -> None:
    problem = only_problem(write_lines(tmp_path, "p.csv", HEADER, "p1,One,tech,NL"))
    assert (problem.file, problem.line, problem.column) == ("p.csv", 2, "category")
    assert problem.found == "'tech'"
    assert problem.required == "be one of 'technology', 'finance' or 'commercial'"


@pytest.mark.parametrize(
    ("column", "row"), [("name", "p1,,technology,NL"), ("country", "p1,One,technology,"), ("name", "p1,  ,technology,NL")]
)
def test_an_empty_cell_that_is_needed_is_named(tmp_path: Path, column: str, row: str) -> None:
    problem = only_problem(write_lines(tmp_path, "p.csv", HEADER, row))
    assert (problem.line, problem.column) == (2, column)
    assert str(problem) == f"p.csv, line 2, column {column}: must be given. Got nothing. Add the field {column}."


def test_evidence_of_an_unknown_provider_is_refused(tmp_path: Path) -> None:
    providers = write_lines(tmp_path, "p.csv", HEADER, ROW)
    evidence = write_lines(tmp_path, "e.csv", EVIDENCE_HEADER, "e1,p1,project,A", "e2,p9,project,B")
    problem = only_problem(evidence, providers)
    assert (problem.file, problem.line, problem.column) == ("e.csv", 3, "provider_id")
    assert problem.found == "'p9'"
    assert problem.remedy == "Correct the id or add the provider."


def test_evidence_of_a_refused_provider_is_not_news(tmp_path: Path) -> None:
    providers = write_lines(tmp_path, "p.csv", HEADER, "p1,One,technology,XX")
    problem = only_problem(providers, write_lines(tmp_path, "e.csv", EVIDENCE_HEADER, "e1,p1,project,A"))
    assert problem.column == "country"


def test_evidence_of_an_unknown_provider_is_named_beside_other_problems(tmp_path: Path) -> None:
    providers = write_lines(tmp_path, "p.csv", HEADER, "p1,One,technology,XX")
    evidence = write_lines(tmp_path, "e.csv", EVIDENCE_HEADER, "e1,p1,project,A", "e2,p9,project,B")
    places = {(problem.file, problem.line, problem.column) for problem in problems_of(providers, evidence)}
    assert places == {("p.csv", 2, "country"), ("e.csv", 3, "provider_id")}


@pytest.mark.parametrize(
    ("header", "row", "column"),
    [
        (f"{HEADER},latitude", f"{ROW},91", "latitude"),
        (f"{HEADER},latitude", f"{ROW},nan", "latitude"),
        (f"{HEADER},longitude", f"{ROW},east", "longitude"),
        (f"{HEADER},summary_language", f"{ROW},English", "summary_language"),
        (HEADER, f"p1,{'x' * 501},technology,NL", "name"),
        (HEADER, f"{'x' * 101},One,technology,NL", "provider_id"),
        (f"{HEADER},summary", f"{ROW},{'x' * 5001}", "summary"),
    ],
)
def test_a_value_out_of_range_names_line_and_column(tmp_path: Path, header: str, row: str, column: str) -> None:
    problem = only_problem(write_lines(tmp_path, "p.csv", header, row))
    assert (problem.file, problem.line, problem.column) == ("p.csv", 2, column)


@pytest.mark.parametrize(("year", "kind"), [("1899", "project"), ("2201", "project"), ("soon", "project"), ("2020", "rumour")])
def test_a_wrong_value_of_evidence_names_line_and_column(tmp_path: Path, year: str, kind: str) -> None:
    providers = write_lines(tmp_path, "p.csv", HEADER, ROW)
    evidence = write_lines(tmp_path, "e.csv", f"{EVIDENCE_HEADER},year", f"e1,p1,{kind},A,{year}")
    problem = only_problem(providers, evidence)
    assert (problem.file, problem.line, problem.column) == ("e.csv", 2, "kind" if kind == "rumour" else "year")


@pytest.mark.parametrize(("header", "row"), [(HEADER, "p1,One,tech,NL"), (f"{HEADER},latitude", f"{ROW},91")])
def test_every_refused_value_comes_with_a_remedy(tmp_path: Path, header: str, row: str) -> None:
    assert only_problem(write_lines(tmp_path, "p.csv", header, row)).remedy


def test_a_number_that_is_none_is_refused_in_a_sentence(tmp_path: Path) -> None:
    problem = only_problem(write_lines(tmp_path, "p.csv", f"{HEADER},latitude", f"{ROW},north"))
    assert not problem.required.startswith("input should")


def test_a_nul_in_a_cell_names_line_column_and_character(tmp_path: Path) -> None:
    problem = only_problem(write_lines(tmp_path, "p.csv", HEADER, ROW, "p2,T\0wo,technology,NL"))
    assert (problem.file, problem.line, problem.column) == ("p.csv", 3, "name")
    assert problem.found == "a NUL character at character 2"
    assert problem.remedy == "Remove that character."


@pytest.mark.parametrize("row", ["p\0,One,technology,NL"])
def test_a_nul_in_an_id_is_refused_too(tmp_path: Path, row: str) -> None:
    assert only_problem(write_lines(tmp_path, "p.csv", HEADER, row)).column == "provider_id"


def test_evidence_without_ids_may_come_in_two_files(tmp_path: Path) -> None:
    providers = write_lines(tmp_path, "p.csv", HEADER, ROW)
    files = [write_lines(tmp_path, name, "provider_id,kind,title", f"p1,project,{name}") for name in ("e1.csv", "e2.csv")]
    assert [item.title for item in load_directory([providers, *files]).evidence] == ["e1.csv", "e2.csv"]
