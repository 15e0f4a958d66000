"""Refuses a body that is too large or comes too slowly before it is read into memory, and gives every request an id."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.problems import problem
from service.operation.request_id import REQUEST_ID, request_id_of

_MOST_DROPPED = 50_000_000
"""Bytes of a body over the limit that are read and dropped."""

_MOST_DIGITS = 20
"""Of a length. More is too large, whatever number it is."""


class _RefusedError(Exception):
    """A body that is not read to its end."""

    def __init__(self, status: int, title: str, detail: str) -> None:
        self.status, self.title, self.detail = status, title, detail
        super().__init__(detail)


class BodyLimit:
    """ASGI middleware. A body without a length is counted while it comes in."""

    def __init__(self, app: ASGIApp, largest: int, patience_s: float = 30.0, larger: Mapping[str, int] | None = None) -> None:
        """Read up to these limits.

        Args:
            app: what answers.
            largest: bytes of a body.
            patience_s: for a whole body. Who sends a byte now and then must not hold one of the few places for ever.
            larger: path → bytes, where it is more.
        """
        self._app = app
        self._largest = largest
        self._larger = dict(larger or {})
        self._patience_s = patience_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        request_id = request_id_of(scope)
        until = asyncio.get_running_loop().time() + self._patience_s
        largest = self._larger.get(scope["path"].removeprefix(scope.get("root_path", "")), self._largest)
        refused: _RefusedError | None = None
        started = False
        more_comes = True
        received = 0

        async def counted() -> Message:
            nonlocal received, refused, more_comes
            if not more_comes:
                return await receive()
            try:
                async with asyncio.timeout_at(until):
                    message = await receive()
            except TimeoutError:
                refused = self._too_slow()
                raise refused from None
            more_comes = bool(message.get("more_body", False))
            received += len(message.get("body", b""))
            if received > largest:
                refused = _too_large(largest, "more")
                raise refused
            return message

        async def with_id(message: Message) -> None:
            nonlocal started
            if refused is not None and not started:
                return  # whatever the application makes of the broken body: the answer is the one below
            if message["type"] == "http.response.start":
                started = True
                message["headers"].append((REQUEST_ID.encode(), request_id.encode()))
            await send(message)

        try:
            _check_stated(request.headers.get("content-length", ""), largest)
            await self._app(scope, counted, with_id)
        except _RefusedError as error:
            refused = error
        if refused is not None and not started:
            answer = problem(request, refused.status, refused.title, refused.detail)
            if more_comes and not await self._has_finished(receive, until):
                answer.headers["Connection"] = "close"
            refused = None
            await answer(scope, receive, with_id)

    def _too_slow(self) -> _RefusedError:
        detail = f"The body must be there within {self._patience_s:g} seconds. Got a part of it. Send it again, at once."
        return _RefusedError(408, "The body comes too slowly", detail)

    @staticmethod
    async def _has_finished(receive: Receive, until: float) -> bool:
        """Drop what a caller is still sending, up to a bound: who is cut off while sending does not hear the answer."""
        dropped = 0
        try:
            async with asyncio.timeout_at(until):
                while dropped < _MOST_DROPPED:
                    message = await receive()
                    dropped += len(message.get("body", b""))
                    if message["type"] == "http.disconnect" or not message.get("more_body", False):
                        return True
        except TimeoutError:
            pass
        return False


def _check_stated(length: str, largest: int) -> None:
    if not (length.isascii() and length.isdigit()):
        return
    if len(length) > _MOST_DIGITS:
        raise _too_large(largest, "more")
    if int(length) > largest:
        raise _too_large(largest, f"{int(length):,} bytes")


def _too_large(largest: int, found: str) -> _RefusedError:
    detail = f"The body must have at most {largest:,} bytes. Got {found}. Shorten the need."
    return _RefusedError(413, "The body is too large", detail)
