"""An event becomes a planned event: what the command writes to a file, and what the service answers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from matcher.pipeline import Matcher
from matcher.workshop.event import Event
from matcher.workshop.planning import plan_workshop
from matcher.workshop.usefulness import Progress, usefulness
from service.workshop.plan_file import PlannedEvent, reasons_for


def plan_event(
    event: Event,
    matcher: Matcher,
    *,
    seconds: float,
    notes: Iterable[str] = (),
    on_progress: Progress = lambda done, total: None,
) -> PlannedEvent:
    """Judge the needs, plan, and say what speaks for each meeting.

    Args:
        event: who comes, and the rules.
        matcher: over the directory that participants may name providers of.
        seconds: for the solver, after which the best plan so far is taken.
        notes: on the event, told with the plan.
        on_progress: called with needs judged and needs in all.

    Raises:
        PlanImpossible: the rules cannot all hold.
        PlanNotFound: time was up before there was a plan, or a proof that there is none.
        Refusal: a fixed meeting, or one that must be, of two who never meet in this kind of event.
    """
    useful = usefulness(event, matcher, on_progress)
    made = plan_workshop(event, useful.probabilities, seconds=seconds)
    return PlannedEvent(
        made_at=datetime.now(UTC),
        engine=matcher.fingerprint,
        event=event,
        plan=made,
        probabilities=tuple(tuple(row) for row in useful.probabilities.tolist()),
        reasons=tuple(reasons_for(event, made.meetings, matcher)),
        notes=(*notes, *useful.notes),
    )
