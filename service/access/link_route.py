"""`GET /open`: the link's token against a session cookie, and how that cookie is called."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.types import Scope

from service.access.local_link import SESSION_LIFE, LinkRefused, LocalLink
from service.access.refusals import NotAdmitted


def cookie_name(scope: Scope) -> str:
    """With the port: browsers share cookies between all ports of a machine, and two services must not end each other's."""
    server = scope.get("server") or ("", 0)
    return f"crossmatch-{server[1]}"


def link_routes(link: LocalLink | None) -> APIRouter:
    """The route `/open`. Without a link (the service answers beyond this machine) it refuses and says what to use."""
    router = APIRouter()

    @router.get("/open", include_in_schema=False)
    async def open_session(request: Request) -> Response:
        """A session for the token, once; then on to the pages."""
        try:
            if link is None:
                remedy = "Use a key: crossmatch keys create."
                raise LinkRefused("service", "answer on this machine only to be opened by a link", "an open address", remedy)
            session = link.open(request.query_params.get("token", ""))
        except LinkRefused as refusal:
            return NotAdmitted(403, "The link opens nothing", refusal).answer(request.scope)
        response = RedirectResponse("/console", 303)
        seconds = int(SESSION_LIFE.total_seconds())
        # Not `secure`: on the machine itself the service speaks plain HTTP.
        response.set_cookie(cookie_name(request.scope), session, seconds, path="/", httponly=True, samesite="strict")
        return response

    return router
