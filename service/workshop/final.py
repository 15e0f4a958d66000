"""A draft becomes a final plan; a change of a final plan becomes its next version."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from embeddings.errors import Refusal
from matcher.workshop.checker import check
from service.workshop.plan_file import PlannedEvent
from service.workshop.versions import Version, cancelled_since, who_has_to_be_told

_MOST_NAMED = 3


class FinalRefused(Refusal):
    """A plan that cannot be made final; `breaks` are the rules that it breaks, in words."""

    def __init__(self, place: str, required: str, found: str, remedy: str, breaks: Sequence[str] = ()) -> None:
        super().__init__(place, required, found, remedy)
        self.breaks = tuple(breaks)


def made_final(planned: PlannedEvent, at: datetime | None = None) -> PlannedEvent:
    """The draft as version 1 of a final plan.

    Args:
        planned: stays as it is.
        at: when; now where it is not said.

    Raises:
        FinalRefused: it is final already, or breaks a rule of its event.
    """
    if planned.status == "final":
        remedy = "Hand it out with crossmatch workshop export, or change it with crossmatch workshop change."
        raise FinalRefused("plan", "be a draft to be made final", f"a final plan, version {planned.version}", remedy)
    broken = check(planned.event, planned.plan)
    if broken:
        more = f" (and {len(broken) - _MOST_NAMED} more)" if len(broken) > _MOST_NAMED else ""
        remedy = "Change it with crossmatch workshop change, or plan anew; it stays a draft."
        found = "; ".join(broken[:_MOST_NAMED]) + more
        raise FinalRefused("plan", "break no rule of its event to be made final", found, remedy, broken)
    version = Version(number=1, made_at=at or datetime.now(UTC))
    return planned.model_copy(update={"status": "final", "version": 1, "versions": (version,)})


def next_version(before: PlannedEvent, changed: PlannedEvent) -> PlannedEvent:
    """The changed plan as what follows the one before: a draft after a draft, after a final plan its next version.

    Args:
        before: what was changed.
        changed: the same event with its new plan.
    """
    if before.status == "draft":
        return changed
    number = before.version + 1
    had, has = before.plan.meetings, changed.plan.meetings
    people = [one.participant_id for one in changed.event.participants]
    return changed.model_copy(
        update={
            "status": "final",
            "version": number,
            "versions": (*before.versions, Version(number=number, made_at=changed.made_at)),
            "cancelled": cancelled_since(had, before.cancelled, has, number),
            "changed_for": who_has_to_be_told(had, has, people),
        }
    )


def check_final(planned: PlannedEvent, place: str) -> None:
    """Return if what became of the plan's meetings may go on record.

    Args:
        planned: from a plan file.
        place: the file, in words.

    Raises:
        FinalRefused: it is a draft: who was invited by another plan may never have had these meetings.
    """
    if planned.status == "draft":
        remedy = (
            "Make it final with crossmatch workshop final, or give the final plan that was handed out. "
            "If the event took place without one, give its folder instead of the plan."
        )
        raise FinalRefused(place, "be final before its outcomes go on record", "a draft", remedy)
