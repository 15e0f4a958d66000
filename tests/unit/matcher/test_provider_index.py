from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from embeddings.errors import IndexMismatch
from matcher.directory import Directory
from matcher.errors import DirectoryRefused
from matcher.index import ProviderIndex
from matcher.pipeline import Matcher, build_matcher
from tests.fakes import FakeEncoder, provider, request, small_directory

REQUESTS = [
    request(),
    request(policy={"mode": "neutral"}, k=3),
    request(policy={"mode": "require"}, filters={"categories": ["technology"]}),
    request(need={"text": "Wir suchen Kapital für Medizintechnik.", "country": "DE"}),
]


@pytest.fixture
def opened(small_index: ProviderIndex, tmp_path: Path) -> ProviderIndex:
    small_index.save(tmp_path)
    return ProviderIndex.open(tmp_path, FakeEncoder())


@pytest.mark.parametrize("asked", REQUESTS)
def test_an_opened_index_gives_the_same_answers(small_matcher: Matcher, opened: ProviderIndex, asked: object) -> None:
    again = build_matcher(opened, FakeEncoder())
    assert again.fingerprint == small_matcher.fingerprint
    assert again.match(asked).model_dump() == small_matcher.match(asked).model_dump()  # type: ignore[arg-type]


def test_an_opened_index_holds_the_same_directory(small_index: ProviderIndex, opened: ProviderIndex) -> None:
    assert opened.directory == small_index.directory
    assert opened.directory.fingerprint == small_index.directory.fingerprint
    assert opened.passages == small_index.passages
    assert opened.ordinary.fingerprint == small_index.ordinary.fingerprint


def test_an_opened_index_holds_the_same_vectors(small_index: ProviderIndex, opened: ProviderIndex) -> None:
    rows = np.arange(len(small_index.passages), dtype=np.int64)
    assert np.array_equal(opened.vectors(rows), small_index.vectors(rows))


def test_an_index_opened_with_another_encoder_is_refused_with_the_remedy(small_index: ProviderIndex, tmp_path: Path) -> None:
    small_index.save(tmp_path)
    with pytest.raises(IndexMismatch) as caught:
        ProviderIndex.open(tmp_path, FakeEncoder("fake-2"))
    assert "fake-1" in str(caught.value)
    assert "fake-2" in str(caught.value)
    assert "crossmatch index build" in str(caught.value)


def test_a_saved_index_takes_the_place_of_the_one_before(small_index: ProviderIndex, tmp_path: Path) -> None:
    ProviderIndex.build(Directory((provider("solo", "NL", "Alone here."),), ()), FakeEncoder()).save(tmp_path)
    small_index.save(tmp_path)
    assert len(ProviderIndex.open(tmp_path, FakeEncoder())) == 5


def test_an_empty_directory_is_refused() -> None:
    with pytest.raises(DirectoryRefused) as caught:
        ProviderIndex.build(Directory((), ()), FakeEncoder())
    assert str(caught.value) == "The directory must hold at least one provider. Got none. Add providers."


@pytest.mark.parametrize("language", ["nl", "und"])
def test_a_provider_without_a_content_word_can_be_indexed(language: str, tmp_path: Path) -> None:
    lonely = provider("x", "NL", "", name="X", summary_language=language)
    ProviderIndex.build(Directory((lonely,), ()), FakeEncoder()).save(tmp_path)
    index = ProviderIndex.open(tmp_path, FakeEncoder())
    assert build_matcher(index, FakeEncoder()).match(request()).considered.candidates == 1


def test_a_vector_stands_in_the_row_of_its_passage(small_index: ProviderIndex) -> None:
    # Passages are encoded in order of length; their vectors must be put back in order.
    expected = FakeEncoder().encode_passages([passage.text for passage in small_index.passages])
    rows = np.arange(len(small_index.passages), dtype=np.int64)
    assert np.allclose(small_index.vectors(rows), expected)


def test_every_passage_has_its_provider_as_owner(small_index: ProviderIndex) -> None:
    owners = [small_index.provider_at(int(row)).provider_id for row in small_index.owner]
    assert owners == [passage.provider_id for passage in small_index.passages]


def test_progress_is_told_to_the_end() -> None:
    told: list[tuple[int, int]] = []
    ProviderIndex.build(small_directory(), FakeEncoder(), on_progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (11, 11)


def test_ids_that_the_directory_has_not_are_passed_over(small_index: ProviderIndex) -> None:
    assert small_index.rows_of(["erik", "zelda", "aqua"]).tolist() == [4, 0]
    assert small_index.rows_of([]).tolist() == []


def test_the_facts_count_what_is_in_the_index(small_index: ProviderIndex) -> None:
    facts = small_index.facts
    assert (facts["providers"], facts["evidence"], facts["passages"]) == (5, 7, 11)
    assert facts["encoder"] == "fake-1"
    assert facts["dense"]["factory"] == "Flat"
