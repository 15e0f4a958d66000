"""Draft and final: which version of a plan was handed out when, what was cancelled since, and who has to be told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from embeddings.errors import Refusal
from matcher.records import Record
from matcher.workshop.plan import Meeting

Status = Literal["draft", "final"]
Number = Annotated[int, Field(ge=1, le=1_000_000)]
_REMEDY = "Take the plan file as it was written; change it with crossmatch workshop change."


class Version(Record):
    """A version of a final plan."""

    number: Number
    """1 when the plan was made final, one more with each change after that."""
    made_at: AwareDatetime


class Cancelled(Record):
    """A meeting of a final plan that a later version has no more."""

    meeting: Meeting
    """When and where it would have been, as last handed out."""
    version: Number
    """First version without it."""


class ToBeTold(Record):
    """A participant whose day is another than in the version before; each field names whom it meets."""

    participant_id: str
    new: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    """To another time or table."""
    cancelled: tuple[str, ...] = ()


def check_versions(
    status: Status, version: int, versions: Sequence[Version], cancelled: Sequence[Cancelled], meetings: Sequence[Meeting]
) -> None:
    """Return if they tell one story.

    Raises:
        Refusal: a draft that is not version 1 or has something of a final plan; a final plan whose versions do not count
            from 1 to its own; a meeting that was cancelled later than that, twice, or takes place.
    """
    if status == "draft":
        if version != 1 or versions or cancelled:
            found = f"version {version}, {len(versions)} final versions and {len(cancelled)} cancelled meetings"
            raise Refusal("plan", "be version 1 as a draft, with nothing handed out or cancelled", found, _REMEDY)
        return
    numbers = [one.number for one in versions]
    if numbers != [*range(1, len(numbers) + 1)] or len(numbers) != version:
        found = ", ".join(map(str, numbers[:10])) or "none"
        raise Refusal("versions of a final plan", f"count from 1 to {version}", found, _REMEDY)
    late = next((one.version for one in cancelled if one.version > version), None)
    if late is not None:
        raise Refusal("cancelled meeting", f"be cancelled by version {version}", f"version {late}", _REMEDY)
    taken = {pair_of(one) for one in meetings}
    for one in cancelled:
        pair = pair_of(one.meeting)
        if pair in taken:
            raise Refusal("cancelled meeting", "be of two who do not meet", " and ".join(sorted(pair)), _REMEDY)
        taken.add(pair)


def cancelled_since(
    before: Sequence[Meeting], so_far: Sequence[Cancelled], now: Sequence[Meeting], version: int
) -> tuple[Cancelled, ...]:
    """Meetings that were handed out and take place no more; whoever meets again after all is not among them.

    Args:
        before: of the version before.
        so_far: cancelled before that.
        now: of the new version.
        version: its number.
    """
    meets = {pair_of(one) for one in now}
    gone = [Cancelled(meeting=one, version=version) for one in before]
    return tuple(one for one in (*so_far, *gone) if pair_of(one.meeting) not in meets)


def who_has_to_be_told(before: Sequence[Meeting], now: Sequence[Meeting], order: Sequence[str]) -> tuple[ToBeTold, ...]:
    """Everybody with another meeting, time or table than before.

    Args:
        before: meetings of the version before.
        now: meetings of the new version.
        order: ids of all participants, in the order in which they are told.
    """
    had, has = ({pair_of(one): one for one in some} for some in (before, now))
    told: dict[str, dict[str, list[str]]] = {}
    for pair in [*had, *(one for one in has if one not in had)]:
        old, new = had.get(pair), has.get(pair)
        if old is not None and new is not None and (old.slot_id, old.table) == (new.slot_id, new.table):
            continue
        kind = "new" if old is None else "cancelled" if new is None else "moved"
        meeting = new or old
        assert meeting is not None
        for one, other in ((meeting.company_id, meeting.provider_id), (meeting.provider_id, meeting.company_id)):
            told.setdefault(one, {}).setdefault(kind, []).append(other)
    return tuple(ToBeTold.model_validate({"participant_id": one, **told[one]}) for one in order if one in told)


def pair_of(meeting: Meeting) -> frozenset[str]:
    """The two who meet, whichever is which."""
    return frozenset((meeting.company_id, meeting.provider_id))
