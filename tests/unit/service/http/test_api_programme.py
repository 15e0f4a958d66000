"""The rules of the programme, its money and its deadlines over HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from matcher.shipped import shipped_programme
from service.desk import Desk
from tests.unit.service.api import refusal
from tests.unit.service.http.programme_requests import Offices, made, rules


@pytest.fixture
def offices(small_desk: Desk) -> Offices:
    return Offices(small_desk)


def test_rules_are_adopted_and_read_and_the_same_ones_again_change_nothing(offices: Offices) -> None:
    told = rules()
    first = offices.adopt(told)
    assert first["adopted_by"] == "programme office of all"
    assert offices.adopt(told) == first
    read = offices.caller("evaluator", "south").get("/v1/programme").json()
    assert read == first
    assert read["programme"]["regions"][0]["region_id"] == "east"
    second = offices.adopt(rules(name="Second"))
    versions = offices.office.get("/v1/programme/versions").json()["versions"]
    assert [(one["version"], one["in_force"]) for one in versions] == [(first["version"], False), (second["version"], True)]
    old = offices.office.get("/v1/programme", params={"version": first["version"]}).json()
    assert old == first


def test_the_shipped_rules_can_be_adopted_as_they_are_read(offices: Offices) -> None:
    told = shipped_programme().model_dump(mode="json")
    assert offices.adopt(told)["version"] == shipped_programme().version


def test_without_rules_there_are_none_to_read(offices: Offices) -> None:
    for path in ("", "/ledger", "/deadlines", "/ranking?call=spring"):
        assert refusal(offices.office.get(f"/v1/programme{path}"), 404)["place"] == "programme"
    assert offices.office.get("/v1/programme/versions").json() == {"versions": []}
    assert offices.office.get("/v1/applications").json() == {"applications": [], "next": None}


def test_a_version_that_there_never_was_is_not_found(offices: Offices) -> None:
    offices.adopt()
    refusal(offices.office.get("/v1/programme", params={"version": "0" * 16}), 404)


@pytest.mark.parametrize("role", ["advisor", "organiser", "evaluator"])
def test_only_a_programme_office_adopts_rules(offices: Offices, role: str) -> None:
    assert refusal(offices.caller(role).post("/v1/programme", json=rules()), 403)["place"] == "role"
    assert offices.office.get("/v1/programme/versions").json() == {"versions": []}


def test_the_office_of_one_region_does_not_make_rules_for_all(offices: Offices) -> None:
    document = refusal(offices.caller("programme office", "east").post("/v1/programme", json=rules()), 403)
    assert document["required"] == "be all regions to adopt rules"


def changed(path: str, value: Any) -> dict[str, Any]:
    """The rules with something else at a place, as `regions.0.budget`."""
    told = rules()
    *way, last = path.split(".")
    part: Any = told
    for step in way:
        part = part[int(step)] if step.isdecimal() else part[step]
    part[int(last) if last.isdecimal() else last] = value
    return told


WRONG: dict[str, tuple[str, Any, str, str]] = {
    "overlapping regions": ("regions.1.catchment", ["NL21"], "catchment of region south", "not overlap with region east (NL2)"),
    "a call that closes before it opens": ("calls.0.closes", "2013-01-01T00:00:00Z", "call spring", "close after it opens"),
    "calls beyond the budget": ("regions.0.budget", 1_999_999, "region east", "at most its own budget"),
    "a region that there is not": ("calls.0.budgets", {"west": 1}, "budgets of call spring", "name regions of the programme"),
    "an incentive that there is not": ("calls.0.incentives", ["gift"], "incentives of call spring", "name incentives"),
    "one region twice": ("regions.1.region_id", "east", "region east", "be there once"),
    "a part of a cent": ("incentives.0.amount", 400_000.5, "amount", "be a whole number"),
    "a sum as a text": ("incentives.0.amount", "4000", "amount", "be a number"),
    "a negative budget": ("calls.0.budgets.east", -1, "east", "be at least 0"),
    "a time without a zone": ("calls.0.opens", "2013-01-01T00:00:00", "", "with its offset from UTC"),
    "a time as a number": ("calls.0.opens", 1_357_000_000, "", "be a date and time"),
    "a zone that there is not": ("time_zone", "Europe/Atlantis", "time_zone", "be a zone of the IANA list"),
    "a number as a truth value": ("eligibility.sme", 1, "", "be true or false"),
    "a country that there is not": ("regions.0.country", "XX", "country", ""),
    "no calls": ("calls", [], "calls", "not be empty"),
    "assessors without criteria": ("scoring.criteria", [], "scoring", "have criteria for its 2 assessors"),
}


@pytest.mark.parametrize("name", WRONG)
def test_rules_with_a_mistake_are_refused_with_its_place(offices: Offices, name: str) -> None:
    path, value, place, required = WRONG[name]
    document = refusal(offices.office.post("/v1/programme", json=changed(path, value)), 422)
    assert place in document["place"]
    assert required in document["required"]
    assert offices.office.get("/v1/programme/versions").json() == {"versions": []}


def test_rules_under_one_idempotency_key_are_adopted_once(offices: Offices) -> None:
    first, headers = rules(), {"Idempotency-Key": "rules-1"}
    given = made(offices.office, "/v1/programme", first, headers=headers)
    offices.adopt(rules(name="Second"))
    assert made(offices.office, "/v1/programme", first, headers=headers) == given
    assert offices.office.get("/v1/programme").json()["programme"]["name"] == "Second"
    refusal(offices.office.post("/v1/programme", json=rules(name="Third"), headers=headers), 422)


def test_rules_that_were_replaced_do_not_come_back_unchanged(offices: Offices) -> None:
    first = rules()
    offices.adopt(first)
    offices.adopt(rules(name="Second"))
    assert refusal(offices.office.post("/v1/programme", json=first), 409)["rule"] == "one version once"


def test_rules_that_give_less_than_is_reserved_are_refused_with_the_rules_name(offices: Offices) -> None:
    offices.adopt()
    offices.step(offices.scored(), "granted", amount=400_000)
    told = rules()
    told["calls"][0]["budgets"]["east"] = 399_999
    assert refusal(offices.office.post("/v1/programme", json=told), 409)["rule"] == "budget left"


def test_the_ledger_tells_what_is_reserved_paid_and_left_to_the_cent(offices: Offices) -> None:
    offices.adopt()
    number = offices.scored(incentive_id="travel", requested=50_000)
    offices.step(number, "granted", amount=49_999)
    assert offices.balance() == (49_999, 0, 950_001)
    for kind in ("signed", "reported"):
        offices.step(number, kind)
    offices.step(number, "paid", amount=43_217)
    assert offices.balance() == (0, 43_217, 956_783)


def test_a_region_sees_its_own_money_and_no_others(offices: Offices) -> None:
    offices.adopt()
    east = offices.caller("evaluator", "east")
    assert {one["region_id"] for one in east.get("/v1/programme/ledger").json()["accounts"]} == {"east"}
    for path in ("ledger", "deadlines", "ranking"):
        asked = {"region": "south", "call": "spring"} if path == "ranking" else {"region": "south"}
        assert refusal(east.get(f"/v1/programme/{path}", params=asked), 403)["place"] == "region"
    all_of_it = offices.caller("evaluator").get("/v1/programme/ledger", params={"region": "south"}).json()
    assert {one["region_id"] for one in all_of_it["accounts"]} == {"south"}


def test_the_ranked_list_has_the_best_first_and_tells_where_the_budget_ends(offices: Offices) -> None:
    offices.adopt()
    weak, *strong = [offices.applied(number) for number in range(1, 5)]
    for application in (weak, *strong):
        scores = {"fit": 3, "plan": 6} if application == weak else {"fit": 5, "plan": 8}
        for assessor in ("one", "two"):
            offices.step(application, "assessed", assessor=assessor, scores=scores)
    found = offices.office.get("/v1/programme/ranking", params={"call": "spring"}).json()["ranked"]
    assert [one["application_id"] for one in found] == [*strong, weak]
    assert [one["suffices"] for one in found] == [True, True, False, False]
    assert [one["rank"] for one in found] == [1, 2, 3, 4]
    assert found[0]["score"]["percent"] == 95.0
    empty = offices.caller("advisor", "south").get("/v1/programme/ranking", params={"call": "spring"})
    assert empty.json()["ranked"] == []


def test_the_ranked_list_of_a_call_that_there_is_not_is_not_found(offices: Offices) -> None:
    offices.adopt()
    assert "spring" in refusal(offices.office.get("/v1/programme/ranking?call=summer"), 404)["required"]
    refusal(offices.office.get("/v1/programme/ranking"), 422)


def test_deadlines_come_with_the_most_urgent_first(offices: Offices) -> None:
    offices.adopt()
    waiting, granted = offices.applied(1), offices.scored(2)
    offices.step(granted, "granted", amount=400_000)
    told = offices.office.get("/v1/programme/deadlines").json()
    assert told["time_zone"] == "Europe/Brussels"
    due = [(one["application_id"], one["due"], one["days_left"]) for one in told["deadlines"]]
    assert [one[:2] for one in due] == [(granted, "sign"), (waiting, "decide")]
    assert due[0][2] in (29, 30)  # a step's day is told in UTC, today in the programme's zone
    soon = offices.office.get("/v1/programme/deadlines", params={"days": 40}).json()["deadlines"]
    assert [one["application_id"] for one in soon] == [granted]
    assert offices.caller("advisor", "south").get("/v1/programme/deadlines").json()["deadlines"] == []
