"""The programme on pages: budgets, what is due, an application's life, the report."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from service.desk import Desk
from service.record.sql_log import SqlMatchLog
from tests.unit.matcher.programme.small_programme import VALUES
from tests.unit.service.console.browser_like import signed_in, text_of
from tests.unit.service.record.programme_on_record import Office

OPEN = {"opens": "2020-01-01T09:00:00+01:00", "closes": "2099-12-31T17:00:00+01:00", "directory_until": None}


@pytest.fixture
def office(small_desk: Desk) -> Office:
    """Rules whose calls are open, and one application that two assessors scored."""
    assert isinstance(small_desk.log, SqlMatchLog)
    made = Office(small_desk.log, now=datetime.now(UTC))
    made.adopt(calls=[{**call, **OPEN} for call in VALUES["calls"]])
    return made


def test_without_rules_the_page_says_how_to_adopt_some(small_desk: Desk) -> None:
    page = signed_in(small_desk, "programme office").get("/console/programme")
    assert page.status_code == 200
    assert "crossmatch programme adopt" in page.text


def test_an_application_is_scored_granted_and_paid_on_pages(small_desk: Desk, office: Office) -> None:
    number = office.book.submit(office.application(office.match(1)), "advisor").application.application_id
    client = signed_in(small_desk, "programme office")
    address = f"/console/applications/{number}"
    assert "Company 1" in text_of(client.get("/console/programme").text)
    steps = [
        {"kind": "assessed", "assessor": "one", "score-fit": "5", "score-plan": "8"},
        {"kind": "assessed", "assessor": "two", "score-fit": "4", "score-plan": "9"},
        {"kind": "granted", "amount": "4000.00"},
        {"kind": "signed"},
        {"kind": "reported"},
        {"kind": "paid", "amount": "3999.5"},
    ]
    for step in steps:
        done = client.post(f"{address}/steps", data=step, follow_redirects=False)
        assert (done.status_code, done.headers.get("location")) == (303, address), text_of(done.text)
    history = office.book.application(number)
    assert (history.state, history.paid) == ("paid", 399_950)
    assert "€3,999.50" in text_of(client.get(address).text)


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ({"kind": "granted", "amount": "4000.00"}, "scored by all assessors"),
        ({"kind": "granted", "amount": "4000.001"}, "two decimals"),
        ({"kind": "paid", "amount": "1"}, "order of steps"),
        ({"kind": "assessed", "assessor": "one", "score-fit": "99", "score-plan": "1"}, "between 0 and 5"),
        ({"kind": "rejected"}, "reason"),
        ({"kind": "nothing"}, "kind"),
    ],
)
def test_what_a_rule_does_not_allow_is_told_and_nothing_is_recorded(
    small_desk: Desk, office: Office, step: dict[str, str], said: str
) -> None:
    number = office.book.submit(office.application(office.match(1)), "advisor").application.application_id
    before = office.log.verify()
    answer = signed_in(small_desk, "programme office").post(f"/console/applications/{number}/steps", data=step)
    assert answer.status_code == 422
    assert said in text_of(answer.text)
    assert office.log.verify().seq == before.seq + 1  # the key that was made for signing in


def test_only_the_office_decides(small_desk: Desk, office: Office) -> None:
    number = office.scored(office.match(1))
    for role in ("advisor", "organiser", "evaluator"):
        client = signed_in(small_desk, role)
        assert client.get(f"/console/applications/{number}").status_code == 200
        answer = client.post(f"/console/applications/{number}/steps", data={"kind": "granted", "amount": "4000"})
        assert answer.status_code == 403
    assert office.book.application(number).state == "submitted"


def test_an_evaluator_sees_no_figures_of_the_company(small_desk: Desk, office: Office) -> None:
    number = office.scored(office.match(1))
    assert "annual work units" in text_of(signed_in(small_desk, "advisor").get(f"/console/applications/{number}").text)
    assert "annual work units" not in text_of(signed_in(small_desk, "evaluator").get(f"/console/applications/{number}").text)


def test_another_region_sees_no_application(small_desk: Desk, office: Office) -> None:
    number = office.scored(office.match(1))
    client = signed_in(small_desk, "programme office", region="south")
    assert client.get(f"/console/applications/{number}").status_code == 404
    assert "Company 1" not in client.get("/console/programme").text


def test_the_report_is_a_page_that_runs_nothing(small_desk: Desk, office: Office) -> None:
    office.grant(office.scored(office.match(1)))
    page = signed_in(small_desk, "evaluator").get("/console/programme/report")
    assert page.status_code == 200
    assert "script-src" not in page.headers["content-security-policy"]
    assert "<script" not in page.text
    assert "Small programme" in text_of(page.text)
