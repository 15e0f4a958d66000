"""Steps of applications on record: when they can have happened, under which rules they end, and how they are read."""

from __future__ import annotations

from datetime import timedelta

import pytest

from matcher.errors import KeyReused, RuleBroken
from matcher.log import Once
from matcher.programme.application import NewApplicationStep
from matcher.programme.book import ApplicationQuery
from service.record.sql_log import SqlMatchLog
from tests.unit.matcher.programme.small_programme import VALUES, small_programme
from tests.unit.service.record.programme_on_record import Office


@pytest.fixture
def office(any_log: SqlMatchLog) -> Office:
    made = Office(any_log)
    made.adopt()
    return made


def without_east(office: Office) -> None:
    """Rules that no longer have the region."""
    office.now += timedelta(hours=1)
    calls = [{**VALUES["calls"][0], "budgets": {"south": 1_000_000}}]
    office.adopt(regions=VALUES["regions"][1:], calls=calls)


@pytest.mark.parametrize("told", [{"kind": "withdrawn"}, {"kind": "rejected", "reason": "The region left the programme."}])
def test_an_application_of_a_region_that_left_can_be_ended_and_not_granted(office: Office, told: dict[str, str]) -> None:
    number = office.scored(office.match(1))
    without_east(office)
    with pytest.raises(RuleBroken) as error:
        office.grant(number)
    assert error.value.rule == "region of the company"
    office.book.step(number, NewApplicationStep.model_validate(told), "office")
    assert office.book.application(number).state == told["kind"]
    office.log.verify()


def test_a_step_has_not_happened_tomorrow(office: Office) -> None:
    number = office.scored(office.match(1))
    before = office.log.verify()
    told = NewApplicationStep(kind="withdrawn", happened_on=office.now.date() + timedelta(days=1))
    with pytest.raises(RuleBroken) as error:
        office.book.step(number, told, "office")
    assert error.value.rule == "day of the step"
    assert office.log.verify() == before


def test_rules_under_one_key_are_adopted_once(office: Office) -> None:
    second, once = small_programme(name="Second"), Once("office", "key", "rules second")
    office.now += timedelta(hours=1)
    given = office.book.adopt(second, "office", once=once)
    office.now += timedelta(hours=1)
    office.adopt(name="Third")
    assert office.book.adopt(second, "office", once=once) == given
    assert office.book.in_force().programme.name == "Third"
    with pytest.raises(KeyReused):
        office.book.adopt(second, "office", once=Once("office", "key", "other rules"))


def test_applications_are_chosen_by_how_they_stand_and_read_on_from_a_number(office: Office) -> None:
    numbers = [office.scored(office.match(number)) for number in (1, 2, 3)]
    office.grant(numbers[1])

    def ids(**query: object) -> list[int]:
        found = office.book.applications(ApplicationQuery.model_validate(query))
        return [one.application.application_id for one in found]

    assert ids(state="granted") == [numbers[1]]
    assert ids(state="submitted") == [numbers[0], numbers[2]]
    assert ids(state="paid") == []
    assert ids(after=numbers[0]) == numbers[1:]
    assert ids(after=numbers[1], state="granted") == []
