"""Routes of batches: match many needs at once, read their lists."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from embeddings.errors import shown
from matcher.batch_terms import BatchTerms
from matcher.errors import NotFound
from matcher.fields import LARGEST_NUMBER
from matcher.log import ListSummary
from matcher.records import Need, Record
from service.access.caller import Caller
from service.api.at_desk import AtDesk, FromCaller, IdempotencyKey, found_or_none, log_of, once_of
from service.api.documents import problems
from service.api.matching import need_of_region
from service.batch.at_desk import batches_of
from service.batch.at_once import answer_batch
from service.batch.lists import list_id
from service.record.sql_batches import SqlBatches

MOST_NEEDS = 1_000
"""Needs of one request; larger files are for `crossmatch batch`, which goes on where it stood."""

router = APIRouter()


class BatchAsked(Record):
    """Needs and the terms that they share."""

    needs: Annotated[tuple[Need, ...], Field(min_length=1, max_length=MOST_NEEDS)]
    terms: BatchTerms = BatchTerms()


class BatchMade(Record):
    """A batch that is on record, with the ids of its lists in the order of the needs."""

    batch_id: str
    list_ids: tuple[str, ...]


class BatchPage(Record):
    """A batch and some of its lists, in the order of the needs. `next` asks, as `after`, for the page after; it is absent on
    the last."""

    batch_id: str
    opened_at: datetime
    opened_by: str
    closed_at: datetime | None
    """Absent while it goes on."""
    lists: tuple[ListSummary, ...]
    next: int | None


class PageQuery(Record):
    """Which lists of a batch."""

    after: Annotated[int, Field(ge=0, le=LARGEST_NUMBER)] = 0
    """Only lists with a `number` above this one: the `next` of the page before."""
    limit: Annotated[int, Field(ge=1, le=1_000)] = 50


_REPLAYED = {"Idempotency-Replayed": {"description": "`true` where the key came before", "schema": {"type": "string"}}}
_LOCATION = {"Location": {"description": "Where the lists can be read", "schema": {"type": "string"}}}
_CREATED: dict[int | str, dict[str, Any]] = {201: {"headers": _REPLAYED | _LOCATION}}


@router.post(
    "/v1/batches",
    status_code=201,
    tags=["matching"],
    response_model=BatchMade,
    responses={**_CREATED, **problems(400, 408, 409, 413, 422, 507)},
)
def create_batch(asked: BatchAsked, desk: AtDesk, caller: FromCaller, request: Request, key: IdempotencyKey = None) -> Response:
    """Match many needs under the same terms. All lists are on record before the answer leaves, or none is.

    With an `Idempotency-Key` the same request, sent again, gets the same batch and makes no second one.
    """
    asked = asked.model_copy(update={"needs": tuple(need_of_region(need, caller) for need in asked.needs)})
    once = once_of(key, caller, "batch", asked)
    began, request_id = datetime.now(UTC), request.state.request_id
    batch = answer_batch(desk, asked.needs, asked.terms, asked_by=caller.name, request_id=request_id, once=once)
    batch_id = batch.opening.batch_id
    made = BatchMade(batch_id=batch_id, list_ids=tuple(list_id(batch_id, number) for number in range(1, batch.lists + 1)))
    headers = {"Location": f"/v1/batches/{batch_id}"}
    if batch.opening.opened_at < began:
        headers["Idempotency-Replayed"] = "true"
    return Response(made.model_dump_json(), 201, headers, "application/json")


@router.get("/v1/batches/{batch_id}", tags=["record"], responses=problems(404, 422, 507))
def read_batch(batch_id: str, query: Annotated[PageQuery, Query()], desk: AtDesk, caller: FromCaller) -> BatchPage:
    """A batch and its lists, page by page."""
    batches = batches_of(desk)
    batch = found_or_none(lambda: batches.get(batch_id))
    if batch is None or not _is_seen(batches, batch_id, caller):
        raise NotFound("batch", f"be {log_of(caller)}", shown(batch_id), "GET /v1/match-lists shows each list's batch.")
    # One more than asked for tells whether there is a page after this one.
    found = batches.lists(batch_id, region=caller.region, after=query.after, limit=query.limit + 1)
    page = found[: query.limit]
    return BatchPage(
        batch_id=batch_id,
        opened_at=batch.opening.opened_at,
        opened_by=batch.opening.opened_by,
        closed_at=None if batch.closing is None else batch.closing.closed_at,
        lists=tuple(page),
        next=page[-1].number if len(found) > len(page) else None,
    )


def _is_seen(batches: SqlBatches, batch_id: str, caller: Caller) -> bool:
    """Whether there is anything in it for the caller's region; that there is a batch of others only is not told."""
    return caller.region is None or bool(batches.lists(batch_id, region=caller.region, limit=1))
