from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from matcher.programme.application import ApplicationHistory, ApplicationStep
from matcher.programme.deadlines import Deadline, deadlines_of
from tests.unit.matcher.programme.small_programme import granted, history, scored, small_programme, step

PROGRAMME = small_programme()
DECIDE_BY = date(2013, 7, 30)
"""Sixty days after 31 May."""


def at(day: date, hour: int = 12) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def only_deadline(one: ApplicationHistory, now: datetime, **changes: Any) -> Deadline:
    (found,) = deadlines_of(small_programme(**changes), [one], now)
    return found


def test_an_application_is_decided_so_many_days_after_its_call_closed() -> None:
    found = only_deadline(history(scored(1, "a", 5, 5)), at(date(2013, 6, 1)))
    assert (found.due, found.day, found.days_left, found.overdue, found.reminder) == ("decide", DECIDE_BY, 59, False, None)


@pytest.mark.parametrize(
    ("steps", "due", "day"),
    [
        ((granted(1),), "sign", date(2013, 7, 4)),
        ((granted(1), step("signed", 2, happened_on="2013-06-20")), "report", date(2014, 6, 20)),
        ((granted(1), step("signed", 2), step("reported", 3, happened_on="2014-03-01")), "pay", date(2014, 4, 30)),
    ],
)
def test_each_step_makes_the_next_one_due(steps: tuple[ApplicationStep, ...], due: str, day: date) -> None:
    found = only_deadline(history(*steps), at(date(2013, 6, 10)))
    assert (found.due, found.day) == (due, day)


@pytest.mark.parametrize(
    ("days_before", "overdue", "reminder"),
    [(15, False, None), (14, False, 14), (4, False, 14), (3, False, 3), (0, False, 3), (-1, True, None)],
)
def test_reminders_are_due_before_the_day_and_after_it_it_is_overdue(
    days_before: int, overdue: bool, reminder: int | None
) -> None:
    found = only_deadline(history(), at(DECIDE_BY - timedelta(days=days_before)))
    assert (found.days_left, found.overdue, found.reminder) == (days_before, overdue, reminder)


def test_a_day_ends_on_the_clock_of_the_programme() -> None:
    assert not only_deadline(history(), at(DECIDE_BY, 21)).overdue
    assert only_deadline(history(), at(DECIDE_BY, 22)).overdue


@pytest.mark.parametrize(
    "steps",
    [
        (step("withdrawn", 1),),
        (step("rejected", 1, reason="no"),),
        (granted(1), step("lapsed", 2)),
        (granted(1), step("signed", 2), step("reported", 3), step("paid", 4, amount=1)),
    ],
)
def test_of_what_is_at_an_end_nothing_is_due(steps: tuple[ApplicationStep, ...]) -> None:
    assert deadlines_of(PROGRAMME, [history(*steps)], at(DECIDE_BY)) == []


def test_the_most_urgent_comes_first() -> None:
    histories = [history(application_id=3), history(granted(1), application_id=2), history(application_id=1)]
    found = deadlines_of(PROGRAMME, histories, at(date(2013, 6, 10)))
    assert [(one.application_id, one.due) for one in found] == [(2, "sign"), (1, "decide"), (3, "decide")]


def test_the_rules_say_how_many_days() -> None:
    found = only_deadline(history(granted(1)), at(date(2013, 6, 5)), deadlines={"sign": 0, "remind": []})
    assert (found.day, found.overdue, found.reminder) == (date(2013, 6, 4), True, None)


def test_of_a_call_that_the_rules_no_longer_have_days_count_from_the_application() -> None:
    found = only_deadline(history(call_id="winter"), at(date(2013, 4, 3)))
    assert found.day == date(2013, 6, 1)
