"""What runs on the machines of a cluster makes the lists that this process makes. Tried without a cluster."""

from __future__ import annotations

import tempfile
import uuid
from datetime import UTC, datetime
from pathlib import Path

import pytest

from matcher.index import ProviderIndex
from matcher.listing import Asked
from matcher.pipeline import Matcher
from matcher.records import Filters, MatchRequest
from service.batch.ray_index import CarriedIndex, carried
from service.batch.ray_workers import EncodingActor, Engine, MatchingActor, Part
from service.batch.workers import Done, Task, carry_out
from tests.fakes import FakeEncoder, need

BATCH = str(uuid.uuid4())
AT = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def index(small_index: ProviderIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CarriedIndex:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    small_index.save(tmp_path / "index")
    return carried(BATCH, tmp_path / "index", None)


@pytest.fixture
def engine(small_matcher: Matcher) -> Engine:
    return Engine(small_matcher.fingerprint, FakeEncoder().fingerprint, FakeEncoder.dim, FakeEncoder, 100)


def part(**more: object) -> Part:
    requests = [MatchRequest(need=need(f"Lung models {number}."), k=3, **more) for number in range(5)]  # type: ignore[arg-type]
    return Part(BATCH, ".csv", [1, 2, 3, 5, 8], requests, [()] * 5, frozenset({"bruno"}), "a test", AT)


def test_their_lists_are_those_of_one_machine(engine: Engine, index: CarriedIndex, small_matcher: Matcher) -> None:
    given, encoder, matcher = part(), EncodingActor(), MatchingActor()
    assert encoder.begin(engine, index) is None
    assert matcher.begin(engine, index) is None
    count, encoded = encoder.encode(given)
    assert count == 5
    made = matcher.match(encoded, given)
    asked = [
        Asked(here, request, (), given.off_lists)
        for here, request in zip(
            small_matcher.encode_each([request.need for request in given.requests]), given.requests, strict=True
        )
    ]
    here = carry_out(small_matcher, Task(BATCH, ".csv", given.numbers, asked, "a test", AT))
    assert [one._replace(salt="") for one in made.lists] == [one._replace(salt="") for one in here.lists]
    assert made.lines == here.lines
    assert "bruno" not in str(made.lines)


def test_another_encoder_is_refused(engine: Engine, index: CarriedIndex) -> None:
    told = EncodingActor().begin(engine._replace(encoder="another"), index)
    assert told is not None
    assert told[:3] == ("encoder of the cluster", "be another", "fake-1")


def test_another_engine_is_refused(engine: Engine, index: CarriedIndex) -> None:
    told = MatchingActor().begin(engine._replace(fingerprint="another"), index)
    assert told is not None
    assert told[:2] == ("engine of the cluster", "be another")
    assert "same version of crossmatch" in told[3]


def test_an_index_that_was_altered_on_its_way_is_refused(engine: Engine, index: CarriedIndex) -> None:
    for name, content in index.files.items():
        index.files[name] = content.replace(b"lung", b"long")
    for told in (EncodingActor().begin(engine, index), MatchingActor().begin(engine, index)):
        assert told is not None
        assert "SHA-256" in told[1]


def test_terms_that_cannot_be_are_told_and_not_raised(engine: Engine, index: CarriedIndex) -> None:
    given, encoder, matcher = part(filters=Filters(regions=("atlantis",))), EncodingActor(), MatchingActor()
    encoder.begin(engine, index)
    matcher.begin(engine, index)
    made = matcher.match(encoder.encode(given)[1], given)
    assert isinstance(made, Done)
    assert made.lists == []
    assert made.refused is not None
    assert "atlantis" in made.refused[2]
