"""Routes of the programme: rules, applications and their steps, the ranked list, money, what is due."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Body, Path, Query, Response

from embeddings.errors import shown
from matcher.errors import NotFound
from matcher.fields import LARGEST_NUMBER
from matcher.programme.application import ApplicationStep, NewApplication, NewApplicationStep
from matcher.programme.book import ApplicationQuery
from matcher.programme.deadlines import deadlines_of
from matcher.programme.rules import Programme
from matcher.programme.scoring import ranked
from service.access.caller import Caller
from service.access.errors import Forbidden
from service.api.at_desk import AtDesk, FromCaller, IdempotencyKey, found_or_none, log_of, once_of, own_region, sql_log_of
from service.api.documents import problems
from service.api.exact_types import exactly
from service.api.programme_bodies import (
    ApplicationInFull,
    ApplicationPage,
    ApplicationsAsked,
    ApplicationSummary,
    Checked,
    DeadlinesAsked,
    DeadlinesTold,
    Ledger,
    LedgerAsked,
    Ranking,
    RankingAsked,
    RulesOnRecord,
    RulesQuery,
    Versions,
)
from service.api.programme_examples import application_examples, rules_examples, step_examples
from service.desk import Desk
from service.record.sql_programme import SqlProgramme

router = APIRouter(tags=["programme"])

_Rules = Annotated[
    Programme,
    exactly(
        numbers=(
            *("amount", "budget", "budgets", "de_minimis", "de_minimis_years"),
            *("assessors", "most", "pass_mark", "weight"),
            *("decide", "sign", "report", "pay", "remind"),
        ),
        truth_values=("accepted", "in_directory", "other_country", "other_region", "simulated", "sme"),
        moments=("opens", "closes"),
    ),
    Body(openapi_examples=rules_examples()),
]
_Asked = Annotated[
    NewApplication,
    exactly(
        numbers=("match_id", "requested", "de_minimis", "year", "headcount", "turnover", "balance_sheet", "share"),
        truth_values=("exempt", "is_new"),
    ),
    Body(openapi_examples=application_examples()),
]
_Step = Annotated[
    NewApplicationStep,
    exactly(numbers=("amount", "scores")),
    Body(openapi_examples=step_examples()),
]
_ApplicationId = Annotated[int, Path(ge=1, le=LARGEST_NUMBER)]
_LOCATION: dict[int | str, dict[str, Any]] = {
    201: {"headers": {"Location": {"description": "Where it can be read", "schema": {"type": "string"}}}}
}


@router.get("/v1/programme", responses=problems(404, 422, 507))
def read_rules(query: Annotated[RulesQuery, Query()], desk: AtDesk) -> RulesOnRecord:
    """The rules in force: regions, incentives, calls, budgets, eligibility, scoring, deadlines; or those of a version."""
    book = programme_of(desk)
    if query.version is None:
        return RulesOnRecord.of(book.in_force())
    found = next((one for one in book.versions() if one.programme.version == query.version), None)
    if found is None:
        remedy = "GET /v1/programme/versions lists them."
        raise NotFound("version of the rules", "be one that was adopted", shown(query.version), remedy)
    return RulesOnRecord.of(found)


@router.post("/v1/programme", status_code=201, responses=problems(400, 408, 409, 413, 422, 507))
def adopt_rules(rules: _Rules, desk: AtDesk, caller: FromCaller, key: IdempotencyKey = None) -> RulesOnRecord:
    """Put rules in force, all of them together; needs a key for all regions. The same rules again change nothing.

    Rules that give a region less in a call than is reserved and paid already are refused.
    """
    if caller.region is not None:
        remedy = "The rules are those of all regions: use a key for all."
        raise Forbidden("region", "be all regions to adopt rules", caller.region, remedy)
    return RulesOnRecord.of(programme_of(desk).adopt(rules, caller.name, once=once_of(key, caller, "rules", rules)))


@router.get("/v1/programme/versions", responses=problems(507))
def read_versions(desk: AtDesk) -> Versions:
    """All rules that were ever in force, oldest first."""
    return Versions.of(programme_of(desk).versions())


@router.get("/v1/programme/ranking", responses=problems(404, 422, 507))
def read_ranking(query: Annotated[RankingAsked, Query()], desk: AtDesk, caller: FromCaller) -> Ranking:
    """The ranked list of a call: scores, pass mark, and down to where each region's budget suffices."""
    book, region = programme_of(desk), own_region(caller, query.region)
    programme = book.in_force().programme
    found = ranked(programme, query.call, book.applications(ApplicationQuery(call_id=query.call), region=region))
    return Ranking(call_id=query.call, simulated=programme.simulated, ranked=tuple(found))


@router.get("/v1/programme/ledger", responses=problems(404, 422, 507))
def read_ledger(query: Annotated[LedgerAsked, Query()], desk: AtDesk, caller: FromCaller) -> Ledger:
    """What each region may give in each call, and what of it is reserved, paid and left."""
    book, region = programme_of(desk), own_region(caller, query.region)
    return Ledger.of(book.in_force().programme, book.ledger(region=region))


@router.get("/v1/programme/deadlines", responses=problems(404, 422, 507))
def read_deadlines(query: Annotated[DeadlinesAsked, Query()], desk: AtDesk, caller: FromCaller) -> DeadlinesTold:
    """What is due next of each open application, the most urgent first, and of which a reminder is due."""
    book, region = programme_of(desk), own_region(caller, query.region)
    programme, now = book.in_force().programme, datetime.now(UTC)
    found = deadlines_of(programme, book.applications(ApplicationQuery(), region=region), now)
    return DeadlinesTold(
        today=now.astimezone(ZoneInfo(programme.time_zone)).date(),
        time_zone=programme.time_zone,
        simulated=programme.simulated,
        deadlines=tuple(one for one in found if query.days is None or one.days_left <= query.days),
    )


@router.post("/v1/applications/check", responses=problems(400, 404, 408, 413, 422, 507))
def check_application(asked: _Asked, desk: AtDesk, caller: FromCaller) -> Checked:
    """What each rule says of an application, were it handed in now. Nothing is recorded."""
    own_region(caller, asked.region_id)
    return Checked.by(lambda: programme_of(desk).check(asked, region=caller.region))


@router.post("/v1/applications", status_code=201, responses={**_LOCATION, **problems(400, 404, 408, 409, 413, 422, 507)})
def apply(asked: _Asked, desk: AtDesk, caller: FromCaller, response: Response, key: IdempotencyKey = None) -> ApplicationInFull:
    """Put an application on record.

    It may fail rules about what can still change (budget, acceptance, de minimis, an earlier grant): those are looked at
    again when it is granted. One that fails another is refused, with the rule's name in `rule`.
    """
    own_region(caller, asked.region_id)
    once = once_of(key, caller, "application", asked)
    made = programme_of(desk).submit(asked, caller.name, region=caller.region, once=once)
    response.headers["Location"] = f"/v1/applications/{made.application.application_id}"
    return ApplicationInFull.told(made)


@router.get("/v1/applications", responses=problems(422, 507))
def read_applications(query: Annotated[ApplicationsAsked, Query()], desk: AtDesk, caller: FromCaller) -> ApplicationPage:
    """Applications in order of recording."""
    asked = ApplicationQuery(call_id=query.call, match_id=query.match, state=query.state, after=query.after)
    found = programme_of(desk).applications(asked, region=own_region(caller, query.region))
    # One more than asked for tells whether there is a page after this one.
    page = [ApplicationSummary.of(one) for one in islice(found, query.limit + 1)]
    more = len(page) > query.limit
    page = page[: query.limit]
    return ApplicationPage(applications=tuple(page), next=page[-1].application_id if more else None)


@router.get("/v1/applications/{application_id:int}", responses=problems(404, 422, 507))
def read_application(application_id: _ApplicationId, desk: AtDesk, caller: FromCaller) -> ApplicationInFull:
    """An application with its findings and steps, how it stands, and which steps may come."""
    book = programme_of(desk)
    history = found_or_none(lambda: book.application(application_id, region=caller.region))
    if history is None:
        raise _no_application(application_id, caller)
    return ApplicationInFull.told(history, figures=caller.sees_need_texts)


@router.post(
    "/v1/applications/{application_id:int}/steps", status_code=201, responses=problems(400, 404, 408, 409, 413, 422, 507)
)
def record_application_step(
    application_id: _ApplicationId, told: _Step, desk: AtDesk, caller: FromCaller, key: IdempotencyKey = None
) -> ApplicationStep:
    """Put on record what happened to an application: money is reserved, paid or released with it.

    Every rule is looked at in the transaction that writes: of two who grant the last of a budget at once, one is refused with
    the rule `budget left`. Assessing, deciding and money are for the programme office; an advisor may withdraw an application.
    """
    if told.kind != "withdrawn" and "programme office" not in caller.roles:
        remedy = "An advisor may withdraw an application; everything else is for the programme office."
        raise Forbidden("role", f"be programme office to record '{told.kind}'", caller.in_words, remedy)
    book = programme_of(desk)
    if found_or_none(lambda: book.application(application_id, region=caller.region)) is None:
        raise _no_application(application_id, caller)
    once = once_of(key, caller, f"step of application {application_id}", told)
    return book.step(application_id, told, caller.name, region=caller.region, once=once)


def programme_of(desk: Desk) -> SqlProgramme:
    """The programme in the desk's record."""
    return SqlProgramme(sql_log_of(desk))


def _no_application(application_id: int, caller: Caller) -> NotFound:
    return NotFound("application", f"be {log_of(caller)}", str(application_id), "GET /v1/applications lists them.")
