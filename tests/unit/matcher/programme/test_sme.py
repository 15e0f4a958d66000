from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from matcher.programme.applicant import Accounts, Applicant, Relation
from matcher.programme.sme import size_of
from tests.unit.matcher.programme.small_programme import MILLION, accounts, company

SHARES = st.integers(0, 50)


def size(*figures: tuple[float, int, int]) -> str:
    """The category by the figures of years that follow each other, the last of them 2013."""
    first = 2014 - len(figures)
    return size_of(company(*[accounts(first + number, *one) for number, one in enumerate(figures)])).category


@pytest.mark.parametrize(
    ("headcount", "turnover", "balance_sheet", "category"),
    [
        (9.99, 2 * MILLION, 3 * MILLION, "micro"),
        (10, 0, 0, "small"),
        (9, 2 * MILLION + 1, 2 * MILLION, "micro"),
        (9, 2 * MILLION + 1, 2 * MILLION + 1, "small"),
        (49.9, 10 * MILLION, 90 * MILLION, "small"),
        (50, 0, 0, "medium"),
        (49, 10 * MILLION + 1, 10 * MILLION + 1, "medium"),
        (249.9, 50 * MILLION, 90 * MILLION, "medium"),
        (250, 0, 0, "large"),
        (249.9, 50 * MILLION + 1, 43 * MILLION, "medium"),
        (249.9, 50 * MILLION + 1, 43 * MILLION + 1, "large"),
    ],
)
def test_one_work_unit_or_one_cent_decides(headcount: float, turnover: int, balance_sheet: int, category: str) -> None:
    found = size_of(company(accounts(2013, headcount, turnover, balance_sheet)))
    assert (found.category, found.is_sme) == (category, category != "large")


MEDIUM, LARGE = (249.9, 0, 0), (250.0, 0, 0)
MICRO, SMALL = (9.0, 0, 0), (10.0, 0, 0)


@pytest.mark.parametrize(
    ("periods", "category"),
    [
        ([MEDIUM, LARGE], "medium"),
        ([LARGE, MEDIUM], "large"),
        ([MEDIUM, LARGE, LARGE], "large"),
        ([LARGE, MEDIUM, MEDIUM], "medium"),
        ([MEDIUM, LARGE, MEDIUM], "medium"),
        ([LARGE, MEDIUM, LARGE], "large"),
        ([MEDIUM, MEDIUM, LARGE], "medium"),
        ([LARGE, LARGE, MEDIUM], "large"),
        ([MICRO, SMALL, LARGE], "small"),
        ([LARGE, SMALL, MICRO], "small"),
        ([MEDIUM, LARGE, MEDIUM, LARGE, LARGE], "large"),
    ],
)
def test_what_it_was_is_lost_and_gained_by_two_periods_in_a_row(periods: list[Any], category: str) -> None:
    assert size(*periods) == category


def test_the_sentence_tells_both_periods_where_only_one_is_beyond_the_ceiling() -> None:
    why = size_of(company(accounts(2012, 249.9, 100, 200), accounts(2013, 250, 100, 200))).why
    assert why == (
        "Medium-sized, because only two periods in a row count: 250 annual work units, turnover 1.00 EUR, balance sheet "
        "2.00 EUR in 2013, but 249.9 annual work units, turnover 1.00 EUR, balance sheet 2.00 EUR in 2012."
    )


def test_years_with_a_gap_between_them_are_not_two_in_a_row() -> None:
    assert size_of(company(accounts(2010, 9), accounts(2013, 250))).category == "large"


def test_periods_may_be_told_in_any_order() -> None:
    assert size_of(company(accounts(2013, 250), accounts(2012, 249))).category == "medium"


@pytest.mark.parametrize(("share", "category"), [(24, "micro"), (25, "small"), (50, "medium")])
def test_a_partner_counts_by_its_share_from_a_quarter(share: int, category: str) -> None:
    partner = Relation(name="Holding", kind="partner", share=share, accounts=(accounts(2013, 164.0),))
    assert size_of(company(accounts(2013, 5), relations=(partner,))).category == category


def test_a_share_of_a_partner_is_counted_to_the_last_digit() -> None:
    partner = Relation(kind="partner", share=25, accounts=(accounts(2013, 0.4, 1, 2),))
    found = size_of(company(accounts(2013, 249.9, 50 * MILLION, 43 * MILLION), relations=(partner,)))
    assert found.category == "large"
    assert found.why == (
        "Large: 250 annual work units, turnover 50,000,000.0025 EUR, balance sheet 43,000,000.005 EUR in 2013 with its group "
        "(partner 25 %)."
    )


@pytest.mark.parametrize("share", [30, 100])
def test_what_is_linked_counts_whole_whatever_its_share(share: int) -> None:
    parent = Relation(name="Parent", kind="linked", share=share, accounts=(accounts(2013, 245),))
    found = size_of(company(accounts(2013, 5), relations=(parent,)))
    assert found.is_sme is False
    assert "with its group (Parent 100 %)" in found.why


def test_an_exempt_investor_makes_no_partner() -> None:
    fund = Relation(kind="partner", share=50, exempt=True, accounts=(accounts(2013, 9_000),))
    assert size_of(company(accounts(2013, 5), relations=(fund,))).category == "micro"


@pytest.mark.parametrize(
    ("bodies", "is_sme"),
    [
        ([{"share": 24}], True),
        ([{"share": 25}], False),
        ([{"share": 12}, {"share": 13}], False),
        ([{"share": 50, "exempt": True}], True),
        ([{"share": 51, "exempt": True}], False),
    ],
)
def test_public_bodies_with_a_quarter_together_make_it_no_sme(bodies: list[dict[str, Any]], is_sme: bool) -> None:
    relations = tuple(Relation(kind="public body", **one) for one in bodies)
    found = size_of(company(accounts(2013, 5), relations=relations))
    assert found.is_sme is is_sme
    assert ("Article 3(4)" in found.why) is not is_sme


def test_a_group_counts_in_all_periods_by_the_figures_nearest_to_each() -> None:
    parent = Relation(kind="linked", accounts=(accounts(2013, 200),))
    periods = (accounts(2012, 60), accounts(2013, 60))
    assert size_of(company(*periods, relations=(parent,))).category == "large"
    grown = Relation(kind="linked", accounts=(accounts(2011, 10), accounts(2013, 200)))
    assert size_of(company(*periods, relations=(grown,))).category == "medium"


def test_of_a_new_company_only_the_last_estimate_counts() -> None:
    found = size_of(company(accounts(2012, 300), accounts(2013, 4), is_new=True))
    assert found.category == "micro"
    assert "by estimates for 2013" in found.why


@pytest.mark.parametrize(
    ("applicant", "cause"),
    [
        (company(), "it told no accounts"),
        (company(is_new=True), "it is new and told no estimates"),
        (company(accounts(2013, 5), relations=(Relation(name="Parent", kind="linked"),)), "there are no figures of Parent"),
    ],
)
def test_what_is_not_told_decides_nothing(applicant: Applicant, cause: str) -> None:
    found = size_of(applicant)
    assert (found.category, found.is_sme) == ("unknown", None)
    assert cause in found.why


def test_a_partner_below_a_quarter_need_not_tell_its_figures() -> None:
    assert size_of(company(accounts(2013, 5), relations=(Relation(kind="partner", share=24),))).is_sme is True


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ({"kind": "partner", "share": 51}, "be at most 50 percent where it is a partner"),
        ({"kind": "partner"}, "be at most 50 percent where it is a partner"),
        ({"kind": "linked", "exempt": True}, "not be exempt where it is linked"),
        ({"kind": "linked", "accounts": [accounts(2013, 5)] * 2}, "tell each year once"),
        ({"kind": "linked", "share": True}, "be a number"),
    ],
)
def test_a_relation_that_cannot_be_is_refused(values: dict[str, Any], wanted: str) -> None:
    with pytest.raises(ValidationError, match=wanted):
        Relation.model_validate(values)


@pytest.mark.parametrize("headcount", [-1, float("nan"), float("inf"), True])
def test_a_headcount_that_cannot_be_is_refused(headcount: float) -> None:
    with pytest.raises(ValidationError):
        Accounts.model_validate({"year": 2013, "headcount": headcount, "turnover": 0, "balance_sheet": 0})


@given(st.floats(0, 500), SHARES, SHARES)
def test_a_greater_share_never_makes_a_company_smaller(headcount: float, one: int, other: int) -> None:
    order = ["micro", "small", "medium", "large"]
    low, high = (
        size_of(
            company(
                accounts(2013, 40, MILLION, MILLION),
                relations=(Relation(kind="partner", share=share, accounts=(accounts(2013, headcount),)),),
            )
        ).category
        for share in sorted((one, other))
    )
    assert order.index(low) <= order.index(high)


@given(st.lists(st.sampled_from([MICRO, SMALL, MEDIUM, LARGE]), min_size=2, max_size=6))
def test_two_equal_periods_at_the_end_always_decide(periods: list[Any]) -> None:
    assert size(*periods, periods[-1]) == size(periods[-1])
