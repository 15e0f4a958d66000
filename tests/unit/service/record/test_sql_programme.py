"""Applications, decisions and money on record: every rule is looked at where it is written."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pytest

from matcher.errors import NotFound, RuleBroken
from matcher.programme.application import NewApplicationStep
from matcher.programme.book import ApplicationQuery
from matcher.upkeep import NewProviderStep
from service.record.backup import back_up, restore
from service.record.sql_log import SqlMatchLog
from service.record.sql_programme import SqlProgramme
from service.record.sql_upkeep import SqlUpkeep
from tests.unit.service.record.programme_on_record import Office


@pytest.fixture
def office(any_log: SqlMatchLog) -> Office:
    made = Office(any_log)
    made.adopt()
    return made


def account(office: Office, region: str = "east", call: str = "spring") -> tuple[int, int, int]:
    [found] = [one for one in office.book.ledger() if (one.region_id, one.call_id) == (region, call)]
    return found.reserved, found.paid, found.left


def rule_of(error: pytest.ExceptionInfo[RuleBroken]) -> str:
    return error.value.rule


def test_money_is_reserved_by_a_grant_paid_after_the_report_and_what_is_left_over_released(office: Office) -> None:
    number = office.scored(office.match(1), incentive_id="travel", requested=50_000)
    office.grant(number, 50_000)
    assert account(office) == (50_000, 0, 950_000)
    for kind in ("signed", "reported"):
        office.book.step(number, NewApplicationStep(kind=kind), "office")
    office.book.step(number, NewApplicationStep(kind="paid", amount=43_217), "office")
    assert account(office) == (0, 43_217, 956_783)
    history = office.book.application(number)
    assert history.state == "paid"
    assert [step.programme for step in history.steps] == [office.book.in_force().programme.version] * 6
    office.log.verify()


@pytest.mark.parametrize("kind", ["withdrawn", "lapsed"])
def test_what_is_not_used_goes_back(office: Office, kind: str) -> None:
    number = office.scored(office.match(1))
    office.grant(number)
    assert account(office)[0] == 400_000
    office.book.step(number, NewApplicationStep(kind=kind), "office")
    assert account(office) == (0, 0, 1_000_000)


def test_a_grant_is_a_step_of_its_match(office: Office) -> None:
    match_id = office.match(1)
    office.grant(office.scored(match_id))
    history = office.log.history(match_id)
    assert history.state == "incentive granted"
    assert history.steps[-1].incentive == "Insight"


def test_nothing_is_granted_beyond_the_budget(office: Office) -> None:
    numbers = [office.scored(office.match(number)) for number in (1, 2, 3)]
    for number in numbers[:2]:
        office.grant(number)
    with pytest.raises(RuleBroken, match=r"rule 'budget left'") as error:
        office.grant(numbers[2])
    assert rule_of(error) == "budget left"
    assert account(office) == (800_000, 0, 200_000)
    assert office.book.application(numbers[2]).state == "submitted"


def test_of_many_deciders_at_once_as_many_succeed_as_there_is_money(office: Office) -> None:
    numbers = [office.scored(office.match(number)) for number in range(1, 13)]
    # Each with a connection of its own, as processes have.
    logs = [SqlMatchLog(office.log.database.url) for _ in numbers]
    books = [SqlProgramme(log, lambda: office.now) for log in logs]
    start = threading.Barrier(len(numbers))
    results: list[str] = []

    def decide(book: SqlProgramme, number: int) -> None:
        start.wait()
        try:
            book.step(number, NewApplicationStep(kind="granted", amount=400_000), "office")
            results.append("granted")
        except RuleBroken as error:
            results.append(error.rule)

    threads = [threading.Thread(target=decide, args=pair) for pair in zip(books, numbers, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for log in logs:
        log.close()
    assert sorted(results) == ["budget left"] * 10 + ["granted"] * 2
    assert account(office) == (800_000, 0, 200_000)
    office.log.verify()


def test_one_application_is_decided_once_by_two_at_once(office: Office) -> None:
    number = office.scored(office.match(1))
    start, results = threading.Barrier(2), []

    def decide() -> None:
        start.wait()
        try:
            office.grant(number)
            results.append("granted")
        except RuleBroken as error:
            results.append(error.rule)

    threads = [threading.Thread(target=decide) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["granted", "order of steps"]
    assert account(office) == (400_000, 0, 600_000)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"requested": 400_001}, "amount"),
        ({"incentive_id": "travel", "requested": 50_001}, "amount"),
        ({"call_id": "autumn", "incentive_id": "insight"}, "call open"),
        ({"call_id": "winter"}, "call open"),
        ({"region_id": "south"}, "region of the company"),
        ({"region_id": "north"}, "region of the company"),
    ],
)
def test_an_application_that_can_never_be_granted_is_refused_with_the_rules_name(
    office: Office, changes: dict[str, object], rule: str
) -> None:
    match_id = office.match(1)
    before = office.log.verify()
    with pytest.raises(RuleBroken) as error:
        office.book.submit(office.application(match_id, **changes), "advisor")
    assert rule_of(error) == rule
    assert office.log.verify() == before


def test_a_match_at_home_gets_no_incentive(office: Office) -> None:
    with pytest.raises(RuleBroken) as error:
        office.book.submit(office.application(office.match(1, country="NL")), "advisor")
    assert rule_of(error) == "provider in another country"


def test_one_company_gets_one_kind_of_incentive_once_in_whatever_spelling(office: Office) -> None:
    office.grant(office.scored(office.match(1, company="Cellix BV")))
    second = office.scored(office.match(2, company="CELLIX B.V."))
    with pytest.raises(RuleBroken) as error:
        office.grant(second)
    assert rule_of(error) == "one grant"


def test_a_match_that_was_not_accepted_is_not_paid_for(office: Office) -> None:
    number = office.scored(office.match(1, "introduced"))
    with pytest.raises(RuleBroken) as error:
        office.grant(number)
    assert rule_of(error) == "match accepted"


def test_nothing_is_granted_before_both_assessors_scored(office: Office) -> None:
    number = office.book.submit(office.application(office.match(1)), "advisor").application.application_id
    office.book.step(number, NewApplicationStep(kind="assessed", assessor="one", scores={"fit": 5, "plan": 8}), "office")
    with pytest.raises(RuleBroken) as error:
        office.grant(number)
    assert rule_of(error) == "scored by all assessors"


def test_what_is_below_the_pass_mark_is_not_granted(office: Office) -> None:
    number = office.book.submit(office.application(office.match(1)), "advisor").application.application_id
    for assessor in ("one", "two"):
        told = NewApplicationStep(kind="assessed", assessor=assessor, scores={"fit": 1, "plan": 2})
        office.book.step(number, told, "office")
    with pytest.raises(RuleBroken) as error:
        office.grant(number)
    assert rule_of(error) == "pass mark"


def test_a_decision_after_its_time_is_refused(office: Office) -> None:
    number = office.scored(office.match(1))
    office.now += timedelta(days=59 + 61)
    with pytest.raises(RuleBroken) as error:
        office.grant(number)
    assert rule_of(error) == "decision in time"
    with pytest.raises(RuleBroken):
        office.book.step(number, NewApplicationStep(kind="rejected", reason="late"), "office")


def test_an_application_of_an_open_call_may_be_granted_after_it_closed(office: Office) -> None:
    number = office.scored(office.match(1))
    office.now += timedelta(days=59 + 30)
    office.grant(number)
    assert account(office)[0] == 400_000


def test_more_is_not_paid_than_was_granted(office: Office) -> None:
    number = office.scored(office.match(1))
    office.grant(number)
    for kind in ("signed", "reported"):
        office.book.step(number, NewApplicationStep(kind=kind), "office")
    with pytest.raises(RuleBroken) as error:
        office.book.step(number, NewApplicationStep(kind="paid", amount=400_001), "office")
    assert rule_of(error) == "amount granted"
    assert account(office) == (400_000, 0, 600_000)


def test_a_provider_that_left_is_no_partner_of_an_application(office: Office) -> None:
    match_id = office.match(1)
    SqlUpkeep(office.log).step(NewProviderStep(provider_id="provider-1", kind="left"), "office", region="south", in_files=True)
    with pytest.raises(RuleBroken) as error:
        office.book.submit(office.application(match_id), "advisor")
    assert rule_of(error) == "provider in the directory in time"


def test_rules_that_give_less_than_is_reserved_are_not_adopted(office: Office) -> None:
    office.grant(office.scored(office.match(1)))
    calls = office.book.in_force().programme.model_dump(mode="json")["calls"]
    calls[0]["budgets"]["east"] = 399_999
    with pytest.raises(RuleBroken) as error:
        office.adopt(calls=calls)
    assert rule_of(error) == "budget left"
    calls[0]["budgets"]["east"] = 400_000
    assert office.adopt(calls=calls) == office.book.in_force().programme
    assert account(office) == (400_000, 0, 0)


def test_each_step_tells_the_rules_it_was_taken_under(office: Office) -> None:
    first = office.book.in_force().programme.version
    number = office.scored(office.match(1))
    office.now += timedelta(hours=1)
    second = office.adopt(name="Second").version
    office.grant(number)
    history = office.book.application(number)
    assert history.application.programme == first
    assert [step.programme for step in history.steps] == [first, first, second]
    assert [one.programme.version for one in office.book.versions()] == [first, second]
    assert office.adopt(name="Second").version == second
    assert len(office.book.versions()) == 2


def test_a_region_sees_its_own_applications_only(office: Office) -> None:
    number = office.scored(office.match(1))
    assert [one.application.application_id for one in office.book.applications(ApplicationQuery(), region="east")] == [number]
    assert list(office.book.applications(ApplicationQuery(), region="south")) == []
    with pytest.raises(NotFound):
        office.book.application(number, region="south")
    with pytest.raises(NotFound):
        office.book.step(number, NewApplicationStep(kind="rejected", reason="no"), "south", region="south")
    with pytest.raises(NotFound):
        office.book.submit(office.application(office.match(2)), "south", region="south")
    assert {one.region_id for one in office.book.ledger(region="south")} == {"south"}


def test_what_is_not_there_is_not_found(office: Office) -> None:
    for number in (0, -1, 99, 2**40):
        with pytest.raises(NotFound):
            office.book.application(number)
    with pytest.raises(NotFound):
        office.book.check(office.application(99))


def test_without_rules_nothing_is_handed_in(any_log: SqlMatchLog) -> None:
    office = Office(any_log)
    match_id = office.match(1)
    with pytest.raises(NotFound, match="programme"):
        office.book.submit(office.application(match_id), "advisor")


def test_a_backup_holds_the_programme(office: Office, tmp_path: Path) -> None:
    office.grant(office.scored(office.match(1)))
    back_up(office.log, tmp_path / "backup.sqlite3")
    restore(tmp_path / "backup.sqlite3", f"sqlite:///{tmp_path / 'restored.sqlite3'}")
    restored = SqlMatchLog(f"sqlite:///{tmp_path / 'restored.sqlite3'}")
    try:
        assert SqlProgramme(restored).ledger() == office.book.ledger()
        assert restored.verify() == office.log.verify()
    finally:
        restored.close()
