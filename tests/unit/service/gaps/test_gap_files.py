from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from embeddings.errors import Refusal
from matcher.gaps.findings import GapAnalysis
from service.gaps.files import check_folder, write_findings
from service.gaps.rows import GapRow, RegionRow, counted_words, percent
from tests.unit.service.gaps.findings import NASTY, findings, nothing


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_all_four_files_are_written_and_nothing_beside_them(tmp_path: Path) -> None:
    found = findings()
    write_findings(found, "the page", tmp_path / "out")
    assert list(tmp_path.iterdir()) == [tmp_path / "out"]
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == ["gaps.csv", "gaps.html", "gaps.json", "regions.csv"]
    assert (tmp_path / "out" / "gaps.html").read_text(encoding="utf-8") == "the page"
    content = (tmp_path / "out" / "gaps.json").read_text(encoding="utf-8")
    assert GapAnalysis.model_validate_json(content) == found
    assert json.loads(content)["gaps"][0]["title"] == NASTY


def test_tables_have_a_row_each_and_whole_names(tmp_path: Path) -> None:
    write_findings(findings(), "", tmp_path)
    gaps, regions = rows(tmp_path / "gaps.csv"), rows(tmp_path / "regions.csv")
    assert (tuple(gaps[0]), tuple(regions[0])) == (GapRow._fields, RegionRow._fields)
    assert [(row["unmet"], row["asked"], row["is_anecdote"]) for row in gaps] == [
        ("6", "6", "False"),
        ("5", "5", "False"),
        ("1", "1", "True"),
    ]
    assert (gaps[0]["title"], gaps[0]["under_the_line"], gaps[1]["no_good_match"]) == (NASTY, "6", "5")
    assert {row["region"] for row in regions} == {"nl-oost", NASTY, "not told"}


def test_the_files_of_before_are_replaced_and_others_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    write_findings(findings(), "first", tmp_path)
    write_findings(nothing(), "second", tmp_path)
    assert (tmp_path / "gaps.html").read_text(encoding="utf-8") == "second"
    assert rows(tmp_path / "gaps.csv") == []
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_what_is_no_folder_is_refused_beforehand(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(Refusal, match="must be a folder"):
        check_folder(file)
    check_folder(tmp_path)
    check_folder(tmp_path / "not there yet")


def test_a_place_that_cannot_be_written_is_refused_and_left_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Refusal, match="must be writable"):
        write_findings(findings(), "", tmp_path / "file" / "out")
    assert [file.name for file in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize(("value", "said"), [(0.0, "0%"), (0.004, "0.4%"), (0.0099, "1.0%"), (0.07, "7%"), (1.0, "100%")])
def test_percent(value: float, said: str) -> None:
    assert percent(value) == said


def test_counted_words() -> None:
    assert [counted_words(1, "need"), counted_words(2_000, "company", "companies")] == ["1 need", "2,000 companies"]
