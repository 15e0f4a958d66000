"""Each row is a need, or told why it is none."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from embeddings.errors import Refusal
from matcher.records import Need
from service.batch.checking import Looked, checked_needs, look_through
from service.batch.needs import COLUMNS, ReadNeed, RefusedRow, needs_of
from tests.unit.service.batch.need_files import FORMS, rows, write


def needs(file: Path, **about: str) -> list[Need]:
    found = list(needs_of(file, about))
    assert all(isinstance(one, ReadNeed) for one in found), found
    return [one.need for one in found if isinstance(one, ReadNeed)]


def told(file: Path, **about: str) -> list[str]:
    return [str(problem) for one in checked_needs(file, about) if isinstance(one, RefusedRow) for problem in one.problems]


def one(tmp_path: Path, form: str = ".jsonl", **cells: Any) -> Path:
    return write(tmp_path / f"needs{form}", [{"text": "We look for lung models.", "country": "NL", **cells}])


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_needs(form: str, tmp_path: Path) -> None:
    assert needs(write(tmp_path / f"needs{form}", rows(7))) == needs(write(tmp_path / "other.jsonl", rows(7)))


@pytest.mark.parametrize("form", FORMS)
def test_every_field_of_a_need_has_its_column(form: str, tmp_path: Path) -> None:
    cells = {
        "id": "n-1",
        "title": "Toxicology",
        "kind": "expertise",
        "language": "en",
        "region": "nl-oost",
        "company": "Nasovax",
        "company_url": "https://nasovax.example",
        "company_ids": "pic:1; pic:2",
        "categories": "technology ; finance;",
        "asked_on": "2026-01-31",
    }
    [need] = needs(one(tmp_path, form, **cells))
    assert (need.need_id, need.company_ids, need.categories) == ("n-1", ("pic:1", "pic:2"), ("technology", "finance"))
    assert need.asked_on == dt.date(2026, 1, 31)
    assert {"text", "country", *cells} == set(COLUMNS)


def test_lists_and_days_may_come_as_such(tmp_path: Path) -> None:
    [need] = needs(one(tmp_path, ".parquet", categories=["finance"], company_ids=[], asked_on=dt.date(2026, 1, 31)))
    assert (need.categories, need.company_ids, need.asked_on) == (("finance",), (), dt.date(2026, 1, 31))
    [need] = needs(one(tmp_path, ".xlsx", asked_on=dt.datetime(2026, 1, 31), id=17.0))
    assert (need.asked_on, need.need_id) == (dt.date(2026, 1, 31), "17")


def test_the_id_may_be_called_need_id_but_not_both(tmp_path: Path) -> None:
    assert needs(one(tmp_path, need_id="n-1"))[0].need_id == "n-1"
    assert told(one(tmp_path, need_id="n-1", id="n-1")) == [
        "needs.jsonl, line 1, column id: must be the only id. Got need_id too. Remove one of the two."
    ]


def test_what_holds_for_all_needs_yields_to_what_a_row_says(tmp_path: Path) -> None:
    file = write(tmp_path / "needs.csv", [{"text": "Lung models", "country": ""}, {"text": "Lung models", "country": "DE"}])
    assert [(need.country, need.language) for need in needs(file, country="NL", language="en")] == [("NL", "en"), ("DE", "en")]


def test_all_that_is_wrong_in_a_row_is_told_with_column_and_remedy(tmp_path: Path) -> None:
    file = one(tmp_path, ".csv", text="  ", country="Holland", kind="wish", language="English", categories="technology;magic")
    found = told(file)
    columns = ["text", "country", "kind", "language", "categories"]
    assert [problem.partition(":")[0] for problem in found] == [f"needs.csv, line 2, column {column}" for column in columns]
    assert found[0].endswith("must be given. Got nothing. Fill in the column text.")
    for problem, value in zip(found[1:], ("'Holland'", "'wish'", "'English'", "'magic'"), strict=True):
        assert f"Got {value}" in problem
        assert problem.endswith(".")


@pytest.mark.parametrize("form", FORMS)
def test_an_unknown_column_is_named_with_the_known_ones(form: str, tmp_path: Path) -> None:
    [problem] = told(one(tmp_path, form, contry="NL"))
    assert "column contry: must be one of id, text, country," in problem
    assert problem.endswith("Got another column. Remove it or correct its name.")


@pytest.mark.parametrize("value", [["a", "b"], {"a": 1}, True])
def test_a_cell_that_is_no_text_is_refused_in_its_place(value: Any, tmp_path: Path) -> None:
    found = told(one(tmp_path, company=value))
    assert found == [] if value is True else "column company: must be text" in found[0]


def test_a_file_without_needs_is_refused(tmp_path: Path) -> None:
    for content in ("", "\n\n", "id,text,country\n"):
        (tmp_path / "needs.csv").write_text(content)
        [problem] = told(tmp_path / "needs.csv")
        assert problem.startswith("needs.csv: must hold at least one need. Got none. Write one a row; columns are id, text")


def test_numbers_count_every_row_good_or_bad(tmp_path: Path) -> None:
    table = rows(5)
    table[1]["country"] = table[3]["text"] = ""
    found = list(checked_needs(write(tmp_path / "needs.csv", table), {}))
    assert [(one.number, type(one).__name__) for one in found] == [
        (1, "ReadNeed"),
        (2, "RefusedRow"),
        (3, "ReadNeed"),
        (4, "RefusedRow"),
        (5, "ReadNeed"),
    ]


class TestIds:
    def test_an_id_that_comes_again_is_refused_and_the_first_place_named(self, tmp_path: Path) -> None:
        table = rows(4)
        table[3]["id"] = table[1]["id"]
        assert told(write(tmp_path / "needs.csv", table)) == [
            "needs.csv, line 5, column id: must be unique. Got 'n-1' again (first in needs.csv, line 3). "
            "Give each need its own id, or none."
        ]

    def test_needs_without_an_id_are_many(self, tmp_path: Path) -> None:
        assert told(write(tmp_path / "needs.csv", [row | {"id": ""} for row in rows(3)])) == []

    def test_the_id_of_a_refused_row_is_not_taken(self, tmp_path: Path) -> None:
        table = [row | {"id": "same"} for row in rows(2)]
        table[0]["country"] = ""
        assert len(told(write(tmp_path / "needs.csv", table))) == 1


class TestLookingThrough:
    def look(self, file: Path) -> tuple[Looked, list[RefusedRow], list[int]]:
        refused: list[RefusedRow] = []
        heard: list[int] = []
        return look_through(file, {}, refused.append, heard.append), refused, heard

    def test_a_long_file_with_one_bad_row_at_its_end(self, tmp_path: Path) -> None:
        file = tmp_path / "needs.csv"
        with file.open("w") as stream:
            stream.write("text,country\n")
            stream.writelines(f"We look for lung models {number},NL\n" for number in range(199_999))
            stream.write("We look for lung models,Holland\n")
        looked, refused, heard = self.look(file)
        assert (looked.needs, looked.refused) == (199_999, 1)
        assert refused[0].problems[0].place == "needs.csv, line 200001, column country"
        assert heard[-1] == 200_000

    def test_the_digest_is_of_all_but_the_words(self, tmp_path: Path) -> None:
        first, _, _ = self.look(write(tmp_path / "needs.csv", rows(3)))
        other, _, _ = self.look(write(tmp_path / "needs.jsonl", [row | {"text": "Lung models"} for row in rows(3)]))
        assert first.digest == other.digest
        assert first.file_digest != other.file_digest
        reversed_, _, _ = self.look(write(tmp_path / "needs.csv", rows(3)[::-1]))
        assert reversed_.digest != first.digest

    def test_a_file_that_changes_meanwhile_is_refused(self, tmp_path: Path) -> None:
        file = write(tmp_path / "needs.csv", rows(600))
        with pytest.raises(Refusal, match=r"must stay as it is while it is read\. Got a change"):
            look_through(file, {}, lambda refused: None, lambda count: file.write_text("id,text\n") and None)
