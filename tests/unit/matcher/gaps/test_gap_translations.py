"""With the real encoder: one need in five languages is one subject, and the lines are where ordinary needs lie."""

from __future__ import annotations

import json

import numpy as np
import pytest

from embeddings.cache import CachedEncoder
from embeddings.encoder import Vectors
from matcher.gaps.subjects import apart_from_each_other, common_to, subjects_of, unrelated_from
from matcher.index import ProviderIndex
from matcher.pipeline import Matcher, encode_need
from matcher.records import Need
from matcher.shipped import ordinary_needs_file, shipped_needs, shipped_needs_in_all_languages


@pytest.fixture(scope="module")
def index(real_matcher: Matcher) -> ProviderIndex:
    return real_matcher.index


def vector(need: Need, encoder: CachedEncoder, index: ProviderIndex) -> Vectors:
    return encode_need(need, encoder, index.ordinary).parts.apart[0]


@pytest.fixture(scope="module")
def ordinary(real_encoder: CachedEncoder, index: ProviderIndex) -> tuple[list[str], Vectors]:
    rows = [json.loads(line) for line in ordinary_needs_file().read_text(encoding="utf-8").splitlines()]
    needs = [Need(text=row["text"], language=row["language"], country="NL") for row in rows]
    return [row["topic"] for row in rows], np.stack([vector(need, real_encoder, index) for need in needs])


def of_each(names: list[str], found: list[int]) -> dict[str, set[int]]:
    subjects: dict[str, set[int]] = {}
    for name, number in zip(names, found, strict=True):
        subjects.setdefault(name, set()).add(number)
    return subjects


def test_an_ordinary_need_is_one_subject_in_all_languages(ordinary: tuple[list[str], Vectors]) -> None:
    names, vectors = ordinary
    found = of_each(names, subjects_of(vectors, unrelated_from(vectors, names)).tolist())
    assert {name for name, numbers in found.items() if len(numbers) > 1} == set()


def test_a_sample_need_is_one_subject_in_all_languages(
    ordinary: tuple[list[str], Vectors], real_encoder: CachedEncoder, index: ProviderIndex
) -> None:
    names, bank = ordinary
    own = np.stack([vector(need, real_encoder, index) for need in shipped_needs()])
    in_all = shipped_needs_in_all_languages()
    centre = common_to(own, len(set(names)))
    every = np.stack([vector(need, real_encoder, index) for need in in_all.values()])
    found = of_each(
        [key for key, _ in in_all], subjects_of(apart_from_each_other(every, centre), unrelated_from(bank, names)).tolist()
    )
    assert len(found) == 28
    assert {name for name, numbers in found.items() if len(numbers) > 1} == set()
    # And they are not one only because all needs are.
    assert len({number for numbers in found.values() for number in numbers}) > 15
