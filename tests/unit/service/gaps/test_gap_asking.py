from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from embeddings import encoder as encoders
from embeddings.errors import Refusal
from matcher.gaps import subjects
from matcher.gaps.findings import GapAnalysis
from matcher.gaps.one_gap import GapConfig
from matcher.index import ProviderIndex
from service.gaps.asking import analyse
from service.gaps.reading import NeedsRead, PutNeed, needs_given
from service.settings import Settings
from tests.fakes import FakeEncoder, need

TOXICOLOGY = "We look for inhalation toxicology with lung models."


@contextmanager
def quiet(_: str) -> Iterator[Any]:
    yield lambda done, total: None


@pytest.fixture
def settings(tmp_path: Path, small_index: ProviderIndex, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setitem(encoders.ENCODERS, "bundled-e5", lambda _: FakeEncoder())
    small_index.save(tmp_path / "index")
    return Settings(home=tmp_path)


def found_in(settings: Settings, read: NeedsRead, **more: Any) -> GapAnalysis:
    return analyse(settings, read, GapConfig(), source="the tests", stage=quiet, **more)


def test_needs_are_asked_of_the_directory_and_held_against_the_bank(settings: Settings) -> None:
    found = found_in(settings, needs_given([need(TOXICOLOGY, region="nl-oost"), need("Violin lessons", country="DE")]))
    assert (found.needs, found.companies) == (2, 2)
    assert set(found.lines) == {"da", "de", "en", "fr", "nl"}
    assert found.ordinary_unmet.denominator == 600
    assert [(cell.region, cell.field) for cell in found.cells] == [("nl-oost", "any"), ("not told", "any")]


def test_categories_of_a_list_are_those_that_are_missing(settings: Settings) -> None:
    found = found_in(settings, NeedsRead((PutNeed("one", need(TOXICOLOGY), ("finance",)),)))
    assert [cell.field for cell in found.cells] == ["finance"]
    assert all(near.category == "finance" for gap in found.gaps for near in gap.nearest)


def test_without_needs_only_the_bank_is_asked(settings: Settings) -> None:
    found = found_in(settings, NeedsRead(()))
    assert (found.needs, found.gaps, len(found.ordinary)) == (0, (), 120)


def test_too_many_needs_are_refused_before_anything_is_encoded(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subjects, "MOST_NEEDS", 1)
    with pytest.raises(Refusal, match=r"needs of a gap analysis must be at most 1\. Got 2\."):
        found_in(settings, needs_given([need("Lungs"), need("Hearts")]))
    assert not settings.benchmark_vectors.exists()
