"""Idempotency, erasure, replay, and the proof of the chain over HTTP."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from matcher.log import ListQuery
from service.desk import Desk
from service.record.sql_log import SqlMatchLog
from tests.unit.service.api import body, client_of, refusal


def test_the_same_key_gives_the_same_list_and_no_second_record(client: TestClient, log: SqlMatchLog) -> None:
    headers = {"Idempotency-Key": "order-7"}
    first, second = (client.post("/v1/match-lists", json=body(), headers=headers) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"
    assert len(log.lists(ListQuery())) == 1
    refused = refusal(client.post("/v1/match-lists", json=body(k=3), headers=headers), 422)
    assert "another request" in refused["found"]


def test_two_that_arrive_together_get_one_list(client: TestClient, log: SqlMatchLog) -> None:
    with ThreadPoolExecutor(8) as pool:
        headers = {"Idempotency-Key": "order-8"}
        answers = list(pool.map(lambda _: client.post("/v1/match-lists", json=body(), headers=headers), range(8)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert len(log.lists(ListQuery())) == 1


def test_a_step_is_recorded_once_under_its_key(client: TestClient) -> None:
    client.post("/v1/match-lists", json=body())
    headers = {"Idempotency-Key": "step-1"}
    first, second = (client.post("/v1/matches/1/steps", json={"kind": "introduced"}, headers=headers) for _ in range(2))
    assert first.content == second.content
    assert len(client.get("/v1/matches/1").json()["steps"]) == 1


@pytest.mark.parametrize("key", ["", "x" * 201, "zwei Wörter"])
def test_a_key_of_another_form_is_refused(client: TestClient, key: str) -> None:
    answer = client.post("/v1/match-lists", json=body(), headers={"Idempotency-Key": key.encode()})
    assert "Idempotency-Key" in refusal(answer, 422)["place"]


def test_an_erased_need_is_gone_and_the_list_stays(small_desk: Desk, log: SqlMatchLog) -> None:
    with client_of(small_desk) as client:
        made = client.post("/v1/match-lists", json=body()).json()
        address = f"/v1/match-lists/{made['list_id']}"
        first, second = (client.post(f"{address}/erasure") for _ in range(2))
        assert (first.status_code, first.json()) == (200, second.json())
        read = client.get(address).json()
        assert read["erased_at"] == first.json()["erased_at"]
        assert "inhalation" not in read["answer"]["request"]["need"]["text"]
        assert [one["provider_id"] for one in read["answer"]["matches"]] == [
            one["provider_id"] for one in made["answer"]["matches"]
        ]
        assert "erased" in refusal(client.get(f"{address}/replay"), 409)["detail"]
    with client_of(small_desk, "programme office") as office:
        assert office.get("/v1/record").status_code == 200


def test_a_list_replays_as_it_was(client: TestClient) -> None:
    made = client.post("/v1/match-lists", json=body()).json()
    replay = client.get(f"/v1/match-lists/{made['list_id']}/replay").json()
    assert replay["same"] is True


def test_a_broken_chain_is_told(small_desk: Desk, log: SqlMatchLog, tmp_path: Path) -> None:
    with client_of(small_desk, "programme office") as office, client_of(small_desk) as advisor:
        advisor.post("/v1/match-lists", json=body())
        head = office.get("/v1/record").json()
        assert head["seq"] == log.verify().seq
        with sqlite3.connect(tmp_path / "log.sqlite3") as outside:
            outside.execute("DROP TRIGGER matches_no_update")
            outside.execute("UPDATE matches SET score = 99 WHERE rank = 1")
        outside.close()
        document = refusal(office.get("/v1/record"), 409)
        assert "score of match 1" in document["required"]


def test_lists_are_told_page_by_page_newest_first(client: TestClient) -> None:
    made = [client.post("/v1/match-lists", json=body(k=1)).json()["list_id"] for _ in range(5)]
    found, query = [], {"limit": 2}
    while True:
        page = client.get("/v1/match-lists", params=query).json()
        found += [one["list_id"] for one in page["lists"]]
        if page["next"] is None:
            break
        query["before"] = page["next"]
    assert found == made[::-1]
