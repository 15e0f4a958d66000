from __future__ import annotations

import numpy as np
import pytest

from matcher.acquaintance import Acquaintance, counted
from matcher.directory import Directory
from matcher.index import ProviderIndex
from tests.fakes import FakeEncoder, evidence, provider


@pytest.fixture(scope="module")
def index() -> ProviderIndex:
    joint = {key: {"reference": f"https://example.org/{key}"} for key in ("one", "two", "three")}
    return ProviderIndex.build(
        Directory(
            tuple(provider(key, "DE", "Lung.") for key in ("a", "b", "c", "d")),
            (
                evidence("a1", "a", "Project one", **joint["one"]),
                evidence("a2", "a", "Project two", **joint["two"]),
                evidence("b1", "b", "Project one", **joint["one"]),
                evidence("b2", "b", "Project two", **joint["two"]),
                evidence("c1", "c", "Project two", **joint["two"]),
                evidence("d1", "d", "Project three", **joint["three"]),
                evidence("d2", "d", "Service", kind="service", **joint["one"]),
            ),
        ),
        FakeEncoder(),
    )


def shared(index: ProviderIndex, company: str, heard: set[str] | None = None) -> dict[str, list[str]]:
    mask = None if heard is None else np.array([passage.evidence_id in heard for passage in index.passages])
    found = Acquaintance(index).shared_projects(index.rows_of([company]).tolist(), mask)
    return {
        index.provider_at(row).provider_id: [index.passages[passage].evidence_id for passage in passages]
        for row, passages in found.items()
    }


def test_partners_are_those_with_the_same_project(index: ProviderIndex) -> None:
    assert shared(index, "a") == {"b": ["b1", "b2"], "c": ["c1"]}


def test_a_project_that_nobody_else_was_in_makes_no_partner(index: ProviderIndex) -> None:
    assert shared(index, "d") == {}


def test_an_organisation_that_is_not_in_the_directory_knows_nobody(index: ProviderIndex) -> None:
    assert shared(index, "nobody") == {}


def test_what_had_not_begun_is_no_acquaintance(index: ProviderIndex) -> None:
    assert shared(index, "a", heard={"a1", "b1"}) == {"b": ["b1"]}


def test_projects_are_counted_by_provider(index: ProviderIndex) -> None:
    found = Acquaintance(index).shared_projects(index.rows_of(["a"]).tolist())
    assert counted(found, len(index)).tolist() == [0, 2, 1, 0]
