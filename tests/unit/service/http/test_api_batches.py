"""Many needs in one request: one batch on record, whole or not at all; and its lists, page by page."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from matcher.log import ListQuery
from service.api.batches import MOST_NEEDS
from service.desk import Desk
from service.record.sql_batches import SqlBatches
from service.record.sql_log import SqlMatchLog
from tests.unit.service.api import HOLDER, NEED, client_of, refusal

NEEDS = [
    {**NEED, "need_id": "n-1"},
    {"text": "We look for a vaccine filling line.", "country": "DE", "need_id": "n-2"},
    {"text": "Nous cherchons un investisseur.", "country": "BE", "need_id": "n-3"},
]


def made(client: TestClient, **more: Any) -> dict[str, Any]:
    answer = client.post("/v1/batches", json={"needs": NEEDS, **more})
    assert answer.status_code == 201, answer.text
    document: dict[str, Any] = answer.json()
    assert answer.headers["location"] == f"/v1/batches/{document['batch_id']}"
    return document


def test_each_need_gets_the_list_that_it_gets_alone(client: TestClient, log: SqlMatchLog) -> None:
    document = made(client)
    assert set(document) == {"batch_id", "list_ids"}
    for list_id, need in zip(document["list_ids"], NEEDS, strict=True):
        alone = client.post("/v1/match-lists", json={"need": need}).json()
        listed = client.get(f"/v1/match-lists/{list_id}").json()
        assert listed["answer"] == alone["answer"]
        assert (listed["batch"], alone["batch"]) == (document["batch_id"], None)
        assert listed["asked_by"] == HOLDER
    closing = SqlBatches(log).get(document["batch_id"]).closing
    assert closing is not None
    assert closing.lists == len(NEEDS)
    log.verify()


def test_the_terms_hold_for_every_need(client: TestClient) -> None:
    document = made(client, terms={"policy": {"mode": "require"}, "k": 1, "filters": {"excluded_countries": ["DE"]}})
    for list_id in document["list_ids"]:
        answer = client.get(f"/v1/match-lists/{list_id}").json()["answer"]
        assert len(answer["matches"]) <= 1
        assert all(match["cross_border"] and match["country"] != "DE" for match in answer["matches"])


def test_lists_come_page_by_page_in_the_order_of_the_needs(client: TestClient) -> None:
    document = made(client)
    address = f"/v1/batches/{document['batch_id']}"
    first = client.get(address, params={"limit": 2}).json()
    assert [one["list_id"] for one in first["lists"]] == document["list_ids"][:2]
    assert first["closed_at"] is not None
    second = client.get(address, params={"limit": 2, "after": first["next"]}).json()
    assert [one["list_id"] for one in second["lists"]] == document["list_ids"][2:]
    assert second["next"] is None
    listed = client.get("/v1/match-lists", params={"batch": document["batch_id"]}).json()["lists"]
    assert [one["list_id"] for one in listed] == document["list_ids"][::-1]


def test_the_same_request_under_the_same_key_makes_one_batch(client: TestClient, log: SqlMatchLog) -> None:
    headers = {"Idempotency-Key": "k-1"}
    answers = [client.post("/v1/batches", json={"needs": NEEDS}, headers=headers) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert [answer.headers.get("idempotency-replayed") for answer in answers] == [None, "true"]
    assert len(log.lists(ListQuery())) == len(NEEDS)
    refusal(client.post("/v1/batches", json={"needs": NEEDS[:1]}, headers=headers), 422)


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ({}, "needs"),
        ({"needs": []}, "needs"),
        ({"needs": [NEEDS[0], {"text": "We look for lungs."}]}, "country"),
        ({"needs": NEEDS, "terms": {"k": 0}}, "k"),
        ({"needs": NEEDS, "terms": {"wish": 1}}, "wish"),
        ({"needs": NEEDS, "k": 5}, "k"),
        ({"needs": NEEDS, "terms": {"filters": {"regions": ["atlantis"]}}}, "regions"),
        ({"needs": [{"text": "12", "country": "NL"}]}, "text"),
    ],
)
def test_one_thing_wrong_and_nothing_is_matched(
    client: TestClient, log: SqlMatchLog, content: dict[str, Any], place: str
) -> None:
    before = log.verify().seq
    document = refusal(client.post("/v1/batches", json=content), 422)
    assert place in document["detail"]
    assert log.verify().seq == before


def test_more_needs_than_one_request_may_have_are_refused(small_desk: Desk) -> None:
    with client_of(small_desk, largest_body=10_000_000) as client:
        document = refusal(client.post("/v1/batches", json={"needs": NEEDS[:1] * (MOST_NEEDS + 1)}), 422)
    assert "needs" in document["detail"]
    assert f"{MOST_NEEDS}" in document["detail"]


def test_a_body_over_the_limit_is_refused(client: TestClient) -> None:
    refusal(client.post("/v1/batches", content=json.dumps({"needs": NEEDS * 2_000})), 413)


def test_a_need_of_a_regions_key_belongs_to_that_region_and_others_see_nothing_of_it(small_desk: Desk) -> None:
    with client_of(small_desk, "organiser", "nl-oost") as east, client_of(small_desk, "advisor", "be-liege") as liege:
        document = made(east)
        address = f"/v1/batches/{document['batch_id']}"
        assert {one["region"] for one in east.get(address).json()["lists"]} == {"nl-oost"}
        refusal(liege.get(address), 404)
        refusal(east.post("/v1/batches", json={"needs": [{**NEED, "region": "be-liege"}]}), 403)
    with client_of(small_desk, "organiser") as everywhere, client_of(small_desk, "evaluator", "be-liege") as liege:
        of_two = [{**NEEDS[0], "region": "nl-oost"}, {**NEEDS[1], "region": "be-liege"}]
        document = everywhere.post("/v1/batches", json={"needs": of_two}).json()
        address = f"/v1/batches/{document['batch_id']}"
        assert [one["need_id"] for one in liege.get(address).json()["lists"]] == ["n-2"]
        assert liege.get(address, params={"after": 10_000}).json()["lists"] == []
        assert len(everywhere.get(address).json()["lists"]) == 2


@pytest.mark.parametrize("role", ["evaluator", "programme office"])
def test_who_only_reads_makes_none(small_desk: Desk, role: str) -> None:
    with client_of(small_desk, role) as client:
        refusal(client.post("/v1/batches", json={"needs": NEEDS}), 403)


@pytest.mark.parametrize("name", ["nowhere", "00000000-0000-0000-0000-000000000000", "a%00b", "%ff"])
def test_an_unknown_batch_is_not_found(client: TestClient, name: str) -> None:
    refusal(client.get(f"/v1/batches/{name}"), 404)


def test_a_limit_beyond_all_pages_is_refused(client: TestClient) -> None:
    document = made(client)
    refusal(client.get(f"/v1/batches/{document['batch_id']}", params={"limit": 1_001}), 422)
    refusal(client.get(f"/v1/batches/{document['batch_id']}", params={"after": -1}), 422)
