"""The programme's report: incentives, budgets, flows, and what came of them. Plain values in, plain records out."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from datetime import datetime

from matcher.indicators import indicators
from matcher.log import GivenOut, MatchHistory
from matcher.pairs import NO_REGION, pairs_of
from matcher.programme.application import ApplicationHistory
from matcher.programme.ledger import Account
from matcher.programme.report_grants import Kinds, application_counts, grant_figures, spans_to
from matcher.programme.report_money import absorption
from matcher.programme.report_outcomes import additionality_of, flows_of, funnel_of, region_flows_of, wish_figures
from matcher.programme.report_records import ProgrammeReport
from matcher.programme.rules import Programme
from matcher.surveys import Sent


def programme_report(
    programme: Programme,
    applications: Iterable[ApplicationHistory],
    histories: Iterable[MatchHistory],
    given_out: Iterable[GivenOut],
    surveys: Iterable[Sent],
    accounts: Iterable[Account],
    now: datetime,
    *,
    need_kinds: Kinds | None = None,
    region: str | None = None,
    simulated_rules: Container[str] = (),
) -> ProgrammeReport:
    """The figures of the programme, or of what it did in one region.

    Args:
        programme: the rules in force.
        applications: with their steps (`ProgrammeBook.applications`).
        histories: every match with steps (`MatchLog.histories`).
        given_out: counts of lists (`MatchLog.given_out`).
        surveys: that were sent, answered or not.
        accounts: the budgets (`ProgrammeBook.ledger`).
        now: with its zone.
        need_kinds: number of a match → kind of its need, for the matches of applications.
        region: where all the others are of one region only, its id.
        simulated_rules: versions under which everything is made up; what was handed in under one makes the report simulated.
    """
    handed_in, introduced, given = list(applications), list(histories), list(given_out)
    regions = {one.region_id: one.name for one in programme.regions if region in (None, one.region_id)}
    calls = {one.call_id: one.name or one.call_id for one in programme.calls}
    incentives = {one.incentive_id: one.name for one in programme.incentives}
    pairs = pairs_of(introduced)
    abroad = [pair for pair in pairs if pair.first.cross_border]
    figures = indicators(introduced, given)
    return ProgrammeReport(
        programme_id=programme.programme_id,
        name=programme.name,
        version=programme.version,
        simulated=programme.simulated or any(one.application.programme in simulated_rules for one in handed_in),
        region=region,
        as_of=now,
        incentives=incentives,
        regions=regions,
        calls=calls,
        grants=grant_figures(handed_in, need_kinds or {}, incentives, regions, calls),
        applications=application_counts(programme, handed_in, calls, now),
        cross_border=figures.cross_border,
        domestic=figures.domestic,
        flows=flows_of(abroad),
        region_flows=region_flows_of(abroad, _provider_regions(introduced)),
        funnel=funnel_of(given, abroad),
        wish=wish_figures(surveys, pairs, regions),
        additionality=additionality_of(abroad),
        absorption=absorption(programme, list(accounts), handed_in),
        to_decision=spans_to(programme, handed_in, calls, "granted", "rejected"),
        to_payment=spans_to(programme, handed_in, calls, "paid"),
    )


def _provider_regions(histories: Iterable[MatchHistory]) -> Mapping[int, str]:
    return {one.match.match_id: one.match.match.region or NO_REGION for one in histories}
