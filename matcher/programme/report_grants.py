"""Counts of applications and of incentives given, for the programme's report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from statistics import median
from typing import get_args
from zoneinfo import ZoneInfo

from matcher.programme.application import GRANTED, ApplicationHistory
from matcher.programme.deadlines import deadlines_of
from matcher.programme.report_records import (
    NOT_TOLD,
    TOTAL,
    ApplicationCounts,
    Granted,
    GrantFigures,
    Span,
    SpanFigures,
)
from matcher.programme.rules import Programme
from matcher.records import NeedKind

NEED_KINDS: tuple[NeedKind, ...] = get_args(NeedKind)
Kinds = Mapping[int, NeedKind]
"""Number of a match → kind of the need that it answers, as far as the need tells it."""
KnownIds = Mapping[str, str]


def grant_figures(
    histories: Iterable[ApplicationHistory], kinds: Kinds, incentives: KnownIds, regions: KnownIds, calls: KnownIds
) -> GrantFigures:
    """Incentives given, by kind, region, call and need kind.

    Args:
        histories: applications.
        kinds: of the needs behind them.
        incentives, regions, calls: those that have a row even where nothing was given; others are put behind them.
    """
    given = [one for one in histories if one.state in GRANTED]

    def kind_of(history: ApplicationHistory) -> str:
        return kinds.get(history.application.match_id, NOT_TOLD)

    def by(key: Callable[[ApplicationHistory], str], known: Iterable[str]) -> dict[str, Granted]:
        groups: dict[str, list[ApplicationHistory]] = {name: [] for name in known}
        for one in sorted(given, key=key):
            groups.setdefault(key(one), []).append(one)
        return {name: _granted(some, kind_of, incentives) for name, some in groups.items()}

    return GrantFigures(
        total=_granted(given, kind_of, incentives),
        by_incentive=by(lambda one: one.application.incentive_id, incentives),
        by_region=by(lambda one: one.application.region_id, regions),
        by_call=by(lambda one: one.application.call_id, calls),
        by_need_kind=by(kind_of, NEED_KINDS),
    )


def application_counts(
    programme: Programme, histories: Sequence[ApplicationHistory], calls: KnownIds, now: datetime
) -> dict[str, ApplicationCounts]:
    """What became of the applications of each call, and of all."""
    overdue = {one.application_id for one in deadlines_of(programme, histories, now) if one.overdue}
    groups: dict[str, list[ApplicationHistory]] = {name: [] for name in calls}
    for one in histories:
        groups.setdefault(one.application.call_id, []).append(one)
    counted = {name: _counts(some, overdue) for name, some in groups.items()}
    return {**counted, TOTAL: _counts(histories, overdue)}


def spans_to(programme: Programme, histories: Iterable[ApplicationHistory], calls: KnownIds, *kinds: str) -> SpanFigures:
    """Days from each application to the first step of these kinds, as far as there is one.

    Args:
        programme: whose zone says on which day an application was handed in.
        histories: applications.
        calls: those that have a row of their own in any case.
        kinds: of steps.
    """
    zone = ZoneInfo(programme.time_zone)
    days: dict[str, list[int]] = {name: [] for name in calls}
    for history in histories:
        step = next((one for one in history.steps if one.kind in kinds), None)
        if step is not None:
            handed_in = history.application.submitted_at.astimezone(zone).date()
            told = step.happened_on or step.recorded_at.astimezone(zone).date()
            days.setdefault(history.application.call_id, []).append((told - handed_in).days)
    every = [one for some in days.values() for one in some]
    return SpanFigures(total=_span(every), by_call={name: _span(some) for name, some in days.items()})


def _granted(
    histories: Sequence[ApplicationHistory], kind_of: Callable[[ApplicationHistory], str], incentives: KnownIds
) -> Granted:
    kinds = Counter(map(kind_of, histories))
    of_incentive = Counter(one.application.incentive_id for one in histories)
    return Granted(
        count=len(histories),
        granted=sum(one.granted for one in histories),
        paid=sum(one.paid for one in histories),
        by_incentive={name: of_incentive[name] for name in (*incentives, *sorted(set(of_incentive) - set(incentives)))},
        by_need_kind={name: kinds[name] for name in (*NEED_KINDS, *sorted(set(kinds) - set(NEED_KINDS)))},
    )


def _counts(histories: Sequence[ApplicationHistory], overdue: set[int]) -> ApplicationCounts:
    states: Counter[str] = Counter(one.state for one in histories)
    back = sum(one.state in ("withdrawn", "lapsed") and _was_granted(one) for one in histories)
    return ApplicationCounts(
        handed_in=len(histories),
        undecided=states["submitted"],
        granted=sum(states[state] for state in GRANTED),
        rejected=states["rejected"],
        withdrawn=states["withdrawn"] + states["lapsed"] - back,
        given_back=back,
        requested=sum(one.application.requested for one in histories),
        overdue=sum(one.application.application_id in overdue for one in histories),
    )


def _was_granted(history: ApplicationHistory) -> bool:
    return any(step.kind == "granted" for step in history.steps)


def _span(days: Sequence[int]) -> Span:
    return Span(n=len(days), median=float(median(days)), shortest=min(days), longest=max(days)) if days else Span()
