from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from matcher.directory import Directory, load_directory
from matcher.records import Evidence, Provider
from tests.unit.matcher.directory_files import write, write_workbook

PROVIDERS: list[dict[str, Any]] = [
    {
        "provider_id": "aqua",
        "name": 'Aqua "Lung" Institute, Ede',
        "category": "technology",
        "country": "NL",
        "latitude": 52.0412,
        "longitude": -5,
        "summary": "Longmodellen; ook dampen.\nEn één tweede regel.\tMet tab.",
        "summary_language": "nl",
    },
    {"provider_id": "bruno", "name": "Büro Bruno", "category": "commercial", "country": "DE", "summary": "Beratung 🧪"},
    {"provider_id": "007", "name": "1848", "category": "finance", "country": "FR"},
]
EVIDENCE: list[dict[str, Any]] = [
    {
        "evidence_id": "a1",
        "provider_id": "aqua",
        "kind": "project",
        "title": "Lung, on a chip",
        "topics": "lung;chip",
        "year": 2023,
    },
    {"evidence_id": "b1", "provider_id": "bruno", "kind": "service", "title": "Zulassung für Märkte", "language": "de"},
]


def columns(rows: list[dict[str, Any]]) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row))


def as_csv(rows: list[dict[str, Any]], delimiter: str) -> str:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, columns(rows), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def as_sheet(rows: list[dict[str, Any]]) -> list[list[Any]]:
    return [columns(rows), *([row.get(name) for name in columns(rows)] for row in rows)]


def as_json_lines(rows: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


@pytest.fixture
def expected() -> Directory:
    providers = sorted((Provider.model_validate(row) for row in PROVIDERS), key=lambda record: record.provider_id)
    return Directory(tuple(providers), tuple(Evidence.model_validate(row) for row in EVIDENCE))


def same(loaded: Directory, expected: Directory) -> bool:
    assert loaded.providers == expected.providers
    assert loaded.evidence == expected.evidence
    return loaded.fingerprint == expected.fingerprint


@pytest.mark.parametrize(("delimiter", "ending"), [(",", "csv"), (";", "csv"), ("\t", "csv"), ("\t", "tsv")])
def test_a_csv_file_holds_the_same_directory_whatever_its_delimiter(
    tmp_path: Path, delimiter: str, ending: str, expected: Directory
) -> None:
    providers = write(tmp_path, f"p.{ending}", as_csv(PROVIDERS, delimiter))
    evidence = write(tmp_path, f"e.{ending}", as_csv(EVIDENCE, delimiter))
    assert same(load_directory([providers, evidence]), expected)


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_line_endings_of_the_rows_make_no_difference(tmp_path: Path, ending: str) -> None:
    lines = ["provider_id,name,category,country", "p1,One,technology,NL", "p2,Two,finance,BE"]
    directory = load_directory([write(tmp_path, "p.csv", ending.join(lines))])
    assert [provider.country for provider in directory.providers] == ["NL", "BE"]


def test_a_workbook_with_two_sheets_holds_the_same_directory(tmp_path: Path, expected: Directory) -> None:
    file = write_workbook(tmp_path, "both.xlsx", {"Providers": as_sheet(PROVIDERS), "Evidence": as_sheet(EVIDENCE)})
    assert same(load_directory([file]), expected)


def test_json_lines_hold_the_same_directory(tmp_path: Path, expected: Directory) -> None:
    files = [write(tmp_path, "p.jsonl", as_json_lines(PROVIDERS)), write(tmp_path, "e.jsonl", as_json_lines(EVIDENCE))]
    assert same(load_directory(files), expected)


def test_a_list_in_json_lines_is_a_cell_with_semicolons(tmp_path: Path, expected: Directory) -> None:
    evidence = [{**EVIDENCE[0], "topics": ["lung", "chip"]}, EVIDENCE[1]]
    files = [write(tmp_path, "p.jsonl", as_json_lines(PROVIDERS)), write(tmp_path, "e.jsonl", as_json_lines(evidence))]
    assert same(load_directory(files), expected)


def test_files_may_be_of_different_forms(tmp_path: Path, expected: Directory) -> None:
    evidence = write_workbook(tmp_path, "e.xlsx", {"Evidence": as_sheet(EVIDENCE)})
    providers = write(tmp_path, "p.csv", as_csv(PROVIDERS, ";"))
    assert same(load_directory([evidence, providers]), expected)


def test_neither_the_order_of_rows_nor_that_of_files_matters(tmp_path: Path, expected: Directory) -> None:
    providers = write(tmp_path, "p.csv", as_csv(PROVIDERS[::-1], ","))
    evidence = write(tmp_path, "e.csv", as_csv(EVIDENCE[::-1], ","))
    assert same(load_directory([evidence, providers]), expected)


def test_one_changed_letter_changes_the_fingerprint(tmp_path: Path, expected: Directory) -> None:
    changed = [{**PROVIDERS[0], "name": "Bqua"}, *PROVIDERS[1:]]
    files = [write(tmp_path, "p.csv", as_csv(changed, ",")), write(tmp_path, "e.csv", as_csv(EVIDENCE, ","))]
    assert load_directory(files).fingerprint != expected.fingerprint


def test_capitals_and_blanks_around_a_value_are_put_right(tmp_path: Path) -> None:
    file = write(tmp_path, "p.csv", " provider_id , name,category,country\n p1 , One ,technology, nl \n")
    (provider,) = load_directory([file]).providers
    assert (provider.provider_id, provider.name, provider.country) == ("p1", "One", "NL")


def test_a_directory_without_evidence_is_one_too(tmp_path: Path) -> None:
    directory = load_directory([write(tmp_path, "p.csv", as_csv(PROVIDERS, ","))])
    assert len(directory) == 3
    assert directory.evidence_of("aqua") == ()
