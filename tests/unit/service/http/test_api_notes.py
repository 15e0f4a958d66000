"""Notes beside lists over HTTP, and corrections from the company's asking to its reading the answer."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from matcher.links import new_token
from service.desk import Desk
from service.record.confidential import ERASED
from service.record.sql_log import SqlMatchLog
from tests.unit.service.api import app_of, client_of, refusal
from tests.unit.service.entries import COMPONENTS, entry
from tests.unit.service.http.test_api_links import made, opened

OOST = "nl-oost"


@pytest.fixture
def desk(small_desk: Desk, log: SqlMatchLog) -> Desk:
    """Match 1 of nl-oost, match 2 of de-nrw, both of companies called Nasovax; match 3 of another company of nl-oost."""
    log.record(entry("l-1", ("bruno", "DE"), company="Nasovax BV", region=OOST), COMPONENTS)
    log.record(entry("l-2", ("aqua", "NL"), company="Nasovax", region="de-nrw", country="DE"), COMPONENTS)
    log.record(entry("l-3", ("carla", "BE"), company="Cellix", region=OOST), COMPONENTS)
    return small_desk


@pytest.fixture
def partner(desk: Desk) -> TestClient:
    return client_of(desk, region=OOST)


@pytest.fixture
def anybody(desk: Desk) -> TestClient:
    """Without a key."""
    return TestClient(app_of(desk))


def ask(client: TestClient, token: str, **told: Any) -> Any:
    correction = {"list_id": "l-1", "text": "They declined, not we.", **told}
    return client.post("/v1/link/answer", json={"token": token, "correction": correction})


def test_a_note_is_written_and_read_by_the_region(partner: TestClient, desk: Desk, log: SqlMatchLog) -> None:
    answer = partner.post("/v1/match-lists/l-1/notes", json={"text": "Call again in May.", "match_id": 1})
    assert answer.status_code == 201, answer.text
    assert (answer.json()["kind"], answer.json()["match_id"]) == ("note", 1)
    assert partner.get("/v1/match-lists/l-1/notes").json()["notes"] == [answer.json()]
    of_others = client_of(desk, region="de-nrw")
    refusal(of_others.get("/v1/match-lists/l-1/notes"), 404)
    refusal(of_others.post("/v1/match-lists/l-1/notes", json={"text": "x"}), 404)
    log.verify()


def test_who_only_judges_quality_reads_no_word_of_a_note(partner: TestClient, desk: Desk) -> None:
    partner.post("/v1/match-lists/l-1/notes", json={"text": "A secret about their inhaler."})
    [note] = client_of(desk, role="evaluator").get("/v1/match-lists/l-1/notes").json()["notes"]
    assert note["text"] == ERASED
    refusal(client_of(desk, role="evaluator").post("/v1/match-lists/l-1/notes", json={"text": "x"}), 403)
    refusal(client_of(desk, role="evaluator").get("/v1/corrections"), 403)


def test_a_company_asks_and_reads_the_answer(partner: TestClient, anybody: TestClient, desk: Desk) -> None:
    token = made(partner, "company entry", "NL:Nasovax")
    answer = ask(anybody, token, match_id=1)
    assert (answer.status_code, answer.json()["what"]) == (201, "correction asked for")
    [shown] = opened(anybody, token)["company"]["lists"][0]["corrections"]
    assert (shown["stands"], shown["text"], shown["match_id"]) == ("correction asked", "They declined, not we.", 1)
    [waiting] = partner.get("/v1/corrections").json()["waiting"]
    assert (waiting["company"], waiting["note"]["text"]) == ("Nasovax BV", "They declined, not we.")
    assert client_of(desk, region="de-nrw").get("/v1/corrections").json()["waiting"] == []
    told = {"kind": "correction made", "answers": waiting["note"]["note_id"], "match_id": 1, "text": "You are right."}
    assert partner.post("/v1/match-lists/l-1/notes", json=told).status_code == 201
    assert partner.get("/v1/corrections").json()["waiting"] == []
    [shown] = opened(anybody, token)["company"]["lists"][0]["corrections"]
    assert (shown["stands"], shown["answer"]) == ("correction made", "You are right.")
    refusal(partner.post("/v1/match-lists/l-1/notes", json=told), 409)


def test_another_link_shows_that_it_was_asked_and_not_in_which_words(partner: TestClient, anybody: TestClient) -> None:
    ask(anybody, made(partner, "company entry", "NL:Nasovax"))
    [shown] = opened(anybody, made(partner, "company entry", "NL:Nasovax"))["company"]["lists"][0]["corrections"]
    assert (shown["stands"], shown["text"]) == ("correction asked", None)


def test_a_link_asks_only_about_what_it_shows(partner: TestClient, anybody: TestClient, desk: Desk) -> None:
    token = made(partner, "company entry", "NL:Nasovax")
    before = desk.log.verify()
    for told in ({"list_id": "l-2"}, {"list_id": "l-3"}, {"list_id": "l-9"}, {"match_id": 3}, {"match_id": 99}):
        refusal(ask(anybody, token, **told), 404)
    refusal(ask(anybody, token, text=" "), 422)
    assert "hold no token" in refusal(ask(anybody, token, text=new_token().text), 422)["required"]
    refusal(ask(anybody, made(partner, "after the event", "1")), 403)
    refusal(anybody.post("/v1/link/answer", json={"token": token, "leave": True}), 403)
    # The link just made is all that came.
    assert desk.log.verify().seq == before.seq + 1


def test_no_more_than_ten_wait(partner: TestClient, anybody: TestClient) -> None:
    token = made(partner, "company entry", "NL:Nasovax")
    assert [ask(anybody, token, text=f"Wrong {number}").status_code for number in range(11)] == [201] * 10 + [409]


@pytest.mark.parametrize(
    ("told", "status", "words"),
    [
        ({}, 422, "text"),
        ({"text": "x", "kind": "correction asked"}, 422, "the company asks through its link"),
        ({"text": "x", "kind": "correction made"}, 422, "name the correction that was asked for"),
        ({"text": "x", "kind": "correction made", "answers": 1}, 409, "answer a correction that was asked for and waits"),
        ({"text": "x", "answers": 1}, 422, "only where it is"),
        ({"text": "x", "match_id": 2}, 404, "match of the note"),
        ({"text": "x", "match_id": "1"}, 422, "be a number"),
        ({"text": "x" * 2001}, 422, "2,000"),
        ({"text": "x", "more": 1}, 422, "more"),
    ],
)
def test_what_is_no_note_is_refused(partner: TestClient, told: dict[str, Any], status: int, words: str) -> None:
    assert words in refusal(partner.post("/v1/match-lists/l-1/notes", json=told), status)["detail"]
    assert partner.get("/v1/match-lists/l-1/notes").json()["notes"] == []


def test_a_note_on_an_erased_list_is_refused(partner: TestClient, anybody: TestClient) -> None:
    token = made(partner, "company entry", "NL:Nasovax")
    asked: dict[str, Any] = {"json": {"text": "Call again."}, "headers": {"Idempotency-Key": "once"}}
    first, again = (partner.post("/v1/match-lists/l-1/notes", **asked) for _ in range(2))
    assert first.json() == again.json()
    assert partner.post("/v1/match-lists/l-1/erasure").status_code == 200
    assert [one["text"] for one in partner.get("/v1/match-lists/l-1/notes").json()["notes"]] == [ERASED]
    assert "were erased" not in refusal(partner.post("/v1/match-lists/l-1/notes", json={"text": "x"}), 409)["found"]
    refusal(ask(anybody, token), 409)
