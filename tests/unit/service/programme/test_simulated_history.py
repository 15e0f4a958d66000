"""What was published of the programme comes out of the report on the simulated history, exactly."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from embeddings.errors import Refusal
from matcher.errors import RuleBroken
from matcher.log import ListQuery
from matcher.programme.application import NewApplicationStep
from matcher.programme.book import ApplicationQuery
from matcher.programme.report_records import ProgrammeReport
from matcher.shipped import shipped_programme
from service.programme.report_reading import read_report
from service.programme.simulation import ENDED, simulate, simulated_record
from service.record.sql_log import SqlMatchLog
from service.record.sql_programme import SqlProgramme
from service.record.tables import entries
from tests.unit.service.entries import COMPONENTS, entry


def test_the_published_totals_come_out(simulated_report: ProgrammeReport) -> None:
    assert simulated_report.grants.total.by_incentive == {"collaboration": 70, "insight": 44, "meet-and-greet": 110}
    assert simulated_report.cross_border.total == 230
    wish = simulated_report.wish.total
    assert wish.wishes.value == pytest.approx(0.86)
    assert wish.cannot_say > 0
    assert wish.response.numerator < wish.response.denominator
    fourth = simulated_report.grants.by_call["call-4"]
    assert fourth.count == 28
    assert fourth.by_need_kind == {"expertise": 13, "collaboration": 15}


def test_every_budget_is_kept(simulated_report: ProgrammeReport) -> None:
    assert [one for one in simulated_report.absorption.by_account if one.left < 0] == []
    assert {one.budget for one in simulated_report.absorption.by_region.values()} == {10_000_000}
    assert simulated_report.absorption.total.reserved == 0


def test_every_flow_crosses_a_border_and_all_of_them_are_the_matches(simulated_report: ProgrammeReport) -> None:
    assert [one for one in simulated_report.flows if one.company_country == one.provider_country] == []
    assert sum(one.count for one in simulated_report.flows) == 230
    assert sum(one.count for one in simulated_report.region_flows) == 230


def test_some_things_go_wrong(simulated_report: ProgrammeReport) -> None:
    told = simulated_report.applications["total"]
    assert min(told.rejected, told.withdrawn, told.given_back) > 0
    assert (told.undecided, told.overdue) == (0, 0)
    counts = [one.count for one in simulated_report.funnel[2:]]
    assert counts == sorted(counts, reverse=True)
    assert min(simulated_report.additionality.no, simulated_report.additionality.yes) > 0


def test_everything_is_marked_as_made_up(simulated_report: ProgrammeReport, simulated_log: SqlMatchLog) -> None:
    assert simulated_report.simulated
    companies = {one.company for one in simulated_log.lists(ListQuery(limit=1_000))}
    assert [one for one in companies if not one.startswith("Simulated company ")] == []


def test_its_entries_are_of_the_years_that_they_tell_of(simulated_log: SqlMatchLog) -> None:
    with simulated_log.database.reading() as connection:
        # How a database came to its tables is no part of any history.
        chosen = select(func.min(entries.c.recorded_at), func.max(entries.c.recorded_at))
        first, last = connection.execute(chosen.where(entries.c.kind != "migration")).one()
    assert date(2012, 4, 1) <= first.date() < last.date() <= ENDED.date()


def test_its_chain_holds(simulated_log: SqlMatchLog) -> None:
    assert simulated_log.verify().seq > 2_000


def test_the_rules_were_looked_at_as_they_are_for_real(simulated_log: SqlMatchLog) -> None:
    for history in SqlProgramme(simulated_log).applications(ApplicationQuery()):
        assert history.application.findings
        for step in history.steps:
            assert step.kind != "granted" or (step.findings and all(one.passed for one in step.findings))


def test_the_same_seed_gives_the_same_figures(simulated_report: ProgrammeReport) -> None:
    with simulated_record() as log:
        assert read_report(log, ENDED) == simulated_report


def test_another_seed_gives_other_figures_and_the_same_totals(simulated_report: ProgrammeReport) -> None:
    with simulated_record(seed=7) as log:
        other = read_report(log, ENDED)
    assert other != simulated_report
    assert other.grants.total.by_incentive == simulated_report.grants.total.by_incentive
    assert other.cross_border.total == 230
    assert other.wish.total.wishes.value == pytest.approx(0.86)


def test_a_record_in_use_takes_nothing_that_is_made_up(log: SqlMatchLog) -> None:
    log.record(entry("real", ("aqua", "DE")), COMPONENTS)
    with pytest.raises(Refusal, match="must be empty"):
        simulate(log)
    assert len(log.lists(ListQuery())) == 1


def test_a_record_with_rules_takes_nothing_that_is_made_up(log: SqlMatchLog) -> None:
    SqlProgramme(log).adopt(shipped_programme(), "office")
    with pytest.raises(Refusal, match="must be empty"):
        simulate(log)


def test_what_a_rule_refuses_leaves_the_record_as_it_was(simulated_log: SqlMatchLog) -> None:
    book, before = SqlProgramme(simulated_log), simulated_log.verify()
    first = next(iter(book.applications(ApplicationQuery()))).application.application_id
    with pytest.raises(RuleBroken):
        book.step(first, NewApplicationStep(kind="signed"), "office")
    assert simulated_log.verify() == before
