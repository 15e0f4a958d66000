"""Routes of match lists: make one, read it, replay it, erase the need's words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Request, Response

from matcher.log import Erasure, ListQuery, ListSummary, LoggedList
from matcher.records import MatchRequest, Need, Record
from matcher.replay import Replay
from service.access.caller import Caller
from service.access.errors import Forbidden
from service.api.at_desk import AtDesk, FromCaller, IdempotencyKey, once_of, own_list, own_region
from service.api.documents import need_examples, problems

router = APIRouter()


class ListPage(Record):
    """Match lists, newest first. `next` asks, as `before`, for the page after; it is absent on the last."""

    lists: tuple[ListSummary, ...]
    next: int | None


_REPLAYED = {"Idempotency-Replayed": {"description": "`true` where the key came before", "schema": {"type": "string"}}}
_LOCATION = {"Location": {"description": "Where the list can be read again", "schema": {"type": "string"}}}
_CREATED: dict[int | str, dict[str, Any]] = {201: {"headers": _REPLAYED | _LOCATION}}


@router.post(
    "/v1/match-lists",
    status_code=201,
    tags=["matching"],
    response_model=LoggedList,
    responses={**_CREATED, **problems(400, 408, 409, 413, 422, 507)},
)
def create_match_list(
    asked: Annotated[MatchRequest, Body(openapi_examples=need_examples())],
    desk: AtDesk,
    caller: FromCaller,
    request: Request,
    key: IdempotencyKey = None,
) -> Response:
    """Match a need. The list is on record before the answer leaves.

    With an `Idempotency-Key` the same request, sent again, gets the same list and makes no second one.
    """
    terms = asked.model_copy(update={"need": need_of_region(asked.need, caller)})
    once = once_of(key, caller, "match", terms)
    request_id, began = request.state.request_id, datetime.now(UTC)
    entry = desk.answer(terms, asked_by=caller.name, request_id=request_id, once=once)
    headers = {"Location": f"/v1/match-lists/{entry.list_id}"}
    # Who tries again may well do so under the same request id.
    if entry.request_id != request_id or entry.created_at < began:
        headers["Idempotency-Replayed"] = "true"
    return Response(entry.model_dump_json(), 201, headers, "application/json")


@router.get("/v1/match-lists", tags=["record"], responses=problems(422, 507))
def read_match_lists(query: Annotated[ListQuery, Query()], desk: AtDesk, caller: FromCaller) -> ListPage:
    """Match lists on record, newest first."""
    region = own_region(caller, query.need_region)
    # One more than asked for tells whether there is a page after this one.
    found = desk.log.lists(query.model_copy(update={"limit": query.limit + 1, "need_region": region}))
    page = found[: query.limit]
    return ListPage(lists=tuple(page), next=page[-1].number if len(found) > len(page) else None)


@router.get("/v1/match-lists/{list_id}", tags=["record"], responses=problems(404, 422, 507))
def read_match_list(list_id: str, desk: AtDesk, caller: FromCaller) -> LoggedList:
    """A match list exactly as it was given out."""
    return own_list(desk, caller, list_id)


@router.get("/v1/match-lists/{list_id}/replay", tags=["record"], responses=problems(404, 409, 422, 507))
def replay_match_list(list_id: str, desk: AtDesk, caller: FromCaller) -> Replay:
    """Match the need again with today's engine: the same list, or what differs and why."""
    own_list(desk, caller, list_id)
    return desk.replay(list_id)


@router.post("/v1/match-lists/{list_id}/erasure", tags=["record"], responses=problems(404, 422, 507))
def erase_need(list_id: str, desk: AtDesk, caller: FromCaller) -> Erasure:
    """Erase all that is in the need's own words. The match list, its figures and the chain stay."""
    own_list(desk, caller, list_id)
    return desk.log.erase(list_id, caller.name)


def need_of_region(need: Need, caller: Caller) -> Need:
    """A need handed in with a region's key belongs to that region."""
    if caller.region is None or need.region == caller.region:
        return need
    if need.region:
        remedy = "Leave it out, or use a key of that region."
        raise Forbidden("region of the need", f"be the caller's own, {caller.region}", repr(need.region), remedy)
    return need.model_copy(update={"region": caller.region})
