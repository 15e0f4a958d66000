"""Domain errors as HTTP problem details (RFC 9457)."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.routing import Match

from embeddings.errors import EncoderUnavailable, IndexDamaged, IndexMismatch, IndexMissing, Refusal, TextRefused, shown
from matcher.errors import (
    DirectoryRefused,
    KeyReused,
    LogUnavailable,
    NeedTooLong,
    NotFound,
    PlanImpossible,
    PlanNotFound,
    RecordBroken,
    ReplayImpossible,
    RequestRefused,
    RuleBroken,
    StepRefused,
)
from matcher.links import LinkRefused
from matcher.validation import is_need_too_long, parts_of
from matcher.workshop.change_rules import ChangeRefused
from service.access.errors import Forbidden
from service.operation.request_id import REQUEST_ID
from service.store.errors import StoreUnavailable
from service.workshop.given_plan import PlanBroken
from service.workshop.turn import PlannerBusy

_STATUS: dict[type[Refusal], tuple[int, str]] = {
    RequestRefused: (422, "The request cannot be matched as given"),
    TextRefused: (422, "The request cannot be matched as given"),
    NeedTooLong: (413, "The need is too long"),
    NotFound: (404, "Not found"),
    Forbidden: (403, "Not yours"),
    LinkRefused: (403, "The link opens nothing"),
    StepRefused: (409, "The step is not legal now"),
    RuleBroken: (409, "A rule of the programme does not allow it"),
    KeyReused: (422, "The idempotency key came before with another request"),
    RecordBroken: (409, "The record does not hold"),
    ReplayImpossible: (409, "The list cannot be replayed"),
    IndexMismatch: (409, "The index does not fit the encoder"),
    IndexMissing: (503, "There is no index"),
    IndexDamaged: (503, "The index is damaged"),
    EncoderUnavailable: (503, "The encoder cannot be opened"),
    StoreUnavailable: (503, "The shared store does not answer"),
    DirectoryRefused: (422, "The directory has mistakes"),
    PlanImpossible: (422, "The rules of the event cannot all hold"),
    PlanNotFound: (422, "No plan was found in time"),
    ChangeRefused: (422, "The change is not possible"),
    PlanBroken: (422, "The plan does not hold"),
    LogUnavailable: (507, "The match log cannot be written"),
}
MOST_TOLD = 100
"""Problems of one request that are told: a body of nothing but mistakes must not make an answer many times its size."""

_PLAIN_CAUSE = re.compile(r"(?:I/O|[\w ,.:()'-]){1,100}")
"""What an error of the service's own may be called by. Addresses of servers, files and accounts have other signs too."""
_logger = logging.getLogger("crossmatch")


def problem(request: Request, status: int, title: str, detail: str, **more: Any) -> Response:
    """One problem document, with the request's id; a page of the console where a person asked for one."""
    # Only here: pages are made of what the routes below them answer.
    from service.console.problem_page import is_page, problem_page

    if is_page(request.scope["path"]):
        return problem_page(request, status, title, detail, more)
    content = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    # Not `request.url`: of a query or a host that cannot be read none can be made.
    content |= {"instance": request.scope["path"], "request_id": getattr(request.state, "request_id", "")} | more
    return JSONResponse(content, status, media_type="application/problem+json")


def _on_refusal(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    status, title = next((known for kind, known in _STATUS.items() if isinstance(error, kind)), (422, "Refused"))
    if status >= 500:
        _logger.error("%s (request %s)", error, getattr(request.state, "request_id", ""))
        error = _without_addresses(error)
    return problem(request, status, title, str(error), **_parts(error), **_rules(error))


def _on_busy(request: Request, error: Exception) -> Response:
    assert isinstance(error, PlannerBusy)
    response = problem(request, 503, "The service is busy", str(error), **_parts(error))
    response.headers["Retry-After"] = str(error.again_in_s)
    return response


def _rules(refusal: Refusal) -> dict[str, Any]:
    """What is in the way: the rule of the programme by name, or rules of an event, a sentence each."""
    if isinstance(refusal, RuleBroken):
        return {"rule": refusal.rule}
    if isinstance(refusal, PlanImpossible):
        return {"rules": list(refusal.told)} if refusal.told else {}
    breaks = refusal.breaks if isinstance(refusal, ChangeRefused | PlanBroken) else ()
    return {"rules": list(breaks[:MOST_TOLD])} if breaks else {}


def _parts(refusal: Refusal) -> dict[str, str]:
    return {"place": refusal.place, "required": refusal.required, "found": refusal.found, "remedy": refusal.remedy}


def _without_addresses(refusal: Refusal) -> Refusal:
    """Where files and databases lie is for the service's own log: anybody may ask for `/readyz`."""
    place, remedy = (" ".join(word for word in text.split() if "/" not in word) for text in (refusal.place, refusal.remedy))
    found = refusal.found if _PLAIN_CAUSE.fullmatch(refusal.found) else "an error that the service's log tells"
    return Refusal(place, refusal.required, found, remedy)


def _on_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    problems = []
    errors = error.errors()
    for one in errors[:MOST_TOLD]:
        if one["type"] == "json_invalid":
            cause = one.get("ctx", {}).get("error", "not JSON")
            return problem(
                request, 400, "The body is not JSON", f"The body must be JSON. Got {cause} at character {one['loc'][-1]}."
            )
        place, required, found, remedy = parts_of(one, "request")
        place = _place_within(one) or place
        problems.append({"place": place, "required": required, "found": found, "remedy": remedy})
    first = problems[0]
    sentence = f"The {first['place']} must {first['required']}. Got {first['found']}. {first['remedy']}".rstrip()
    status, title = _STATUS[NeedTooLong if any(map(is_need_too_long, errors)) else RequestRefused]
    return problem(request, status, title, sentence, **first, problems=problems)


def _place_within(error: Mapping[str, Any]) -> str:
    """Where a record as a whole was refused, what it says of the place in itself: `participant c07`, and not only `event`."""
    cause = error.get("ctx", {}).get("error")
    fields = [str(step) for step in error["loc"] if not isinstance(step, int)]
    is_whole = isinstance(error.get("input"), Mapping)
    return cause.place if is_whole and isinstance(cause, Refusal) and cause.place not in fields else ""


def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 400 and request.method == "POST":
        detail = "The body must be JSON in UTF-8 of ordinary depth. Got something else. Send the fields as in /docs."
        return problem(request, 400, "The body is not JSON", detail)
    if error.status_code == 405:
        return _not_that_method(request)
    if error.status_code == 404:
        refusal = Refusal("address", "be one of this service", shown(request.scope["path"]), "They stand at /docs.")
        return problem(request, 404, "Not found", str(refusal), **_parts(refusal))
    response = problem(request, error.status_code, "Not possible", str(error.detail))
    response.headers.update(error.headers or {})
    return response


def _not_that_method(request: Request) -> Response:
    """Names all methods of the address: the error itself knows only those of one of its routes."""
    routes = [route for route in iter_route_contexts(request.app.routes) if route.matches(request.scope)[0] is not Match.NONE]
    methods = sorted({method for route in routes for method in route.methods or ()})
    refusal = Refusal("method", f"be {' or '.join(methods)} at this address", shown(request.method), "")
    response = problem(request, 405, "Not this method", str(refusal), **_parts(refusal))
    response.headers["Allow"] = ", ".join(methods)
    return response


def _on_anything_else(request: Request, error: Exception) -> Response:
    request_id = getattr(request.state, "request_id", "")
    _logger.exception("unexpected error", extra={"request_id": request_id}, exc_info=error)
    detail = f"The request failed. Quote the request id {request_id}."
    response = problem(request, 500, "An error of the service", detail)
    # This answer is made outside the middleware that adds it to all others.
    response.headers[REQUEST_ID] = request_id
    return response


def add_problem_handlers(app: FastAPI) -> None:
    """Every error of the application leaves as a problem document."""
    app.add_exception_handler(Refusal, _on_refusal)
    app.add_exception_handler(PlannerBusy, _on_busy)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(Exception, _on_anything_else)
