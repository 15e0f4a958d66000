"""What is asked and answered about workshops: an event to plan, a planned event to change."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from embeddings.errors import Refusal
from matcher.records import Line, Record
from matcher.workshop.event import Event, FixedMeeting
from matcher.workshop.plan import Meeting
from service.api.plain_values import PLAIN
from service.workshop.changing import Asked
from service.workshop.plan_file import PlannedEvent

MOST_CHANGES = 200
"""Of a kind in one request."""
MOST_SWAPS = 20
"""Each tells anew how good the plan is."""
_Id = Annotated[Line, Field(min_length=1, max_length=100)]
_Seconds = Annotated[float, Field(ge=1, le=60, strict=True, allow_inf_nan=False)]


class WorkshopAsked(Record):
    """An event, and how it is to be planned."""

    event: Annotated[Event, PLAIN]
    seconds: _Seconds = 20.0
    """For the solver; the best plan by then is given out."""
    leave_out_known: Annotated[bool, Field(strict=True)] = True
    """Leave out pairs that know each other by the match log, as far as the caller may see it."""


class Two(Record):
    """A company and whom it meets."""

    company_id: _Id
    provider_id: _Id
    """In an event of companies only: the other company."""

    @property
    def ids(self) -> tuple[str, str]:
        """Both."""
        return self.company_id, self.provider_id


class Swap(Record):
    """Two meetings of the plan."""

    first: Two
    second: Two


class Move(Two):
    """A meeting of the plan, and where it is to be instead."""

    slot_id: _Id
    table: Annotated[int, Field(ge=1, le=10_000, strict=True)] | None = None
    """Its own, or any free one, where it is not told."""


class Changes(Record):
    """What is to change, by hand or on the day."""

    fix: Annotated[tuple[FixedMeeting, ...], Field(max_length=MOST_CHANGES)] = ()
    """These meet."""
    forbid: Annotated[tuple[Two, ...], Field(max_length=MOST_CHANGES)] = ()
    """These do not."""
    hold: Annotated[tuple[Two, ...], Field(max_length=MOST_CHANGES)] = ()
    """These meet, and keep their time whatever else changes; nothing is planned anew for it."""
    free: Annotated[tuple[Two, ...], Field(max_length=MOST_CHANGES)] = ()
    """For these nothing is decided by hand any more; nothing is planned anew for it."""
    swap: Annotated[tuple[Swap, ...], Field(max_length=MOST_SWAPS)] = ()
    """After all that is planned anew, in this order."""
    exchange: Literal["times", "partners"] = "times"
    """What the two meetings of a swap exchange: when they are, or their companies."""
    move: Annotated[tuple[Move, ...], Field(max_length=MOST_CHANGES)] = ()
    """Last of all, in this order."""
    absent: Annotated[tuple[_Id, ...], Field(max_length=MOST_CHANGES)] = ()
    """Participants who do not come."""
    from_slot: _Id | None = None
    """Before this slot nothing changes any more."""

    @model_validator(mode="after")
    def _says_something(self) -> Changes:
        if not self.asked.says_something:
            remedy = "Give fix, forbid, hold, free, swap, move, absent or from_slot."
            raise Refusal("changes", "say what is to change", "nothing", remedy)
        return self

    @property
    def asked(self) -> Asked:
        """The same, as `service.workshop.changing.changed` takes it."""
        return Asked(
            fix=[(one.company_id, one.provider_id, one.slot_id) for one in self.fix],
            forbid=[one.ids for one in self.forbid],
            hold=[one.ids for one in self.hold],
            free=[one.ids for one in self.free],
            move=[(one.ids, one.slot_id, one.table) for one in self.move],
            swap=[(one.first.ids, one.second.ids) for one in self.swap],
            exchange=self.exchange,
            absent=self.absent,
            from_slot=self.from_slot,
        )


class ChangesAsked(Record):
    """A planned event and what is to change in it."""

    planned: Annotated[PlannedEvent, PLAIN]
    """As it was answered, or as it stands in a plan file."""
    changes: Changes
    seconds: _Seconds = 20.0
    """For the solver; the best plan by then is given out."""


class WorkshopChanged(Record):
    """A planned event after changes, and what became of the meetings before: the same pair in the same slot stays."""

    planned: PlannedEvent
    kept: int
    lost: tuple[Meeting, ...]
    new: tuple[Meeting, ...]
    fewest_changes: bool
    """It is proven that no plan under the same rules keeps more of the meetings."""
