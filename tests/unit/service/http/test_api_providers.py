"""`GET /v1/providers`: the directory."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.fakes import small_directory
from tests.unit.service.api import refusal


def ids(client: TestClient, **query: Any) -> list[str]:
    answer = client.get("/v1/providers", params=query)
    assert answer.status_code == 200, answer.text
    return [provider["provider_id"] for provider in answer.json()["providers"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["aqua", "bruno", "carla", "dion", "erik"]),
        ({"category": "technology"}, ["aqua", "bruno", "carla"]),
        ({"country": "dk"}, ["erik"]),
        ({"region": "de-nrw"}, ["bruno"]),
        ({"name": "ERIK ins"}, ["erik"]),
        ({"name": "institute", "category": "finance"}, ["dion"]),
        ({"country": "SE"}, []),
        ({"after": "carla"}, ["dion", "erik"]),
        ({"after": "b"}, ["bruno", "carla", "dion", "erik"]),
    ],
)
def test_only_providers_that_meet_every_condition_come(client: TestClient, query: dict[str, Any], expected: list[str]) -> None:
    assert ids(client, **query) == expected


@pytest.mark.parametrize("limit", [1, 2, 4, 5, 6])
def test_following_next_gives_every_provider_once(client: TestClient, limit: int) -> None:
    found: list[str] = []
    query: dict[str, Any] = {"limit": limit}
    for _ in range(6):
        page = client.get("/v1/providers", params=query).json()
        found += [provider["provider_id"] for provider in page["providers"]]
        if page["next"] is None:
            break
        query["after"] = page["next"]
    assert page["next"] is None
    assert found == ["aqua", "bruno", "carla", "dion", "erik"]


def test_one_provider_comes_with_all_its_evidence(client: TestClient) -> None:
    found = client.get("/v1/providers/aqua").json()
    assert found["provider"] == small_directory().provider("aqua").model_dump(mode="json")
    assert [piece["evidence_id"] for piece in found["evidence"]] == ["a1", "a2"]


def test_an_unknown_provider_is_not_found(client: TestClient) -> None:
    document = refusal(client.get("/v1/providers/nobody"), 404)
    assert document["detail"] == "The provider must be in the directory. Got 'nobody'. GET /v1/providers lists them."


@pytest.mark.parametrize(("query", "place"), [({"limit": 0}, "limit"), ({"country": "NLD"}, "country"), ({"x": 1}, "x")])
def test_a_condition_that_makes_no_sense_is_refused_by_name(client: TestClient, query: dict[str, Any], place: str) -> None:
    assert place in refusal(client.get("/v1/providers", params=query), 422)["place"]
