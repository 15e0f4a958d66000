"""Counted on a small history with answers known by hand."""

from __future__ import annotations

import pytest

from matcher.programme.report_records import ProgrammeReport, Span
from matcher.rates import rate
from tests.unit.matcher.programme.report_world import GIVEN, applications, matches, sent, small_report
from tests.unit.matcher.programme.small_programme import small_programme


@pytest.fixture(scope="module")
def report() -> ProgrammeReport:
    return small_report()


def test_given_are_grants_that_were_neither_withdrawn_nor_lapsed(report: ProgrammeReport) -> None:
    total = report.grants.total
    assert (total.count, total.granted, total.paid) == (3, 850_000, 430_000)
    assert total.by_incentive == {"insight": 2, "travel": 1}
    assert {name: one.count for name, one in report.grants.by_region.items()} == {"east": 2, "south": 1}
    assert {name: one.count for name, one in report.grants.by_call.items()} == {"spring": 3, "autumn": 0}


def test_who_seeks_what_is_told_as_far_as_the_lists_tell_it(report: ProgrammeReport) -> None:
    assert report.grants.total.by_need_kind == {"expertise": 1, "collaboration": 1, "not told": 1}
    assert {name: one.count for name, one in report.grants.by_need_kind.items()} == {
        "expertise": 1,
        "collaboration": 1,
        "not told": 1,
    }


def test_each_way_to_tell_grants_apart_adds_up(report: ProgrammeReport) -> None:
    figures = report.grants
    for ways in (figures.by_incentive, figures.by_region, figures.by_call, figures.by_need_kind):
        assert sum(one.count for one in ways.values()) == figures.total.count
        assert sum(one.granted for one in ways.values()) == figures.total.granted


def test_every_application_stands_in_one_column(report: ProgrammeReport) -> None:
    spring = report.applications["spring"]
    assert spring.handed_in == 7
    told = (spring.granted, spring.rejected, spring.withdrawn, spring.given_back, spring.undecided)
    assert told == (3, 1, 1, 1, 1)
    assert spring.requested == 6 * 400_000 + 50_000
    assert report.applications["total"] == spring
    # One waits for its decision, one for its report.
    assert spring.overdue == 2


def test_flows_go_from_the_companys_country_to_the_providers(report: ProgrammeReport) -> None:
    flows = {(one.company_country, one.provider_country): one.count for one in report.flows}
    assert flows == {("NL", "DE"): 3, ("NL", "BE"): 1, ("DE", "NL"): 1}
    assert report.cross_border.total == 5
    assert report.domestic == 1
    assert [(one.company_region, one.provider_region, one.count) for one in report.region_flows] == [
        ("east", "not told", 3),
        ("east", "not told", 1),
        ("south", "not told", 1),
    ]


def test_a_share_of_the_funnel_counts_those_who_came_to_both_steps(report: ProgrammeReport) -> None:
    assert [(one.name, one.count) for one in report.funnel] == [
        ("match lists", 5),
        ("matches proposed", 25),
        ("introduced", 5),
        ("accepted", 4),
        ("met", 3),
        ("incentive granted", 2),
        ("agreement reached", 2),
    ]
    assert report.funnel[1].per_before == 5
    assert [one.of_before for one in report.funnel[2:]] == [rate(5, 25), rate(4, 5), rate(3, 4), rate(2, 3), rate(1, 2)]


def test_the_latest_answer_of_a_company_and_provider_counts(report: ProgrammeReport) -> None:
    wish = report.wish.total
    assert (wish.yes, wish.no, wish.cannot_say) == (1, 1, 1)
    assert wish.wishes == rate(1, 2)
    assert wish.response == rate(3, 4)
    assert report.wish.by_survey["after the event"].no == 2
    assert report.wish.by_survey["after six months"].wishes == rate(1, 1)
    assert report.wish.by_region["south"].wishes == rate(0, 1)


def test_an_answer_counts_though_a_later_survey_is_unanswered() -> None:
    later = small_report(surveys=[sent(1, "yes", day=1), sent(1, None, survey="after six months", day=25)])
    assert later.wish.total.wishes == rate(1, 1)
    assert later.wish.by_survey["after six months"].response == rate(0, 1)


def test_additionality_is_no_of_no_and_yes_and_doubt_is_told_apart(report: ProgrammeReport) -> None:
    told = report.additionality
    assert (told.no, told.yes, told.cannot_say) == (2, 0, 1)
    assert told.would_not == rate(2, 2)


def test_what_is_not_paid_of_a_grant_is_left_again(report: ProgrammeReport) -> None:
    account = next(one for one in report.absorption.by_account if (one.region_id, one.call_id) == ("east", "spring"))
    assert (account.budget, account.granted, account.reserved, account.paid) == (1_000_000, 450_000, 0, 430_000)
    assert account.left == 570_000
    assert account.used_share == pytest.approx(0.43)
    south = report.absorption.by_region["south"]
    # Its own budget, half of which no call has.
    assert (south.budget, south.reserved, south.left) == (2_000_000, 400_000, 1_600_000)
    assert report.absorption.total.budget == 4_000_000
    assert report.absorption.by_call["autumn"].used_share == 0


def test_days_run_from_the_application_to_the_step(report: ProgrammeReport) -> None:
    decided = report.to_decision.total
    assert (decided.n, decided.shortest) == (5, 63)
    assert report.to_payment.total == Span(n=2, median=73.0, shortest=70, longest=76)
    assert report.to_payment.by_call["autumn"] == Span()


def test_of_nothing_there_is_no_share() -> None:
    empty = small_report(applications=[], histories=[], given_out=[], surveys=[], accounts=[])
    assert empty.wish.total.wishes == rate(0, 0)
    assert empty.absorption.total.used_share is None
    assert empty.funnel[1].per_before is None
    assert empty.grants.total.count == 0
    assert empty.to_decision.total == Span()


def test_introductions_without_lists_have_no_share() -> None:
    assert small_report(given_out=[]).funnel[2].of_before == rate(0, 0).model_copy(update={"numerator": 5})


def test_a_region_has_its_own_rows_alone() -> None:
    one = small_report(region="south", given_out=GIVEN[1:])
    assert list(one.regions) == ["south"]
    assert one.region == "south"


def test_what_the_rules_no_longer_know_is_counted_too() -> None:
    rules = small_programme(calls=[{**_AUTUMN, "incentives": ["travel"]}])
    told = small_report(programme=rules)
    assert told.grants.by_call["spring"].count == 3
    assert told.applications["spring"].handed_in == 7


def test_what_was_handed_in_under_made_up_rules_makes_it_simulated(report: ProgrammeReport) -> None:
    assert not report.simulated
    assert small_report(simulated_rules={small_programme().version}).simulated
    assert not small_report(simulated_rules={"another"}).simulated
    assert small_report(programme=small_programme(simulated=True)).simulated


def test_no_company_is_named(report: ProgrammeReport) -> None:
    text = report.model_dump_json()
    names = [one.application.company for one in applications()] + [f'"{one.match.company}"' for one in matches()]
    assert [name for name in names if name in text] == []


_AUTUMN = {
    "call_id": "autumn",
    "opens": "2013-09-01T09:00:00+02:00",
    "closes": "2013-11-29T17:00:00+01:00",
    "budgets": {"east": 1_000_000},
}
