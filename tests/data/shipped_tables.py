"""The shipped data as it lies in the files, read without the project's own readers, and the raw data where there is any."""

from __future__ import annotations

import csv
import json
import os
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

Row = dict[str, str]

ROOT = Path(__file__).resolve().parents[2]
DATASETS = ROOT / "datasets"
COUNTRIES = ("BE", "DE", "DK", "FR", "NL")
NATIVE = {"BE": {"nl", "fr"}, "DE": {"de"}, "DK": {"da"}, "FR": {"fr"}, "NL": {"nl"}}
"""The languages of each country in which the directory's texts are written, beside English."""

_NAMED_RAW = os.environ.get("CROSSMATCH_RAW_DATA")
RAW = Path(_NAMED_RAW) if _NAMED_RAW else ROOT.parent / "shared" / "data"
needs_raw_data = pytest.mark.skipif(
    _NAMED_RAW is None and not (RAW / "cordis").is_dir(),
    reason=f"the raw open data is absent: no {RAW}/cordis; name its folder in CROSSMATCH_RAW_DATA",
)


def read_rows(file: Path) -> list[Row]:
    csv.field_size_limit(10**8)
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def read_lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


@cache
def providers() -> list[Row]:
    return read_rows(DATASETS / "providers.csv")


@cache
def evidence() -> list[Row]:
    return read_rows(DATASETS / "evidence.csv")


@cache
def regions() -> dict[str, Row]:
    return {row["region_id"]: row for row in read_rows(DATASETS / "regions.csv")}


@cache
def needs() -> list[dict[str, Any]]:
    return read_lines(DATASETS / "needs.jsonl")


@cache
def translations() -> list[dict[str, Any]]:
    return read_lines(DATASETS / "need_translations.jsonl")


@cache
def ordinary_needs() -> list[dict[str, Any]]:
    return read_lines(DATASETS / "ordinary_needs.jsonl")


def category_of() -> dict[str, str]:
    return {row["provider_id"]: row["category"] for row in providers()}


def folded_words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def runs(text: str, length: int = 8) -> set[tuple[str, ...]]:
    """Every run of so many words in a row, without case and punctuation."""
    words = folded_words(text)
    return {tuple(words[start : start + length]) for start in range(len(words) - length + 1)}


def twice(values: Iterable[str]) -> list[str]:
    """What occurs more than once."""
    seen: set[str] = set()
    return [value for value in values if value in seen or seen.add(value)]  # type: ignore[func-returns-value]
