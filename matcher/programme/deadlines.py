"""What is due next of each open application, and when somebody should be reminded of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from matcher.programme.application import ApplicationHistory
from matcher.programme.rules import Programme
from matcher.records import Record

Due = Literal["decide", "sign", "report", "pay"]
_DUE: Mapping[str, Due] = {"submitted": "decide", "granted": "sign", "signed": "report", "reported": "pay"}
"""State → what comes next. Of the others nothing is due."""


class Deadline(Record):
    """What is due next of one application."""

    application_id: int
    company: str
    region_id: str
    call_id: str
    due: Due
    day: date
    """The last day for it, in the programme's zone."""
    days_left: int
    """Negative where it is overdue."""
    overdue: bool
    reminder: int | None = None
    """Days before the deadline of the reminder that is due now, the latest if several are; `None`: none, or it is overdue."""


def deadlines_of(programme: Programme, histories: Iterable[ApplicationHistory], now: datetime) -> list[Deadline]:
    """What is due of each open application, the most urgent first.

    Args:
        programme: the rules in force.
        histories: of whichever applications; those at an end are passed over.
        now: with its zone.
    """
    today = now.astimezone(ZoneInfo(programme.time_zone)).date()
    found = [_deadline(programme, history, today) for history in histories if history.state in _DUE]
    return sorted(found, key=lambda one: (one.day, one.application_id))


def _deadline(programme: Programme, history: ApplicationHistory, today: date) -> Deadline:
    application = history.application
    due = _DUE[history.state]
    allowed: int = getattr(programme.deadlines, due)
    day = _begins(programme, history) + timedelta(days=allowed)
    left = (day - today).days
    reached = [days for days in programme.deadlines.remind if 0 <= left <= days]
    return Deadline(
        application_id=application.application_id,
        company=application.company,
        region_id=application.region_id,
        call_id=application.call_id,
        due=due,
        day=day,
        days_left=left,
        overdue=left < 0,
        reminder=min(reached, default=None),
    )


def _begins(programme: Programme, history: ApplicationHistory) -> date:
    """The day from which days are counted: of the last step, or of the call's closing where there is none yet."""
    steps = [step for step in history.steps if step.kind != "assessed"]
    if steps:
        return steps[-1].happened
    zone = ZoneInfo(programme.time_zone)
    call = programme.call(history.application.call_id)
    # Rules that came later may have dropped the call: then the day of the application is all there is.
    moment = history.application.submitted_at if call is None else call.closes
    return moment.astimezone(zone).date()
