"""What a company says of itself when it applies: figures of its size, its group, and aid it had."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from embeddings.errors import Refusal
from matcher.fields import Several
from matcher.programme.money import Cents
from matcher.records import Line, Record

PARTNER_FROM, PARTNER_TO = 25, 50
"""Percent of capital or votes that make a partner (Article 3(2) of the Recommendation); above, the two are linked."""


def _no_truth_value(value: object) -> object:
    """`True` is 1 to Python, but nobody who writes it means a number."""
    if isinstance(value, bool):
        raise Refusal("number", "be a number", str(value), "Write digits.")
    return value


_Number = BeforeValidator(_no_truth_value)
_Year = Annotated[int, Field(ge=1900, le=2200), _Number]


class Accounts(Record):
    """Figures of one closed accounting period, without the group."""

    year: _Year
    headcount: Annotated[float, Field(ge=0, le=10_000_000, allow_inf_nan=False), _Number]
    """Annual work units."""
    turnover: Cents
    balance_sheet: Cents


def _each_year_once(accounts: tuple[Accounts, ...]) -> tuple[Accounts, ...]:
    twice = [year for year, count in Counter(one.year for one in accounts).items() if count > 1]
    if twice:
        raise Refusal("accounts", "tell each year once", f"{twice[0]} more than once", "Keep one of them.")
    return accounts


_AllAccounts = Annotated[Several[Accounts], AfterValidator(_each_year_once)]


class Relation(Record):
    """An enterprise that the company belongs together with, as in Article 3 of the Recommendation."""

    name: Line = ""
    kind: Literal["linked", "partner", "public body"]
    """`linked`: control, counted whole. `partner`: 25 % to 50 %, counted by its share."""
    share: Annotated[int, Field(ge=0, le=100), _Number] = 100
    """Percent of capital or votes, the greater of the two; of what is linked it decides nothing."""
    exempt: bool = False
    """Venture capital, business angels, universities and the like (Article 3(2)): they make no partner."""
    accounts: _AllAccounts = ()
    """Of the same years as the company's, as far as there are any."""

    @model_validator(mode="after")
    def _is_what_it_says(self) -> Relation:
        if self.kind == "partner" and self.share > PARTNER_TO:
            wanted = f"be at most {PARTNER_TO} percent where it is a partner"
            raise Refusal("share of the relation", wanted, str(self.share), "Tell its share, or call it linked.")
        if self.kind == "linked" and self.exempt:
            remedy = f"Call it a partner where it holds {PARTNER_TO} percent or less, else leave exempt out."
            raise Refusal("relation", "not be exempt where it is linked (Article 3(2))", "both", remedy)
        return self


class Applicant(Record):
    """The company that applies."""

    accounts: _AllAccounts = ()
    """Of its last closed periods. The last two decide; earlier ones tell what it was before them."""
    relations: Several[Relation] = ()
    is_new: bool = False
    """It has no closed accounts yet: its figures are estimates in good faith (Article 4(3))."""
    de_minimis: Cents | None = None
    """Aid it and its group had in the years that count; `None`: not declared."""
