from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from matcher.errors import RequestRefused
from matcher.programme.applicant import Applicant
from matcher.programme.eligibility import RULE_NAMES, Finding, check_eligibility, failed
from tests.unit.matcher.programme.small_programme import SMALL_COMPANY, accounts, company, facts, small_programme


def findings(
    call_id: str = "spring",
    incentive_id: str = "insight",
    requested: int = 400_000,
    applicant: Applicant = SMALL_COMPANY,
    rules: dict[str, Any] | None = None,
    **changes: Any,
) -> tuple[Finding, ...]:
    programme = small_programme(eligibility=rules or {})
    return check_eligibility(programme, call_id, incentive_id, requested, applicant, facts(**changes))


def only_failure(**changes: Any) -> tuple[str, str]:
    (found,) = failed(findings(**changes))
    return found.rule, found.why


def test_every_rule_is_asked_in_the_order_of_the_rules_and_tells_why() -> None:
    found = findings()
    assert tuple(one.rule for one in found) == RULE_NAMES
    assert failed(found) == ()
    assert all(one.why.endswith(".") for one in found)


def test_rules_that_are_off_are_not_asked() -> None:
    names = ("other_country", "other_region", "sme", "in_directory", "accepted")
    found = findings(rules={**dict.fromkeys(names, False), "one_grant": None, "de_minimis": None})
    assert [one.rule for one in found] == ["call open", "incentive of the call", "amount", "budget left"]


@pytest.mark.parametrize(
    ("now", "why"),
    [
        (datetime(2013, 3, 1, 7, 59, 59, tzinfo=UTC), "Call spring opens on 2013-03-01 09:00 (Europe/Brussels); it is"),
        (datetime(2013, 5, 31, 15, 0, tzinfo=UTC), "Call spring closed on 2013-05-31 17:00 (Europe/Brussels); it is"),
    ],
)
def test_outside_its_times_a_call_is_closed_by_the_clock_of_the_programme(now: datetime, why: str) -> None:
    rule, told = only_failure(now=now)
    assert (rule, told[: len(why)]) == ("call open", why)


@pytest.mark.parametrize("now", [datetime(2013, 3, 1, 8, tzinfo=UTC), datetime(2013, 5, 31, 14, 59, 59, tzinfo=UTC)])
def test_a_call_is_open_from_its_first_to_its_last_second(now: datetime) -> None:
    assert failed(findings(now=now)) == ()


def test_an_incentive_that_the_call_does_not_give_fails() -> None:
    found = failed(findings("autumn", "travel", 100, now=datetime(2013, 10, 1, tzinfo=UTC)))
    assert [(one.rule, one.why) for one in found] == [
        ("incentive of the call", "Call autumn does not give travel; it gives insight.")
    ]


@pytest.mark.parametrize(
    ("incentive_id", "requested", "passed"),
    [
        ("insight", 400_000, True),
        ("insight", 399_999, False),
        ("insight", 400_001, False),
        ("travel", 50_000, True),
        ("travel", 1, True),
        ("travel", 50_001, False),
        ("travel", 0, False),
    ],
)
def test_a_lump_sum_is_asked_for_as_it_is_and_costs_up_to_their_ceiling(
    incentive_id: str, requested: int, passed: bool
) -> None:
    found = {one.rule: one for one in findings(incentive_id=incentive_id, requested=requested)}["amount"]
    assert found.passed is passed
    assert "is requested" in found.why


def test_the_amount_over_the_ceiling_is_told_with_both_sums() -> None:
    told = only_failure(incentive_id="travel", requested=50_001)
    assert told == ("amount", "Travel pays costs up to 500.00 EUR; 500.01 EUR is requested.")


@pytest.mark.parametrize(
    ("changes", "rule", "why"),
    [
        (
            {"provider_country": "NL"},
            "provider in another country",
            "Company and provider are both in NL.",
        ),
        ({"provider_region": "east"}, "provider in another region", "Company and provider are both in region east."),
        ({"accepted": False}, "match accepted", "By the record company and provider have not both accepted the match."),
        (
            {"provider_listed": False},
            "provider in the directory in time",
            "The provider is not in the directory now.",
        ),
        (
            {"provider_since": date(2013, 5, 1)},
            "provider in the directory in time",
            "The provider is in the directory since 2013-05-01; the call asks for 2013-04-30 at the latest.",
        ),
        ({"granted_incentives": frozenset({"insight"})}, "one grant", "The company was granted insight before."),
        (
            {"granted_calls": frozenset({"spring"})},
            "one grant",
            "The company was granted an incentive in call spring before.",
        ),
        (
            {"left": 399_999},
            "budget left",
            "The region has 3,999.99 EUR left in call spring; 4,000.00 EUR is requested.",
        ),
    ],
)
def test_a_rule_that_fails_says_what_decided(changes: dict[str, Any], rule: str, why: str) -> None:
    assert only_failure(**changes) == (rule, why)


@pytest.mark.parametrize(
    "changes",
    [
        {"provider_since": date(2013, 4, 30)},
        {"provider_since": None},
        {"left": 400_000},
        {"granted_incentives": frozenset({"travel"}), "granted_calls": frozenset({"autumn"})},
        {"company_region": ""},
        {"provider_region": ""},
    ],
)
def test_what_is_just_enough_passes(changes: dict[str, Any]) -> None:
    assert failed(findings(**changes)) == ()


def test_in_one_country_an_unknown_region_is_not_another_one() -> None:
    rule, why = only_failure(rules={"other_country": False}, provider_country="NL", provider_region="")
    assert rule == "provider in another region"
    assert why == "Both are in NL, and nobody said in which region the provider is."


def test_a_call_without_a_day_asks_only_that_the_provider_is_listed() -> None:
    autumn = datetime(2013, 10, 1, tzinfo=UTC)
    assert failed(findings("autumn", now=autumn, provider_since=date(2013, 9, 30))) == ()


@pytest.mark.parametrize(
    ("one_grant", "passed"), [(["incentive"], False), (["call"], True), (["incentive", "call"], False), ([], True)]
)
def test_one_grant_is_asked_as_the_rules_say(one_grant: list[str], passed: bool) -> None:
    found = findings(rules={"one_grant": one_grant}, granted_incentives=frozenset({"insight"}))
    assert (failed(found) == ()) is passed


@pytest.mark.parametrize(("declared", "passed"), [(19_600_000, True), (19_600_001, False), (None, False), (0, True)])
def test_aid_declared_and_requested_stay_within_the_ceiling(declared: int | None, passed: bool) -> None:
    applicant = SMALL_COMPANY.model_copy(update={"de_minimis": declared})
    found = failed(findings(applicant=applicant))
    assert [one.rule for one in found] == ([] if passed else ["de minimis"])


@pytest.mark.parametrize("applicant", [company(accounts(2012, 250)), company()])
def test_a_company_that_is_large_or_of_unknown_size_fails(applicant: Applicant) -> None:
    rule, _ = only_failure(applicant=applicant.model_copy(update={"de_minimis": 0}))
    assert rule == "small or medium-sized company"


@pytest.mark.parametrize(("call_id", "incentive_id", "known"), [("x", "insight", "spring, autumn"), ("spring", "x", "travel")])
def test_a_call_or_incentive_that_there_is_not_is_refused_with_those_known(call_id: str, incentive_id: str, known: str) -> None:
    with pytest.raises(RequestRefused, match=rf"must be one of the programme: .*{known}\. Got 'x'"):
        findings(call_id, incentive_id)
