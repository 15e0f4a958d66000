"""Figures of the programme, from the record: what was given out, who was introduced, and what came of it.

A cross-border match counts once per company and provider (`matcher.pairs`), from its introduction on. Nothing here is in a
need's words or names a company.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from matcher.lifecycle import REASONS
from matcher.log import GivenOut, MatchHistory
from matcher.pairs import NO_REGION, STAGES, Pair, Stage, pairs_of
from matcher.rates import Rate, Rates, rates_of
from matcher.records import Record

TOTAL = "total"
RATES = {
    "acceptance": "accepted, of those answered",
    "kept": "took place, of meetings rated",
    "went_on": "cooperation possible, of meetings that took place",
    "agreement": "agreement reached, of those with an outcome",
    "additionality": "would not have happened anyway, of those that say yes or no",
}
"""Field of `Rates` → section of the table."""


class GivenOutCounts(Record):
    """Lists, and what they proposed."""

    lists: int
    without_match: int
    matches: int
    cross_border: int


class PairCounts(Record):
    """Cross-border matches; the counts of each kind add up to the total."""

    total: int
    by_region: dict[str, int]
    """Of the need."""
    by_countries: dict[str, int]
    """`NL→DE`: the company's, then the provider's."""
    by_category: dict[str, int]
    by_month: dict[str, int]
    """`2026-11`: the month in which they were introduced."""


class StageCount(Record):
    """How many cross-border matches came to a stage."""

    stage: Stage
    reached: int
    open: int
    """Of these, how many stand there now and may still go on: neither declined, nor is there an outcome but `negotiating`."""


class Days(Record):
    """A span of days over several matches; nothing where there are none."""

    n: int
    median: float | None = None
    lower_quartile: float | None = None
    upper_quartile: float | None = None


class Indicators(Record):
    """The figures. Whatever is said of matches is about cross-border ones that were introduced, unless it says otherwise."""

    given_out: GivenOutCounts
    given_out_by_region: dict[str, GivenOutCounts]
    cross_border: PairCounts
    domestic: int
    """Companies and providers of one country that were introduced: counted here and nowhere else."""
    funnel: tuple[StageCount, ...]
    rates: Rates
    reasons: dict[str, int]
    """Why introductions were declined; each time counts."""
    days_to_introduction: Days
    """From the day a list was given out."""


class IndicatorRow(NamedTuple):
    """One figure, for a table."""

    section: str
    name: str
    value: float | None
    """A count, a share or days; nothing where it is a share of nothing."""
    low: float | None = None
    """Of the 95 % interval of a share."""
    high: float | None = None
    n: int | None = None
    """What a share is of, or over how many matches the days are."""

    def as_text(self) -> tuple[str, str, str, str, str]:
        """Section, name, value, interval and n for people; shares in percent, `–` for what there is none of."""
        n = "" if self.n is None else f"{self.n:,}"
        if self.value is None:
            return self.section, self.name, "–", "", n
        if self.low is None or self.high is None:
            return self.section, self.name, f"{self.value:,.10g}", "", n
        return self.section, self.name, f"{self.value:.1%}", f"{self.low:.1%} to {self.high:.1%}", n


def indicators(histories: Iterable[MatchHistory], given_out: Iterable[GivenOut]) -> Indicators:
    """The figures of a region, or of all.

    Args:
        histories: every match with steps (`MatchLog.histories`).
        given_out: counts of lists (`MatchLog.given_out`).
    """
    given = list(given_out)
    pairs = pairs_of(histories)
    abroad = [pair for pair in pairs if pair.first.cross_border]
    regions = sorted({one.region or NO_REGION for one in given})
    reasons = Counter(str(step.reason) for pair in abroad for step in pair.steps("declined"))
    return Indicators(
        given_out=_given_out(given),
        given_out_by_region={name: _given_out([g for g in given if (g.region or NO_REGION) == name]) for name in regions},
        cross_border=PairCounts(
            total=len(abroad),
            by_region=_counts(pair.first.region for pair in abroad),
            by_countries=_counts(pair.first.countries for pair in abroad),
            by_category=_counts(pair.first.category for pair in abroad),
            by_month=_counts(f"{pair.first.day:%Y-%m}" for pair in abroad),
        ),
        domestic=len(pairs) - len(abroad),
        funnel=tuple(_stage(abroad, stage) for stage in STAGES),
        rates=rates_of(abroad),
        reasons={reason: reasons[reason] for reason in REASONS if reasons[reason]},
        days_to_introduction=_days([days for pair in abroad if (days := pair.days_to_introduction) is not None]),
    )


def indicator_rows(figures: Indicators) -> list[IndicatorRow]:
    """Every figure once, in order of the flow: given out, introduced, what came of it."""
    counts = figures.cross_border
    return [
        *_given_out_rows("given out", figures.given_out),
        *(
            row
            for region, given in figures.given_out_by_region.items()
            for row in _given_out_rows(f"given out in {region}", given)
        ),
        IndicatorRow("cross-border matches", TOTAL, counts.total),
        *_count_rows("cross-border matches by region", counts.by_region),
        *_count_rows("cross-border matches by countries", counts.by_countries),
        *_count_rows("cross-border matches by category", counts.by_category),
        *_count_rows("cross-border matches by month", counts.by_month),
        IndicatorRow("matches within one country", TOTAL, figures.domestic),
        *(IndicatorRow("reached", one.stage, one.reached) for one in figures.funnel),
        *(IndicatorRow("still open", one.stage, one.open) for one in figures.funnel),
        *_rate_rows(figures.rates),
        *_count_rows("declined", figures.reasons),
        *_day_rows(figures.days_to_introduction),
    ]


def _given_out(counts: Sequence[GivenOut]) -> GivenOutCounts:
    return GivenOutCounts(
        lists=sum(one.lists for one in counts),
        without_match=sum(one.without_match for one in counts),
        matches=sum(one.matches for one in counts),
        cross_border=sum(one.cross_border for one in counts),
    )


def _counts(values: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(values).items()))


def _stage(pairs: Sequence[Pair], stage: Stage) -> StageCount:
    standing = sum(pair.is_open and pair.reached[-1] == stage for pair in pairs)
    return StageCount(stage=stage, reached=sum(stage in pair.reached for pair in pairs), open=standing)


def _days(spans: Sequence[int]) -> Days:
    if not spans:
        return Days(n=0)
    lower, median, upper = np.quantile(spans, [0.25, 0.5, 0.75]).tolist()
    return Days(n=len(spans), median=median, lower_quartile=lower, upper_quartile=upper)


def _given_out_rows(section: str, given: GivenOutCounts) -> Iterator[IndicatorRow]:
    yield IndicatorRow(section, "lists", given.lists)
    yield IndicatorRow(section, "lists without a match", given.without_match)
    yield IndicatorRow(section, "matches proposed", given.matches)
    yield IndicatorRow(section, "cross-border matches proposed", given.cross_border)


def _count_rows(section: str, counts: dict[str, int]) -> Iterator[IndicatorRow]:
    return (IndicatorRow(section, name, count) for name, count in counts.items())


def _rate_rows(rates: Rates) -> Iterator[IndicatorRow]:
    for field, section in RATES.items():
        regional = getattr(rates, field)
        yield _rate_row(section, TOTAL, regional.total)
        yield from (_rate_row(section, region, one) for region, one in regional.by_region.items())


def _rate_row(section: str, name: str, rate: Rate) -> IndicatorRow:
    return IndicatorRow(section, name, rate.value, rate.low, rate.high, rate.denominator)


def _day_rows(days: Days) -> Iterator[IndicatorRow]:
    for name, value in (
        ("lower quartile", days.lower_quartile),
        ("median", days.median),
        ("upper quartile", days.upper_quartile),
    ):
        yield IndicatorRow("days from list to introduction", name, value, n=days.n)
