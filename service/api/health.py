"""Routes for whoever runs the service."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from service.api.at_desk import AtDesk
from service.api.documents import problems
from service.operation.metrics import Metrics

router = APIRouter()
_TEXT: dict[int | str, dict[str, Any]] = {
    200: {"description": "Figures", "content": {"text/plain": {"schema": {"type": "string"}}}}
}


@router.get("/healthz", tags=["operation"])
async def health() -> dict[str, str]:
    """The process answers."""
    # Not in a thread: those may all be busy with needs, and the process is alive all the same.
    return {"status": "ok"}


@router.get("/readyz", tags=["operation"], responses=problems(507, public=True))
def readiness(desk: AtDesk) -> dict[str, Any]:
    """The index is open and the match log can be written."""
    desk.log.ready()
    return {"status": "ready", "engine": desk.matcher.fingerprint, "providers": len(desk.matcher.index)}


@router.get("/metrics", tags=["operation"], response_class=Response, responses={**_TEXT, **problems()})
def figures(request: Request) -> Response:
    """Rates, latencies, the record's lag and the index in use, in Prometheus' text format."""
    metrics: Metrics = request.app.state.metrics
    content, kind = metrics.exposition()
    return Response(content, media_type=kind)
