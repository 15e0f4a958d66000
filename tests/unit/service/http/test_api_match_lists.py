"""`POST /v1/match-lists` and reading a list back."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from matcher.log import LoggedList
from service.record.sql_log import SqlMatchLog
from tests.unit.service.api import HOLDER, NEED, body, refusal


def test_a_new_list_is_created_and_its_location_gives_the_same(client: TestClient) -> None:
    created = client.post("/v1/match-lists", json=body(k=3))
    assert created.status_code == 201
    assert created.headers["location"] == f"/v1/match-lists/{created.json()['list_id']}"
    read = client.get(created.headers["location"])
    assert read.status_code == 200
    assert read.json() == created.json()


def test_the_answer_is_what_the_log_holds(client: TestClient, log: SqlMatchLog) -> None:
    created = client.post("/v1/match-lists", json=body())
    given = LoggedList.model_validate(created.json())
    assert log.get(given.list_id) == given


def test_the_answer_names_who_matches_and_why(client: TestClient) -> None:
    answer = client.post("/v1/match-lists", json=body()).json()["answer"]
    assert answer["verdict"] == "matches"
    first = answer["matches"][0]
    assert (first["provider_id"], first["cross_border"], first["rank"]) == ("bruno", True, 1)
    assert first["evidence"][0]["reference"].startswith("https://example.org/")
    assert sum(part["value"] for part in first["parts"]) == first["score"]


def test_the_request_comes_back_as_it_was_understood(client: TestClient) -> None:
    given = body(k=2, policy={"mode": "require"}, filters={"excluded_providers": ["erik"]})
    created = client.post("/v1/match-lists", json=given).json()
    asked = created["answer"]["request"]
    assert created["asked_by"] == HOLDER
    assert (asked["k"], asked["policy"]["mode"], asked["filters"]["excluded_providers"]) == (2, "require", ["erik"])
    assert all(match["cross_border"] for match in created["answer"]["matches"])
    assert "asked_by" not in asked


def test_two_equal_requests_are_two_lists_with_one_answer(client: TestClient) -> None:
    first, second = (client.post("/v1/match-lists", json=body()).json() for _ in range(2))
    assert first["list_id"] != second["list_id"]
    assert first["answer"] == second["answer"]


def test_a_need_nobody_answers_is_an_answer_on_record(client: TestClient) -> None:
    created = client.post("/v1/match-lists", json=body(filters={"countries": ["SE"]}))
    assert created.status_code == 201
    answer = created.json()["answer"]
    assert (answer["verdict"], answer["matches"]) == ("no good match", [])
    assert answer["notes"]
    assert client.get(created.headers["location"]).json()["answer"] == answer


@pytest.mark.parametrize(
    "text", ["我们寻找肺部毒理学实验室", "Vi søger «lungemodeller» – straks", "e\u0301\u2028🫁 lung models"]
)
def test_any_language_goes_in_and_comes_back(client: TestClient, text: str) -> None:
    created = client.post("/v1/match-lists", json={"need": {**NEED, "text": text}})
    assert created.status_code == 201
    assert client.get(created.headers["location"]).json()["answer"]["request"]["need"]["text"] == text


@pytest.mark.parametrize("list_id", ["nowhere", "%00", "%FF", "a" * 3000, "..%2f..%2fetc"])
def test_an_unknown_list_is_not_found(client: TestClient, list_id: str) -> None:
    found = client.get(f"/v1/match-lists/{list_id}")
    if "%2f" in list_id:
        assert found.status_code == 404
    else:
        assert refusal(found, 404)["place"] == "match list"


def test_a_request_id_is_echoed_and_recorded(client: TestClient) -> None:
    created = client.post("/v1/match-lists", json=body(), headers={"x-request-id": "call.7_of-today"})
    assert created.headers["x-request-id"] == created.json()["request_id"] == "call.7_of-today"


@pytest.mark.parametrize("given", [None, "", "two words", "a" * 101, "semi;colon", "<b>"])
def test_a_request_id_is_made_where_none_can_be_used(client: TestClient, given: Any) -> None:
    headers = {} if given is None else {"x-request-id": given}
    created = client.post("/v1/match-lists", json=body(), headers=headers)
    made = created.headers["x-request-id"]
    assert len(made) == 36
    assert made == created.json()["request_id"]
    assert client.get("/healthz").headers["x-request-id"] != made
