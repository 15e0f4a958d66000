"""The programme's part of the record as the domain sees it: rules adopted, applications, decisions, money."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Protocol

from pydantic import Field

from matcher.fields import LARGEST_NUMBER
from matcher.log import Once
from matcher.programme.application import (
    ApplicationHistory,
    ApplicationState,
    ApplicationStep,
    NewApplication,
    NewApplicationStep,
)
from matcher.programme.eligibility import Finding
from matcher.programme.ledger import Account
from matcher.programme.rules import Programme
from matcher.records import Moment, Record, Signature


class Adopted(Record):
    """Rules on record."""

    programme: Programme
    adopted_at: Moment
    adopted_by: Signature


class ApplicationQuery(Record):
    """Which applications; every condition that is given must hold."""

    call_id: str | None = None
    region_id: str | None = None
    match_id: int | None = None
    state: ApplicationState | None = None
    after: Annotated[int, Field(ge=0, le=LARGEST_NUMBER)] = 0
    """Only those with a number above this one."""


class ProgrammeBook(Protocol):
    """Append-only, as `matcher.log.MatchLog`: what a call that writes returned from is durable, and nothing is half-written.

    Every rule is looked at within the transaction that writes, so that no two deciders at once can both spend the last of a
    budget. `region` in the calls below is the one whose applications the caller may see; `None` is all of them.
    """

    def adopt(self, programme: Programme, by: str, *, once: Once | None = None) -> Adopted:
        """From now on these rules are in force. The same rules again change nothing.

        Raises:
            RuleBroken: `budget left`: less than is reserved and paid already.
        """

    def in_force(self) -> Adopted:
        """The rules adopted last.

        Raises:
            NotFound: none were ever.
        """

    def versions(self) -> list[Adopted]:
        """All rules that were ever in force, oldest first."""

    def check(self, new: NewApplication, *, region: str | None = None) -> tuple[Finding, ...]:
        """What each rule says of an application, were it handed in now. Nothing is recorded.

        Raises:
            NotFound: there is no such match, or none that the caller may see.
        """

    def submit(
        self, new: NewApplication, by: str, *, region: str | None = None, once: Once | None = None
    ) -> ApplicationHistory:
        """Put an application on record. It may fail rules about what can still change (budget, acceptance, de minimis): those
        are looked at again when it is granted.

        Raises:
            RuleBroken: it can never be granted; names the rule.
            NotFound: there is no such match, or none that the caller may see.
        """

    def step(
        self,
        application_id: int,
        new: NewApplicationStep,
        by: str,
        *,
        region: str | None = None,
        once: Once | None = None,
    ) -> ApplicationStep:
        """Put on record what happened to an application: money is reserved, paid or released with it. A grant is a step of the
        match too (`incentive granted`), in the same transaction.

        Raises:
            RuleBroken: a rule does not allow it; names the rule.
            NotFound: there is no such application, or none that the caller may see.
        """

    def application(self, application_id: int, *, region: str | None = None) -> ApplicationHistory:
        """An application with its steps.

        Raises:
            NotFound: there is none, or none that the caller may see.
        """

    def applications(self, query: ApplicationQuery, *, region: str | None = None) -> Iterator[ApplicationHistory]:
        """Applications in order of recording, a few hundred at a time."""

    def ledger(self, *, region: str | None = None) -> list[Account]:
        """What each region may give in each call, reserved, paid and left."""
