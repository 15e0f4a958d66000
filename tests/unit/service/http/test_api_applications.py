"""The life of an application over HTTP."""

from __future__ import annotations

import copy
import threading
from typing import Any

import pytest
from fastapi.testclient import TestClient

from matcher.programme.application import MAY_FOLLOW
from service.desk import Desk
from tests.unit.service.api import refusal
from tests.unit.service.http.programme_requests import FIGURES, Offices, asked, day, made, rules


@pytest.fixture
def offices(small_desk: Desk) -> Offices:
    made = Offices(small_desk)
    made.adopt()
    return made


def test_an_application_goes_from_handed_in_to_paid(offices: Offices) -> None:
    match_id = offices.match()
    advisor = offices.caller("advisor", "east")
    told = advisor.post("/v1/applications", json=asked(match_id))
    assert told.status_code == 201
    application = told.json()
    number = application["application_id"]
    assert told.headers["location"] == f"/v1/applications/{number}"
    assert (application["state"], application["company"], application["provider_country"]) == ("submitted", "Company 1", "DE")
    assert all(one["passed"] for one in application["findings"])
    for assessor in ("assessor 1", "assessor 2"):
        offices.step(number, "assessed", assessor=assessor, scores={"fit": 4, "plan": 9})
    granted = offices.step(number, "granted", amount=400_000)
    assert (granted["reserved"], granted["recorded_by"]) == (400_000, "programme office of all")
    for kind in ("signed", "reported"):
        assert kind in offices.office.get(f"/v1/applications/{number}").json()["may_follow"]
        offices.step(number, kind)
    paid = offices.step(number, "paid", amount=399_999)
    assert (paid["reserved"], paid["paid"]) == (-400_000, 399_999)
    read = advisor.get(f"/v1/applications/{number}").json()
    assert [step["kind"] for step in read["steps"]] == ["assessed", "assessed", "granted", "signed", "reported", "paid"]
    assert (read["state"], read["may_follow"], read["granted"]) == ("paid", [], 400_000)
    assert offices.office.get(f"/v1/matches/{match_id}").json()["stands"] == "incentive granted"


def test_a_check_says_what_each_rule_says_and_records_nothing(offices: Offices) -> None:
    match_id, organiser = offices.match(accepted=False), offices.caller("organiser", "east")
    before = offices.desk.log.verify()
    told = organiser.post("/v1/applications/check", json=asked(match_id)).json()
    assert (told["eligible"], told["may_be_handed_in"]) == (False, True)
    assert [one["rule"] for one in told["findings"] if not one["passed"]] == ["match accepted"]
    too_much = offices.office.post("/v1/applications/check", json=asked(match_id, requested=400_001)).json()
    assert too_much["may_be_handed_in"] is False
    assert offices.desk.log.verify() == before


BROKEN: dict[str, tuple[dict[str, Any], str]] = {
    "more than the lump sum": ({"requested": 400_001}, "amount"),
    "costs over the ceiling": ({"incentive_id": "travel", "requested": 50_001}, "amount"),
    "nothing": ({"incentive_id": "travel", "requested": 0}, "amount"),
    "a call that is not open": ({"call_id": "autumn"}, "call open"),
    "a call that there is not": ({"call_id": "winter"}, "call open"),
    "another region than serves the company": ({"region_id": "south"}, "region of the company"),
    "a region that there is not": ({"region_id": "west"}, "region of the company"),
    "no accounts": ({"applicant": {"de_minimis": 0}}, "small or medium-sized company"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_can_never_be_granted_is_refused_with_the_rules_name(offices: Offices, name: str) -> None:
    changes, rule = BROKEN[name]
    body = asked(offices.match(), **changes)
    checked = offices.office.post("/v1/applications/check", json=body).json()
    assert (checked["eligible"], checked["may_be_handed_in"]) == (False, False)
    assert rule in {checked["rule"], *(one["rule"] for one in checked["findings"] if not one["passed"])}
    assert refusal(offices.office.post("/v1/applications", json=body), 409)["rule"] == rule
    assert offices.office.get("/v1/applications").json()["applications"] == []


def test_a_match_at_home_gets_no_incentive(offices: Offices) -> None:
    body = asked(offices.match(country="NL"))
    assert refusal(offices.office.post("/v1/applications", json=body), 409)["rule"] == "provider in another country"


def with_applicant(path: str, value: Any) -> dict[str, Any]:
    """An application whose company says something else at a place."""
    figures: Any = copy.deepcopy(FIGURES)
    part, *way = figures, *path.split(".")
    for step in way[:-1]:
        part = part[int(step)] if step.isdecimal() else part[step]
    part[way[-1]] = value
    return asked(applicant=figures)


WRONG: dict[str, tuple[dict[str, Any], str, str]] = {
    "three decimals": (asked(requested=4_000.505), "requested", "be a whole number"),
    "a sum as a text": (asked(requested="400000"), "", "be a number"),
    "a negative sum": (asked(requested=-1), "requested", "be at least 0"),
    "a truth value as a sum": (asked(requested=True), "", "not be a truth value"),
    "no match": ({key: value for key, value in asked().items() if key != "match_id"}, "match_id", "be given"),
    "a field that there is not": (asked(remark="urgent"), "remark", "be a known field"),
    "a number as a truth value": (with_applicant("is_new", 1), "", "be true or false"),
    "a year twice": (with_applicant("accounts", FIGURES["accounts"] * 2), "accounts", "tell each year once"),
    "three decimals in accounts": (with_applicant("accounts.0.turnover", 1.005), "turnover", "be a whole number"),
    "a partner of too much": (with_applicant("relations.0.share", 51), "share", "be at most 50 percent"),
}


@pytest.mark.parametrize("name", WRONG)
def test_an_application_with_a_mistake_is_refused_with_its_place(offices: Offices, name: str) -> None:
    body, place, required = WRONG[name]
    offices.match()
    for path in ("/v1/applications", "/v1/applications/check"):
        document = refusal(offices.office.post(path, json=body), 422)
        assert place in document["place"]
        assert required in document["required"]


STEPS: dict[str, tuple[dict[str, Any], int, str]] = {
    "of no known kind": ({"kind": "won"}, 422, ""),
    "no scores": ({"kind": "assessed", "assessor": "one"}, 422, ""),
    "scores for another criterion": ({"kind": "assessed", "assessor": "one", "scores": {"fit": 1, "mood": 5}}, 422, ""),
    "too many points": ({"kind": "assessed", "assessor": "one", "scores": {"fit": 6, "plan": 1}}, 422, ""),
    "points as a text": ({"kind": "assessed", "assessor": "one", "scores": {"fit": "5", "plan": 1}}, 422, ""),
    "a part of a cent": ({"kind": "granted", "amount": 49_950.5}, 422, ""),
    "no reason": ({"kind": "rejected"}, 422, ""),
    "too early": ({"kind": "signed"}, 409, "order of steps"),
    "before it is scored": ({"kind": "granted", "amount": 400_000}, 409, "scored by all assessors"),
    "on a day to come": ({"kind": "withdrawn", "happened_on": day(3)[:10]}, 409, "day of the step"),
    "before it was handed in": ({"kind": "withdrawn", "happened_on": "2013-01-01"}, 409, "day of the step"),
}


@pytest.mark.parametrize("name", STEPS)
def test_a_step_that_makes_no_sense_is_refused(offices: Offices, name: str) -> None:
    told, status, rule = STEPS[name]
    number = offices.applied()
    document = refusal(offices.office.post(f"/v1/applications/{number}/steps", json=told), status)
    assert document.get("rule", "") == rule
    assert offices.office.get(f"/v1/applications/{number}").json()["steps"] == []


def test_a_decision_after_its_time_is_refused_with_the_rules_name(offices: Offices) -> None:
    number = offices.scored()
    # 62, not 61: around the change to winter time the 61st day is still the 60th for an hour, in Brussels.
    offices.adopt(rules(opens=-90, closes=-62))
    for told in ({"kind": "granted", "amount": 400_000}, {"kind": "rejected", "reason": "late"}):
        document = refusal(offices.office.post(f"/v1/applications/{number}/steps", json=told), 409)
        assert document["rule"] == "decision in time"
    offices.adopt(rules(opens=-90, closes=-58))
    offices.step(number, "rejected", reason="The plan is not worked out.")


def test_of_two_deciders_at_once_on_the_last_money_one_is_refused(offices: Offices) -> None:
    told = rules()
    told["calls"][0]["budgets"]["east"] = 700_000
    offices.adopt(told)
    numbers = [offices.scored(number) for number in (1, 2)]
    start, answers = threading.Barrier(2), []

    def decide(client: TestClient, number: int) -> None:
        start.wait()
        answers.append(client.post(f"/v1/applications/{number}/steps", json={"kind": "granted", "amount": 400_000}))

    deciders = [offices.caller("programme office", "east") for _ in numbers]
    threads = [threading.Thread(target=decide, args=pair) for pair in zip(deciders, numbers, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    refused, granted = sorted(answers, key=lambda answer: -answer.status_code)
    assert granted.status_code == 201
    assert refusal(refused, 409)["rule"] == "budget left"
    assert offices.balance() == (400_000, 0, 300_000)
    offices.desk.log.verify()


def test_the_same_request_under_one_idempotency_key_is_recorded_once(offices: Offices) -> None:
    body, headers = asked(offices.match()), {"Idempotency-Key": "apply-1"}
    first = made(offices.office, "/v1/applications", body, headers=headers)
    assert made(offices.office, "/v1/applications", body, headers=headers) == first
    refusal(offices.office.post("/v1/applications", json={**body, "requested": 1}, headers=headers), 422)
    steps = f"/v1/applications/{first['application_id']}/steps"
    told, headers = {"kind": "withdrawn", "reason": "Another way."}, {"Idempotency-Key": "step-1"}
    assert made(offices.office, steps, told, headers=headers) == made(offices.office, steps, told, headers=headers)
    assert len(offices.office.get(f"/v1/applications/{first['application_id']}").json()["steps"]) == 1


def test_applications_are_read_page_by_page_and_chosen(offices: Offices) -> None:
    numbers = [offices.applied(number) for number in (1, 2, 3)]
    south = offices.applied(4, region_id="south")
    offices.step(numbers[1], "withdrawn")

    def ids(client: TestClient, **query: Any) -> list[int]:
        found: list[int] = []
        after: int | None = 0
        while after is not None:
            page = client.get("/v1/applications", params={**query, "after": after, "limit": 2}).json()
            found += [one["application_id"] for one in page["applications"]]
            after = page["next"]
        return found

    office = offices.office
    assert ids(office) == [*numbers, south]
    assert ids(office, region="south") == [south]
    assert ids(office, state="withdrawn") == [numbers[1]]
    assert ids(office, state="submitted", call="spring") == [numbers[0], numbers[2], south]
    assert ids(office, call="autumn") == []
    assert ids(office, match=4) == [south]
    assert ids(offices.caller("evaluator", "south")) == [south]
    refusal(office.get("/v1/applications", params={"state": "happy"}), 422)
    refusal(offices.caller("advisor", "east").get("/v1/applications", params={"region": "south"}), 403)


def test_an_evaluator_reads_no_figures_of_a_company(offices: Offices) -> None:
    number = offices.scored()
    offices.step(number, "granted", amount=400_000)
    path = f"/v1/applications/{number}"
    assert "987,654.00" in offices.caller("organiser").get(path).text
    text = offices.caller("evaluator").get(path).text
    for figure in ("98765400", "987,654", "1234500", "12,345", "Seed fund", "12.5"):
        assert figure not in text
    told = offices.caller("evaluator").get(path).json()
    assert told["applicant"] is None
    assert {one["rule"]: one["passed"] for one in told["findings"]}["de minimis"] is True


def test_a_region_sees_and_touches_its_own_applications_only(offices: Offices) -> None:
    number = offices.scored()
    south = offices.caller("programme office", "south")
    refusal(south.get(f"/v1/applications/{number}"), 404)
    refusal(south.post(f"/v1/applications/{number}/steps", json={"kind": "rejected", "reason": "no"}), 404)
    match_id = offices.match(2)
    refusal(south.post("/v1/applications", json=asked(match_id)), 403)
    for path in ("/v1/applications", "/v1/applications/check"):
        refusal(south.post(path, json=asked(match_id, region_id="south")), 404)


def test_an_advisor_may_withdraw_an_application_of_its_region_and_nothing_else(offices: Offices) -> None:
    number = offices.scored()
    steps = f"/v1/applications/{number}/steps"
    advisor = offices.caller("advisor", "east")
    every_kind = {kind for kinds in MAY_FOLLOW.values() for kind in kinds} - {"withdrawn"}
    details: dict[str, dict[str, Any]] = {
        "assessed": {"assessor": "one", "scores": {"fit": 1, "plan": 1}},
        "granted": {"amount": 400_000},
        "paid": {"amount": 1},
        "rejected": {"reason": "no"},
    }
    for kind in sorted(every_kind):
        document = refusal(advisor.post(steps, json={"kind": kind, **details.get(kind, {})}), 403)
        assert document["required"] == f"be programme office to record '{kind}'"
    refusal(offices.caller("advisor", "south").post(steps, json={"kind": "withdrawn"}), 404)
    assert made(advisor, steps, {"kind": "withdrawn"})["kind"] == "withdrawn"


@pytest.mark.parametrize("number", [1, 999, 2**53 - 1])
def test_an_application_that_there_is_not_is_not_found(offices: Offices, number: int) -> None:
    refusal(offices.office.get(f"/v1/applications/{number}"), 404)
    refusal(offices.office.post(f"/v1/applications/{number}/steps", json={"kind": "signed"}), 404)


def test_a_match_that_there_is_not_is_not_applied_for(offices: Offices) -> None:
    for match_id in (99, 2**53 - 1):
        assert refusal(offices.office.post("/v1/applications", json=asked(match_id)), 404)["place"] == "match"
