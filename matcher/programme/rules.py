"""The rules of a programme as data: regions, calls, incentives, budgets, eligibility. Nothing of any programme is in code."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, model_validator

from embeddings.errors import Refusal, shown
from matcher.fields import Check, Several, TimeZone
from matcher.programme.fitting import misfits
from matcher.programme.money import Cents
from matcher.records import Country, Day, Line, Record

_ID = r"^[A-Za-z0-9_.-]+$"
_NUTS = r"^[A-Z]{2}[A-Z0-9]{0,3}$"


def _id(text: str) -> str:
    if re.fullmatch(_ID, text) is None:
        wanted = "be an id of letters a to z, digits, hyphens, dots and underscores"
        raise Refusal("id", wanted, shown(text), "For instance meet-and-greet.")
    return text


def _nuts(text: str) -> str:
    if re.fullmatch(_NUTS, text) is None:
        wanted = "hold NUTS codes: two capital letters, then up to three digits or capital letters"
        raise Refusal("catchment", wanted, shown(text), "For instance NL41, or NL4 for all that begins with it.")
    return text


Id = Annotated[Line, Field(min_length=1, max_length=100), Check(_id, _ID)]
_Nuts = Annotated[Line, Check(_nuts, _NUTS)]
_Days = Annotated[int, Field(ge=0, le=3_650)]


class Region(Record):
    """One of the programme's regions, with the partner that looks after it."""

    region_id: Id
    name: Annotated[Line, Field(min_length=1)]
    country: Country
    partner: Line = ""
    catchment: Several[_Nuts] = ()
    """NUTS codes; whatever begins with one of them belongs to the region."""
    budget: Cents
    """For incentives, in all calls together."""


class Incentive(Record):
    """A kind of incentive."""

    incentive_id: Id
    name: Annotated[Line, Field(min_length=1)]
    form: Literal["lump sum", "costs up to"]
    amount: Cents
    """The lump sum, or the ceiling."""
    purpose: Line = ""


class Call(Record):
    """When applications are taken, for which incentives, and how much each region may give."""

    call_id: Id
    name: Line = ""
    opens: AwareDatetime
    closes: AwareDatetime
    directory_until: Day | None = None
    """Providers must have been in the directory by that day; `None` asks nothing."""
    incentives: tuple[Id, ...]
    # A schema of names by pattern would let other names hold anything.
    budgets: Annotated[Mapping[Id, Cents], Field(json_schema_extra={"additionalProperties": False})]
    """Region → what it may give in this call."""

    @model_validator(mode="after")
    def _runs_forwards(self) -> Call:
        if self.closes <= self.opens:
            wanted = f"close after it opens ({self.opens:%Y-%m-%d %H:%M})"
            raise Refusal(f"call {self.call_id}", wanted, f"{self.closes:%Y-%m-%d %H:%M}", "Correct its times.")
        return self


class Criterion(Record):
    """What assessors score."""

    criterion_id: Id
    name: Annotated[Line, Field(min_length=1)]
    most: Annotated[int, Field(ge=1, le=100)] = 5
    weight: Annotated[int, Field(ge=1, le=100)] = 1


class Scoring(Record):
    """How applications are scored."""

    assessors: Annotated[int, Field(ge=0, le=5)] = 2
    """Who must have scored an application before it is decided."""
    criteria: tuple[Criterion, ...] = ()
    pass_mark: Annotated[int, Field(ge=0, le=100)] = 0
    """Percent of the points that an application needs on average."""


class Eligibility(Record):
    """Which rules an application must pass. A rule that is off is not asked."""

    other_country: bool = True
    """The provider is in another country than the company."""
    other_region: bool = True
    sme: bool = True
    """The company is small or medium-sized as in EU Recommendation 2003/361/EC, its group counted in."""
    in_directory: bool = True
    """The provider was in the directory by the call's `directory_until`."""
    accepted: bool = True
    """Company and provider have both accepted the match, by the record."""
    one_grant: tuple[Literal["incentive", "call"], ...] | None = ("incentive", "call")
    """One grant for each company and kind of incentive, each company and call, or both; `None`: no such rule."""
    de_minimis: Cents | None = 20_000_000
    """Aid that a company may have had in the years before, this grant included; it must be declared."""
    de_minimis_years: Annotated[int, Field(ge=1, le=10)] = 3


class Deadlines(Record):
    """Days that each step may take."""

    decide: _Days = 60
    """After the call has closed."""
    sign: _Days = 30
    """After the decision."""
    report: _Days = 365
    """After the agreement."""
    pay: _Days = 60
    """After the report."""
    remind: tuple[_Days, ...] = (14, 3)
    """Days before a deadline."""


class Programme(Record):
    """Everything that decides who gets what. One version is one text: what is changed is another version."""

    programme_id: Id
    name: Annotated[Line, Field(min_length=1)]
    time_zone: TimeZone = "Europe/Brussels"
    simulated: bool = False
    """Everything under these rules is made up, and says so wherever it is told."""
    regions: Annotated[tuple[Region, ...], Field(min_length=1)]
    incentives: Annotated[tuple[Incentive, ...], Field(min_length=1)]
    calls: Annotated[tuple[Call, ...], Field(min_length=1)]
    scoring: Scoring = Scoring()
    eligibility: Eligibility = Eligibility()
    deadlines: Deadlines = Deadlines()

    @cached_property
    def version(self) -> str:
        """Sixteen letters that name these rules and no others, in whatever order their fields stand."""
        text = json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def call(self, call_id: str) -> Call | None:
        """The call of that id."""
        return next((one for one in self.calls if one.call_id == call_id), None)

    def incentive(self, incentive_id: str) -> Incentive | None:
        """The incentive of that id."""
        return next((one for one in self.incentives if one.incentive_id == incentive_id), None)

    def region(self, region_id: str) -> Region | None:
        """The region of that id."""
        return next((one for one in self.regions if one.region_id == region_id), None)

    @model_validator(mode="after")
    def _fits_together(self) -> Programme:
        for misfit in misfits(self.regions, self.incentives, self.calls, self.scoring):
            raise misfit.refusal
        return self
