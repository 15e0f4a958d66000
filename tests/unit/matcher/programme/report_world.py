"""A small history whose figures are known by hand: applications, matches, surveys of two regions."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from matcher.log import GivenOut
from matcher.programme.ledger import ledger
from matcher.programme.report import programme_report
from matcher.programme.report_records import ProgrammeReport
from matcher.surveys import Answered, Sent, SurveyAnswer, SurveyKind
from tests.unit.matcher.histories import history as match_history
from tests.unit.matcher.programme.small_programme import granted, history, small_programme, step, sums_of

NOW = datetime(2014, 12, 31, 12, tzinfo=UTC)
GIVEN = [
    GivenOut(region="east", country="NL", month="2013-03", lists=4, without_match=1, matches=30, cross_border=20),
    GivenOut(region="south", country="DE", month="2013-03", lists=1, without_match=0, matches=10, cross_border=5),
]
TRAVEL: dict[str, Any] = {"incentive_id": "travel", "requested": 50_000}
SOUTH: dict[str, Any] = {"region_id": "south", "company_country": "DE", "provider_country": "NL"}


def applications() -> list[Any]:
    """Given: two insights, paid and signed, and one travel that cost less than granted. The others were not given."""
    paid = (
        granted(1),
        step("signed", 2),
        step("reported", 3),
        step("paid", 8, amount=400_000, reserved=-400_000, paid=400_000),
    )
    cheaper = (
        granted(11, 50_000),
        step("signed", 12),
        step("reported", 13),
        step("paid", 14, amount=30_000, reserved=-50_000, paid=30_000),
    )
    return [
        history(*paid, application_id=1),
        history(granted(21), step("signed", 22), application_id=2, **SOUTH),
        history(*cheaper, application_id=3, **TRAVEL),
        history(granted(31), step("lapsed", 32, reserved=-400_000), application_id=4),
        history(step("rejected", 41, reason="too late"), application_id=5, **SOUTH),
        history(step("withdrawn", 51), application_id=6),
        history(application_id=7),
    ]


def matches() -> list[Any]:
    """Six pairs, one of them within the Netherlands."""
    abroad: dict[str, Any] = {"region": "east"}
    met = ("introduced", "accepted", "met")
    agreed = ("outcome", "2013-09-01", {"result": "agreement reached", "anyway": "no"})
    cannot_say = ("outcome", "2013-09-01", {"result": "valuable", "anyway": "cannot say"})
    return [
        match_history(1, *met, "incentive granted", agreed, company="A", **abroad),
        match_history(2, *met, agreed, company="B", country="DE", region="south", provider="x", provider_country="NL"),
        match_history(3, *met, "incentive granted", cannot_say, company="C", **abroad),
        match_history(4, "introduced", "accepted", company="D", provider_country="BE", provider="b", **abroad),
        match_history(5, "introduced", "declined", company="E", **abroad),
        match_history(6, *met, company="F", provider_country="NL", provider="home", **abroad),
        # The same company and provider as of match 1, on a second list.
        match_history(7, "introduced", company="A", **abroad),
    ]


def sent(
    match_id: int, wish: str | None, *, survey: SurveyKind = "after the event", day: int = 1, region: str = "east"
) -> Sent:
    at = datetime(2013, 7, day, tzinfo=UTC)
    answer = None
    if wish is not None:
        more = {"rating": "cooperation possible"} if survey == "after the event" else {"result": "valuable", "anyway": "no"}
        told = SurveyAnswer.model_validate({"survey": survey, "wishes_to_continue": wish, **more})
        answer = Answered(match_id=match_id, answer=told, answered_at=at)
    return Sent(match_id=match_id, survey=survey, region=region, sent_at=at, answer=answer)


def surveys() -> list[Sent]:
    """A changes its mind; that of F is about a match at home."""
    return [
        sent(1, "no", day=1),
        sent(7, "yes", survey="after six months", day=20),
        sent(2, "no", region="south"),
        sent(3, "cannot say"),
        sent(4, None),
        sent(6, "yes"),
    ]


def small_report(**changes: Any) -> ProgrammeReport:
    """The report of all of it, or with these values instead."""
    programme, handed_in = small_programme(), applications()
    values: dict[str, Any] = {
        "programme": programme,
        "applications": handed_in,
        "histories": matches(),
        "given_out": GIVEN,
        "surveys": surveys(),
        "accounts": ledger(programme, sums_of(handed_in)),
        "now": NOW,
        "need_kinds": {1: "expertise", 2: "collaboration"},
    }
    return programme_report(**{**values, **changes})
