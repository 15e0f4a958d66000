"""What could not be done, as a page: what was required, what was found, and what to do."""

from __future__ import annotations

from typing import Any

from fastapi import Request, Response

from service.console.page import START, is_behind_a_link, page


def is_page(path: str) -> bool:
    """Whether a person is at the other end."""
    return path == START or path.startswith(f"{START}/") or is_behind_a_link(path)


def problem_page(request: Request, status: int, title: str, detail: str, told: dict[str, Any]) -> Response:
    """The page; where nobody has signed in yet, the form to do so."""
    if status == 401:
        query = f"?{request.url.query}" if request.url.query else ""
        goes_to = f"{request.url.path}{query}" if request.method == "GET" else START
        return page(request, "sign_in.html", status=401, goes_to=goes_to, refused="")
    return page(
        request,
        "problem.html",
        status=status,
        problem={"status": status, "title": title, "detail": detail, "remedy": told.get("remedy", "")},
        request_id=getattr(request.state, "request_id", ""),
    )
