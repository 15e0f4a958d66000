"""A region sees its own, and an evaluator no need's words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from fastapi.testclient import TestClient

from service.desk import Desk
from tests.unit.service.api import NEED, body, client_of, refusal


@pytest.fixture
def clients(small_desk: Desk) -> Iterator[dict[str, TestClient]]:
    """Callers of two regions, and two for all."""
    callers = {
        "east": ("advisor", "nl-oost"),
        "liege": ("advisor", "be-liege"),
        "office": ("programme office", None),
        "evaluator": ("evaluator", None),
    }
    with ExitStack() as stack:
        yield {name: stack.enter_context(client_of(small_desk, role, region)) for name, (role, region) in callers.items()}


def test_a_need_of_a_regions_key_belongs_to_that_region(clients: dict[str, TestClient]) -> None:
    made = clients["east"].post("/v1/match-lists", json=body()).json()
    assert made["answer"]["request"]["need"]["region"] == "nl-oost"
    document = refusal(clients["liege"].post("/v1/match-lists", json={"need": {**NEED, "region": "nl-oost"}}), 403)
    assert "be-liege" in document["required"]


def test_a_region_sees_its_own_lists_and_matches_only(clients: dict[str, TestClient]) -> None:
    made = clients["east"].post("/v1/match-lists", json=body()).json()
    address = f"/v1/match-lists/{made['list_id']}"
    for path in (address, f"{address}/replay", "/v1/matches/1"):
        assert clients["east"].get(path).status_code == 200, path
        assert clients["office"].get(path).status_code == 200, path
        refusal(clients["liege"].get(path), 404)
    refusal(clients["liege"].post("/v1/matches/1/steps", json={"kind": "introduced"}), 404)
    refusal(clients["liege"].post(f"{address}/erasure"), 404)
    assert clients["liege"].get("/v1/matches").json()["matches"] == []
    assert clients["liege"].get("/v1/match-lists").json()["lists"] == []
    assert len(clients["east"].get("/v1/match-lists").json()["lists"]) == 1
    assert len(clients["office"].get("/v1/matches", params={"need_region": "nl-oost"}).json()["matches"]) > 0


@pytest.mark.parametrize(
    "path", ["/v1/matches?need_region=nl-oost", "/v1/match-lists?need_region=nl-oost", "/v1/indicators?region=nl-oost"]
)
def test_another_region_cannot_be_asked_for(clients: dict[str, TestClient], path: str) -> None:
    refusal(clients["liege"].get(path), 403)
    assert clients["east"].get(path).status_code == 200


def test_indicators_of_a_region_count_its_own(clients: dict[str, TestClient]) -> None:
    clients["east"].post("/v1/match-lists", json=body())
    assert clients["east"].get("/v1/indicators").json()["given_out"]["lists"] == 1
    assert clients["liege"].get("/v1/indicators").json()["given_out"]["lists"] == 0
    assert clients["evaluator"].get("/v1/indicators").json()["given_out"]["lists"] == 1


def test_an_evaluator_reads_everything_but_the_needs_words(clients: dict[str, TestClient]) -> None:
    made = clients["east"].post("/v1/match-lists", json={"need": {**NEED, "title": "Rarissimum"}}).json()
    address = f"/v1/match-lists/{made['list_id']}"
    spoken = [one["need_sentence"] for match in made["answer"]["matches"] for one in match["evidence"]]
    assert any(spoken)
    for path in (address, "/v1/matches", "/v1/matches/1", f"{address}/replay"):
        text = clients["evaluator"].get(path).text
        assert "Rarissimum" not in text, path
        assert "inhalation toxicology with" not in text, path
    seen = clients["evaluator"].get(address).json()
    assert [match["score"] for match in seen["answer"]["matches"]] == [match["score"] for match in made["answer"]["matches"]]


def test_another_region_is_told_that_a_company_knows_a_provider_and_no_more(clients: dict[str, TestClient]) -> None:
    need = {"need": {**NEED, "company": "Nasovax"}}
    clients["east"].post("/v1/match-lists", json=need)
    for step in ({"kind": "introduced"}, {"kind": "accepted"}, {"kind": "met", "rating": "insufficient interest"}):
        assert clients["east"].post("/v1/matches/1/steps", json=step).status_code == 201
    own, other = (clients[name].post("/v1/match-lists", json=need).json() for name in ("east", "liege"))
    assert "insufficient interest" in own["answer"]["matches"][0]["contact"]
    assert other["answer"]["matches"][0]["contact"] == "known already, by the record of another region"
