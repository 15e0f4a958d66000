"""Whether an application may get an incentive: every rule by name, passed or failed, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from embeddings.errors import shown
from matcher.errors import RequestRefused
from matcher.programme.answers import ANSWERS
from matcher.programme.applicant import Applicant
from matcher.programme.facts import Asked
from matcher.programme.facts import Facts as Facts
from matcher.programme.rules import Eligibility, Programme
from matcher.records import Record

RuleName = Literal[
    "call open",
    "incentive of the call",
    "amount",
    "provider in another country",
    "provider in another region",
    "match accepted",
    "small or medium-sized company",
    "provider in the directory in time",
    "one grant",
    "de minimis",
    "budget left",
]
RULE_NAMES: tuple[RuleName, ...] = get_args(RuleName)


class Finding(Record):
    """What one rule says."""

    rule: RuleName
    passed: bool
    why: str
    """One sentence with the values that decided."""


def check_eligibility(
    programme: Programme, call_id: str, incentive_id: str, requested: int, applicant: Applicant, facts: Facts
) -> tuple[Finding, ...]:
    """What every rule says that the programme asks, in the order of `RULE_NAMES`.

    Args:
        programme: the rules in force.
        call_id: the call applied in.
        incentive_id: the kind of incentive applied for.
        requested: cents.
        applicant: what the company says of itself.
        facts: what the record and the directory say.

    Raises:
        RequestRefused: the programme has no such call or incentive; those that it has are named.
    """
    call, incentive = programme.call(call_id), programme.incentive(incentive_id)
    if call is None:
        known = ", ".join(one.call_id for one in programme.calls)
        raise RequestRefused("call", f"be one of the programme: {known}", shown(call_id), "Choose one of them.")
    if incentive is None:
        known = ", ".join(one.incentive_id for one in programme.incentives)
        raise RequestRefused("incentive", f"be one of the programme: {known}", shown(incentive_id), "Choose one of them.")
    zone = ZoneInfo(programme.time_zone)
    asked = Asked(programme.eligibility, zone, call, incentive, requested, applicant, facts)
    findings = []
    for rule in RULE_NAMES:
        if _is_asked(rule, programme.eligibility):
            passed, why = ANSWERS[rule](asked)
            findings.append(Finding(rule=rule, passed=passed, why=why))
    return tuple(findings)


def failed(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those that did not pass; none where the application is eligible."""
    return tuple(one for one in findings if not one.passed)


def _is_asked(rule: RuleName, rules: Eligibility) -> bool:
    switches: Mapping[RuleName, bool] = {
        "provider in another country": rules.other_country,
        "provider in another region": rules.other_region,
        "match accepted": rules.accepted,
        "small or medium-sized company": rules.sme,
        "provider in the directory in time": rules.in_directory,
        "one grant": bool(rules.one_grant),
        "de minimis": rules.de_minimis is not None,
    }
    return switches.get(rule, True)
