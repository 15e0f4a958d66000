"""Files that are nothing like a directory are refused in words that can be read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from matcher.directory import load_directory
from matcher.errors import DirectoryRefused
from matcher.relevance import ModelRefused, RelevanceModel

GOOD = {"provider_id": "a", "name": "A Institute", "category": "technology", "country": "NL"}


def refused(file: Path, content: str) -> DirectoryRefused:
    file.write_text(content, encoding="utf-8")
    with pytest.raises(DirectoryRefused) as caught:
        load_directory([file])
    return caught.value


@pytest.mark.parametrize("value", [{"en": "A"}, [{"en": "A"}], [["A"]], {}])
def test_a_value_within_a_value_is_refused_by_line_and_field(tmp_path: Path, value: object) -> None:
    lines = f"{json.dumps(GOOD)}\n{json.dumps({**GOOD, 'provider_id': 'b', 'name': value})}\n"
    [problem] = refused(tmp_path / "p.jsonl", lines).problems
    assert (problem.line, problem.column) == (2, "name")
    assert problem.required == "be a text, a number or a list of these"


def test_a_header_without_end_is_not_repeated(tmp_path: Path) -> None:
    said = str(refused(tmp_path / "p.csv", f"town,{'x' * 300_000}\na,b\n"))
    assert len(said) < 300
    assert "Got the columns town, xxxxx" in said


def test_a_header_of_very_many_columns_is_not_repeated_in_full(tmp_path: Path) -> None:
    header = ",".join(f"c{number}" for number in range(5_000))
    said = str(refused(tmp_path / "p.csv", f"{header}\nx{',' * 4_999}\n"))
    assert "c39, …" in said
    assert "c40" not in said


def test_a_header_of_signs_that_cannot_be_seen_is_shown_by_their_numbers(tmp_path: Path) -> None:
    assert "\\x1b[2J" in str(refused(tmp_path / "p.csv", "town,\x1b[2J\na,b\n"))


@pytest.mark.parametrize("content", ["[" * 100_000, '{"format": 1, "baseline": ' + "9" * 400 + "}"])
def test_a_model_that_is_too_deep_or_too_large_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "relevance.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(ModelRefused, match="be a readable model"):
        RelevanceModel.load(file)
