"""One line a request, and one count in the metrics: measured once, in one place."""

from __future__ import annotations

import logging
import time
from collections.abc import Collection
from typing import Any, Protocol

import structlog
from fastapi.routing import iter_route_contexts
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.access.caller import Caller
from service.operation.request_id import request_id_of

UNKNOWN = "unknown"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_logger = logging.getLogger("crossmatch.requests")


class RequestObserver(Protocol):
    """Hears of every request; see `service.operation.metrics`."""

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """A request to that route was answered so, after so long."""


class RequestLog:
    """ASGI middleware, to be added last, so that it also sees what those within refuse.

    The line has method, route template, status, milliseconds, and of the caller the id of the key, the role and the region.
    Never the path or the query string themselves, nor anything of a body: needs are confidential, and links hold tokens.
    """

    def __init__(self, app: ASGIApp, observer: RequestObserver | None = None, quiet: Collection[str] = ()) -> None:
        """`quiet`: templates of routes whose successes are only told at level DEBUG, as those that monitors ask all day."""
        self._app = app
        self._observer = observer
        self._quiet = frozenset(quiet)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on and tell how it went."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        # Not taken back at the end: the line about an unexpected error is written outside of here, in the same task. Each
        # request begins with its own.
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id_of(scope))
        # What the server says where the application ends without an answer.
        status = 500
        began = time.perf_counter()

        async def noticed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noticed)
        finally:
            self._tell(scope, status, time.perf_counter() - began)

    def _tell(self, scope: Scope, status: int, seconds: float) -> None:
        method = scope["method"] if scope["method"] in _METHODS else "other"
        route = route_template(scope)
        told = {"method": method, "route": route, "status": status, "milliseconds": round(seconds * 1000, 2)}
        level = logging.DEBUG if route in self._quiet and status < 400 else logging.INFO
        _logger.log(level, "request", extra=told | _caller(scope))
        if self._observer is not None:
            self._observer.answered(method, route, status, seconds)


def route_template(scope: Scope) -> str:
    """Path template of the route that the request asks for, as it is declared; `unknown` where there is none.

    Looked up and not read from the scope: a request that was refused on its way never came to the router.
    """
    found = UNKNOWN
    for route in iter_route_contexts(scope["app"].routes) if "app" in scope else ():
        match = route.matches(scope)[0]
        if match is Match.FULL:
            return str(route.path_format or route.path)
        if match is Match.PARTIAL and found == UNKNOWN:
            found = str(route.path_format or route.path)
    return found


def _caller(scope: Scope) -> dict[str, Any]:
    caller = scope.get("state", {}).get("caller")
    if not isinstance(caller, Caller):
        return {}
    role = " and ".join(sorted(caller.roles)) if caller.key_id else caller.name
    return {"key_id": caller.key_id or "none", "role": role, "region": "all" if caller.region is None else caller.region}
