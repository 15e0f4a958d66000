"""A planned event is changed in one request, and trusted in nothing."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from matcher.workshop.checker import check
from service.api.workshop_bodies import MOST_SWAPS
from service.desk import Desk
from service.record.sql_log import SqlMatchLog
from service.workshop.plan_file import PlannedEvent
from tests.unit.service.api import client_of, refusal
from tests.unit.service.http.workshop_requests import event, pairs, planned

ADDRESS = "/v1/workshops/changes"
TWO = {"company_id": "lungs", "provider_id": "bruno"}
FORBID = {"forbid": [TWO]}


@pytest.fixture
def organiser(small_desk: Desk) -> Iterator[TestClient]:
    with client_of(small_desk, "organiser") as client:
        yield client


@pytest.fixture
def plan(organiser: TestClient) -> dict[str, Any]:
    """Everybody meets everybody."""
    document = planned(organiser)
    assert len(document["plan"]["meetings"]) == 4
    return document


def changed(client: TestClient, plan: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    answer = client.post(ADDRESS, json={"planned": plan, "changes": changes, "seconds": 5})
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    opened = PlannedEvent.model_validate(document["planned"])
    assert check(opened.event, opened.plan) == []
    return document


def refused(client: TestClient, plan: Any, changes: Any) -> dict[str, Any]:
    return refusal(client.post(ADDRESS, json={"planned": plan, "changes": changes, "seconds": 5}), 422)


def test_what_stays_what_goes_and_what_is_new_is_told(organiser: TestClient, plan: dict[str, Any]) -> None:
    document = changed(organiser, plan, FORBID)
    assert document["kept"] == 3
    assert [(one["company_id"], one["provider_id"]) for one in document["lost"]] == [("lungs", "bruno")]
    assert (document["new"], document["fewest_changes"]) == ([], True)
    assert pairs(document["planned"]) == pairs(plan) - {("lungs", "bruno")}
    back = changed(organiser, document["planned"], {"fix": [{"company_id": "lungs", "provider_id": "bruno"}]})
    assert [(one["company_id"], one["provider_id"]) for one in back["new"]] == [("lungs", "bruno")]
    assert any((one["company_id"], one["provider_id"]) == ("lungs", "bruno") for one in back["planned"]["reasons"])


def test_on_the_day_nothing_before_a_slot_changes(organiser: TestClient, plan: dict[str, Any]) -> None:
    document = changed(organiser, plan, {"absent": ["bruno"], "from_slot": "s2"})
    assert {(one["provider_id"], one["slot_id"]) for one in document["lost"]} == {("bruno", "s2")}
    assert document["kept"] == 3


def test_two_meetings_are_swapped(organiser: TestClient, plan: dict[str, Any]) -> None:
    at_once = {"first": TWO, "second": {"company_id": "vials", "provider_id": "carla"}}
    document = changed(organiser, plan, {"swap": [at_once]})
    before, after = ({_key(one): one["table"] for one in some["plan"]["meetings"]} for some in (plan, document["planned"]))
    # Both were in one slot: they exchange tables.
    assert before.keys() == after.keys()
    assert sum(before[one] != after[one] for one in before) == 2
    told = refused(organiser, plan, {"swap": [{"first": TWO, "second": {"company_id": "vials", "provider_id": "bruno"}}]})
    assert told["title"] == "The change is not possible"
    assert any("has 2 meetings in slot" in rule for rule in told["rules"])


def test_a_meeting_is_held_in_place_moved_and_freed(organiser: TestClient, plan: dict[str, Any]) -> None:
    document = changed(organiser, plan, {"hold": [TWO]})
    [held] = [
        one for one in document["planned"]["plan"]["meetings"] if (one["company_id"], one["provider_id"]) == tuple(TWO.values())
    ]
    assert held["fixed"] is True
    assert (document["lost"], document["new"]) == ([], [])
    other = "s2" if held["slot_id"] == "s1" else "s1"
    told = refused(organiser, document["planned"], {"move": [{**TWO, "slot_id": other}]})
    assert told["title"] == "The change is not possible"
    freed = changed(organiser, document["planned"], {"free": [TWO]})
    assert not any(one["fixed"] for one in freed["planned"]["plan"]["meetings"])
    # Everybody meets everybody: in the other slot both are taken, until one of those meetings is out.
    busy = {"company_id": TWO["company_id"], "provider_id": "carla" if TWO["provider_id"] == "bruno" else "bruno"}
    also = {"company_id": "vials" if TWO["company_id"] == "lungs" else "lungs", "provider_id": TWO["provider_id"]}
    room = changed(organiser, freed["planned"], {"forbid": [busy, also]})
    moved = changed(organiser, room["planned"], {"move": [{**TWO, "slot_id": other}]})
    assert [one["slot_id"] for one in moved["new"]] == [other]


def _key(meeting: dict[str, Any]) -> tuple[str, str, str]:
    return meeting["company_id"], meeting["provider_id"], meeting["slot_id"]


def test_nothing_of_it_goes_on_record(organiser: TestClient, plan: dict[str, Any], log: SqlMatchLog) -> None:
    before = log.verify().seq
    changed(organiser, plan, FORBID)
    assert log.verify().seq == before


@pytest.mark.parametrize(
    ("changes", "required"),
    [
        ({}, "say what is to change"),
        ({"forbid": [{"company_id": "lungs", "provider_id": "zoe"}]}, "be one of the event's"),
        ({"fix": [{"company_id": "lungs", "provider_id": "bruno", "slot_id": "s9"}]}, "be one of the event's"),
        ({"move": [{**TWO, "slot_id": "s9"}]}, "be one of the event's"),
        ({"move": [{**TWO, "slot_id": "s1", "table": "1"}]}, "be a"),
        ({"hold": [{"company_id": "lungs", "provider_id": "zoe"}]}, "be"),
        ({"absent": ["zoe"]}, "be one of the event's"),
        ({"from_slot": "s9"}, "be one of the event's"),
        ({"absent": "zoe"}, "be a list"),
        ({"exchange": "rooms"}, "be one of 'times' or 'partners'"),
        ({"swap": [{"first": TWO, "second": TWO}] * (MOST_SWAPS + 1)}, "be valid (Tuple should have at most 20 items"),
        ({"swap": [{"first": TWO, "second": TWO}]}, "be of two meetings"),
        ({"fix": [{"company_id": "lungs", "provider_id": "vials"}]}, "be of a company and a provider"),
    ],
)
def test_a_change_that_cannot_be_is_refused(
    organiser: TestClient, plan: dict[str, Any], changes: dict[str, Any], required: str
) -> None:
    assert refused(organiser, plan, changes)["required"].startswith(required)


def test_a_change_that_leaves_no_plan_names_the_rules(organiser: TestClient) -> None:
    plan = planned(organiser, event(wishes=[{"of": "lungs", "about": "bruno", "level": "must"}]))
    document = refused(organiser, plan, FORBID)
    assert document["title"] == "The rules of the event cannot all hold"
    assert "company Lungs BV (lungs) must meet provider Bruno (bruno)" in document["rules"]


Path = tuple[str | int, ...]
MEETING: Path = ("plan", "meetings", 0)


def with_value(plan: dict[str, Any], path: Path, value: Any) -> dict[str, Any]:
    document = copy.deepcopy(plan)
    part: Any = document
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value
    return document


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ((*MEETING, "slot_id"), "s2", "meetings in slot s2"),
        ((*MEETING, "company_id"), "carla", "the sides are wrong"),
        ((*MEETING, "provider_id"), "lungs", "one participant twice"),
        ((*MEETING, "table"), 3, "there are 2 tables"),
        ((*MEETING, "fixed"), True, "fixed is wrong"),
        ((*MEETING, "value"), 0.9, "the plan says value is"),
        ((*MEETING, "probability"), 0.9, "add up to something else"),
        (("plan", "quality", "meetings"), 5, "the plan says meetings is 5"),
        (("event", "loads", "company_most"), 1, "has 2 meetings, but 1 at most are allowed"),
        (("event", "forbidden"), [["lungs", "bruno"]], "the organiser took the pair out"),
        (("probabilities", 0, 0), 0.99, "the plan says their probability is"),
        (("plan", "meetings"), [], "at least 1 are asked for"),
    ],
)
def test_a_plan_that_somebody_tampered_with_is_refused_with_all_that_is_wrong(
    organiser: TestClient, plan: dict[str, Any], path: Path, value: Any, said: str
) -> None:
    document = refused(organiser, with_value(plan, path, value), FORBID)
    assert document["title"] == "The plan does not hold"
    assert any(said in rule for rule in document["rules"]), document["rules"]


@pytest.mark.parametrize(
    ("path", "value", "required"),
    [
        ((*MEETING, "company_id"), "zoe", "hold meetings of the event's participants"),
        ((*MEETING, "slot_id"), "s9", "hold meetings in the event's slots"),
        (("probabilities",), [[0.1, 0.1]], "be 2 rows of 2"),
        (("probabilities", 0, 0), 1.5, "be at most 1"),
        (("probabilities", 0, 0), True, "not be a truth value"),
        ((*MEETING, "cross_border"), 1, "be true or false"),
        (("format",), 2, "be one of 1"),
        (("made_at",), 3, "be a date and time"),
        (("event", "slots"), [], "have at least one slot"),
    ],
)
def test_what_is_no_planned_event_is_refused(
    organiser: TestClient, plan: dict[str, Any], path: Path, value: Any, required: str
) -> None:
    assert refused(organiser, with_value(plan, path, value), FORBID)["required"].startswith(required)


@pytest.mark.parametrize("number", ["Infinity", "NaN", "1e999"])
def test_a_number_that_is_none_is_refused(organiser: TestClient, plan: dict[str, Any], number: str) -> None:
    body = json.dumps({"planned": with_value(plan, ("plan", "quality", "bound"), "HERE"), "changes": FORBID})
    answer = organiser.post(ADDRESS, content=body.replace('"HERE"', number), headers={"content-type": "application/json"})
    assert refusal(answer, 422)["required"] == "be a finite number"
