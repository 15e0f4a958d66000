"""Notes beside lists and matches, and corrections that companies ask for."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from embeddings.errors import Refusal
from matcher.errors import LogUnavailable, NotFound
from matcher.notes import NoteTold
from matcher.validation import checked
from service.api.at_desk import AtDesk, FromCaller, sql_log_of
from service.api.notes import written
from service.console.forms import Form
from service.console.page import START, page
from service.record.sql_notes import SqlNotes

router = APIRouter(include_in_schema=False)
PLACE = f"{START}/corrections"


@router.get(PLACE)
def corrections(request: Request, desk: AtDesk, caller: FromCaller) -> Response:
    """What companies say is wrong, and nobody has answered."""
    waiting = SqlNotes(sql_log_of(desk)).waiting(caller.region)
    return page(request, "corrections.html", waiting=waiting, refused="", told={})


@router.post(f"{START}/lists/{{list_id}}/notes")
async def write(request: Request, list_id: str, desk: AtDesk, caller: FromCaller) -> Response:
    """Put a note on record, or the answer to a correction; then back to where it was written."""
    form = await Form.of(request)
    numbers = {name: int(form.one(name)) for name in ("match_id", "answers") if form.one(name).isdecimal()}
    told: dict[str, Any] = {"kind": form.one("kind") or "note", "text": form.one("text"), **numbers}
    try:
        note = await run_in_threadpool(lambda: written(desk, caller, list_id, checked(NoteTold, told, "note")))
    except (LogUnavailable, NotFound):
        raise
    except Refusal as refusal:
        waiting = await run_in_threadpool(SqlNotes(sql_log_of(desk)).waiting, caller.region)
        kept = {**told, "list_id": list_id}
        return page(request, "corrections.html", status=422, waiting=waiting, refused=str(refusal), told=kept)
    if note.answers is not None:
        return RedirectResponse(PLACE, 303)
    about = f"matches/{note.match_id}" if note.match_id is not None else f"lists/{note.list_id}"
    return RedirectResponse(f"{START}/{about}#notes", 303)
