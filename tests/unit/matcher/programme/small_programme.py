"""Two regions, a lump sum and costs, two calls, two criteria; and what may happen to an application under these rules."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from matcher.programme.applicant import Accounts, Applicant, Relation
from matcher.programme.application import Application, ApplicationHistory, ApplicationStep
from matcher.programme.facts import Facts
from matcher.programme.ledger import Place
from matcher.programme.rules import Programme

MILLION = 100_000_000
"""In cents."""
VALUES: dict[str, Any] = {
    "programme_id": "small",
    "name": "Small programme",
    "time_zone": "Europe/Brussels",
    "regions": [
        {"region_id": "east", "name": "East", "country": "NL", "catchment": ["NL2"], "budget": 2_000_000},
        {"region_id": "south", "name": "South", "country": "DE", "catchment": ["DE1", "DE2"], "budget": 2_000_000},
    ],
    "incentives": [
        {"incentive_id": "insight", "name": "Insight", "form": "lump sum", "amount": 400_000},
        {"incentive_id": "travel", "name": "Travel", "form": "costs up to", "amount": 50_000},
    ],
    "calls": [
        {
            "call_id": "spring",
            "opens": "2013-03-01T09:00:00+01:00",
            "closes": "2013-05-31T17:00:00+02:00",
            "directory_until": "2013-04-30",
            "incentives": ["insight", "travel"],
            "budgets": {"east": 1_000_000, "south": 1_000_000},
        },
        {
            "call_id": "autumn",
            "opens": "2013-09-01T09:00:00+02:00",
            "closes": "2013-11-29T17:00:00+01:00",
            "incentives": ["insight"],
            "budgets": {"east": 1_000_000},
        },
    ],
    "scoring": {
        "assessors": 2,
        "pass_mark": 60,
        "criteria": [
            {"criterion_id": "fit", "name": "Fit", "most": 5, "weight": 3},
            {"criterion_id": "plan", "name": "Plan", "most": 10, "weight": 1},
        ],
    },
}
SMALL_COMPANY = Applicant(
    accounts=(Accounts(year=2012, headcount=12, turnover=MILLION, balance_sheet=MILLION),), de_minimis=1_000_000
)
IN_SPRING = datetime(2013, 4, 2, 10, tzinfo=UTC)


def small_programme(**changes: Any) -> Programme:
    """The small programme with these fields instead."""
    return Programme.model_validate({**VALUES, **changes})


def facts(**changes: Any) -> Facts:
    """Of an application that passes every rule, with these instead."""
    values: dict[str, Any] = {
        "now": IN_SPRING,
        "company_country": "NL",
        "company_region": "east",
        "provider_country": "DE",
        "provider_region": "south",
        "provider_since": date(2013, 1, 1),
        "provider_listed": True,
        "accepted": True,
        "granted_incentives": frozenset(),
        "granted_calls": frozenset(),
        "left": 1_000_000,
    }
    return Facts(**{**values, **changes})


def accounts(year: int, headcount: float, turnover: int = 0, balance_sheet: int = 0) -> Accounts:
    return Accounts(year=year, headcount=headcount, turnover=turnover, balance_sheet=balance_sheet)


def company(*periods: Accounts, relations: tuple[Relation, ...] = (), is_new: bool = False) -> Applicant:
    return Applicant(accounts=periods, relations=relations, is_new=is_new)


def application(application_id: int = 1, **changes: Any) -> Application:
    """An application in the spring call, each a minute after the one before."""
    values: dict[str, Any] = {
        "application_id": application_id,
        "match_id": application_id,
        "call_id": "spring",
        "incentive_id": "insight",
        "region_id": "east",
        "requested": 400_000,
        "applicant": SMALL_COMPANY,
        "programme": small_programme().version,
        "company": f"Company {application_id}",
        "company_key": f"company-{application_id}",
        "company_country": "NL",
        "provider_id": "p",
        "provider": "Provider",
        "provider_country": "DE",
        "submitted_at": IN_SPRING + timedelta(minutes=application_id),
        "submitted_by": "advisor east",
    }
    return Application.model_validate({**values, **changes})


def step(kind: str, step_id: int = 1, **values: Any) -> ApplicationStep:
    """A step on record, a day after the one before."""
    told = {"recorded_at": datetime(2013, 6, 3, 10, tzinfo=UTC) + timedelta(days=step_id), "recorded_by": "office"}
    return ApplicationStep.model_validate(
        {"kind": kind, "application_id": 1, "step_id": step_id, "programme": "v", **told, **values}
    )


def scored(step_id: int, assessor: str, fit: int, plan: int) -> ApplicationStep:
    return step("assessed", step_id, assessor=assessor, scores={"fit": fit, "plan": plan})


def granted(step_id: int, amount: int = 400_000) -> ApplicationStep:
    return step("granted", step_id, amount=amount, reserved=amount)


def history(*steps: ApplicationStep, application_id: int = 1, **changes: Any) -> ApplicationHistory:
    return ApplicationHistory(application=application(application_id, **changes), steps=steps)


def sums_of(histories: Iterable[ApplicationHistory]) -> dict[Place, tuple[int, int]]:
    """Cents reserved and paid by region and call."""
    sums: dict[Place, tuple[int, int]] = {}
    for history in histories:
        place = (history.application.region_id, history.application.call_id)
        reserved, paid = sums.get(place, (0, 0))
        sums[place] = (reserved + history.reserved, paid + history.paid)
    return sums
