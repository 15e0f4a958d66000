"""What came of the matches, for the programme's report: flows, the funnel, wishes to continue, additionality."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import get_args

from matcher.log import GivenOut
from matcher.pairs import NO_REGION, STAGES, Pair
from matcher.programme.report_records import (
    AdditionalityFigures,
    Answers,
    Flow,
    FunnelStep,
    RegionFlow,
    WishFigures,
)
from matcher.rates import Rate, rate
from matcher.surveys import Sent, SurveyKind

SURVEYS: tuple[SurveyKind, ...] = get_args(SurveyKind)


def flows_of(abroad: Iterable[Pair]) -> tuple[Flow, ...]:
    """From the companies' countries to the providers', the strongest first."""
    counts = Counter(pair.first.countries for pair in abroad)
    strongest = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(
        Flow(company_country=name.partition("→")[0], provider_country=name.partition("→")[2], count=count)
        for name, count in strongest
    )


def region_flows_of(abroad: Iterable[Pair], provider_regions: Mapping[int, str]) -> tuple[RegionFlow, ...]:
    """From the companies' regions to the providers', the strongest first.

    Args:
        abroad: cross-border pairs.
        provider_regions: number of a match → region of its provider; empty where nobody told it.
    """
    counts: Counter[tuple[str, str, str, str]] = Counter()
    for pair in abroad:
        company, _, provider = pair.first.countries.partition("→")
        counts[pair.first.region, provider_regions.get(pair.first.match_id) or NO_REGION, company, provider] += 1
    return tuple(
        RegionFlow(company_region=one[0], provider_region=one[1], company_country=one[2], provider_country=one[3], count=count)
        for one, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    )


def funnel_of(given: Iterable[GivenOut], abroad: Sequence[Pair]) -> tuple[FunnelStep, ...]:
    """From match lists to agreements. On lists each match counts, from the introduction on each company and provider once.

    A share counts those who came to the step before and to this one: an agreement may be reached without an incentive.
    """
    counts = list(given)
    lists, proposed = sum(one.lists for one in counts), sum(one.cross_border for one in counts)
    steps = [
        FunnelStep(name="match lists", count=lists),
        FunnelStep(name="matches proposed", count=proposed, per_before=proposed / lists if lists else None),
    ]
    before = None
    for stage in STAGES:
        reached = {number for number, pair in enumerate(abroad) if stage in pair.reached}
        of_before = _share(len(reached), proposed) if before is None else rate(len(reached & before), len(before))
        steps.append(FunnelStep(name=stage, count=len(reached), of_before=of_before))
        before = reached
    return tuple(steps)


def wish_figures(surveys: Iterable[Sent], pairs: Sequence[Pair], regions: Iterable[str]) -> WishFigures:
    """Whether companies wish to continue, of surveys on cross-border matches.

    Args:
        surveys: all that were sent.
        pairs: whoever was introduced; tells which matches are one company and provider, and which cross a border.
        regions: those that have a row in any case.
    """
    pair_of = {match.match_id: number for number, pair in enumerate(pairs) for match in pair.introduced}
    asked = [one for one in surveys if (number := pair_of.get(one.match_id)) is None or pairs[number].first.cross_border]

    def of(some: Iterable[Sent]) -> Answers:
        # What is not known to belong together stands for itself.
        latest: dict[tuple[str, int], Sent] = {}
        for one in some:
            number = pair_of.get(one.match_id)
            subject = ("match", one.match_id) if number is None else ("pair", number)
            latest[subject] = max(latest.get(subject, one), one, key=_when_answered)
        return _answers(latest.values())

    by_region: dict[str, list[Sent]] = {name: [] for name in regions}
    for one in asked:
        by_region.setdefault(one.region or NO_REGION, []).append(one)
    return WishFigures(
        total=of(asked),
        by_region={name: of(some) for name, some in by_region.items()},
        by_survey={kind: of([one for one in asked if one.survey == kind]) for kind in SURVEYS},
    )


def additionality_of(abroad: Iterable[Pair]) -> AdditionalityFigures:
    """Whether it would have come about anyway, by the latest outcome."""
    told = Counter(outcome.anyway for pair in abroad if (outcome := pair.latest_outcome) is not None)
    no, yes = told["no"], told["yes"]
    return AdditionalityFigures(no=no, yes=yes, cannot_say=told["cannot say"], would_not=rate(no, no + yes))


def _answers(latest: Iterable[Sent]) -> Answers:
    sent = list(latest)
    said = Counter(one.answer.answer.wishes_to_continue for one in sent if one.answer is not None)
    yes, no = said["yes"], said["no"]
    return Answers(
        response=rate(said.total(), len(sent)),
        yes=yes,
        no=no,
        cannot_say=said["cannot say"],
        wishes=rate(yes, yes + no),
    )


def _when_answered(sent: Sent) -> tuple[bool, float]:
    """An answer before none; of answers the later one."""
    return (True, sent.answer.answered_at.timestamp()) if sent.answer is not None else (False, 0.0)


def _share(part: int, whole: int) -> Rate:
    # Records from before lists were counted may tell of introductions alone.
    return rate(part, whole) if part <= whole else Rate(numerator=part, denominator=whole)
