"""The programme's report over HTTP."""

from __future__ import annotations

import pytest

from matcher.programme.report_records import ProgrammeReport
from service.access.caller import ROLES
from service.api.programme_report import report_example
from service.desk import Desk
from tests.unit.service.api import refusal
from tests.unit.service.http.programme_requests import Offices, rules

PATH = "/v1/programme/report"


@pytest.fixture
def offices(small_desk: Desk) -> Offices:
    return Offices(small_desk)


@pytest.mark.parametrize("role", ROLES)
def test_every_role_reads_it(offices: Offices, role: str) -> None:
    offices.adopt()
    answer = offices.caller(role, None).get(PATH)
    assert answer.status_code == 200
    told = ProgrammeReport.model_validate(answer.json())
    assert (told.region, list(told.regions), told.simulated) == (None, ["east", "south"], False)


def test_a_key_of_a_region_sees_its_own(offices: Offices) -> None:
    offices.adopt()
    south = offices.caller("advisor", "south")
    told = south.get(PATH).json()
    assert (told["region"], list(told["absorption"]["by_region"])) == ("south", ["south"])
    assert told["absorption"]["total"]["budget"] == 2_000_000
    assert refusal(south.get(PATH, params={"region": "east"}), 403)["place"] == "region"
    assert south.get(PATH, params={"region": "south"}).json()["region"] == "south"


def test_who_sees_all_may_ask_for_one_region(offices: Offices) -> None:
    offices.adopt()
    assert offices.office.get(PATH, params={"region": "east"}).json()["region"] == "east"
    document = refusal(offices.office.get(PATH, params={"region": "west"}), 404)
    assert "east, south" in document["remedy"]


def test_without_rules_there_is_no_report(offices: Offices) -> None:
    assert refusal(offices.office.get(PATH), 404)["place"] == "programme"


def test_what_is_made_up_says_so(offices: Offices) -> None:
    offices.adopt(rules(simulated=True))
    assert offices.office.get(PATH).json()["simulated"] is True


def test_the_example_is_a_report_and_says_that_it_is_made_up(offices: Offices) -> None:
    example = ProgrammeReport.model_validate(report_example())
    assert example.simulated
    described = offices.office.get("/openapi.json").json()["paths"][PATH]["get"]["responses"]["200"]["content"]
    assert ProgrammeReport.model_validate(described["application/json"]["example"]) == example
