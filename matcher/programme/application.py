"""An application for an incentive, and what becomes of it: which steps there are, which may follow which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Literal, get_args
from zoneinfo import ZoneInfo

from pydantic import Field, model_validator

from embeddings.errors import Refusal, shown
from matcher.errors import RuleBroken
from matcher.fields import LARGEST_NUMBER
from matcher.programme.applicant import Applicant
from matcher.programme.eligibility import Finding
from matcher.programme.money import Cents, in_euros
from matcher.programme.rules import Id
from matcher.records import Day, Line, Moment, Record, Signature

ApplicationStepKind = Literal["assessed", "granted", "rejected", "signed", "reported", "paid", "withdrawn", "lapsed"]
ApplicationState = Literal["submitted", "granted", "rejected", "signed", "reported", "paid", "withdrawn", "lapsed"]
STEP_KINDS: tuple[str, ...] = get_args(ApplicationStepKind)

MAY_FOLLOW: Mapping[str, tuple[str, ...]] = {
    "submitted": ("assessed", "granted", "rejected", "withdrawn"),
    "granted": ("signed", "withdrawn", "lapsed"),
    "signed": ("reported", "withdrawn", "lapsed"),
    "reported": ("paid", "lapsed"),
    "rejected": (),
    "paid": (),
    "withdrawn": (),
    "lapsed": (),
}
"""State → the steps that are legal then. `lapsed`: what was granted is not used, and the programme takes it back."""
HOLDING = ("granted", "signed", "reported")
"""States in which money is reserved."""
GRANTED = (*HOLDING, "paid")
"""States in which an incentive is given."""

_DETAILS: Mapping[str, tuple[str, ...]] = {
    "assessed": ("assessor", "scores"),
    "granted": ("amount",),
    "rejected": ("reason",),
    "paid": ("amount",),
}
"""Kind of step → what it must tell beside who and when; nothing else may, but anyone may have a `reason`."""


# A schema of names by pattern would let other names hold anything.
_Scores = Annotated[Mapping[Id, Annotated[int, Field(ge=0, le=100)]], Field(json_schema_extra={"additionalProperties": False})]


class NewApplication(Record):
    """An application as it is handed in."""

    match_id: Annotated[int, Field(ge=1, le=LARGEST_NUMBER)]
    """The match that is to become a cooperation."""
    call_id: Id
    incentive_id: Id
    region_id: Id
    """Whose partner decides, and whose budget pays."""
    requested: Cents
    applicant: Applicant


class Application(NewApplication):
    """An application on record."""

    application_id: int
    """Its number in the record."""
    programme: str
    """Version of the rules it was handed in under."""
    company: str
    company_key: str
    company_country: str
    provider_id: str
    provider: str
    provider_country: str
    submitted_at: Moment
    submitted_by: Signature
    findings: tuple[Finding, ...] = ()
    """What each rule said when it was handed in."""


class NewApplicationStep(Record):
    """What happened to an application."""

    kind: ApplicationStepKind
    happened_on: Day | None = None
    """The day it happened; that of recording where it is not said."""
    assessor: Line | None = None
    """A role or a code (`assessor 1`), not a person's name."""
    scores: _Scores | None = None
    """Criterion → points."""
    amount: Cents | None = None
    """What is granted, or paid."""
    reason: Line | None = None

    @model_validator(mode="after")
    def _tells_what_its_kind_must(self) -> NewApplicationStep:
        wanted = _DETAILS.get(self.kind, ())
        for name in ("assessor", "scores", "amount"):
            value = getattr(self, name)
            if name in wanted and value in (None, "", {}):
                raise Refusal("step of an application", f"tell its {name} where it is '{self.kind}'", "nothing", "Give it.")
            if name not in wanted and value is not None:
                wanted_words = f"tell no {name} where it is '{self.kind}'"
                raise Refusal("step of an application", wanted_words, shown(str(value)), "Leave it out.")
        if self.kind == "rejected" and not self.reason:
            raise Refusal("step of an application", "tell its reason where it is 'rejected'", "nothing", "Give it.")
        return self


class ApplicationStep(NewApplicationStep):
    """A step on record."""

    application_id: int
    step_id: int
    """Its number in the record; grows in order of recording."""
    programme: str
    """Version of the rules it was taken under."""
    recorded_at: Moment
    recorded_by: Signature
    reserved: int = 0
    """Cents that it reserves; negative where it releases some."""
    paid: int = 0
    """Cents that it pays."""
    findings: tuple[Finding, ...] = ()
    """What each rule said when it was granted."""

    @property
    def happened(self) -> Day:
        """The day it happened, as far as told, else that of recording."""
        return self.happened_on or self.recorded_at.date()


class ApplicationHistory(Record):
    """An application with all its steps in order of recording."""

    application: Application
    steps: tuple[ApplicationStep, ...] = ()

    @property
    def state(self) -> ApplicationState:
        """How it stands."""
        return state_of(self.steps)

    @property
    def granted(self) -> int:
        """Cents that were granted; 0 where nothing was."""
        return next((step.amount or 0 for step in self.steps if step.kind == "granted"), 0)

    @property
    def reserved(self) -> int:
        """Cents that are reserved now."""
        return sum(step.reserved for step in self.steps)

    @property
    def paid(self) -> int:
        """Cents that were paid."""
        return sum(step.paid for step in self.steps)


def state_of(steps: Sequence[ApplicationStep]) -> ApplicationState:
    """How an application stands after these steps."""
    state: ApplicationState = "submitted"
    for step in steps:
        if step.kind != "assessed":
            state = step.kind
    return state


def check_may_follow(history: ApplicationHistory, kind: str) -> None:
    """Return if a step of that kind is legal now.

    Raises:
        RuleBroken: `order of steps`; names the steps that are.
    """
    legal = MAY_FOLLOW[history.state]
    if kind not in legal:
        wanted = f"be one that may follow '{history.state}': {', '.join(legal) or 'none'}"
        place = f"step of application {history.application.application_id}"
        remedy = "Record what came before it first." if legal else "It is at its end."
        raise RuleBroken("order of steps", place, wanted, f"'{kind}'", remedy)


def check_day(history: ApplicationHistory, new: NewApplicationStep, now: datetime, zone: ZoneInfo) -> None:
    """Return if the day that the step tells is one on which it can have happened: deadlines are counted from it.

    Args:
        history: the application and its steps so far.
        new: the step to come.
        now: with its zone.
        zone: on whose calendar days are told.

    Raises:
        RuleBroken: `day of the step`: it is to come yet, or before the step before.
    """
    if new.happened_on is None:
        return
    place, told = f"day of the step of application {history.application.application_id}", str(new.happened_on)
    today = now.astimezone(zone).date()
    if new.happened_on > today:
        wanted = f"not lie after today, {today}"
        raise RuleBroken("day of the step", place, wanted, told, "Record it when it has happened.")
    before = history.application.submitted_at.astimezone(zone).date()
    # Assessors score in any order.
    for step in history.steps:
        if step.kind != "assessed":
            before = step.happened_on or step.recorded_at.astimezone(zone).date()
    if new.happened_on < before:
        wanted = f"not lie before that of the step before, {before}"
        raise RuleBroken("day of the step", place, wanted, told, "Correct the day, or leave it out for today.")


def money_of(history: ApplicationHistory, new: NewApplicationStep) -> tuple[int, int]:
    """Cents that a step reserves (negative: releases) and pays. What is not paid of a grant is released.

    Raises:
        RuleBroken: `amount granted`: more is paid than was granted.
    """
    if new.kind == "granted":
        return new.amount or 0, 0
    if new.kind == "paid":
        amount = new.amount or 0
        if amount > history.granted:
            wanted = f"be at most what was granted, {in_euros(history.granted)}"
            place = f"payment of application {history.application.application_id}"
            raise RuleBroken("amount granted", place, wanted, in_euros(amount), "Pay what was granted, or less.")
        return -history.granted, amount
    if new.kind in ("withdrawn", "lapsed"):
        return -history.reserved, 0
    return 0, 0
