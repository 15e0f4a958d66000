"""Styles, script and outlines of the pages, from the package."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources

from fastapi import APIRouter, Response

from embeddings.errors import shown
from matcher.errors import NotFound
from service.console.outlines import outlines_svg
from service.console.page import START

router = APIRouter(include_in_schema=False)
_SCRIPT = "text/javascript; charset=utf-8"
_DRAWING = "image/svg+xml"
_OUTLINES = "outlines.svg"
_KINDS = {
    "console.css": "text/css; charset=utf-8",
    "console.js": _SCRIPT,
    "grid.js": _SCRIPT,
    "mark.svg": _DRAWING,
    _OUTLINES: _DRAWING,
}


@router.get(f"{START}/static/{{name}}")
def static_file(name: str) -> Response:
    """One of the few files that there are."""
    if name not in _KINDS:
        raise NotFound("file", f"be one of {', '.join(_KINDS)}", shown(name), "")
    content, tag = _read(name)
    # Asked for again with each new start: a page never meets the script of another version for long.
    return Response(content, headers={"Cache-Control": "max-age=300", "ETag": tag}, media_type=_KINDS[name])


@cache
def _read(name: str) -> tuple[bytes, str]:
    # Made of the shipped data, in which the outlines are kept in degrees.
    content = outlines_svg() if name == _OUTLINES else (resources.files("service.console") / "static" / name).read_bytes()
    return content, f'"{hashlib.sha256(content).hexdigest()[:16]}"'
