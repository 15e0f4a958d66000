"""A step did not happen before its match was proposed."""

from __future__ import annotations

import datetime as dt

import pytest

from matcher.errors import StepRefused
from matcher.lifecycle import NewStep, check_day

GIVEN_OUT = dt.date(2026, 3, 10)


@pytest.mark.parametrize("days", [None, -1, 0, 1, 200])
def test_a_day_from_the_list_on_may_be_told(days: int | None) -> None:
    day = None if days is None else GIVEN_OUT + dt.timedelta(days=days)
    check_day(NewStep(match_id=1, kind="introduced", happened_on=day), GIVEN_OUT)


def test_an_earlier_day_is_refused_with_the_lists() -> None:
    with pytest.raises(StepRefused, match=r"not lie before its list was given out, 2026-03-10\. Got 2026-03-08\."):
        check_day(NewStep(match_id=1, kind="introduced", happened_on=dt.date(2026, 3, 8)), GIVEN_OUT)
