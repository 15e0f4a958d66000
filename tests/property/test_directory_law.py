from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.directory import Directory, load_directory
from matcher.records import Provider

# Signs that a cell can hold in all forms. Blanks at the ends are stripped on purpose, so the texts have none.
TEXT = st.text(st.characters(exclude_categories=["C", "Z"], include_characters=" "), min_size=1, max_size=30).filter(
    lambda text: text == text.strip() and text.split()
)


def without_sign_of_zero(number: float) -> float:
    return number + 0.0


@st.composite
def provider_rows(draw: st.DrawFn) -> list[dict[str, Any]]:
    ids = draw(st.lists(TEXT, min_size=1, max_size=6, unique=True))
    return [
        {
            "provider_id": provider_id,
            "name": draw(TEXT),
            "category": draw(st.sampled_from(["technology", "finance", "commercial"])),
            "country": draw(st.sampled_from(["NL", "DE", "FR"])),
            "latitude": draw(st.none() | st.floats(-90, 90, allow_nan=False).map(without_sign_of_zero)),
            "summary": draw(st.just("") | TEXT | st.tuples(TEXT, TEXT).map("\n".join)),
        }
        for provider_id in ids
    ]


def directory_of(rows: list[dict[str, Any]]) -> Directory:
    providers = [Provider.model_validate(row) for row in rows]
    return Directory(tuple(sorted(providers, key=lambda provider: provider.provider_id)), ())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("directory-law")


@settings(max_examples=60)
@given(rows=provider_rows(), delimiter=st.sampled_from(",;\t"))
def test_what_is_written_as_csv_comes_back(folder: Path, rows: list[dict[str, Any]], delimiter: str) -> None:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    (folder / "p.csv").write_bytes(stream.getvalue().encode())
    assert load_directory([folder / "p.csv"]) == directory_of(rows)


@settings(max_examples=60)
@given(rows=provider_rows(), escaped=st.booleans())
def test_what_is_written_as_json_lines_comes_back(folder: Path, rows: list[dict[str, Any]], escaped: bool) -> None:
    lines = [json.dumps(row, ensure_ascii=escaped) for row in rows]
    (folder / "p.jsonl").write_text("\n".join(lines), encoding="utf-8")
    loaded = load_directory([folder / "p.jsonl"])
    assert loaded == directory_of(rows)
    assert loaded.fingerprint == directory_of(rows).fingerprint


@settings(max_examples=40)
@given(rows=provider_rows(), data=st.data())
def test_the_order_of_rows_does_not_matter(folder: Path, rows: list[dict[str, Any]], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(rows))
    (folder / "q.jsonl").write_text("\n".join(map(json.dumps, shuffled)), encoding="utf-8")
    assert load_directory([folder / "q.jsonl"]).fingerprint == directory_of(rows).fingerprint
