"""Refuses a body over the limit before it is read into memory, and gives every request an id."""

from __future__ import annotations

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.problems import problem
from service.operation.request_id import REQUEST_ID, request_id_of

_MOST_DROPPED = 50_000_000
"""Bytes of a body over the limit that are read and dropped."""


class _TooLargeError(Exception):
    """More came than is read."""


async def _let_finish(receive: Receive) -> None:
    """Drop what a caller is still sending, up to a bound: who is cut off while sending does not hear the answer."""
    dropped = 0
    while dropped < _MOST_DROPPED:
        message = await receive()
        dropped += len(message.get("body", b""))
        if message["type"] == "http.disconnect" or not message.get("more_body", False):
            return


class BodyLimit:
    """ASGI middleware. A body without a length is counted while it comes in."""

    def __init__(self, app: ASGIApp, largest: int) -> None:
        self._app = app
        self._largest = largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        request_id = request_id_of(scope)
        length = request.headers.get("content-length", "")
        started = too_large = False
        more_comes = True
        received = 0

        async def counted() -> Message:
            nonlocal received, too_large, more_comes
            message = await receive()
            more_comes = bool(message.get("more_body", False))
            received += len(message.get("body", b""))
            if received > self._largest:
                too_large = True
                raise _TooLargeError
            return message

        async def with_id(message: Message) -> None:
            nonlocal started
            if too_large and not started:
                return  # whatever the application makes of the broken body: the answer is the one below
            if message["type"] == "http.response.start":
                started = True
                message["headers"].append((REQUEST_ID.encode(), request_id.encode()))
            await send(message)

        try:
            if length.isdigit() and int(length) > self._largest:
                raise _TooLargeError
            await self._app(scope, counted, with_id)
        except _TooLargeError:
            too_large = True
        if too_large and not started:
            too_large = False
            if more_comes:
                await _let_finish(receive)
            found = f"{int(length):,} bytes" if length.isdigit() else "more"
            detail = f"The body must have at most {self._largest:,} bytes. Got {found}. Shorten the need."
            await problem(request, 413, "The body is too large", detail)(scope, receive, with_id)
