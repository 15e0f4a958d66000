"""A match: what became of it as a time line, and what may come next."""

from __future__ import annotations

from typing import Annotated, Any, get_args

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from embeddings.errors import Refusal
from matcher.errors import LogUnavailable
from matcher.fields import LARGEST_NUMBER
from matcher.lifecycle import DETAILS, MAY_FOLLOW, Anyway, NewStep, Rating, Reason, Result
from matcher.validation import checked
from service.access.caller import FOLLOWING_UP, Caller
from service.api.at_desk import AtDesk, FromCaller
from service.api.notes import shown_notes
from service.api.record import own_match, shown_match
from service.console.forms import Form
from service.console.page import START, page
from service.desk import Desk

router = APIRouter(include_in_schema=False)
MatchId = Annotated[int, Path(ge=1, le=LARGEST_NUMBER)]
_CHOICES: dict[str, tuple[str, ...]] = {
    "reason": get_args(Reason),
    "rating": get_args(Rating),
    "result": get_args(Result),
    "anyway": get_args(Anyway),
}


@router.get(f"{START}/matches/{{match_id}}")
def one_match(request: Request, match_id: MatchId, desk: AtDesk, caller: FromCaller) -> Response:
    """The time line of a match."""
    return _shown(request, desk, caller, match_id, "", {}, 200)


@router.post(f"{START}/matches/{{match_id}}/steps")
async def record_step(request: Request, match_id: MatchId, desk: AtDesk, caller: FromCaller) -> Response:
    """Put on record what happened."""
    form = await Form.of(request)
    own_match(desk, caller, match_id)
    kind = form.one("kind")
    told: dict[str, Any] = {"kind": kind}
    told |= {name: form.one(name) for name in (*DETAILS.get(kind, ()), "happened_on") if form.one(name)}
    try:
        step = checked(NewStep, {**told, "match_id": match_id}, "step")
        await run_in_threadpool(desk.log.record_step, step, caller.name)
    except LogUnavailable:
        raise
    except Refusal as refusal:
        return _shown(request, desk, caller, match_id, str(refusal), told, 422)
    return RedirectResponse(f"{START}/matches/{match_id}", 303)


def _shown(
    request: Request, desk: Desk, caller: Caller, match_id: int, refused: str, told: dict[str, Any], status: int
) -> Response:
    history = own_match(desk, caller, match_id)
    return page(
        request,
        "match_history.html",
        status=status,
        history=history,
        logged=shown_match(history.match, caller),
        notes=[one for one in shown_notes(desk, caller, history.match.list_id) if one.match_id == match_id],
        may_write=bool(caller.roles & FOLLOWING_UP),
        may_follow=MAY_FOLLOW[history.state] if caller.roles & FOLLOWING_UP else (),
        details=DETAILS,
        choices=_CHOICES,
        refused=refused,
        told=told,
    )
