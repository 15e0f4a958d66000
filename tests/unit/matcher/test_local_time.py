from __future__ import annotations

from datetime import date, time
from zoneinfo import ZoneInfo

import pytest

from embeddings.errors import Refusal
from matcher.local_time import clock_time, later, moment_at

BRUSSELS = ZoneInfo("Europe/Brussels")
DAY = date(2026, 11, 5)


@pytest.mark.parametrize("written", ["09:30", "9:30", "09.30", "9h30", "09:30:00", " 09:30 "])
def test_a_time_of_day_may_be_written_as_people_do(written: str) -> None:
    assert clock_time(written) == time(9, 30)


@pytest.mark.parametrize("written", ["24:00", "09:60", "0930", "half past nine", "", "9"])
def test_what_is_no_time_of_day_is_refused(written: str) -> None:
    with pytest.raises(Refusal, match="time of day"):
        clock_time(written)


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("09:30", "2026-11-05T09:30:00+01:00"),
        ("2026-06-05 09:30", "2026-06-05T09:30:00+02:00"),
        ("2026-11-05T09:30:00", "2026-11-05T09:30:00+01:00"),
        ("2026-11-05T08:30Z", "2026-11-05T09:30:00+01:00"),
        ("2026-11-05 09:30+01:00", "2026-11-05T09:30:00+01:00"),
        ("2026-10-25 02:30+02:00", "2026-10-25T02:30:00+02:00"),
        ("2026-10-25 02:30+01:00", "2026-10-25T02:30:00+01:00"),
    ],
)
def test_a_moment_has_the_offset_of_the_zone_then(written: str, moment: str) -> None:
    assert moment_at(written, BRUSSELS, DAY).isoformat() == moment


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("2026-03-29 02:30", "must exist on the clock of Europe/Brussels. Got 02:30, which is skipped"),
        ("2026-10-25 02:30", "2026-10-25T02:30+02:00 or 2026-10-25T02:30+01:00"),
        ("2026-11-05 09:30+02:00", "write 2026-11-05T08:30+01:00 if that is what is meant"),
        ("2026-11-05 09:30+99:00", "have an offset that there is"),
        ("2026-02-30 09:30", "on a day that there is"),
        ("2026-11-05", "have a time of day"),
        ("0001-01-01 00:00", "lie in the years 1970 to 2200"),
        ("9999-12-31 23:59", "lie in the years 1970 to 2200"),
    ],
)
def test_a_time_that_is_none_or_two_is_refused_by_name(written: str, words: str) -> None:
    with pytest.raises(Refusal) as caught:
        moment_at(written, BRUSSELS, DAY)
    assert words in str(caught.value)


def test_a_time_alone_needs_a_day() -> None:
    with pytest.raises(Refusal, match="have its day"):
        moment_at("09:30", BRUSSELS)


def test_minutes_later_are_minutes_whatever_the_clocks_do() -> None:
    before = moment_at("2026-10-25 02:50+02:00", BRUSSELS)
    after = later(before, 20, BRUSSELS)
    assert after.isoformat() == "2026-10-25T02:10:00+01:00"
    assert after > before
