from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from embeddings.encoder import Vectors
from matcher.index import ProviderIndex
from matcher.ordinary import OrdinaryNeeds
from matcher.shipped import ordinary_needs_file
from tests.fakes import FakeEncoder

BANK = [("We look for a partner.", "en"), ("Wij zoeken een partner.", "nl"), ("We need an investor.", "en")]


@pytest.fixture
def ordinary() -> OrdinaryNeeds:
    return OrdinaryNeeds.encode(BANK, FakeEncoder())


def test_the_mean_of_a_language_is_the_mean_of_its_needs(ordinary: OrdinaryNeeds) -> None:
    vectors = FakeEncoder().encode_queries([text for text, _ in BANK])
    assert np.allclose(ordinary.of("en"), (vectors[0] + vectors[2]) / 2)
    assert np.allclose(ordinary.of("nl"), vectors[1])


@pytest.mark.parametrize("language", ["und", "fi", ""])
def test_a_language_that_the_bank_has_not_takes_the_mean_of_all(ordinary: OrdinaryNeeds, language: str) -> None:
    vectors = FakeEncoder().encode_queries([text for text, _ in BANK])
    assert np.allclose(ordinary.of(language), vectors.mean(axis=0))


def test_what_was_saved_comes_back(ordinary: OrdinaryNeeds, tmp_path: Path) -> None:
    ordinary.save(tmp_path)
    loaded = OrdinaryNeeds.load(tmp_path)
    assert loaded.fingerprint == ordinary.fingerprint
    for language in ("en", "nl", "und"):
        assert np.array_equal(loaded.of(language), ordinary.of(language))


@pytest.mark.parametrize("other", [BANK[:2], [("We look for a partner!", "en"), *BANK[1:]], [(BANK[0][0], "da"), *BANK[1:]]])
def test_another_bank_has_another_fingerprint(ordinary: OrdinaryNeeds, other: list[tuple[str, str]]) -> None:
    assert OrdinaryNeeds.encode(other, FakeEncoder()).fingerprint != ordinary.fingerprint


def test_the_needs_are_encoded_as_queries() -> None:
    class OnlyQueries(FakeEncoder):
        def encode_passages(self, texts: Sequence[str]) -> Vectors:
            raise AssertionError(f"not queries: {texts}")

    assert set(OrdinaryNeeds.encode(BANK, OnlyQueries()).means) == {"en", "nl"}


def test_a_bank_is_read_in_order(tmp_path: Path) -> None:
    file = tmp_path / "bank.jsonl"
    file.write_text("".join(json.dumps({"topic": "t", "language": lang, "text": text}) + "\n" for text, lang in BANK))
    assert OrdinaryNeeds.read(file) == BANK


def test_the_shipped_bank_has_the_same_subjects_in_each_of_the_five_languages() -> None:
    rows = [json.loads(line) for line in ordinary_needs_file().read_text(encoding="utf-8").splitlines()]
    subjects = {
        language: sorted(row["topic"] for row in rows if row["language"] == language) for language in ("da", "de", "fr", "nl")
    }
    english = sorted(row["topic"] for row in rows if row["language"] == "en")
    assert all(topics == english for topics in subjects.values())
    assert len(rows) == 5 * len(english) > 0


def test_the_shipped_bank_reaches_the_index(small_index: ProviderIndex) -> None:
    assert set(small_index.ordinary.means) == {"da", "de", "en", "fr", "nl"}
