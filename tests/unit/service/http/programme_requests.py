"""A programme whose first call is open now, matches to apply for, and the requests of an application's life."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient

from service.desk import Desk
from service.record.sql_log import SqlMatchLog
from tests.unit.matcher.programme.small_programme import VALUES, small_programme
from tests.unit.matcher.steps import new_step
from tests.unit.service.api import app_of, key_headers, keyring_of
from tests.unit.service.entries import COMPONENTS, entry

FIGURES: dict[str, Any] = {
    "accounts": [{"year": 2025, "headcount": 12.5, "turnover": 98_765_400, "balance_sheet": 100_000_000}],
    "relations": [
        {
            "name": "Seed fund",
            "kind": "partner",
            "share": 30,
            "accounts": [{"year": 2025, "headcount": 3, "turnover": 0, "balance_sheet": 1}],
        }
    ],
    "de_minimis": 1_234_500,
}


def day(days: int) -> str:
    """So many days from now."""
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()


def rules(opens: int = -1, closes: int = 30, **changes: Any) -> dict[str, Any]:
    """The small programme, its first call open from and to so many days from now."""
    values = copy.deepcopy(VALUES)
    values["calls"][0] |= {"opens": day(opens), "closes": day(closes), "directory_until": None}
    return small_programme(**{**values, **changes}).model_dump(mode="json")


def asked(match_id: int = 1, **changes: Any) -> dict[str, Any]:
    """An application for a match."""
    values = {"match_id": match_id, "call_id": "spring", "incentive_id": "insight", "region_id": "east", "requested": 400_000}
    return {**values, "applicant": copy.deepcopy(FIGURES), **changes}


@dataclass
class Offices:
    """The application, and callers with keys."""

    desk: Desk

    def __post_init__(self) -> None:
        self._keyring = keyring_of(self.desk.log)
        self.app: FastAPI = app_of(self.desk, self._keyring)
        self.office = self.caller("programme office")

    def caller(self, role: str, region: str | None = None) -> TestClient:
        holder = f"{role} of {region or 'all'}"
        return TestClient(self.app, headers=key_headers(self._keyring, role, region, holder))

    def adopt(self, told: dict[str, Any] | None = None) -> dict[str, Any]:
        """The rules that are in force from now on."""
        return made(self.office, "/v1/programme", told or rules())

    def match(self, number: int = 1, *, region: str = "east", country: str = "DE", accepted: bool = True) -> int:
        """A match of a company of its own."""
        log = self.desk.log
        assert isinstance(log, SqlMatchLog)
        about = {"company": f"Company {number}", "region": region}
        log.record(entry(f"l-{number}", (f"provider-{number}", country), **about), COMPONENTS)
        [found] = [one for one in log.every_match() if one.list_id == f"l-{number}"]
        for kind in ("introduced", "accepted") if accepted else ("introduced",):
            log.record_step(new_step(kind, match_id=found.match_id), "advisor")
        return found.match_id

    def applied(self, number: int = 1, **changes: Any) -> int:
        """An application on record."""
        match_id = self.match(number, region=changes.get("region_id", "east"))
        told = made(self.office, "/v1/applications", asked(match_id, **changes))
        return int(told["application_id"])

    def scored(self, number: int = 1, **changes: Any) -> int:
        """An application that both assessors scored."""
        application = self.applied(number, **changes)
        for assessor in ("assessor 1", "assessor 2"):
            self.step(application, "assessed", assessor=assessor, scores={"fit": 5, "plan": 8})
        return application

    def step(self, application: int, kind: str, **told: Any) -> dict[str, Any]:
        return made(self.office, f"/v1/applications/{application}/steps", {"kind": kind, **told})

    def balance(self, region: str = "east", call: str = "spring") -> tuple[int, int, int]:
        """Reserved, paid, left."""
        accounts = self.office.get("/v1/programme/ledger").json()["accounts"]
        [found] = [one for one in accounts if (one["region_id"], one["call_id"]) == (region, call)]
        return found["reserved"], found["paid"], found["left"]


def made(client: TestClient, path: str, body: dict[str, Any], **more: Any) -> dict[str, Any]:
    """What was put on record."""
    answer = client.post(path, json=body, **more)
    assert answer.status_code == 201, answer.text
    document: dict[str, Any] = answer.json()
    return document
