"""Links over HTTP: made with a key, used without one, and opening nothing else."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from fastapi.testclient import TestClient

from matcher.links import new_token
from service.desk import Desk
from service.record.sql_log import SqlMatchLog
from tests.unit.matcher.upkeep_steps import entry_of
from tests.unit.service.api import app_of, client_of, refusal
from tests.unit.service.entries import COMPONENTS, entry

OOST = "nl-oost"
RATED = {"survey": "after the event", "rating": "cooperation possible", "wishes_to_continue": "yes"}
SECRET = "A secret about our inhaler."


@pytest.fixture
def desk(small_desk: Desk, log: SqlMatchLog) -> Desk:
    """Match 1 of nl-oost (accepted, with bruno), match 2 of de-nrw, both of companies called Nasovax."""
    log.record(entry("l-1", ("bruno", "DE"), text=SECRET, company="Nasovax BV", region=OOST), COMPONENTS)
    log.record(entry("l-2", ("aqua", "NL"), company="Nasovax", region="de-nrw", country="DE"), COMPONENTS)
    with client_of(small_desk) as client:
        for kind in ("introduced", "accepted"):
            assert client.post("/v1/matches/1/steps", json={"kind": kind}).status_code == 201
    return small_desk


@pytest.fixture
def partner(desk: Desk) -> TestClient:
    return client_of(desk, region=OOST)


@pytest.fixture
def anybody(desk: Desk) -> TestClient:
    """Without a key."""
    return TestClient(app_of(desk))


def made(client: TestClient, purpose: str, subject: str, **more: Any) -> str:
    answer = client.post("/v1/links", json={"purpose": purpose, "subject": subject, **more})
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert told["page"] == f"/answer#{told['token']}"
    token: str = told["token"]
    return token


def opened(client: TestClient, token: str) -> dict[str, Any]:
    answer = client.post("/v1/link", json={"token": token})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def test_a_survey_shows_its_match_and_questions_and_no_word_of_the_need(partner: TestClient, anybody: TestClient) -> None:
    told = opened(anybody, made(partner, "after the event", "1"))
    survey = told["survey"]
    assert (told["purpose"], told["provider"], told["company"]) == ("after the event", None, None)
    assert (survey["provider"], survey["provider_country"], survey["listed_on"]) == ("Bruno Institute", "DE", "2026-03-01")
    assert (survey["answered"], survey["met_on"]) == (False, None)
    assert [one["name"] for one in survey["questions"]] == ["rating", "wishes_to_continue"]
    assert "cooperation possible" in survey["questions"][0]["choices"]
    assert "inhaler" not in str(told)


def test_an_answer_is_taken_once_and_is_a_step(partner: TestClient, anybody: TestClient, log: SqlMatchLog) -> None:
    token = made(partner, "after the event", "1")
    answer = anybody.post("/v1/link/answer", json={"token": token, "answer": RATED})
    assert (answer.status_code, answer.json()["what"]) == (201, "answer")
    assert opened(anybody, token)["survey"]["answered"] is True
    assert opened(anybody, token)["survey"]["met_on"] is not None
    assert (
        "be answered once" in refusal(anybody.post("/v1/link/answer", json={"token": token, "answer": RATED}), 403)["required"]
    )
    assert log.history(1).state == "met"
    log.verify()


def test_the_same_answer_under_the_same_key_is_told_again(partner: TestClient, anybody: TestClient) -> None:
    asked: dict[str, Any] = {"json": {"token": made(partner, "after the event", "1"), "answer": RATED}}
    asked["headers"] = {"Idempotency-Key": "once"}
    first, again = (anybody.post("/v1/link/answer", **asked) for _ in range(2))
    assert (first.status_code, again.status_code, first.json()) == (201, 201, again.json())
    asked["headers"] = {"Idempotency-Key": asked["json"]["token"]}
    assert "token of a link" in refusal(anybody.post("/v1/link/answer", **asked), 422)["found"]


def test_a_provider_sees_its_entry_and_asks_for_a_correction(partner: TestClient, anybody: TestClient, desk: Desk) -> None:
    token = made(client_of(desk, region="de-nrw"), "provider entry", "bruno")
    provider = opened(anybody, token)["provider"]
    assert (provider["state"], provider["entry"]["provider"]["name"]) == ("listed", "Bruno Institute")
    assert (provider["asked"], provider["may_ask"], provider["may_leave"]) == (None, True, True)
    wanted = entry_of("bruno", region="", name="Bruno GmbH").model_dump(mode="json")
    answer = anybody.post("/v1/link/answer", json={"token": token, "entry": wanted})
    assert (answer.status_code, answer.json()["what"]) == (201, "correction asked for")
    provider = opened(anybody, token)["provider"]
    assert provider["entry"]["provider"]["name"] == "Bruno Institute"
    assert provider["asked"]["provider"]["name"] == "Bruno GmbH"
    standing = client_of(desk, region="de-nrw").get("/v1/providers/bruno/steps").json()
    assert standing["asked"] == provider["asked"]
    assert standing["asked"]["provider"]["region"] == "de-nrw"


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (entry_of("aqua", region="de-nrw"), "stay bruno"),
        (entry_of("bruno", region=OOST), "stay de-nrw"),
    ],
)
def test_a_provider_asks_for_its_own_entry_only(anybody: TestClient, desk: Desk, entry: Any, words: str) -> None:
    token = made(client_of(desk, region="de-nrw"), "provider entry", "bruno")
    told = {"token": token, "entry": entry.model_dump(mode="json")}
    assert words in refusal(anybody.post("/v1/link/answer", json=told), 422)["required"]


def test_a_provider_leaves_at_once(anybody: TestClient, desk: Desk) -> None:
    token = made(client_of(desk, region="de-nrw"), "provider entry", "bruno")
    assert anybody.post("/v1/link/answer", json={"token": token, "leave": True}).json()["what"] == "left"
    assert desk.off_lists() == {"bruno"}
    provider = opened(anybody, token)["provider"]
    assert (provider["state"], provider["may_ask"], provider["may_leave"]) == ("left", False, False)
    refusal(anybody.post("/v1/link/answer", json={"token": token, "leave": True}), 409)


def test_a_company_sees_what_is_on_record_about_it(partner: TestClient, anybody: TestClient, desk: Desk) -> None:
    company = opened(anybody, made(partner, "company entry", "NL:nasovax"))["company"]
    assert [one["list_id"] for one in company["lists"]] == ["l-1"]
    [match] = company["lists"][0]["matches"]
    assert (match["provider"], match["state"]) == ("Bruno Institute", "accepted")
    assert company["complete"] is True
    assert "inhaler" not in str(company)
    of_another = opened(anybody, made(client_of(desk), "company entry", "DE:NASOVAX"))["company"]
    assert [one["list_id"] for one in of_another["lists"]] == ["l-2"]


def test_a_link_is_made_for_what_is_of_the_region_only(partner: TestClient) -> None:
    for purpose, subject in (
        ("after the event", "2"),
        ("after six months", "99"),
        ("after the event", "one"),
        ("after the event", "9" * 30),
        ("company entry", "DE:Nasovax"),
        ("company entry", "Nasovax"),
        ("company entry", "NL:Nobody"),
        ("provider entry", "zelda"),
    ):
        refusal(partner.post("/v1/links", json={"purpose": purpose, "subject": subject}), 404)
    refusal(partner.post("/v1/links", json={"purpose": "provider entry", "subject": "bruno"}), 403)
    refusal(partner.post("/v1/links", json={"purpose": "after the event", "subject": "1", "days": 367}), 422)


def test_wrong_tokens_are_answered_alike(partner: TestClient, anybody: TestClient) -> None:
    token = made(partner, "after the event", "1")
    details = set()
    for wrong in (token[:-1] + ("A" if token[-1] != "A" else "B"), new_token().text, "nonsense", token[3:]):
        for path, more in (("/v1/link", {}), ("/v1/link/answer", {"answer": RATED})):
            document = refusal(anybody.post(path, json={"token": wrong, **more}), 403)
            details.add(document["detail"])
            assert wrong not in str(document)
    assert len(details) == 1


def test_a_link_takes_only_what_it_is_for(partner: TestClient, anybody: TestClient) -> None:
    token = made(partner, "after the event", "1")
    for told in ({"leave": True}, {"entry": entry_of("bruno").model_dump(mode="json")}):
        assert (
            "be for provider entry" in refusal(anybody.post("/v1/link/answer", json={"token": token, **told}), 403)["required"]
        )
    later = {"survey": "after six months", "result": "valuable", "anyway": "no", "wishes_to_continue": "yes"}
    refusal(anybody.post("/v1/link/answer", json={"token": token, "answer": later}), 403)
    for several in ({}, {"answer": RATED, "leave": True}):
        document = refusal(anybody.post("/v1/link/answer", json={"token": token, **several}), 422)
        assert "hold one of answer, entry, correction and leave" in document["required"]


def test_who_tries_tokens_is_told_to_wait_and_who_has_one_is_not(partner: TestClient, anybody: TestClient) -> None:
    token = made(partner, "after the event", "1")
    statuses = [anybody.post("/v1/link", json={"token": "nonsense"}).status_code for _ in range(70)]
    assert (set(statuses), statuses[-1]) == ({403, 429}, 429)
    assert opened(anybody, token)["purpose"] == "after the event"


def test_one_link_is_not_opened_without_end(desk: Desk, partner: TestClient) -> None:
    token = made(partner, "after the event", "1")
    few = TestClient(app_of(desk, requests_per_minute=3))
    statuses = [few.post("/v1/link", json={"token": token}).status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]


def test_no_log_line_holds_a_token(partner: TestClient, anybody: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        token = made(partner, "after the event", "1")
        opened(anybody, token)
        anybody.post("/v1/link", json={"token": f"{token}x"})
        anybody.post("/v1/link/answer", json={"token": token, "answer": RATED})
    assert token[14:26] not in caplog.text
