"""Who has to be told what a change of a final plan means for them, and what was cancelled, one line each."""

from __future__ import annotations

from collections.abc import Iterator

from service.workshop.programme import Programme
from service.workshop.versions import ToBeTold


def who_to_tell(programme: Programme) -> Iterator[str]:
    """How many, then what has changed for each; nothing where no version was handed out before.

    For instance `Lungs BV [lungs]: cancelled: Bruno Institute (09:30–09:50); new: Carla Plant 09:55–10:15 at table 2`.
    """
    if programme.planned.version == 1:
        return
    told = programme.planned.changed_for
    yield f"To be told: {len(told)} {'participant' if len(told) == 1 else 'participants'}" if told else "To be told: nobody"
    for one in told:
        who = programme.participants[one.participant_id]
        yield f"  {who.name} [{who.participant_id}]: {_what(programme, one)}"


def lines_of_changes(programme: Programme, participant_id: str | None = None) -> Iterator[str]:
    """Who has to be told, and every meeting that was cancelled since the plan was first final.

    Args:
        programme: of a planned event.
        participant_id: tells only what is about this one.
    """
    for told in programme.planned.changed_for:
        if participant_id in (None, told.participant_id):
            name = programme.participants[told.participant_id].name
            yield f"changed in version {programme.planned.version} for {name}: {_what(programme, told)}"
    for one in programme.planned.cancelled:
        ids = (one.meeting.company_id, one.meeting.provider_id)
        if participant_id in (None, *ids):
            both = " and ".join(programme.participants[who].name for who in ids)
            when = programme.when(programme.slots[one.meeting.slot_id])
            yield f"cancelled in version {one.version}: {both} ({when}, table {one.meeting.table})"


def _what(programme: Programme, told: ToBeTold) -> str:
    has = {one.other.participant_id: one.meeting for one in programme.appointments(told.participant_id)}
    had = {one.other.participant_id: one.meeting for one in programme.cancelled(told.participant_id)}

    def met(other: str) -> str:
        name = programme.participants[other].name
        if other in has:
            return f"{name} {programme.when(programme.slots[has[other].slot_id])} at table {has[other].table}"
        return f"{name} ({programme.when(programme.slots[had[other].slot_id])})" if other in had else name

    kinds = (("cancelled", told.cancelled), ("moved", told.moved), ("new", told.new))
    return "; ".join(f"{kind}: {', '.join(map(met, others))}" for kind, others in kinds if others)
