"""Routes of notes beside the match lists, and of corrections that companies ask for."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Query

from matcher.errors import RequestRefused
from matcher.notes import NewNote, Note, NoteTold, WaitingCorrection
from matcher.records import Line, Record
from service.access.caller import Caller
from service.api.at_desk import AtDesk, FromCaller, IdempotencyKey, once_of, own_list, own_region, sql_log_of
from service.api.documents import problems
from service.api.exact_types import exactly
from service.api.upkeep_examples import note_examples
from service.desk import Desk
from service.record.confidential import ERASED
from service.record.sql_notes import SqlNotes

router = APIRouter(tags=["record"])
NUMBERS = ("match_id", "answers")


class Notes(Record):
    """The notes on a list and its matches, in order of recording."""

    notes: tuple[Note, ...]


class WaitingCorrections(Record):
    """Corrections that companies asked for and nobody has answered, those that wait longest first."""

    waiting: tuple[WaitingCorrection, ...]


class CorrectionQuery(Record):
    """Whose corrections."""

    region: Line | None = None
    """Of lists of this region only."""


@router.post("/v1/match-lists/{list_id}/notes", status_code=201, responses=problems(400, 404, 408, 409, 413, 422, 507))
def write_note(
    list_id: str,
    told: Annotated[NoteTold, exactly(numbers=NUMBERS), Body(openapi_examples=note_examples())],
    desk: AtDesk,
    caller: FromCaller,
    key: IdempotencyKey = None,
) -> Note:
    """Write a note beside a list or one of its matches, or answer a correction that the company asked for."""
    return written(desk, caller, list_id, told, key)


@router.get("/v1/match-lists/{list_id}/notes", responses=problems(404, 422, 507))
def read_notes(list_id: str, desk: AtDesk, caller: FromCaller) -> Notes:
    """The notes on a list and its matches."""
    own_list(desk, caller, list_id)
    return Notes(notes=tuple(shown_notes(desk, caller, list_id)))


@router.get("/v1/corrections", responses=problems(422, 507))
def read_corrections(query: Annotated[CorrectionQuery, Query()], desk: AtDesk, caller: FromCaller) -> WaitingCorrections:
    """Corrections that companies asked for and nobody has answered."""
    region = own_region(caller, query.region)
    return WaitingCorrections(waiting=tuple(SqlNotes(sql_log_of(desk)).waiting(region)))


def written(desk: Desk, caller: Caller, list_id: str, told: NoteTold, key: str | None = None) -> Note:
    """Put a caller's note on record.

    Raises:
        NotFound: there is no such list in the caller's region, or the match is not on it.
        RequestRefused: it asks for a correction, which only the company does, through its link.
        StepRefused: it may not follow the notes before it, or the words of the list were erased.
    """
    own_list(desk, caller, list_id)
    if told.kind == "correction asked":
        remedy = "Write a note, or send the company a link (POST /v1/links)."
        raise RequestRefused("kind of the note", "not be 'correction asked': the company asks through its link", "that", remedy)
    new = NewNote(list_id=list_id, **told.model_dump())
    return SqlNotes(sql_log_of(desk)).write(new, caller.name, once_of(key, caller, "note", new))


def shown_notes(desk: Desk, caller: Caller, list_id: str) -> list[Note]:
    """The notes on a list, without their words for who may not read the need's."""
    found = SqlNotes(sql_log_of(desk)).of_list(list_id)
    return found if caller.sees_need_texts else [one.model_copy(update={"text": ERASED}) for one in found]
