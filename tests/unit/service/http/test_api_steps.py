"""What becomes of a match, over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient

from matcher.lifecycle import MAY_FOLLOW
from service.record.sql_log import SqlMatchLog
from tests.unit.service.api import HOLDER, refusal
from tests.unit.service.entries import COMPONENTS, entry


@pytest.fixture
def filled(client: TestClient, log: SqlMatchLog) -> TestClient:
    """Matches 1 to 3 of a Dutch need."""
    log.record(entry("l-1", ("dion", "FR"), ("aqua", "NL"), ("bruno", "DE"), company="Nasovax BV"), COMPONENTS)
    return client


def today() -> str:
    return datetime.now(UTC).date().isoformat()


def record(client: TestClient, match_id: int, kind: str, **told: Any) -> dict[str, Any]:
    answer = client.post(f"/v1/matches/{match_id}/steps", json={"kind": kind, **told})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def test_a_match_goes_from_proposed_to_an_agreement(filled: TestClient) -> None:
    steps: list[tuple[str, dict[str, str]]] = [
        ("introduced", {"happened_on": "2026-03-02"}),
        ("accepted", {}),
        ("met", {"rating": "cooperation possible"}),
        ("incentive granted", {"incentive": "Collaboration"}),
        ("outcome", {"result": "agreement reached", "anyway": "no"}),
    ]
    for kind, told in steps:
        assert kind in filled.get("/v1/matches/1").json()["may_follow"]
        made = record(filled, 1, kind, **told)
        assert (made["match_id"], made["kind"], made["recorded_by"]) == (1, kind, HOLDER)
    read = filled.get("/v1/matches/1").json()
    assert [step["kind"] for step in read["steps"]] == [kind for kind, _ in steps]
    assert (read["stands"], read["may_follow"]) == ("outcome", list(MAY_FOLLOW["outcome"]))
    assert read["match"]["match"]["provider_id"] == "dion"


def test_an_illegal_step_is_refused_with_the_legal_ones(filled: TestClient) -> None:
    document = refusal(filled.post("/v1/matches/1/steps", json={"kind": "accepted"}), 409)
    assert document["required"] == "be one that may follow 'proposed': introduced"
    assert filled.get("/v1/matches/1").json()["steps"] == []


def test_a_correction_takes_the_place_of_what_was_wrong(filled: TestClient) -> None:
    record(filled, 1, "introduced")
    wrong = record(filled, 1, "declined", reason="terms")
    record(filled, 1, "accepted", corrects=wrong["step_id"])
    read = filled.get("/v1/matches/1").json()
    assert read["stands"] == "accepted"
    assert len(read["steps"]) == 3


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({}, "kind"),
        ({"kind": "married"}, "kind"),
        ({"kind": "declined"}, "reason"),
        ({"kind": "introduced", "reason": "terms"}, "reason"),
        ({"kind": "introduced", "happened_on": "2999-01-01"}, "today"),
        ({"kind": "withdrawn"}, "takes back"),
        ({"kind": "introduced", "match_id": 2}, "match_id"),
    ],
)
def test_a_step_that_makes_no_sense_is_refused_by_name(filled: TestClient, told: dict[str, Any], words: str) -> None:
    document = refusal(filled.post("/v1/matches/1/steps", json=told), 422)
    assert words in document["place"] + document["required"]


def test_a_step_before_its_list_is_refused(filled: TestClient) -> None:
    document = refusal(filled.post("/v1/matches/1/steps", json={"kind": "introduced", "happened_on": "2026-02-01"}), 409)
    assert document["required"] == "not lie before its list was given out, 2026-03-01"


@pytest.mark.parametrize("match_id", ["4", "0", "-1", "x", str(2**63), "1.5"])
def test_an_unknown_match_has_no_steps(filled: TestClient, match_id: str) -> None:
    for answer in (filled.get(f"/v1/matches/{match_id}"), filled.post(f"/v1/matches/{match_id}/steps", json={"kind": "met"})):
        assert answer.status_code in (404, 422)
        refusal(answer, answer.status_code)


def test_a_known_contact_is_told_on_the_next_list_or_left_out(client: TestClient) -> None:
    need = {"text": "We look for inhalation toxicology with lung models.", "country": "NL", "company": "Nasovax B.V."}
    first = client.post("/v1/match-lists", json={"need": need}).json()
    assert (first["answer"]["matches"][0]["provider_id"], first["answer"]["matches"][0]["contact"]) == ("bruno", "")
    record(client, 1, "introduced")
    record(client, 1, "accepted")
    record(client, 1, "met", rating="cooperation possible", happened_on=today())
    again = client.post("/v1/match-lists", json={"need": {**need, "company": "NASOVAX"}}).json()["answer"]
    assert today() in again["matches"][0]["contact"]
    left_out = {"need": need, "filters": {"known_contacts": "leave out"}}
    without = client.post("/v1/match-lists", json=left_out).json()["answer"]
    assert "bruno" not in {match["provider_id"] for match in without["matches"]}
    assert without["considered"]["known_contacts"] == 1


def test_indicators_count_and_hold_no_words(filled: TestClient) -> None:
    record(filled, 1, "introduced")
    answer = filled.get("/v1/indicators")
    assert answer.status_code == 200
    assert answer.json()["cross_border"]["total"] == 1
    assert "Nasovax" not in answer.text
    assert "lung models" not in answer.text
