"""Headers on every answer that tell browsers what not to do with it. There are none for CORS: it stays off.

HSTS is left to whatever ends TLS before this service.
"""

from __future__ import annotations

import base64
import hashlib
import inspect
import re
from collections.abc import Callable

from fastapi import FastAPI
from fastapi.openapi.docs import get_redoc_html, get_swagger_ui_html
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_PLAIN = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_INLINE_SCRIPT = re.compile(rb"<script>(.*?)</script>", re.DOTALL)


def _address(page: Callable[..., object], parameter: str) -> str:
    """Where FastAPI's page loads this from: that one file, not all that lies on the same host."""
    return str(inspect.signature(page).parameters[parameter].default)


_ICON = _address(get_swagger_ui_html, "swagger_favicon_url")
_PAGES: dict[str, tuple[list[str], list[str]]] = {
    "/docs": (
        [_address(get_swagger_ui_html, "swagger_js_url")],
        [
            f"style-src {_address(get_swagger_ui_html, 'swagger_css_url')} 'unsafe-inline'",
            f"img-src data: {_ICON}",
            "connect-src 'self'",
        ],
    ),
    "/docs/oauth2-redirect": ([], []),
    "/redoc": (
        [_address(get_redoc_html, "redoc_js_url")],
        [
            "style-src https://fonts.googleapis.com 'unsafe-inline'",
            "font-src https://fonts.gstatic.com",
            f"img-src data: https://cdn.redoc.ly {_ICON}",
            "connect-src 'self'",
            "worker-src blob:",
        ],
    ),
}
"""Path of a page of FastAPI's → the scripts that it loads, and what else it needs."""


def _page_policy(path: str, page: bytes) -> str:
    """The page's own script by its digest, so that no other that may get into the page is run."""
    script, more = _PAGES[path]
    digests = [base64.b64encode(hashlib.sha256(inline).digest()).decode() for inline in _INLINE_SCRIPT.findall(page)]
    scripts = " ".join(["script-src", *script, *(f"'sha256-{digest}'" for digest in digests)])
    return "; ".join([_NOTHING, scripts, *more])


class SecurityHeaders:
    """ASGI middleware. What the application has said itself stays."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        held: Message | None = None

        async def with_headers(message: Message) -> None:
            nonlocal held
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message["headers"])
                for name, value in _PLAIN.items():
                    headers.setdefault(name, value)
                if path in _PAGES and headers.get("content-type", "").startswith("text/html"):
                    held = message  # until its body tells which scripts are the page's own
                    return
                headers.setdefault("Content-Security-Policy", _NOTHING)
            elif held is not None:
                policy = _page_policy(path, message.get("body", b""))
                MutableHeaders(raw=held["headers"]).setdefault("Content-Security-Policy", policy)
                await send(held)
                held = None
            await send(message)

        await self._app(scope, receive, with_headers)


def add_security_headers(app: FastAPI) -> None:
    """Around everything: middleware that is added the usual way does not see the answer to an unexpected error."""
    plain = app.build_middleware_stack
    app.build_middleware_stack = lambda: SecurityHeaders(plain())  # type: ignore[method-assign]
