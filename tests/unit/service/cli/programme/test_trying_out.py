"""Programme files whose calls are shifted to today."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from matcher.programme.programme_file import programme_from
from matcher.shipped import shipped_programme, shipped_programme_file
from service.cli.programme.trying_out import open_now

TEXT = shipped_programme_file().read_text(encoding="utf-8")
ZONE = ZoneInfo("Europe/Brussels")


@pytest.mark.parametrize(
    "today", [date(2024, 2, 29), date(2026, 3, 29), date(2026, 10, 25), date(2027, 1, 1), date(2012, 9, 4)]
)
def test_the_first_call_is_open_the_whole_day_and_all_else_stays(today: date) -> None:
    found = programme_from("p.toml", open_now(TEXT, today).encode())
    call = found.calls[0]
    midnight = datetime(today.year, today.month, today.day, tzinfo=ZONE)
    assert call.opens < midnight.astimezone(UTC)
    assert call.closes > midnight + timedelta(days=1)
    assert call.directory_until is not None
    assert call.directory_until > today
    before = shipped_programme()
    assert found.model_copy(update={"calls": before.calls}) == before
    days = [one.opens.astimezone(ZONE).date() for one in found.calls]
    assert [day - days[0] for day in days] == [
        one.opens.astimezone(ZONE).date() - before.calls[0].opens.astimezone(ZONE).date() for one in before.calls
    ]


def test_the_file_says_that_it_was_shifted_and_keeps_its_comments() -> None:
    text = open_now(TEXT, date(2026, 11, 24))
    assert text.startswith("# For trying out: the days of all calls are shifted by 5,194 days")
    assert (
        sum(line.startswith("#") for line in text.splitlines()) == sum(line.startswith("#") for line in TEXT.splitlines()) + 1
    )


def test_a_file_without_calls_stays_as_it_is() -> None:
    assert open_now("[programme]\n", date(2026, 11, 24)) == "[programme]\n"
