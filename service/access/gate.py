"""Lets in who may call a route, before anything of the request is read. Says to all others why not."""

from __future__ import annotations

import asyncio
import logging

from fastapi import Request
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from embeddings.errors import Refusal
from matcher.errors import LogUnavailable
from service.access.address import address_of
from service.access.caller import LOCAL, Caller
from service.access.errors import Forbidden
from service.access.keyring import Keyring
from service.access.keys import KeyRefused
from service.access.limits import RateLimits
from service.access.link_route import cookie_name
from service.access.local_link import LocalLink
from service.access.refusals import NotAdmitted
from service.access.routes import rule_of
from service.access.same_origin import check_same_origin
from service.access.sessions import Sessions

_logger = logging.getLogger("crossmatch.access")


class Gate:
    """ASGI middleware by `rules.RULES`. A request that would call no route goes on, to be answered with 404 or 405.

    Whom a request is answered for is `request.state.caller`, except on public routes.
    """

    def __init__(
        self,
        app: ASGIApp,
        keyring: Keyring,
        rates: RateLimits,
        link: LocalLink | None = None,
        sessions: Sessions | None = None,
    ) -> None:
        """`link`: of a service on loopback, whose sessions are the local user; `sessions`: of who signed in with a key."""
        self._app = app
        self._keyring = keyring
        self._rates = rates
        self._link = link
        self._sessions = sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or refuse it."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] == "http":
            try:
                await self._admit(scope)
            except NotAdmitted as refused:
                _log(scope, refused)
                await refused.answer(scope)(scope, receive, send)
                return
        await self._app(scope, receive, send)

    async def _admit(self, scope: Scope) -> None:
        rule = rule_of(scope)
        if rule is None or rule.public:
            return
        caller = await self._caller(scope)
        self._rates.check_call(caller.key_id or caller.name)
        if not rule.admits(caller):
            wanted = f"be one that may do this: {', '.join(sorted(rule.roles)) or 'there is none'}"
            remedy = "Use a key of such a role, or have one made with crossmatch keys create."
            raise NotAdmitted(403, "Not for this role", Forbidden("role", wanted, caller.in_words, remedy))
        scope.setdefault("state", {})["caller"] = caller

    async def _caller(self, scope: Scope) -> Caller:
        headers = Headers(scope=scope)
        try:
            presented = _presented_key(headers.getlist("authorization"))
            if presented is not None:
                return await self._key_caller(presented)
        except KeyRefused as refused:
            raise self._unknown(scope, refused, 'Bearer error="invalid_token"') from None
        session = Request(scope).cookies.get(cookie_name(scope), "")
        if self._link is not None and self._link.is_session(session):
            check_same_origin(scope["method"], headers)
            return LOCAL
        if self._sessions is not None and (key_id := self._sessions.key_of(session)) is not None:
            check_same_origin(scope["method"], headers)
            return await self._key_holder(scope, key_id)
        shown_at_start = " Or open the link that the service showed at its start." if self._link else ""
        remedy = f"Send a key as 'Authorization: Bearer cm_…'; crossmatch keys create makes one.{shown_at_start}"
        raise self._unknown(scope, KeyRefused("request", "carry a key", "none", remedy), "Bearer")

    async def _key_holder(self, scope: Scope, key_id: str) -> Caller:
        try:
            return await asyncio.to_thread(self._keyring.holder_of, key_id)
        except KeyRefused as refused:
            raise self._unknown(scope, refused, 'Bearer error="invalid_token"') from None
        except LogUnavailable as error:
            raise _keys_cannot_be_checked(error) from error

    async def _key_caller(self, presented: str) -> Caller:
        known = self._keyring.known_caller(presented)
        if known is not None:
            return known
        try:
            # Not in a thread of the pool where needs are matched: behind those a look at a key would wait its turn.
            return await asyncio.to_thread(self._keyring.caller_of, presented)
        except LogUnavailable as error:
            raise _keys_cannot_be_checked(error) from error

    def _unknown(self, scope: Scope, refusal: KeyRefused, challenge: str) -> NotAdmitted:
        try:
            self._rates.check_failure(address_of(scope))
        except NotAdmitted as too_often:
            return too_often
        return NotAdmitted(401, "Who asks is not known", refusal, {"WWW-Authenticate": challenge})


def _presented_key(given: list[str]) -> str | None:
    """The key of the header `Authorization`, in whatever state; `None` where there is no such header.

    Raises:
        KeyRefused: there are several, or it is not of the scheme `Bearer`.
    """
    if not given:
        return None
    remedy = "Send one header, 'Authorization: Bearer cm_…'."
    if len(given) > 1:
        raise KeyRefused("request", "have one header Authorization", str(len(given)), remedy)
    scheme, _, key = given[0].strip(" \t").partition(" ")
    if scheme.lower() != "bearer":
        raise KeyRefused("header Authorization", "be of the scheme Bearer", "another", remedy)
    return key.strip(" \t")


def _keys_cannot_be_checked(error: LogUnavailable) -> NotAdmitted:
    _logger.error("keys cannot be checked: %s", error)
    refusal = Refusal("record", "be readable, to check the key", "an error while reading it", "Ask again in a while.")
    return NotAdmitted(503, "Keys cannot be checked", refusal, {"Retry-After": "5"})


def _log(scope: Scope, refused: NotAdmitted) -> None:
    # Not those that come too often: a flood of requests must not become one of log lines.
    if refused.status != 429:
        request_id = scope.get("state", {}).get("request_id", "")
        _logger.warning("%d for %s: %s (request %s)", refused.status, address_of(scope), refused.refusal, request_id)
