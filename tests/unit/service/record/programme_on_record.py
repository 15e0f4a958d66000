"""A record with rules in force and matches that both sides have accepted, and a clock that stands where a test wants it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from matcher.programme.application import NewApplication, NewApplicationStep
from matcher.programme.rules import Programme
from service.record.sql_log import SqlMatchLog
from service.record.sql_programme import SqlProgramme
from tests.unit.matcher.programme.small_programme import IN_SPRING, SMALL_COMPANY, small_programme
from tests.unit.matcher.steps import new_step
from tests.unit.service.entries import COMPONENTS, entry

SCORES = {"fit": 5, "plan": 8}


@dataclass
class Office:
    """A regional partner at work."""

    log: SqlMatchLog
    now: datetime = IN_SPRING

    def __post_init__(self) -> None:
        self.book = SqlProgramme(self.log, lambda: self.now)

    def adopt(self, **changes: Any) -> Programme:
        return self.book.adopt(small_programme(**changes), "office").programme

    def match(self, number: int, *steps: str, country: str = "DE", region: str = "east", company: str = "") -> int:
        """A match of a company of its own, with steps."""
        told = {"company": company or f"Company {number}", "region": region}
        self.log.record(entry(f"l-{number}", (f"provider-{number}", country), **told), COMPONENTS)
        [made] = [one for one in self.log.every_match() if one.list_id == f"l-{number}"]
        for kind in steps or ("introduced", "accepted"):
            self.log.record_step(new_step(kind, match_id=made.match_id), "advisor")
        return made.match_id

    def application(self, match_id: int, **changes: Any) -> NewApplication:
        values = {
            "match_id": match_id,
            "call_id": "spring",
            "incentive_id": "insight",
            "region_id": "east",
            "requested": 400_000,
            "applicant": SMALL_COMPANY,
        }
        return NewApplication.model_validate({**values, **changes})

    def scored(self, match_id: int, **changes: Any) -> int:
        """An application that two assessors scored."""
        number = self.book.submit(self.application(match_id, **changes), "advisor").application.application_id
        for assessor in ("assessor 1", "assessor 2"):
            self.book.step(number, NewApplicationStep(kind="assessed", assessor=assessor, scores=SCORES), "office")
        return number

    def grant(self, number: int, amount: int = 400_000) -> None:
        self.book.step(number, NewApplicationStep(kind="granted", amount=amount), "office")
