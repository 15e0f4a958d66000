"""The findings as rows of tables: for spreadsheets, the terminal and the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from matcher.gaps.findings import Gap, GapAnalysis
from matcher.rates import Rate


class GapRow(NamedTuple):
    """One gap, in the columns of `gaps.csv`."""

    number: int
    subject: str
    language_of_subject: str
    like: str
    is_anecdote: bool
    unmet: int
    asked: int
    share: float | None
    low: float | None
    high: float | None
    companies: int
    no_good_match: int
    unlike_the_directory: int
    under_the_line: int
    near_line: int
    nearest_at_home: int
    fields: str
    regions: str
    nearest: str
    recruit: str
    theme: str
    reason: str
    title: str


class RegionRow(NamedTuple):
    """One region and field, in the columns of `regions.csv`."""

    region: str
    field: str
    unmet: int
    asked: int
    share: float | None
    low: float | None
    high: float | None


def gap_rows(found: GapAnalysis) -> list[GapRow]:
    """One row a gap, in their order."""
    return [
        GapRow(
            number=gap.number,
            subject=gap.label,
            language_of_subject=gap.label_language if gap.label else "",
            like=gap.like,
            is_anecdote=gap.is_anecdote,
            unmet=gap.unmet.numerator,
            asked=gap.unmet.denominator,
            share=gap.unmet.value,
            low=gap.unmet.low,
            high=gap.unmet.high,
            companies=gap.companies,
            no_good_match=gap.why.get("no good match", 0),
            unlike_the_directory=gap.why.get("unlike the directory", 0),
            under_the_line=gap.why.get("under the line", 0),
            near_line=gap.near_line,
            nearest_at_home=gap.at_home,
            fields=counted(gap.fields),
            regions=counted(gap.regions),
            nearest=nearest(gap),
            recruit=recruit(gap),
            theme=gap.theme.kind,
            reason=gap.theme.reason,
            title=gap.title,
        )
        for gap in found.gaps
    ]


def region_rows(found: GapAnalysis) -> list[RegionRow]:
    """One row a region and field that somebody asks for."""
    return [
        RegionRow(
            cell.region,
            cell.field,
            cell.unmet.numerator,
            cell.unmet.denominator,
            cell.unmet.value,
            cell.unmet.low,
            cell.unmet.high,
        )
        for cell in found.cells
    ]


def name_of(gap: Gap) -> str:
    """What a gap is called where there is room for one line."""
    if gap.label:
        return gap.label
    if gap.title:
        return gap.title
    return f"like “{gap.like}”" if gap.like else f"{next(iter(gap.fields))}, no word shared"


def counted(counts: Mapping[str, int]) -> str:
    """`nl-oost 2, be-liege 1`"""
    return ", ".join(f"{name} {count}" for name, count in counts.items())


def nearest(gap: Gap, most: int | None = None) -> str:
    """The nearest providers in words, with country and probability; all of them, or at most so many."""
    return "; ".join(f"{near.name} ({near.country}, {percent(near.probability)})" for near in gap.nearest[:most])


def recruit(gap: Gap, most: int | None = None) -> str:
    """The regions that could recruit for it in words, with their nearest provider; all of them, or at most so many."""
    return "; ".join(f"{near.region} ({near.provider}, {percent(near.probability)})" for near in gap.recruit[:most])


def share(found: Rate) -> str:
    """`6 of 28 (21%, 95 %: 10% to 40%)`"""
    counts = f"{found.numerator} of {found.denominator}"
    if found.value is None or found.low is None or found.high is None:
        return counts
    return f"{counts} ({percent(found.value)}, 95\u00a0%: {percent(found.low)} to {percent(found.high)})"


def percent(value: float) -> str:
    """A share in whole percent; one digit more where there is less than one."""
    return f"{value:.1%}" if 0 < value < 0.00995 else f"{value:.0%}"


def counted_words(number: int, one: str, more: str = "") -> str:
    """`1 need`, `2 needs`"""
    return f"{number:,} {one if number == 1 else more or f'{one}s'}"
