"""Shares among pairs that were introduced, each with its interval, in total and by region."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from matcher.pairs import Pair
from matcher.records import Record

CONFIDENCE = 0.95
Counted = tuple[int, int]
"""How many, and of how many."""


class Rate(Record):
    """A share with its 95 % interval (Wilson 1927); nothing where there is nothing to divide by."""

    numerator: int
    denominator: int
    value: float | None = None
    low: float | None = None
    high: float | None = None


class RegionalRate(Record):
    """A share in total, and in each region that has a pair."""

    total: Rate
    by_region: dict[str, Rate]


class Rates(Record):
    """What came of the introductions."""

    acceptance: RegionalRate
    """Accepted, of those that were answered; the first answer counts."""
    kept: RegionalRate
    """Meetings that took place, of those that were rated."""
    went_on: RegionalRate
    """Meetings with the rating `cooperation possible`, of those that took place and were rated."""
    agreement: RegionalRate
    """Agreement reached, of those with an outcome; the latest outcome counts."""
    additionality: RegionalRate
    """Would not have happened anyway, of those whose latest outcome says yes or no to that."""


def rates_of(pairs: Sequence[Pair]) -> Rates:
    """All the shares among these pairs."""
    return Rates(
        acceptance=_regional(pairs, _acceptance),
        kept=_regional(pairs, _kept),
        went_on=_regional(pairs, _went_on),
        agreement=_regional(pairs, _agreement),
        additionality=_regional(pairs, _additionality),
    )


def rate(numerator: int, denominator: int) -> Rate:
    """A share with its interval.

    Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927).
    """
    if not denominator:
        return Rate(numerator=0, denominator=0)
    # Only here: it takes a second to import.
    from scipy.stats import binomtest

    interval = binomtest(numerator, denominator).proportion_ci(confidence_level=CONFIDENCE, method="wilson")
    return Rate(
        numerator=numerator,
        denominator=denominator,
        value=numerator / denominator,
        low=float(interval.low),
        high=float(interval.high),
    )


def _regional(pairs: Sequence[Pair], count: Callable[[Iterable[Pair]], Counted]) -> RegionalRate:
    of_region: dict[str, list[Pair]] = {}
    for pair in pairs:
        of_region.setdefault(pair.first.region, []).append(pair)
    return RegionalRate(
        total=rate(*count(pairs)), by_region={region: rate(*count(some)) for region, some in sorted(of_region.items())}
    )


def _acceptance(pairs: Iterable[Pair]) -> Counted:
    answers = [pair.first_answer for pair in pairs if pair.first_answer is not None]
    return answers.count("accepted"), len(answers)


def _kept(pairs: Iterable[Pair]) -> Counted:
    ratings = _ratings(pairs)
    return len(ratings) - ratings.count("did not take place"), len(ratings)


def _went_on(pairs: Iterable[Pair]) -> Counted:
    took_place = [rating for rating in _ratings(pairs) if rating != "did not take place"]
    return took_place.count("cooperation possible"), len(took_place)


def _agreement(pairs: Iterable[Pair]) -> Counted:
    results = [outcome.result for pair in pairs if (outcome := pair.latest_outcome) is not None]
    return results.count("agreement reached"), len(results)


def _additionality(pairs: Iterable[Pair]) -> Counted:
    answers = [outcome.anyway for pair in pairs if (outcome := pair.latest_outcome) is not None]
    no, yes = answers.count("no"), answers.count("yes")
    return no, no + yes


def _ratings(pairs: Iterable[Pair]) -> list[str]:
    return [step.rating for pair in pairs for step in pair.steps("met") if step.rating is not None]
