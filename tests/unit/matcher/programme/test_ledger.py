"""Budgets of regions in calls: what is reserved, paid and left, to the cent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.errors import RuleBroken
from matcher.programme.ledger import Account, check_left, ledger
from tests.unit.matcher.programme.small_programme import granted, history, small_programme, step, sums_of

PROGRAMME = small_programme()


def test_each_region_has_an_account_in_each_call_in_the_order_of_the_rules() -> None:
    found = ledger(PROGRAMME, {("east", "spring"): (400_000, 50_000)})
    assert [(one.call_id, one.region_id, one.budget, one.left) for one in found] == [
        ("spring", "east", 1_000_000, 550_000),
        ("spring", "south", 1_000_000, 1_000_000),
        ("autumn", "east", 1_000_000, 1_000_000),
        ("autumn", "south", 0, 0),
    ]


def test_what_was_given_under_rules_that_are_gone_is_told_too() -> None:
    *_, old, gone = ledger(PROGRAMME, {("west", "spring"): (1, 2), ("east", "winter"): (0, 400_000)})
    assert (old.call_id, old.region_id, old.budget, old.left) == ("spring", "west", 0, -3)
    assert (gone.call_id, gone.region_id, gone.left) == ("winter", "east", -400_000)


def test_sums_are_those_of_all_steps() -> None:
    paid = step("paid", 4, amount=300_000, reserved=-400_000, paid=300_000)
    histories = [
        history(granted(1)),
        history(granted(2, 50_000), application_id=2),
        history(granted(3), paid, application_id=3, region_id="south"),
        history(application_id=4),
    ]
    assert sums_of(histories) == {("east", "spring"): (450_000, 0), ("south", "spring"): (0, 300_000)}


def test_the_last_cent_can_be_granted_and_no_more() -> None:
    account = Account(region_id="east", call_id="spring", budget=1_000_000, reserved=400_000, paid=599_999)
    check_left(account, 1)
    with pytest.raises(RuleBroken, match=r"have 0\.02 EUR left\. Got 0\.01 EUR") as error:
        check_left(account, 2)
    assert error.value.rule == "budget left"


@given(st.lists(st.integers(0, 500_000), max_size=8))
def test_grants_that_are_let_through_never_exceed_the_budget(amounts: list[int]) -> None:
    reserved = 0
    for amount in amounts:
        account = Account(region_id="east", call_id="spring", budget=1_000_000, reserved=reserved)
        try:
            check_left(account, amount)
        except RuleBroken:
            assert reserved + amount > 1_000_000
        else:
            reserved += amount
    assert reserved <= 1_000_000
