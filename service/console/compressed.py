"""The pages of plans are sent compressed: the grid of a hundred companies takes a tenth of its size."""

from __future__ import annotations

from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from service.console.workshops import PLACE

_SMALLER_ONES_GO_AS_THEY_ARE = 5_000
"""Bytes."""


class CompressedPages:
    """Compresses what lies below the workshops, and nothing else.

    The length of a compressed page tells what it repeats, and the pages behind a link hold its token beside what was sent in.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._compressing = GZipMiddleware(app, minimum_size=_SMALLER_ONES_GO_AS_THEY_ARE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        below = scope["type"] == "http" and scope["path"].startswith(f"{PLACE}/")
        await (self._compressing if below else self._app)(scope, receive, send)
