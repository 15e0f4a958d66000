"""Rows of every form, one at a time, with the line of each and of whatever cannot be read."""

from __future__ import annotations

import datetime as dt
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from matcher.errors import Problem
from matcher.tables import LARGEST_CELL
from service.batch import text_lines
from service.batch.rows import Row, read_rows
from tests.unit.service.batch.need_files import FORMS, write

TABLE: list[dict[str, Any]] = [
    {"id": "a", "text": "Søger « laboratorium », i Ede; now", "country": "NL"},
    {"id": "b", "text": 'He said "no"\nand again', "country": "DE"},
    {"id": "c", "text": "  ", "country": "FR"},
]


def problems(file: Path) -> list[str]:
    return [str(one) for one in read_rows(file) if isinstance(one, Problem)]


def rows_of(file: Path) -> list[Row]:
    found = list(read_rows(file))
    assert all(isinstance(one, Row) for one in found), found
    return [one for one in found if isinstance(one, Row)]


@pytest.mark.parametrize("form", [*FORMS, ".tsv"])
def test_every_form_gives_the_same_rows_without_their_empty_cells(form: str, tmp_path: Path) -> None:
    found = rows_of(write(tmp_path / f"needs{form}", TABLE))
    assert [row.cells for row in found] == [TABLE[0], TABLE[1], {"id": "c", "country": "FR"}]
    first = 1 if form in (".jsonl", ".parquet") else 2
    lines = [row.line - first for row in found]
    # A cell of two lines moves what comes after it in a text.
    assert lines == ([0, 1, 3] if form in (".csv", ".tsv") else [0, 1, 2])


@pytest.mark.parametrize("form", FORMS)
def test_rows_are_read_as_they_are_taken(form: str, tmp_path: Path) -> None:
    file = write(tmp_path / f"needs{form}", TABLE)
    assert len(list(islice(read_rows(file), 1))) == 1


@pytest.mark.parametrize(
    ("text", "delimiter"), [("id;text\na;b,c\n", ";"), ("id\ttext\na\tb,c;d\n", "\t"), ('id,text\r\na,"b,c"\r\n', ",")]
)
def test_the_delimiter_is_told_from_the_header(text: str, delimiter: str, tmp_path: Path) -> None:
    file = tmp_path / "needs.csv"
    file.write_text(text, encoding="utf-8", newline="")
    [row] = rows_of(file)
    assert row.cells["id"] == "a"
    assert row.cells["text"].startswith("b,c")
    assert delimiter in text


def test_blank_lines_and_a_byte_order_mark_are_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "needs.csv"
    file.write_bytes(b"\xef\xbb\xbf\n\n  \nid,text\n\na,b\n,\nc,d\n")
    assert [(row.line, row.cells) for row in rows_of(file)] == [(6, {"id": "a", "text": "b"}), (8, {"id": "c", "text": "d"})]
    lines = tmp_path / "needs.jsonl"
    lines.write_bytes(b'\xef\xbb\xbf\n{"id": "a"}\n\n{"id": "b"}')
    assert [(row.line, row.cells) for row in rows_of(lines)] == [(2, {"id": "a"}), (4, {"id": "b"})]


@pytest.mark.parametrize("form", FORMS)
def test_an_empty_file_has_no_rows_or_is_told_to_be_none_of_its_form(form: str, tmp_path: Path) -> None:
    file = tmp_path / f"needs{form}"
    file.write_bytes(b"")
    found = problems(file)
    assert rows_of(file) == [] if form in (".csv", ".jsonl") else len(found) == 1 and "must be a" in found[0]


class TestNoText:
    def test_the_line_and_the_byte_of_another_encoding_are_named(self, tmp_path: Path) -> None:
        file = tmp_path / "needs.csv"
        file.write_bytes(b"id,text\na,b\nc," + "Søger".encode("latin-1") + b"\nd,e\n")
        assert problems(file) == [
            "needs.csv, line 3: must be UTF-8. Got byte 0xF8 at byte 4 of the line. It looks like Latin-1 or Windows-1252: "
            "save the file as UTF-8 (in a spreadsheet: CSV UTF-8)."
        ]

    @pytest.mark.parametrize("form", [".csv", ".jsonl"])
    def test_it_is_named_wherever_in_a_long_file_it_stands(self, form: str, tmp_path: Path) -> None:
        file = tmp_path / f"needs{form}"
        file.write_bytes(b'{"id":"a"}\n' * 50_000 + b"\xff\n")
        assert "line 50001: must be UTF-8. Got byte 0xFF at byte 1 of the line" in problems(file)[-1]

    @pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le"])
    def test_utf_16_is_told_by_its_mark_or_by_its_zeros(self, encoding: str, tmp_path: Path) -> None:
        file = tmp_path / "needs.csv"
        file.write_bytes("id,text\na,Søger\n".encode(encoding))
        assert len(list(read_rows(file))) > 0
        told = problems(file)
        assert not told or "UTF-8" in told[0]

    def test_a_line_without_end_is_not_read_into_memory(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(text_lines, "LONGEST_LINE", 50)
        file = tmp_path / "needs.csv"
        file.write_text("id,text\na,b\n" + "x" * 200)
        assert problems(file) == [
            "needs.csv, line 3: must have lines of fewer than 50 characters. Got a longer one. "
            "Put each need on a line of its own."
        ]


class TestWrongTables:
    def test_a_row_with_more_or_fewer_cells_is_named_and_the_next_is_read(self, tmp_path: Path) -> None:
        file = tmp_path / "needs.csv"
        file.write_text("id,text\na,b,c\nd,e\nf\n")
        found = list(read_rows(file))
        assert [type(one).__name__ for one in found] == ["Problem", "Row", "Problem"]
        assert problems(file)[0].startswith("needs.csv, line 2: must have 2 cells like the header. Got 3. Put cells")

    def test_quotes_that_are_not_closed_are_named_where_the_row_begins(self, tmp_path: Path) -> None:
        file = tmp_path / "needs.csv"
        file.write_text('id,text\na,b\nc,"d\ne,f\n')
        assert problems(file) == [
            "needs.csv, line 3: must be well-formed CSV. Got unexpected end of data. "
            "Close the quotes of the row that begins here."
        ]

    def test_quotes_that_are_never_closed_do_not_fill_the_memory(self, tmp_path: Path) -> None:
        file = tmp_path / "needs.csv"
        with file.open("w") as stream:
            stream.write('id,text\na,"b\n')
            stream.writelines("and so on, and so on\n" for _ in range(200_000))
        [told] = problems(file)
        assert "needs.csv, line 2: must be well-formed CSV. Got field larger than field limit" in told

    @pytest.mark.parametrize("form", [".csv", ".xlsx"])
    def test_a_column_that_comes_twice_is_named(self, form: str, tmp_path: Path) -> None:
        file = tmp_path / f"needs{form}"
        if form == ".csv":
            file.write_text("id,text, text\na,b,c\n")
        else:
            from openpyxl import Workbook

            workbook = Workbook()
            assert workbook.active is not None
            workbook.active.append(["id", "text", "text "])
            workbook.active.append(["a", "b", "c"])
            workbook.save(file)
        assert problems(file)[0].endswith(
            "column text: must appear once in the header. Got it twice. Rename or remove one of them."
        )
        assert len(list(read_rows(file))) == 1

    @pytest.mark.parametrize("form", FORMS)
    def test_a_cell_beyond_all_measure_is_named_with_its_column(self, form: str, tmp_path: Path) -> None:
        file = write(tmp_path / f"needs{form}", [{"id": "a", "text": "x" * 32_000}, {"id": "b", "text": "y"}])
        assert len(rows_of(file)) == 2
        if form != ".xlsx":  # Excel itself holds no more than 32,767
            write(file, [{"id": "a", "text": "x" * (LARGEST_CELL + 1)}, {"id": "b", "text": "y"}])
            [told] = problems(file)
            assert f"column text: must have at most {LARGEST_CELL:,} characters" in told
            assert len(list(read_rows(file))) == 2

    @pytest.mark.parametrize("line", ["{", "[1]", '"text"', "7", "nope", "[" * 100_000])
    def test_a_line_that_is_no_object_is_named_and_the_next_is_read(self, line: str, tmp_path: Path) -> None:
        file = tmp_path / "needs.jsonl"
        file.write_text(f'{line}\n{{"id": "a"}}\n')
        found = list(read_rows(file))
        assert len(found) == 2
        assert str(found[0]).startswith("needs.jsonl, line 1: must be one JSON object a line")

    @pytest.mark.parametrize("form", [".xlsx", ".parquet"])
    def test_a_file_of_another_kind_is_told(self, form: str, tmp_path: Path) -> None:
        file = tmp_path / f"needs{form}"
        file.write_text("id,text\na,b\n")
        [told] = problems(file)
        assert "must be a" in told
        whole = write(tmp_path / f"whole{form}", TABLE * 100).read_bytes()
        file.write_bytes(whole[: len(whole) // 2])
        assert len(problems(file)) == 1

    def test_surplus_cells_of_a_sheet_are_told(self, tmp_path: Path) -> None:
        from openpyxl import Workbook

        workbook = Workbook()
        assert workbook.active is not None
        for cells in (["id", "text"], ["a", "b", "note"], [None, None], ["c", "d"]):
            workbook.active.append(cells)
        workbook.create_sheet("empty")
        more = workbook.create_sheet("more")
        more.append(["text", "id"])
        more.append(["e", "f"])
        workbook.save(tmp_path / "needs.xlsx")
        found = list(read_rows(tmp_path / "needs.xlsx"))
        assert str(found[0]).startswith("needs.xlsx[Sheet], line 2: must have 2 cells like the header. Got more: 'note'")
        assert [(row.file, row.line, row.cells) for row in found if isinstance(row, Row)] == [
            ("needs.xlsx[Sheet]", 4, {"id": "c", "text": "d"}),
            ("needs.xlsx[more]", 2, {"text": "e", "id": "f"}),
        ]


@pytest.mark.parametrize("name", ["needs.pdf", "needs", "needs.csv.gz"])
def test_an_unknown_form_is_refused_with_the_known_ones(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("id,text\n")
    assert "must end in one of .csv, .tsv, .xlsx, .jsonl, .parquet" in problems(tmp_path / name)[0]


@pytest.mark.parametrize("form", FORMS)
def test_a_file_that_is_not_there_is_told(form: str, tmp_path: Path) -> None:
    [told] = problems(tmp_path / f"missing{form}")
    assert told == f"missing{form}: must be readable. Got No such file or directory. Check the path and its permissions."


def test_days_and_numbers_keep_their_kind(tmp_path: Path) -> None:
    table = [{"id": 7, "asked_on": dt.datetime(2026, 1, 31)}]
    [row] = rows_of(write(tmp_path / "needs.xlsx", table))
    assert row.cells == {"id": 7, "asked_on": dt.datetime(2026, 1, 31)}
