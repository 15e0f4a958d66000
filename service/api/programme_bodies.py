"""What is asked and answered about the programme: rules, applications, the ranked list, money, what is due.

Sums are in cents. The command line gives the same records as JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Annotated

from pydantic import Field

from matcher.errors import RuleBroken
from matcher.fields import LARGEST_NUMBER
from matcher.programme.applicant import Applicant
from matcher.programme.application import MAY_FOLLOW, ApplicationHistory, ApplicationState, ApplicationStep
from matcher.programme.book import Adopted
from matcher.programme.deadlines import Deadline
from matcher.programme.decisions import MAY_STILL_CHANGE
from matcher.programme.eligibility import Finding, failed
from matcher.programme.ledger import Account
from matcher.programme.rules import Id, Programme
from matcher.programme.scoring import Ranked
from matcher.records import Line, Moment, Record

_TELL_FIGURES = ("small or medium-sized company", "de minimis")
"""Rules whose findings tell what the company said of itself."""


class RulesOnRecord(Record):
    """Rules, and when they were adopted."""

    version: str
    adopted_at: Moment
    adopted_by: str
    programme: Programme

    @classmethod
    def of(cls, adopted: Adopted) -> RulesOnRecord:
        """The same, with the version beside it."""
        return cls(**dict(adopted), version=adopted.programme.version)


class VersionTold(Record):
    """One line of the rules that were ever in force."""

    version: str
    programme_id: str
    name: str
    simulated: bool
    adopted_at: Moment
    adopted_by: str
    in_force: bool


class Versions(Record):
    """All rules that were ever in force, oldest first."""

    versions: tuple[VersionTold, ...]

    @classmethod
    def of(cls, found: list[Adopted]) -> Versions:
        """The last ones are in force."""
        return cls(
            versions=tuple(
                VersionTold(
                    version=one.programme.version,
                    programme_id=one.programme.programme_id,
                    name=one.programme.name,
                    simulated=one.programme.simulated,
                    adopted_at=one.adopted_at,
                    adopted_by=one.adopted_by,
                    in_force=number == len(found),
                )
                for number, one in enumerate(found, start=1)
            )
        )


class Checked(Record):
    """What each rule says of an application, were it handed in now."""

    eligible: bool
    """It passes every rule."""
    may_be_handed_in: bool
    """It passes all but those that can still change, which are looked at again when it is granted."""
    findings: tuple[Finding, ...] = ()
    rule: str = ""
    """A rule that it breaks before any other can be looked at, for instance `region of the company`; then there are no
    findings."""
    why: str = ""
    """Of that rule, in words."""

    @classmethod
    def by(cls, check: Callable[[], tuple[Finding, ...]]) -> Checked:
        """With the verdict.

        Args:
            check: gives the findings.
        """
        try:
            findings = check()
        except RuleBroken as broken:
            why = f"The {broken.place} must {broken.required}. Got {broken.found}. {broken.remedy}".rstrip()
            return cls(eligible=False, may_be_handed_in=False, rule=broken.rule, why=why)
        rules = {one.rule for one in failed(findings)}
        return cls(eligible=not rules, may_be_handed_in=rules <= set(MAY_STILL_CHANGE), findings=findings)


class ApplicationSummary(Record):
    """One line of the applications."""

    application_id: int
    state: ApplicationState
    call_id: str
    incentive_id: str
    region_id: str
    match_id: int
    company: str
    company_country: str
    provider_id: str
    provider: str
    provider_country: str
    requested: int
    granted: int
    """0 where nothing was."""
    reserved: int
    """Of the region's budget, now."""
    paid: int
    submitted_at: Moment
    submitted_by: str

    @classmethod
    def of(cls, history: ApplicationHistory) -> ApplicationSummary:
        """How it stands."""
        told = history.application.model_dump(include=set(cls.model_fields))
        return cls(**told, state=history.state, granted=history.granted, reserved=history.reserved, paid=history.paid)


class ApplicationPage(Record):
    """Applications in order of recording. `next` asks, as `after`, for the page after; it is absent on the last."""

    applications: tuple[ApplicationSummary, ...]
    next: int | None


class ApplicationInFull(ApplicationSummary):
    """An application, its steps, and which may come."""

    programme: str
    """Version of the rules it was handed in under."""
    applicant: Applicant | None
    """What the company said of itself; absent for who may not read it."""
    findings: tuple[Finding, ...]
    steps: tuple[ApplicationStep, ...]
    may_follow: tuple[str, ...]

    @classmethod
    def told(cls, history: ApplicationHistory, *, figures: bool = True) -> ApplicationInFull:
        """All of it; without `figures` nothing of what the company said of itself, in findings neither."""
        application = history.application
        steps = [one.model_copy(update={"findings": _shown(one.findings, figures)}) for one in history.steps]
        return cls(
            **dict(ApplicationSummary.of(history)),
            programme=application.programme,
            applicant=application.applicant if figures else None,
            findings=_shown(application.findings, figures),
            steps=tuple(steps),
            may_follow=MAY_FOLLOW[history.state],
        )


class Ranking(Record):
    """The ranked list of a call."""

    call_id: str
    simulated: bool
    ranked: tuple[Ranked, ...]


class Balance(Record):
    """The budget of one region in one call."""

    region_id: str
    call_id: str
    budget: int
    reserved: int
    paid: int
    left: int


class Ledger(Record):
    """What each region may give in each call, and what became of it."""

    simulated: bool
    accounts: tuple[Balance, ...]

    @classmethod
    def of(cls, programme: Programme, accounts: Iterable[Account]) -> Ledger:
        """With what is left."""
        balances = tuple(Balance(**one.model_dump(), left=one.left) for one in accounts)
        return cls(simulated=programme.simulated, accounts=balances)


class DeadlinesTold(Record):
    """What is due, the most urgent first."""

    today: date
    time_zone: str
    simulated: bool
    deadlines: tuple[Deadline, ...]


class RulesQuery(Record):
    """Which rules."""

    version: Line | None = None
    """Those of this version, as applications and steps name it; else those in force."""


class ApplicationsAsked(Record):
    """Which applications; every condition that is given must hold."""

    call: Id | None = None
    region: Line | None = None
    match: Annotated[int, Field(ge=1, le=LARGEST_NUMBER)] | None = None
    state: ApplicationState | None = None
    after: Annotated[int, Field(ge=0, le=LARGEST_NUMBER)] = 0
    """Only those with a number above this one: the `next` of the page before."""
    limit: Annotated[int, Field(ge=1, le=1_000)] = 50


class RankingAsked(Record):
    """Which ranked list."""

    call: Id
    region: Line | None = None
    """Only applications of this region."""


class LedgerAsked(Record):
    """Whose budget."""

    region: Line | None = None


class DeadlinesAsked(Record):
    """Which deadlines."""

    region: Line | None = None
    days: Annotated[int, Field(ge=0, le=3_650)] | None = None
    """Only what is due within so many days, or overdue."""


def _shown(findings: tuple[Finding, ...], figures: bool) -> tuple[Finding, ...]:
    if figures:
        return findings
    withheld = "By what the company said of itself."
    return tuple(one.model_copy(update={"why": withheld}) if one.rule in _TELL_FIGURES else one for one in findings)
