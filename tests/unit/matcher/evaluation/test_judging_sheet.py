from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from embeddings.errors import Refusal
from matcher.directory import Directory
from matcher.errors import NotFound
from matcher.evaluation.judging_sheet import COLUMNS, newest, read_sheet, write_sheet
from matcher.evaluation.pooling import PooledPair
from tests.fakes import evidence, need, provider, small_directory
from tests.unit.matcher.evaluation.sheets import NEEDS, PAIRS, edited, graded, new_sheet, rows_of, write_rows

FORMS = (".csv", ".xlsx")


@pytest.mark.parametrize("form", FORMS)
def test_a_row_holds_what_is_needed_to_judge_the_pair(tmp_path: Path, form: str) -> None:
    rows = rows_of(new_sheet(tmp_path, form))
    assert [(row["need_id"], row["provider_id"]) for row in rows] == [(pair.need_id, pair.provider_id) for pair in PAIRS]
    assert rows[0] == {
        "pair": PAIRS[0].pair_id,
        "need_id": "n2",
        "need_title": "",
        "need_text": NEEDS["n2"].text,
        "company_country": "DK",
        "provider_id": "bruno",
        "provider_name": "Bruno Institute",
        "provider_country": "DE",
        "provider_category": "technology",
        "provider_summary": "Toxicology institute with lung models on a chip.",
        "evidence_1": "Lung on a chip for inhalation toxicology (project, 2023, participant). https://example.org/b1",
        "evidence_2": "",
        "evidence_3": "",
        "grade": "",
        "remark": "",
    }
    assert rows[1]["need_title"] == "Lung models"
    assert rows[2]["evidence_2"] == "Stent Company (investment, investor). https://example.org/d2"


def test_no_column_tells_who_found_the_provider() -> None:
    assert not [name for name in COLUMNS for word in ("rank", "score", "policy", "found", "list") if word in name]


def test_the_newest_evidence_is_shown_unless_told_otherwise(tmp_path: Path) -> None:
    years = {"e1": 2019, "e2": None, "e3": 2024, "e4": 2024, "e5": 2020}
    items = tuple(evidence(one, "p", one.upper(), year=year) for one, year in years.items())
    assert [item.evidence_id for item in newest(items)] == ["e3", "e4", "e5"]
    directory = Directory((provider("p", "NL", "Laboratory."),), items)
    pair, needs = PooledPair("n", "p"), {"n": need()}
    write_sheet(tmp_path / "newest.csv", [pair], needs, directory)
    write_sheet(tmp_path / "chosen.csv", [pair], needs, directory, lambda given: [items[1], items[0]] if given == pair else [])
    shown = {file: rows_of(tmp_path / f"{file}.csv")[0] for file in ("newest", "chosen")}
    assert [shown["newest"][f"evidence_{number}"][:2] for number in (1, 2, 3)] == ["E3", "E4", "E5"]
    assert [shown["chosen"][f"evidence_{number}"][:2] for number in (1, 2, 3)] == ["E2", "E1", ""]


def test_topics_say_what_a_piece_of_evidence_was_about(tmp_path: Path) -> None:
    items = (evidence("e", "p", "ABC", topics="Lungs; Chips"),)
    directory = Directory((provider("p", "NL", ""),), items)
    write_sheet(tmp_path / "s.csv", [PooledPair("n", "p")], {"n": need()}, directory)
    assert (
        rows_of(tmp_path / "s.csv")[0]["evidence_1"] == "ABC (project, 2023, participant). Lungs; Chips. https://example.org/e"
    )


@pytest.mark.parametrize("form", FORMS)
def test_grades_come_back_and_a_half_filled_sheet_leaves_the_rest_unjudged(tmp_path: Path, form: str) -> None:
    file = new_sheet(tmp_path, form)
    assert read_sheet(file) == {}
    assert read_sheet(graded(file, {"bruno": "0", "aqua": " 3 "})) == {"n2": {"bruno": 0}, "n1": {"aqua": 3}}


def test_numbers_in_a_workbook_are_grades(tmp_path: Path) -> None:
    file = new_sheet(tmp_path, ".xlsx")
    workbook = load_workbook(file)
    sheet = workbook.worksheets[0]
    column = COLUMNS.index("grade") + 1
    sheet.cell(2, column).value = 2
    sheet.cell(3, column).value = 1.0
    workbook.create_sheet("my notes").append(["a note", "another"])
    workbook.save(file)
    workbook.close()
    assert read_sheet(file) == {"n2": {"bruno": 2}, "n1": {"aqua": 1}}


def test_a_workbook_offers_the_grades_and_says_what_they_mean(tmp_path: Path) -> None:
    workbook = load_workbook(new_sheet(tmp_path, ".xlsx"))
    (choice,) = workbook.worksheets[0].data_validations.dataValidation
    workbook.close()
    assert str(choice.sqref) == "N2:N4"
    assert COLUMNS["ABCDEFGHIJKLMNO".index("N")] == "grade"
    assert choice.formula1 == '"3,2,1,0"'
    assert "3 exactly what is asked for" in choice.prompt
    assert len(choice.prompt) <= 255


def test_rows_in_another_order_semicolons_and_added_columns_are_fine(tmp_path: Path) -> None:
    file = graded(new_sheet(tmp_path), {"bruno": "2", "dion": "1"})
    rows = [dict(reversed({**row, "my own": "?"}.items())) for row in reversed(rows_of(file))]
    assert read_sheet(write_rows(file, rows)) == {"n2": {"bruno": 2}, "n1": {"dion": 1}}
    short = "pair;need_id;provider_id;grade\r\n" + f"{PAIRS[0].pair_id};n2;bruno;3\r\n"
    (tmp_path / "short.csv").write_text(short, encoding="utf-8-sig")
    assert read_sheet(tmp_path / "short.csv") == {"n2": {"bruno": 3}}


DANGEROUS = ["=1+1", "+31 6", "-5 °C", "@SUM(A1)", "\tx", "\rx", "'=1+1", "''@x"]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("text", DANGEROUS)
def test_no_cell_is_a_formula_to_a_spreadsheet_and_ids_come_back(tmp_path: Path, form: str, text: str) -> None:
    named = f"{text.strip()}-id"
    item = evidence("e", named, f"{text} title", reference=f"{text} reference")
    directory = Directory((provider(named, "NL", f"{text} summary", name=f"{text} name"),), (item,))
    file = tmp_path / f"sheet{form}"
    needs = {named: need(f"{text} we look for a laboratory", title=f"{text} title")}
    write_sheet(file, [PooledPair(named, named)], needs, directory)
    (row,) = rows_of(file)
    begun = {name: cell for name, cell in row.items() if cell.startswith(("=", "+", "-", "@", "\t", "\r"))}
    assert begun == {}
    assert read_sheet(graded(file, {row["provider_id"]: "3"})) == {named: {named: 3}}


def test_an_apostrophe_that_stands_before_no_formula_stays_as_it_is(tmp_path: Path) -> None:
    directory = Directory((provider("'t-lab", "NL", "'s Avonds open."),), ())
    write_sheet(tmp_path / "s.csv", [PooledPair("n", "'t-lab")], {"n": need()}, directory)
    (row,) = rows_of(tmp_path / "s.csv")
    assert (row["provider_id"], row["provider_summary"]) == ("'t-lab", "'s Avonds open.")
    assert read_sheet(graded(tmp_path / "s.csv", {"'t-lab": "1"})) == {"n": {"'t-lab": 1}}


def test_control_characters_do_not_break_a_workbook(tmp_path: Path) -> None:
    directory = Directory((provider("p", "NL", "Bell\x07 and escape\x1b."),), ())
    write_sheet(tmp_path / "s.xlsx", [PooledPair("n", "p")], {"n": need()}, directory)
    assert rows_of(tmp_path / "s.xlsx")[0]["provider_summary"] == "Bell  and escape ."


def refusal_of(file: Path) -> str:
    with pytest.raises(Refusal) as caught:
        read_sheet(file)
    return str(caught.value)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("grade", ["4", "-1", "2.5", "x", "3 or 2", "²"])
def test_a_grade_that_is_none_is_refused_by_line_and_column(tmp_path: Path, form: str, grade: str) -> None:
    message = refusal_of(graded(new_sheet(tmp_path, form), {"bruno": "1", "dion": grade}))
    # A text with a line break stands in the first row, so the third begins in line 5 of a CSV.
    line = "sheet.csv, line 5" if form == ".csv" else "sheet.xlsx[Sheet], line 4"
    assert message.startswith(f"The sheet {line}, column grade must be a whole number from 0 to 3, or empty. Got {grade!r}.")
    assert "3 exactly what is asked for; 2 clearly useful; 1 worth a call; 0 of no use; empty is not judged." in message


@pytest.mark.parametrize("changed", ["pair", "need_id", "provider_id"])
def test_a_pair_that_is_not_that_of_its_need_and_provider_is_refused(tmp_path: Path, changed: str) -> None:
    file = edited(new_sheet(tmp_path), lambda rows: rows[0].update({changed: "Jan 26"}))
    message = refusal_of(file)
    assert message.startswith("The sheet sheet.csv, line 2, column pair must be the pair of its need")
    assert "'Jan 26'" in message
    assert message.endswith("Copy pair, need_id and provider_id from the sheet as it was written, and enter them as text.")


@pytest.mark.parametrize("grade", ["", "1", "2"])
def test_a_pair_that_is_there_twice_is_refused_whatever_its_grades(tmp_path: Path, grade: str) -> None:
    file = graded(new_sheet(tmp_path), {"bruno": "1"})
    message = refusal_of(edited(file, lambda rows: rows.append({**rows[0], "grade": grade})))
    pair = PAIRS[0].pair_id
    assert f"line 6, column pair must be there once. Got {pair} again (first in sheet sheet.csv, line 2)." in message


OTHER_FILES: dict[str, tuple[str, bytes, str]] = {
    "another table": ("s.csv", b"provider_id,name\np,x\n", "be a judging sheet, with the columns pair, need_id, provider_id"),
    "no grades": ("s.csv", b"pair,need_id,provider_id\nx,y,z\n", "Give back the column grade."),
    "an empty file": ("s.csv", b"", "Got nothing."),
    "a header alone": ("s.csv", b"pair,need_id,provider_id,grade\n", "must hold at least one pair. Got none."),
    "Latin-1": (
        "s.csv",
        "pair,need_id,provider_id,grade\nü,y,z,1\n".encode("latin-1"),
        "The sheet s.csv, line 2 must be UTF-8",
    ),
    "cells too many": ("s.csv", b"pair,need_id,provider_id,grade\na,b,c,1,2\n", "line 2 must have 4 cells like the header"),
    "an open quote": ("s.csv", b'pair,need_id,provider_id,grade\n"a,b,c,1\n', "be well-formed CSV"),
    "no workbook": ("s.xlsx", b"pair", "be an Excel workbook"),
    "another form": ("s.ods", b"PK", "end in one of"),
}


@pytest.mark.parametrize("name", OTHER_FILES)
def test_a_file_of_another_kind_is_refused(tmp_path: Path, name: str) -> None:
    file, content, words = OTHER_FILES[name]
    (tmp_path / file).write_bytes(content)
    assert words in refusal_of(tmp_path / file)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "must be readable. Got No such file" in refusal_of(tmp_path / "none.csv")


def test_a_sheet_is_never_written_over_another(tmp_path: Path) -> None:
    file = graded(new_sheet(tmp_path), {"aqua": "3"})
    before = file.read_bytes()
    with pytest.raises(Refusal, match="must not exist yet"):
        write_sheet(file, PAIRS, NEEDS, small_directory())
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("file", "pairs", "error", "words"),
    [
        ("s.txt", PAIRS, Refusal, "end in one of .csv, .xlsx. Got '.txt'."),
        ("s.csv", [], Refusal, "hold at least one pair"),
        ("s.csv", [PooledPair("n9", "aqua")], Refusal, "Got none called 'n9'."),
        ("s.xlsx", [PooledPair("n1", "zoe")], NotFound, "'zoe'"),
        ("missing/s.csv", PAIRS, Refusal, "must be writable. Got No such file"),
        ("missing/s.xlsx", PAIRS, Refusal, "must be writable. Got No such file"),
    ],
)
def test_what_cannot_be_written_leaves_nothing_behind(
    tmp_path: Path, file: str, pairs: list[PooledPair], error: type[Refusal], words: str
) -> None:
    with pytest.raises(error) as caught:
        write_sheet(tmp_path / file, pairs, NEEDS, small_directory())
    assert words in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_an_id_that_a_workbook_would_lose_is_refused(tmp_path: Path) -> None:
    pair, directory = PooledPair("n", "p\x1b"), Directory((provider("p\x1b", "NL", ""),), ())
    with pytest.raises(Refusal, match="id of a provider must have no control characters"):
        write_sheet(tmp_path / "s.xlsx", [pair], {"n": need()}, directory)
