"""Which matches a company is to be asked about, and since when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from matcher.lifecycle import StepKind, in_force
from matcher.log import MatchHistory
from matcher.records import Day, Record
from matcher.surveys import Sent, SurveyKind

STATES = ("accepted", "met", "incentive granted")
"""States of a match whose company can be asked."""
ABOUT: Mapping[SurveyKind, StepKind] = {"after the event": "met", "after six months": "incentive granted"}
"""Survey → the step that it is about."""
AFTER_EVENT = timedelta(days=3)
AFTER_INCENTIVE = timedelta(days=182)
USUAL_WAIT: Mapping[SurveyKind, timedelta] = {"after the event": AFTER_EVENT, "after six months": AFTER_INCENTIVE}
"""Survey → how long after that step it is due."""


class Due(Record):
    """A survey that is to be sent."""

    survey: SurveyKind
    match_id: int
    company: str
    company_country: str
    region: str
    provider_id: str
    provider: str
    happened_on: Day
    """The day of the step that it is about; where there is none, of the newest step."""


def unsent(survey: SurveyKind, histories: Iterable[MatchHistory], sent: Iterable[Sent], since: date) -> Iterator[Due]:
    """The matches of which that survey was not sent yet, in order of the match.

    Args:
        survey: which.
        histories: of matches.
        sent: all surveys that were sent.
        since: only matches of which something happened on that day or later.
    """
    asked = _asked(survey, sent)
    for history in histories:
        if history.match.match_id in asked or history.state not in STATES:
            continue
        steps = in_force(history.steps)
        if max(step.happened for step in steps) >= since:
            about = [step.happened for step in steps if step.kind == ABOUT[survey]]
            yield _due(survey, history, max(about or [steps[-1].happened]))


def due(
    histories: Iterable[MatchHistory],
    sent: Iterable[Sent],
    today: date,
    waits: Mapping[SurveyKind, timedelta] = USUAL_WAIT,
) -> list[Due]:
    """The surveys that are due and were not sent, those that wait longest first.

    After the event one is due a while after the two met, whatever came of it since; after an incentive half a year later. A
    meeting that did not take place is none.

    Args:
        histories: of matches.
        sent: all surveys that were sent.
        today: the day.
        waits: survey → how long after its step it is due.
    """
    sent = list(sent)
    asked = {survey: _asked(survey, sent) for survey in ABOUT}
    found = []
    for history in histories:
        for survey, kind in ABOUT.items():
            happened = [
                step.happened for step in in_force(history.steps) if step.kind == kind and step.rating != "did not take place"
            ]
            if happened and max(happened) + waits[survey] <= today and history.match.match_id not in asked[survey]:
                found.append(_due(survey, history, max(happened)))
    return sorted(found, key=lambda one: (one.happened_on + waits[one.survey], one.match_id, one.survey))


def _asked(survey: SurveyKind, sent: Iterable[Sent]) -> frozenset[int]:
    return frozenset(one.match_id for one in sent if one.survey == survey)


def _due(survey: SurveyKind, history: MatchHistory, happened_on: date) -> Due:
    match = history.match
    return Due(
        survey=survey,
        match_id=match.match_id,
        company=match.company,
        company_country=match.need_country,
        region=match.need_region,
        provider_id=match.match.provider_id,
        provider=match.match.name,
        happened_on=happened_on,
    )
