"""Match lists in every form: the same rows, each need in at least one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from embeddings.errors import Refusal
from matcher.log import LoggedList
from service.batch.flat import COLUMNS, flat_rows
from service.batch.forms import FORMS, MOST_WORKBOOK_ROWS, check_length, form_of
from tests.unit.service.batch.need_files import read
from tests.unit.service.entries import entry, match, spoken

LISTS = [
    entry("l-1", ("aqua", "NL"), ("bruno", "DE"), company='Müller & "Søn", Åarhus', need_id="n-1"),
    entry("l-2", need_id="n-2"),
    entry("l-3", ("carla", "BE"), need_id="n-3", text="=cmd|' /C calc'!A0 is what we look for\x0b, and lungs"),
]


def with_matches(given: LoggedList, **more: Any) -> LoggedList:
    told = [one.model_copy(update=more) for one in given.answer.matches]
    return given.model_copy(update={"answer": given.answer.model_copy(update={"matches": tuple(told)})})


def written(file: Path, lists: list[LoggedList]) -> Path:
    form = form_of(file)
    form.write(file, [form.line_of(number, one) for number, one in enumerate(lists, start=1)])
    return file


def test_a_row_has_what_is_told_of_a_match() -> None:
    given = with_matches(LISTS[0], because=("the need names Germany", "worked with the company before"), contact="met before")
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in flat_rows(7, given)]
    assert [row["rank"] for row in rows] == [1, 2]
    first, best = rows[1], given.answer.matches[1].evidence[0]
    assert first == {
        "row": 7,
        "need_id": "n-1",
        "company": 'Müller & "Søn", Åarhus',
        "need_country": "NL",
        "list_id": "l-1",
        "verdict": "matches",
        "note": "",
        "rank": 2,
        "provider_id": "bruno",
        "provider": "Bruno Institute",
        "category": "technology",
        "country": "DE",
        "city": "Ede",
        "url": "",
        "cross_border": True,
        "probability": None,
        "score": given.answer.matches[1].score,
        "because": "the need names Germany; worked with the company before",
        "contact": "met before",
        "need_sentence": best.need_sentence,
        "evidence": best.text,
        "evidence_year": 2023,
        "reference": "https://example.org/b1",
    }


def test_a_need_that_nobody_answers_has_one_row_that_says_so() -> None:
    [row] = [dict(zip(COLUMNS, row, strict=True)) for row in flat_rows(2, LISTS[1])]
    assert (row["verdict"], row["note"]) == (
        "no good match",
        "None of 5 candidates answers this need well enough to be acted on.",
    )
    assert {name for name, value in row.items() if value is not None} == {
        "row",
        "need_id",
        "company",
        "need_country",
        "list_id",
        "verdict",
        "note",
    }


def test_a_match_without_evidence_has_empty_cells() -> None:
    [row] = flat_rows(1, with_matches(LISTS[2], evidence=()))
    assert row[-4:] == ["", "", None, ""]


def test_the_flat_forms_hold_the_same_rows(tmp_path: Path) -> None:
    csv, workbook, parquet = (read(written(tmp_path / f"out{form}", LISTS)) for form in (".csv", ".xlsx", ".parquet"))
    assert [row["need_id"] for row in csv] == ["n-1", "n-1", "n-2", "n-3"]
    assert list(csv[0]) == list(COLUMNS)
    as_text = [{name: None if value is None else str(value) for name, value in row.items()} for row in parquet]
    assert as_text == csv
    # A workbook cannot hold the sign for a vertical tab.
    plain = [
        {name: value.replace("\x0b", " ") if isinstance(value, str) else value for name, value in row.items()}
        for row in parquet
    ]
    assert workbook == plain


def test_columns_of_parquet_have_their_kinds(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    schema = pq.read_schema(written(tmp_path / "out.parquet", [LISTS[1]]))
    assert {field.name: str(field.type) for field in schema} == {
        name: {str: "string", int: "int64", float: "double", bool: "bool"}[kind] for name, kind in COLUMNS.items()
    }


def test_text_that_looks_like_a_formula_stays_text_in_a_workbook(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    one = match(1, "aqua", "NL", own_country="DE").model_copy(
        update={"evidence": (spoken(need_sentence="=1+1", text="+SUM(A1)"),)}
    )
    given = LISTS[2].model_copy(update={"answer": LISTS[2].answer.model_copy(update={"matches": (one,)})})
    sheet = load_workbook(written(tmp_path / "out.xlsx", [given])).active
    cells = {cell.value: cell.data_type for cell in sheet[2]}
    assert cells["=1+1"] == cells["+SUM(A1)"] == "s"


def test_json_lines_are_whole_lists(tmp_path: Path) -> None:
    lines = written(tmp_path / "out.jsonl", LISTS).read_text(encoding="utf-8").splitlines()
    assert [LoggedList.model_validate_json(line) for line in lines] == LISTS


@pytest.mark.parametrize("form", FORMS)
def test_no_list_at_all_is_a_file_too(form: str, tmp_path: Path) -> None:
    file = written(tmp_path / f"out{form}", [])
    assert file.read_text() == "" if form == ".jsonl" else read(file) == []


def test_a_line_is_one_line(tmp_path: Path) -> None:
    given = entry("l-1", ("aqua", "NL"), text="We look for\nlung\u2028models\x85 and more")
    for form in FORMS.values():
        line = form.line_of(1, given)
        assert "\n" not in line
        json.loads(line)


@pytest.mark.parametrize("name", ["out.pdf", "out", "out.csv.gz", "out.tsv"])
def test_an_unknown_form_is_refused_with_the_known_ones(name: str) -> None:
    with pytest.raises(Refusal, match=r"must end in one of \.csv, \.jsonl, \.xlsx, \.parquet\."):
        form_of(Path(name))


def test_a_workbook_that_would_have_more_rows_than_excel_takes_is_refused_beforehand() -> None:
    most = MOST_WORKBOOK_ROWS - 1
    check_length(Path("out.xlsx"), most // 10, 10)
    check_length(Path("out.csv"), most, 10)
    with pytest.raises(Refusal, match=r"must have at most 1,048,576 rows, as Excel can\. Got 104,858 needs with lists of 10"):
        check_length(Path("out.xlsx"), most // 10 + 1, 10)
