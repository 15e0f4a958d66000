"""A small event as it is sent, and what comes of it."""

from __future__ import annotations

import copy
from typing import Any

from fastapi.testclient import TestClient

from tests.unit.service.api import NEED

SLOTS = [
    {"slot_id": "s1", "starts": "2027-03-11T09:30:00+01:00", "ends": "2027-03-11T09:50:00+01:00"},
    {"slot_id": "s2", "starts": "2027-03-11T09:55:00+01:00", "ends": "2027-03-11T10:15:00+01:00"},
]
EVENT: dict[str, Any] = {
    "name": "Lung day",
    "slots": SLOTS,
    "tables": 2,
    "loads": {"company_least": 1, "company_most": 2, "provider_most": 2},
    "participants": [
        {"participant_id": "lungs", "side": "company", "name": "Lungs BV", "country": "NL", "need": NEED},
        {"participant_id": "vials", "side": "company", "name": "Vials SA", "country": "FR"},
        {"participant_id": "bruno", "side": "provider", "name": "Bruno", "country": "DE", "provider_id": "bruno"},
        {"participant_id": "carla", "side": "provider", "name": "Carla", "country": "BE", "provider_id": "carla"},
    ],
    "wishes": [{"of": "lungs", "about": "bruno", "level": "meet"}],
}


def event(**more: Any) -> dict[str, Any]:
    """The event with other fields."""
    return {**copy.deepcopy(EVENT), **more}


def participant(number: int, **more: Any) -> dict[str, Any]:
    """The event's participants, of whom one says something else."""
    people = copy.deepcopy(EVENT["participants"])
    people[number] |= more
    return {"participants": people}


def planned(client: TestClient, told: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """The planned event that is answered."""
    answer = client.post("/v1/workshops", json={"event": told or event(), "seconds": 5, **more})
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


def pairs(document: dict[str, Any]) -> set[tuple[str, str]]:
    """Who meets whom."""
    return {(one["company_id"], one["provider_id"]) for one in document["plan"]["meetings"]}
