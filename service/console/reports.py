"""Reports with plots as pages of their own: made to be kept and printed, and served as they are written to files."""

from __future__ import annotations

from fastapi import Response
from fastapi.responses import HTMLResponse

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""Its styles stand in the page; it runs nothing and loads nothing."""


def page_of_its_own(text: str) -> Response:
    """A report that needs nothing but itself."""
    return HTMLResponse(text, headers={"Content-Security-Policy": _POLICY})
