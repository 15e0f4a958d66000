"""The directory's upkeep, over HTTP."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from service.desk import Desk
from service.record.sql_log import SqlMatchLog
from tests.unit.matcher.upkeep_steps import entry_of
from tests.unit.service.api import HOLDER, app_of, body, client_of, key_headers, keyring_of, refusal

OOST = "nl-oost"


def proposal(provider_id: str = "nora", *facts: str, **more: Any) -> dict[str, Any]:
    return entry_of(provider_id, *(facts or (f"{provider_id}-1",)), **more).model_dump(mode="json")


def step(client: TestClient, provider_id: str, kind: str, status: int = 201, **told: Any) -> dict[str, Any]:
    answer = client.post(f"/v1/providers/{provider_id}/steps", json={"kind": kind, **told})
    assert answer.status_code == status, answer.text
    made: dict[str, Any] = answer.json()
    return made


@pytest.fixture
def oost(small_desk: Desk) -> TestClient:
    """An advisor of a region."""
    return client_of(small_desk, region=OOST)


def test_a_provider_comes_in_step_by_step(oost: TestClient, log: SqlMatchLog) -> None:
    answer = oost.post("/v1/providers", json=proposal(region=""))
    assert answer.status_code == 201, answer.text
    assert (answer.json()["kind"], answer.json()["region"], answer.json()["recorded_by"]) == ("proposed", OOST, HOLDER)
    for kind in ("vetted", "accepted"):
        assert kind in oost.get("/v1/providers/nora/steps").json()["may_follow"]
        step(oost, "nora", kind, happened_on="2026-03-02")
    found = oost.get("/v1/providers/nora/steps").json()
    assert (found["state"], [one["kind"] for one in found["steps"]]) == ("accepted", ["proposed", "vetted", "accepted"])
    assert found["entry"]["evidence"][0]["evidence_id"] == "nora-1"
    log.verify()


def test_who_leaves_is_on_no_new_list(oost: TestClient) -> None:
    listed = oost.post("/v1/match-lists", json=body()).json()
    assert "aqua" in {match["provider_id"] for match in listed["answer"]["matches"]}
    step(oost, "aqua", "left")
    listed = oost.post("/v1/match-lists", json=body()).json()
    assert "aqua" not in {match["provider_id"] for match in listed["answer"]["matches"]}
    assert listed["answer"]["considered"]["off_lists"] == 1


def test_a_correction_keeps_the_evidence_that_it_does_not_tell(oost: TestClient) -> None:
    entry = proposal("aqua", name="Aqua B.V.")
    step(oost, "aqua", "corrected", entry={**entry, "evidence": []}, happened_on="2026-03-02")
    found = oost.get("/v1/providers/aqua/steps").json()
    assert found["entry"]["provider"]["name"] == "Aqua B.V."
    assert [one["evidence_id"] for one in found["entry"]["evidence"]] == ["a1", "a2"]
    assert found["steps"][0]["happened_on"] == "2026-03-02"


def test_an_illegal_step_is_refused_with_the_legal_ones(oost: TestClient) -> None:
    document = refusal(oost.post("/v1/providers/aqua/steps", json={"kind": "vetted"}), 409)
    assert document["required"].startswith("be one that may follow 'listed': suspended")


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"kind": "suspended"}, "tell its reason"),
        ({"kind": "corrected"}, "tell the entry"),
        ({"kind": "left", "entry": proposal("aqua")}, "tell no entry"),
        ({"kind": "proposed", "entry": proposal("aqua")}, "be one of"),
        ({"kind": "asked", "entry": proposal("aqua")}, "be one of"),
        ({"kind": "left", "happened_on": "2199-01-01"}, "not have happened"),
        ({"kind": "corrected", "entry": proposal("bruno")}, "be of provider aqua"),
    ],
)
def test_a_step_that_does_not_tell_what_it_must_is_refused(oost: TestClient, told: dict[str, Any], words: str) -> None:
    document = refusal(oost.post("/v1/providers/aqua/steps", json=told), 422)
    assert words in document["required"]
    assert oost.get("/v1/providers/aqua/steps").json()["steps"] == []


def test_a_region_looks_after_its_own_providers(oost: TestClient, small_desk: Desk) -> None:
    for answer in (
        oost.get("/v1/providers/bruno/steps"),
        oost.post("/v1/providers/bruno/steps", json={"kind": "left"}),
        oost.post("/v1/providers/erik/steps", json={"kind": "left"}),
    ):
        assert "be the caller's own" in refusal(answer, 403)["required"]
    refused = refusal(oost.post("/v1/providers", json=proposal(region="de-nrw")), 422)
    assert "be the region that proposes it" in refused["required"]
    everybody = client_of(small_desk, "programme office")
    step(everybody, "bruno", "left")
    refused = refusal(everybody.post("/v1/providers", json=proposal(region="")), 422)
    assert "name the region" in refused["required"]


@pytest.mark.parametrize("provider_id", ["zelda", "x" * 101, "a%00b"])
def test_who_is_nowhere_is_not_found(oost: TestClient, provider_id: str) -> None:
    refusal(oost.get(f"/v1/providers/{provider_id}/steps"), 404)
    refusal(oost.post(f"/v1/providers/{provider_id}/steps", json={"kind": "left"}), 404)


def test_evidence_of_another_is_refused(oost: TestClient) -> None:
    document = refusal(oost.post("/v1/providers", json=proposal("nora", "b1")), 422)
    assert (document["place"], document["found"]) == ("provider nora, column evidence_id", "'b1', of bruno")


def test_an_evaluator_reads_and_records_nothing(small_desk: Desk) -> None:
    evaluator = client_of(small_desk, "evaluator", OOST)
    assert evaluator.get("/v1/providers/aqua/steps").json()["state"] == "listed"
    refusal(evaluator.post("/v1/providers/aqua/steps", json={"kind": "left"}), 403)
    refusal(evaluator.post("/v1/providers", json=proposal()), 403)


def test_a_repeat_under_the_same_key_is_recorded_once(small_desk: Desk) -> None:
    keyring = keyring_of(small_desk.log)
    headers = key_headers(keyring, region=OOST) | {"Idempotency-Key": "once"}
    client = TestClient(app_of(small_desk, keyring), headers=headers)
    first = client.post("/v1/providers/aqua/steps", json={"kind": "left"})
    again = client.post("/v1/providers/aqua/steps", json={"kind": "left"})
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    refusal(client.post("/v1/providers/aqua/steps", json={"kind": "expired"}), 422)
