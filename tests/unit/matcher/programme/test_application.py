"""Steps of an application: what each must tell, which may follow which, and what it does to the money."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from embeddings.errors import Refusal
from matcher.errors import RuleBroken
from matcher.programme.application import (
    HOLDING,
    MAY_FOLLOW,
    STEP_KINDS,
    ApplicationHistory,
    NewApplicationStep,
    check_day,
    check_may_follow,
    money_of,
    state_of,
)
from tests.unit.matcher.programme.small_programme import granted, history, scored, step

TOLD: dict[str, dict[str, Any]] = {
    "assessed": {"assessor": "assessor 1", "scores": {"fit": 5, "plan": 8}},
    "granted": {"amount": 400_000},
    "rejected": {"reason": "no plan"},
    "paid": {"amount": 300_000},
}
BRUSSELS = ZoneInfo("Europe/Brussels")


def new(kind: str, **more: Any) -> NewApplicationStep:
    return NewApplicationStep.model_validate({"kind": kind, **TOLD.get(kind, {}), **more})


def recorded(so_far: ApplicationHistory, told: NewApplicationStep) -> ApplicationHistory:
    """As it stands once a step is on record, if it may be."""
    check_may_follow(so_far, told.kind)
    reserved, paid = money_of(so_far, told)
    made = step(**told.model_dump(exclude_none=True), step_id=len(so_far.steps) + 1, reserved=reserved, paid=paid)
    return so_far.model_copy(update={"steps": (*so_far.steps, made)})


def through(*kinds: str) -> ApplicationHistory:
    found = history()
    for kind in kinds:
        found = recorded(found, new(kind))
    return found


@pytest.mark.parametrize("kind", STEP_KINDS)
def test_a_step_with_what_its_kind_must_tell_is_made(kind: str) -> None:
    assert new(kind).kind == kind


@pytest.mark.parametrize(
    ("kind", "field"),
    [("assessed", "assessor"), ("assessed", "scores"), ("granted", "amount"), ("rejected", "reason"), ("paid", "amount")],
)
def test_a_step_that_does_not_tell_what_it_must_is_refused(kind: str, field: str) -> None:
    for nothing in (None, "", {}):
        with pytest.raises((ValidationError, Refusal), match=f"{field}|valid"):
            new(kind, **{field: nothing})


@pytest.mark.parametrize(
    ("kind", "more"), [("signed", {"amount": 1}), ("paid", {"scores": {"fit": 1}}), ("granted", {"assessor": "x"})]
)
def test_a_step_that_tells_what_is_not_its_own_is_refused(kind: str, more: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="tell no"):
        new(kind, **more)


@pytest.mark.parametrize("amount", [-1, 0.5, "4000.505", 10**16, None])
def test_an_amount_is_whole_cents_in_bounds(amount: Any) -> None:
    with pytest.raises(ValidationError):
        new("granted", amount=amount)


def test_the_state_is_that_of_the_last_step_that_is_no_assessment() -> None:
    assert state_of([]) == "submitted"
    assert state_of([scored(1, "one", 5, 5)]) == "submitted"
    assert state_of([granted(1), step("signed", 2)]) == "signed"


@pytest.mark.parametrize("state", MAY_FOLLOW)
def test_what_may_not_follow_is_refused_with_what_may(state: str) -> None:
    ways = {
        "submitted": (),
        "granted": ("granted",),
        "signed": ("granted", "signed"),
        "reported": ("granted", "signed", "reported"),
        "paid": ("granted", "signed", "reported", "paid"),
        "rejected": ("rejected",),
        "withdrawn": ("withdrawn",),
        "lapsed": ("granted", "lapsed"),
    }
    found = through(*ways[state])
    assert found.state == state
    for kind in STEP_KINDS:
        if kind in MAY_FOLLOW[state]:
            check_may_follow(found, kind)
            continue
        with pytest.raises(RuleBroken) as error:
            check_may_follow(found, kind)
        assert error.value.rule == "order of steps"
        assert ", ".join(MAY_FOLLOW[state]) in error.value.required


def test_a_grant_reserves_and_a_payment_releases_what_is_left_over() -> None:
    found = through("granted")
    assert (found.granted, found.reserved, found.paid) == (400_000, 400_000, 0)
    found = recorded(recorded(recorded(found, new("signed")), new("reported")), new("paid", amount=399_999))
    assert (found.granted, found.reserved, found.paid) == (400_000, 0, 399_999)


@pytest.mark.parametrize("kind", ["withdrawn", "lapsed"])
def test_what_is_not_used_is_released(kind: str) -> None:
    found = through("granted", kind)
    assert (found.granted, found.reserved, found.paid) == (400_000, 0, 0)
    assert found.state not in HOLDING


def test_more_than_was_granted_is_not_paid() -> None:
    found = through("granted", "signed", "reported")
    with pytest.raises(RuleBroken, match=r"4,000\.00 EUR\. Got 4,000\.01 EUR") as error:
        money_of(found, new("paid", amount=400_001))
    assert error.value.rule == "amount granted"
    assert money_of(found, new("paid", amount=0)) == (-400_000, 0)


@given(st.data())
def test_whatever_happens_nothing_is_reserved_twice_or_paid_beyond_the_grant(data: st.DataObject) -> None:
    found = history()
    while MAY_FOLLOW[found.state] and len(found.steps) < 12:
        kind = data.draw(st.sampled_from(MAY_FOLLOW[found.state]))
        more = {"amount": data.draw(st.integers(0, found.granted))} if kind == "paid" else {}
        found = recorded(found, new(kind, **more))
        assert found.reserved == (found.granted if found.state in HOLDING else 0)
        assert 0 <= found.paid <= found.granted


NOW = datetime(2013, 6, 30, 22, 30, tzinfo=UTC)
"""In Brussels it is the first of July already."""


def test_a_step_may_have_happened_today_by_the_programmes_calendar_and_not_later() -> None:
    check_day(history(), new("withdrawn", happened_on="2013-07-01"), NOW, BRUSSELS)
    with pytest.raises(RuleBroken, match="after today, 2013-07-01") as error:
        check_day(history(), new("withdrawn", happened_on="2013-07-02"), NOW, BRUSSELS)
    assert error.value.rule == "day of the step"


def test_a_step_did_not_happen_before_the_application_or_the_step_before() -> None:
    with pytest.raises(RuleBroken, match="2013-04-02"):
        check_day(history(), new("withdrawn", happened_on="2013-04-01"), NOW, BRUSSELS)
    decided = history(granted(1).model_copy(update={"happened_on": date(2013, 6, 20)}))
    check_day(decided, new("signed", happened_on="2013-06-20"), NOW, BRUSSELS)
    with pytest.raises(RuleBroken, match="2013-06-20"):
        check_day(decided, new("signed", happened_on="2013-06-19"), NOW, BRUSSELS)


def test_assessors_score_in_any_order() -> None:
    first = scored(1, "one", 5, 5).model_copy(update={"happened_on": date(2013, 6, 20)})
    check_day(history(first), new("assessed", happened_on="2013-06-10"), NOW, BRUSSELS)
