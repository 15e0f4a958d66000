"""Facts may be carried over from the raw data, sentences may not."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest

from embeddings.language import sentences
from tests.data.shipped_tables import (
    RAW,
    folded_words,
    needs,
    needs_raw_data,
    ordinary_needs,
    providers,
    read_rows,
    runs,
    translations,
)

pytestmark = needs_raw_data


def summaries() -> Iterator[tuple[str, str]]:
    return ((row["provider_id"], row["summary"]) for row in providers())


def sample_needs() -> Iterator[tuple[str, str]]:
    return ((row["id"], row["text"]) for row in (*needs(), *translations()))


def bank() -> Iterator[tuple[str, str]]:
    return ((f"{row['topic']} {row['language']}", row["text"]) for row in ordinary_needs())


OURS = {"summaries": summaries, "needs": sample_needs, "ordinary needs": bank}


@cache
def objectives() -> list[str]:
    return [row["objective"] for row in read_rows(RAW / "cordis" / "projects.csv")]


@cache
def native_projects() -> list[str]:
    return [row["description"] for row in read_rows(RAW / "needs" / "erdf_native.csv")]


@cache
def runs_of_objectives() -> set[tuple[str, ...]]:
    return set().union(*(runs(text) for text in (*objectives(), *native_projects())))


@pytest.mark.parametrize("name", OURS)
def test_no_run_of_eight_words_stands_in_a_raw_text(name: str) -> None:
    copied = {key: runs(text) & runs_of_objectives() for key, text in OURS[name]()}
    assert {key: found for key, found in copied.items() if found} == {}


@pytest.mark.parametrize("name", OURS)
def test_no_sentence_is_a_sentence_of_a_raw_text(name: str) -> None:
    raw = {" ".join(folded_words(one)) for text in (*objectives(), *native_projects()) for one in sentences(text)}
    ours = {(key, one) for key, text in OURS[name]() for one in sentences(text)}
    assert len(raw) > 5_000
    assert [pair for pair in ours if " ".join(folded_words(pair[1])) in raw] == []
