"""An event is planned in one request: the answer is a plan file, and what cannot be planned is said in words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from matcher.directory import Directory
from matcher.pipeline import Matcher
from matcher.shipped import shipped_directory
from matcher.workshop.checker import check
from matcher.workshop.event import Event
from matcher.workshop.event_files import read_event
from matcher.workshop.example import example_event
from service.desk import Desk
from service.record.sql_log import SqlMatchLog
from service.workshop.plan_file import read_plan
from service.workshop.size import MOST_PARTICIPANTS
from tests.unit.service.api import JSON, NEED, client_of, refusal
from tests.unit.service.http.workshop_requests import EVENT, SLOTS, event, pairs, participant, planned

KNOWN = ("lungs", "bruno")


@pytest.fixture
def organiser(small_desk: Desk) -> Iterator[TestClient]:
    with client_of(small_desk, "organiser") as client:
        yield client


def example(folder: Path, directory: Directory) -> Event:
    for name, content in example_event().items():
        (folder / name).write_bytes(content)
    return read_event(folder, directory).event


def test_the_example_event_is_planned_and_the_answer_is_a_plan_file(
    real_matcher: Matcher, log: SqlMatchLog, tmp_path: Path
) -> None:
    folder, file = tmp_path / "event", tmp_path / "plan.json"
    folder.mkdir()
    told = example(folder, shipped_directory())
    with client_of(Desk(real_matcher, log), "organiser") as client:
        answer = client.post("/v1/workshops", json={"event": told.model_dump(mode="json"), "seconds": 20})
        assert answer.status_code == 200, answer.text
        file.write_bytes(answer.content)
        opened = read_plan(file)
        assert opened.event == told
        assert check(opened.event, opened.plan) == []
        assert opened.engine == real_matcher.fingerprint
        assert len(opened.reasons) == len(opened.plan.meetings)
        again = client.post(
            "/v1/workshops/changes", json={"planned": answer.json(), "changes": {"absent": ["c01"], "from_slot": "s03"}}
        )
    assert again.status_code == 200, again.text
    file.write_text(client_json(again.json()["planned"]), encoding="utf-8")
    changed = read_plan(file)
    assert check(changed.event, changed.plan) == []
    assert answer.json() != again.json()["planned"]


def client_json(document: dict[str, Any]) -> str:
    """As a program in another language would save it."""
    return json.dumps(document, ensure_ascii=False, indent=1)


def test_nothing_of_an_event_goes_on_record(organiser: TestClient, log: SqlMatchLog) -> None:
    before = log.verify().seq
    document = planned(organiser)
    assert pairs(document) <= {(one, other) for one in ("lungs", "vials") for other in ("bruno", "carla")}
    assert document["notes"] == ["Vials SA (vials) has no need: the mean of the others stands in."]
    assert log.verify().seq == before


@pytest.mark.parametrize(
    ("changed", "place", "required"),
    [
        ({"slots": []}, "event of the request", "have at least one slot"),
        ({"participants": EVENT["participants"][2:]}, "event of the request", "have at least one company"),
        ({"participants": EVENT["participants"][:2], "wishes": []}, "event 'partnering workshop'", "have at least one prov"),
        ({"wishes": [{"of": "lungs", "about": "zoe", "level": "meet"}]}, "wish", "name participants"),
        ({"known": [["lungs", "zoe"]]}, "pair", "name participants"),
        ({"fixed": [{"company_id": "lungs", "provider_id": "bruno", "slot_id": "s9"}]}, "fixed meeting", "name slots"),
        (participant(2, participant_id="lungs"), "participant lungs", "be there once"),
        (participant(0, slots=["s9"]), "slots of participant lungs", "name slots of the event"),
        (participant(0, least=3), "least of participant lungs", "be no more than the 2 slots"),
        ({"slots": [SLOTS[0], {**SLOTS[1], "starts": "2027-03-11T09:40:00+01:00"}]}, "slot s2", "start after slot s1 ends"),
        ({"slots": [{**SLOTS[0], "ends": SLOTS[0]["starts"]}]}, "slot s1", "end after it starts"),
        ({"loads": {"company_least": 6}}, "company_least of the loads", "be no greater than company_most"),
        ({"time_zone": "Mars/Base"}, "time_zone of the event", "be a zone of the IANA list"),
        ({"tables": 0}, "tables of the event", "be at least 1"),
        ({"tables": True}, "tables", "not be a truth value"),
        ({"fair": 1}, "fair", "be true or false"),
        ({"slots": [{**SLOTS[0], "starts": 1}]}, "starts", "be a date and time"),
        ({"wish": 1}, "wish of the event", "be a known field"),
    ],
)
def test_a_mistake_is_named_by_its_place(organiser: TestClient, changed: dict[str, Any], place: str, required: str) -> None:
    document = refusal(organiser.post("/v1/workshops", json={"event": event(**changed)}), 422)
    assert document["place"] == place
    assert document["required"].startswith(required)


def test_all_mistakes_of_fields_are_told_at_once(organiser: TestClient) -> None:
    told = event(**participant(0, country="XX", least=-1), tables=0)
    document = refusal(organiser.post("/v1/workshops", json={"event": told, "seconds": 61, "k": 1}), 422)
    places = {one["place"] for one in document["problems"]}
    assert {"country of the event participants", "least of the event participants", "tables of the event"} <= places
    assert {"seconds of the request", "k of the request"} <= places


@pytest.mark.parametrize("seconds", [0, 61, True, "20", None])
def test_planning_takes_a_second_at_least_and_sixty_at_most(organiser: TestClient, seconds: Any) -> None:
    document = refusal(organiser.post("/v1/workshops", json={"event": event(), "seconds": seconds}), 422)
    assert document["place"] == "seconds of the request"


def test_rules_that_cannot_all_hold_are_named_in_words(organiser: TestClient) -> None:
    wishes = [{"of": "lungs", "about": "bruno", "level": "must"}, {"of": "bruno", "about": "lungs", "level": "no"}]
    document = refusal(organiser.post("/v1/workshops", json={"event": event(wishes=wishes)}), 422)
    assert document["title"] == "The rules of the event cannot all hold"
    assert document["rules"] == [
        "company Lungs BV (lungs) must meet provider Bruno (bruno)",
        "provider Bruno (bruno) said no to company Lungs BV (lungs)",
    ]
    assert document["remedy"] == "Give up any one of them."


def test_more_meetings_asked_for_than_there_are_partners_cannot_be_planned(organiser: TestClient) -> None:
    slots = [*SLOTS, {"slot_id": "s3", "starts": "2027-03-11T11:00:00+01:00", "ends": "2027-03-11T11:20:00+01:00"}]
    told = event(slots=slots, loads={"company_least": 3, "company_most": 3})
    document = refusal(organiser.post("/v1/workshops", json={"event": told}), 422)
    assert any("every company (2 of them) has at least 3 meetings" in rule for rule in document["rules"])


def test_a_meeting_of_two_of_one_side_that_must_be_is_refused(organiser: TestClient) -> None:
    told = event(fixed=[{"company_id": "lungs", "provider_id": "vials"}])
    document = refusal(organiser.post("/v1/workshops", json={"event": told}), 422)
    assert document["required"] == "be of a company and a provider"


def test_an_event_that_is_too_large_for_a_request_is_refused_and_one_of_ordinary_size_is_not(organiser: TestClient) -> None:
    needs = {"need": {**NEED, "text": "Lung models for inhalation. " * 33}}
    people = [
        {**EVENT["participants"][0], **needs, "participant_id": f"c{number}", "name": f"Lungs {number}"}
        for number in range(300)
    ]
    people += [{**EVENT["participants"][2], "participant_id": f"p{number}", "provider_id": ""} for number in range(200)]
    document = refusal(organiser.post("/v1/workshops", json={"event": event(participants=people, wishes=[])}), 422)
    assert document["required"] == f"have at most {MOST_PARTICIPANTS} participants here"
    fewer = event(participants=[*people[:200], *people[-1:]], loads={}, wishes=[])
    answer = organiser.post("/v1/workshops", json={"event": fewer, "seconds": 5})
    assert answer.status_code == 200
    assert len(answer.request.content) > 200_000


@pytest.mark.parametrize("path", ["/v1/workshops", "/v1/workshops/changes"])
def test_a_body_over_the_limit_for_events_is_refused(small_desk: Desk, path: str) -> None:
    with client_of(small_desk, "organiser", largest_event=2_000) as client:
        document = client.post(path, content=b" " * 2_001, headers=JSON)
        assert document.status_code == 413
        assert "2,000 bytes" in document.json()["detail"]
        assert client.post("/v1/match-lists", content=b" " * 2_001, headers=JSON).status_code == 400


@pytest.mark.parametrize("role", ["advisor", "evaluator", "programme office"])
def test_who_is_no_organiser_plans_nothing(small_desk: Desk, role: str) -> None:
    with client_of(small_desk, role) as client:
        refusal(client.post("/v1/workshops", json={"event": event()}), 403)
        refusal(client.post("/v1/workshops/changes", json={}), 403)


def meet(desk: Desk, region: str) -> None:
    """Lungs BV, of that region, has met the provider of its list that the event has too."""
    with client_of(desk, "advisor", region) as client:
        made = client.post("/v1/match-lists", json={"need": {**NEED, "company": "Lungs"}}).json()
        [match] = [one for one in client.get("/v1/matches").json()["matches"] if one["match"]["provider_id"] == "bruno"]
        assert match["list_id"] == made["list_id"]
        for step in ({"kind": "introduced"}, {"kind": "accepted"}, {"kind": "met", "rating": "insufficient interest"}):
            assert client.post(f"/v1/matches/{match['match_id']}/steps", json=step).status_code == 201


def test_pairs_that_know_each_other_are_left_out_as_far_as_the_caller_may_see_that(small_desk: Desk) -> None:
    meet(small_desk, "nl-oost")
    told = event(wishes=[])
    for region, sees in ((None, True), ("nl-oost", True), ("be-liege", False)):
        with client_of(small_desk, "organiser", region) as client:
            document = planned(client, told)
            assert document["event"]["known"] == ([list(KNOWN)] if sees else [])
            assert (KNOWN in pairs(document)) != sees
            assert any("know each other" in note for note in document["notes"]) == sees
            whole = planned(client, told, leave_out_known=False)
            assert KNOWN in pairs(whole)
            assert whole["event"]["known"] == []


def test_an_organisation_on_both_sides_is_refused_and_one_that_may_be_is_noted(organiser: TestClient) -> None:
    told = {"event": event(**participant(2, name="LUNGS", country="NL")), "seconds": 5}
    answer = organiser.post("/v1/workshops", json=told)
    assert answer.status_code == 422
    assert "same group" in answer.json()["remedy"]
    document = planned(organiser, event(**participant(2, name="Lungs Holding")))
    assert any("look alike" in note for note in document["notes"])
