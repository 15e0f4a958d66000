"""One plan at a time: who comes meanwhile waits a while, or is told when to come again; everybody else is answered."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from matcher.errors import PlanNotFound
from service.api.problems import add_problem_handlers
from service.desk import Desk
from service.workshop.turn import PlanningTurn
from tests.unit.service.api import body, client_of, refusal
from tests.unit.service.http.workshop_requests import event


@pytest.fixture
def organiser(small_desk: Desk) -> Iterator[TestClient]:
    with client_of(small_desk, "organiser") as client:
        yield client


def give_turn(client: TestClient, turn: PlanningTurn) -> PlanningTurn:
    assert isinstance(client.app, FastAPI)
    client.app.state.planning_turn = turn
    return turn


@pytest.mark.parametrize("path", ["/v1/workshops", "/v1/workshops/changes"])
def test_while_another_plan_is_made_it_is_told_when_to_ask_again(organiser: TestClient, path: str) -> None:
    document = organiser.post("/v1/workshops", json={"event": event()}).json()
    asked = {"event": event()} if path == "/v1/workshops" else {"planned": document, "changes": {"absent": ["carla"]}}
    with give_turn(organiser, PlanningTurn(patience_s=0.01, again_in_s=7)).taken():
        answer = organiser.post(path, json=asked)
    told = refusal(answer, 503)
    assert answer.headers["retry-after"] == "7"
    assert (told["title"], told["required"]) == ("The service is busy", "be at most 1 at a time")
    assert organiser.post(path, json=asked).status_code == 200


def test_who_waits_is_answered_and_holds_up_nobody_else(organiser: TestClient) -> None:
    with ThreadPoolExecutor(1) as pool:
        with give_turn(organiser, PlanningTurn(patience_s=60)).taken():
            waiting = pool.submit(organiser.post, "/v1/workshops", json={"event": event()})
            assert organiser.get("/healthz").status_code == 200
            assert organiser.post("/v1/match-lists", json=body()).status_code == 201
            assert not waiting.done()
        assert waiting.result(timeout=60).status_code == 200


def test_a_refused_plan_gives_the_turn_back(organiser: TestClient) -> None:
    give_turn(organiser, PlanningTurn(patience_s=0.01))
    told = event(wishes=[{"of": "lungs", "about": "bruno", "level": "must"}, {"of": "bruno", "about": "lungs", "level": "no"}])
    refusal(organiser.post("/v1/workshops", json={"event": told}), 422)
    assert organiser.post("/v1/workshops", json={"event": event()}).status_code == 200


def test_a_plan_that_was_not_found_in_time_is_a_problem_document() -> None:
    app = FastAPI()
    add_problem_handlers(app)

    @app.get("/plan")
    def late() -> None:
        raise PlanNotFound("event", "be planned within 1 seconds", "neither a plan nor a proof", "Give it more time.")

    answer = TestClient(app).get("/plan")
    assert (answer.status_code, answer.json()["title"]) == (422, "No plan was found in time")
    assert answer.json()["remedy"] == "Give it more time."
