"""Addresses that there are not, methods that they do not have, and no redirect that could carry a key away."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from tests.unit.service.api import refusal


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/v1/match-lists", "GET, POST"),
        ("/v1/matches/1/steps", "POST"),
        ("/v1/match-lists/x/erasure", "POST"),
        ("/v1/providers/x", "GET"),
    ],
)
def test_a_wrong_method_is_refused_with_all_that_the_address_has(client: TestClient, path: str, methods: str) -> None:
    answer = client.delete(path)
    document = refusal(answer, 405)
    assert answer.headers["allow"] == methods
    assert document["detail"] == f"The method must be {methods.replace(', ', ' or ')} at this address. Got 'DELETE'."


@pytest.mark.parametrize("path", ["/v1/nothing", "/v1", "/v1/match-lists/x/y", "/v1/matches/1/steps/2"])
def test_an_address_that_there_is_not_is_refused_by_name(client: TestClient, path: str) -> None:
    assert refusal(client.get(path), 404)["found"] == repr(path)


@pytest.mark.parametrize("path", ["/v1/match-lists/", "/v1/providers/", "/docs/"])
def test_nobody_is_sent_elsewhere(client: TestClient, path: str) -> None:
    # A proxy that ends TLS speaks http:// to the service, and the service would send callers, keys and all, to http://.
    answer = client.get(path, follow_redirects=False)
    refusal(answer, 404)
    assert "location" not in answer.headers


def test_a_query_that_is_no_text_is_refused_like_any_other(client: TestClient) -> None:
    document = refusal(client.get("/v1/matches?limit=%ff"), 422)
    assert document["instance"] == "/v1/matches"


def test_a_misspelt_condition_does_not_count_everything(client: TestClient) -> None:
    assert "regoin" in refusal(client.get("/v1/indicators", params={"regoin": "nl-oost"}), 422)["place"]
