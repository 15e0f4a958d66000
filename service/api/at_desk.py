"""What routes are given: the desk, who calls, and the key under which a request is carried out once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, TypeVar

from fastapi import Depends, Header, Request

from embeddings.errors import shown
from matcher.errors import NotFound, RequestRefused
from matcher.log import LoggedList, Once
from matcher.records import Record
from service.access.caller import Caller
from service.access.errors import Forbidden
from service.access.keys import holds_key
from service.desk import Desk
from service.record.confidential import without_words
from service.record.last_verification import LastVerification
from service.record.sql_log import SqlMatchLog

Found = TypeVar("Found")


def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


def _caller(request: Request) -> Caller:
    caller: Caller = request.state.caller
    return caller


def _verification(request: Request) -> LastVerification:
    verification: LastVerification = request.app.state.verification
    return verification


AtDesk = Annotated[Desk, Depends(_desk)]
Verifying = Annotated[LastVerification, Depends(_verification)]
FromCaller = Annotated[Caller, Depends(_caller)]
IdempotencyKey = Annotated[
    str | None,
    Header(alias="Idempotency-Key", min_length=1, max_length=200, pattern=r"^[!-~]+$", description="Makes a repeat harmless"),
]


def once_of(key: str | None, caller: Caller, what: str, body: Record) -> Once | None:
    """The mark of a request with an idempotency key; `None` without one.

    Raises:
        RequestRefused: the idempotency key is a key of a caller, which is kept nowhere.
    """
    if key is None:
        return None
    if holds_key(key):
        remedy = "Send that one as 'Authorization: Bearer cm_…', and a new name for each request here."
        raise RequestRefused("Idempotency-Key", "be a name for the request", "a key that lets a caller in", remedy)
    return Once(caller=caller.key_id or caller.name, key=key, request=f"{what} {body.model_dump_json()}")


def own_list(desk: Desk, caller: Caller, list_id: str) -> LoggedList:
    """A list of the caller's region, without the need's words for who may not read them.

    Raises:
        NotFound: there is none; that there is one of another region is not told.
    """
    entry = found_or_none(lambda: desk.log.get(list_id))
    if entry is None or not caller.may_see(entry.answer.request.need.region):
        raise NotFound("match list", f"be {log_of(caller)}", shown(list_id), "GET /v1/match-lists shows the newest.")
    return entry if caller.sees_need_texts else entry.model_copy(update={"answer": without_words(entry.answer)})


def found_or_none(find: Callable[[], Found]) -> Found | None:
    """What is looked for, or `None`: what there is not and what is not the caller's are refused in the same words."""
    try:
        return find()
    except NotFound:
        return None


def log_of(caller: Caller) -> str:
    """Where a caller may look."""
    return "in the match log" if caller.region is None else f"in the match log of region {caller.region}"


def own_region(caller: Caller, asked: str | None) -> str | None:
    """The region that is looked at: the caller's own, or for who sees all the one that is asked for.

    Raises:
        Forbidden: a region is asked for that is not the caller's.
    """
    if asked and not caller.may_see(asked):
        remedy = "Leave it out, or use a key of that region."
        raise Forbidden("region", f"be the caller's own, {caller.region}", repr(asked), remedy)
    return asked or caller.region


def sql_log_of(desk: Desk) -> SqlMatchLog:
    """The record itself, where more of it is asked for than a desk needs."""
    assert isinstance(desk.log, SqlMatchLog)
    return desk.log
