"""Whether a company is small or medium-sized: EU Recommendation 2003/361/EC, its group counted in.

The articles named here are those of the Recommendation's annex. All sums are exact, because one work unit or one cent decides.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Literal, NamedTuple

from matcher.programme.applicant import PARTNER_FROM, PARTNER_TO, Accounts, Applicant, Relation
from matcher.records import Record

Category = Literal["micro", "small", "medium", "large", "unknown"]
_IN_ORDER: tuple[Category, ...] = ("micro", "small", "medium", "large")
_MILLION = 100_000_000
_CEILINGS = ((10, 2 * _MILLION, 2 * _MILLION), (50, 10 * _MILLION, 10 * _MILLION), (250, 50 * _MILLION, 43 * _MILLION))
"""Article 2: fewer work units than the first, and either turnover or balance sheet, in cents, not above the others."""


class Size(Record):
    """How large a company is."""

    category: Category
    """`large`: none of the others, whatever its figures."""
    is_sme: bool | None
    """`None`: what was told does not decide it."""
    why: str
    """One sentence with the figures that decided."""


class _Figures(NamedTuple):
    headcount: Fraction
    turnover: Fraction
    balance_sheet: Fraction

    def plus(self, accounts: Accounts, share: Fraction) -> _Figures:
        # Its decimal form is what was written; the float itself is a hair beside it.
        headcount = Fraction(repr(accounts.headcount))
        return _Figures(
            self.headcount + share * headcount,
            self.turnover + share * accounts.turnover,
            self.balance_sheet + share * accounts.balance_sheet,
        )

    @property
    def level(self) -> int:
        """Place in the order of categories (Article 2)."""
        for level, (units, turnover, balance) in enumerate(_CEILINGS):
            if self.headcount < units and (self.turnover <= turnover or self.balance_sheet <= balance):
                return level
        return len(_CEILINGS)

    @property
    def in_words(self) -> str:
        units = _written(self.headcount)
        sums = f"turnover {_in_euros(self.turnover)}, balance sheet {_in_euros(self.balance_sheet)}"
        return f"{units} annual work {'unit' if units == '1' else 'units'}, {sums}"


def size_of(applicant: Applicant) -> Size:
    """How large a company is by what it told.

    - A company of which public bodies together hold 25 percent or more is none (Article 3(4)), unless they are exempt.
    - Linked enterprises count whole, partners by their share (Article 6); exempt ones, and those below 25 percent, do not.
    - What it was is lost, and what it was not is gained, only when two periods in a row say so (Article 4(2)). The earliest of
      the periods that follow each other tells what it was. What the group is today counts for all of them, because a change
      of owners shows at once.
    - A new company is what its estimates say (Article 4(3)).
    """
    public = [one for one in applicant.relations if one.kind == "public body" and not _is_exempt(one)]
    public_share = sum(one.share for one in public)
    if public_share >= PARTNER_FROM:
        holders = ", ".join(one.name or "a public body" for one in public)
        why = f"Not an SME whatever its figures: {public_share} % is held by {holders}, and 25 % is too much (Article 3(4))."
        return Size(category="large", is_sme=False, why=why)
    group = [one for one in applicant.relations if _share_of(one)]
    silent = [one.name or f"one {one.kind} enterprise" for one in group if not one.accounts]
    if silent:
        return _unknown(f"there are no figures of {', '.join(silent)}, which its group counts in")
    periods = _last_in_a_row(applicant.accounts)
    if not periods:
        return _unknown("it told no accounts" if not applicant.is_new else "it is new and told no estimates")
    return _by_figures(periods[-1:] if applicant.is_new else periods, group, applicant.is_new)


def _by_figures(periods: list[Accounts], group: list[Relation], is_new: bool) -> Size:
    figures = [_with_group(accounts, group) for accounts in periods]
    levels = [one.level for one in figures]
    level = _level_over(levels)
    category = _IN_ORDER[level]
    year = periods[-1].year
    basis = f"by estimates for {year}" if is_new else f"in {year}"
    told = f"{figures[-1].in_words} {basis}{_group_in_words(group)}"
    if level == levels[-1]:
        why = f"{_named(category)}: {told}."
    else:
        before = f"{figures[-2].in_words} in {periods[-2].year}"
        why = f"{_named(category)}, because only two periods in a row count: {told}, but {before}."
    return Size(category=category, is_sme=category != "large", why=why)


def _level_over(levels: list[int]) -> int:
    """Article 4(2): the nearest to what it was that the last two periods both reach, period after period."""
    level = levels[0]
    for before, now in itertools.pairwise(levels):
        level = sorted((level, before, now))[1]
    return level


def _last_in_a_row(accounts: Iterable[Accounts]) -> list[Accounts]:
    """The periods that follow each other up to the last one: behind a gap nothing is two in a row."""
    found: list[Accounts] = []
    for one in sorted(accounts, key=lambda one: -one.year):
        if found and one.year != found[-1].year - 1:
            break
        found.append(one)
    return found[::-1]


def _with_group(accounts: Accounts, group: Iterable[Relation]) -> _Figures:
    figures = _Figures(Fraction(), Fraction(), Fraction()).plus(accounts, Fraction(1))
    for relation in group:
        figures = figures.plus(_nearest(relation.accounts, accounts.year), _share_of(relation))
    return figures


def _nearest(accounts: Iterable[Accounts], year: int) -> Accounts:
    """Of that year; else the latest approved before it (Article 4(1)); else the first after it."""
    return min(accounts, key=lambda one: (one.year > year, abs(one.year - year)))


def _share_of(relation: Relation) -> Fraction:
    """How much of its figures counts."""
    if relation.kind == "linked":
        return Fraction(1)
    if relation.kind == "partner" and relation.share >= PARTNER_FROM and not _is_exempt(relation):
        return Fraction(relation.share, 100)
    return Fraction(0)


def _is_exempt(relation: Relation) -> bool:
    """Article 3(2): only as long as it is not linked."""
    return relation.exempt and relation.share <= PARTNER_TO


def _unknown(cause: str) -> Size:
    return Size(category="unknown", is_sme=None, why=f"Its size is not known: {cause}.")


def _named(category: str) -> str:
    return {"medium": "Medium-sized"}.get(category, category.capitalize())


def _group_in_words(group: list[Relation]) -> str:
    if not group:
        return ""
    parts = [f"{one.name or one.kind} {_written(_share_of(one) * 100)} %" for one in group]
    return f" with its group ({', '.join(parts)})"


def _written(number: Fraction) -> str:
    """In full: all denominators are powers of ten."""
    decimal = Decimal(number.numerator) / Decimal(number.denominator)
    text = f"{decimal:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _in_euros(cents: Fraction) -> str:
    text = _written(cents / 100)
    whole, _, part = text.partition(".")
    return f"{whole}.{part.ljust(2, '0')} EUR"
