"""Examples of the programme for the interface's description: the shipped rules, an application, what may become of it."""

from __future__ import annotations

from typing import Any

from matcher.programme.applicant import Accounts, Applicant, Relation
from matcher.programme.application import NewApplication, NewApplicationStep
from matcher.shipped import shipped_programme

_REGION = "nl-oost"
EXAMPLE_APPLICANT = Applicant(
    accounts=(
        Accounts(year=2024, headcount=11.5, turnover=1_350_000_00, balance_sheet=980_000_00),
        Accounts(year=2025, headcount=14, turnover=1_620_000_00, balance_sheet=1_105_000_00),
    ),
    relations=(
        Relation(
            name="A seed investor",
            kind="partner",
            share=30,
            accounts=(Accounts(year=2025, headcount=6, turnover=2_400_000_00, balance_sheet=9_800_000_00),),
        ),
    ),
    de_minimis=12_500_00,
)
"""A small company with a partner enterprise; sums in cents."""


def rules_examples() -> dict[str, Any]:
    """The shipped rules."""
    programme = shipped_programme()
    return {f"{programme.name} as it ships": {"value": programme.model_dump(mode="json")}}


def application_examples() -> dict[str, Any]:
    """Of a company for its first match."""
    programme = shipped_programme()
    call = programme.calls[0]
    incentives = [one for one in programme.incentives if one.incentive_id in call.incentives]
    return {
        one.name: {
            "value": NewApplication(
                match_id=1,
                call_id=call.call_id,
                incentive_id=one.incentive_id,
                region_id=_REGION,
                requested=one.amount,
                applicant=EXAMPLE_APPLICANT,
            ).model_dump(mode="json", exclude_defaults=True)
        }
        for one in incentives
    }


def step_examples() -> dict[str, Any]:
    """One of each kind that tells something."""
    criteria = shipped_programme().scoring.criteria
    told: dict[str, dict[str, Any]] = {
        "assessed": {"assessor": "assessor 1", "scores": {one.criterion_id: one.most - 1 for one in criteria}},
        "granted": {"amount": 4_000_00},
        "rejected": {"reason": "The work was done before the application."},
        "signed": {},
        "reported": {},
        "paid": {"amount": 4_000_00},
        "withdrawn": {"reason": "The company found another way."},
    }
    steps = {kind: NewApplicationStep.model_validate({"kind": kind, **more}) for kind, more in told.items()}
    return {kind: {"value": step.model_dump(mode="json", exclude_none=True)} for kind, step in steps.items()}
