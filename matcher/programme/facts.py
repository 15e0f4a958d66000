"""What the rules of eligibility look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from matcher.programme.applicant import Applicant
from matcher.programme.rules import Call, Eligibility, Incentive
from matcher.records import Day


@dataclass(frozen=True)
class Facts:
    """What the rules look at, as far as the application does not tell it itself."""

    now: datetime
    """With its zone."""
    company_country: str
    company_region: str
    """The programme's region that serves the company; empty where nobody said."""
    provider_country: str
    provider_region: str
    provider_since: Day | None
    """Since when the provider is in the directory; `None`: since before there was a record of it."""
    provider_listed: bool
    """It is in the directory now."""
    accepted: bool
    """By both, by the record."""
    granted_incentives: frozenset[str]
    """Kinds of incentive that the company was granted before, in any call."""
    granted_calls: frozenset[str]
    """Calls in which the company was granted something."""
    left: int
    """Cents that the region still has in the call."""


@dataclass(frozen=True)
class Asked:
    """An application as its rules see it."""

    rules: Eligibility
    zone: ZoneInfo
    call: Call
    incentive: Incentive
    requested: int
    applicant: Applicant
    facts: Facts
