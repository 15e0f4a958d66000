"""Evaluations: those that are kept, the report of each with its plots, and two of them compared need by need."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from embeddings.errors import Refusal
from service.console.intervals import intervals
from service.console.page import START, page
from service.console.reports import page_of_its_own
from service.evaluations.kept import KeptEvaluation, KeptEvaluations, compared
from service.report.engine_facts import engine_facts

PLACE = f"{START}/evaluations"
COMMAND = "crossmatch evaluate --out evaluation"
router = APIRouter(include_in_schema=False)


@router.get(PLACE)
def evaluations(request: Request, kept: str = "") -> Response:
    """Those that are kept, and the form for a new one."""
    return _overview(request, "", 200, kept)


@router.post(PLACE)
async def send(request: Request) -> Response:
    """Keep an `evaluation.json` that `crossmatch evaluate` wrote."""
    caller = request.state.caller
    async with request.form(max_files=1, max_fields=5) as form:
        sent = form.get("evaluation")
        written = await sent.read() if isinstance(sent, UploadFile) else b""
        file = sent.filename or "" if isinstance(sent, UploadFile) else ""
        given = form.get("name")
        name = given.strip() if isinstance(given, str) else ""
    try:
        evaluation_id = await run_in_threadpool(_kept(request).add, name or Path(file).name, written, caller.name)
    except Refusal as refusal:
        return await run_in_threadpool(_overview, request, str(refusal), 422)
    return RedirectResponse(f"{PLACE}?kept={evaluation_id}", 303)


@router.get(f"{PLACE}/compare")
def compare(request: Request, evaluation: Annotated[list[str], Query(max_length=100)] = []) -> Response:  # noqa: B006
    """Two of them, the first against the second."""
    kept = _kept(request)
    if len(evaluation) != 2:
        refused = f"The comparison must be of two evaluations. Got {len(evaluation)}. Choose two of the list."
        return _overview(request, refused, 422)
    one, other = map(kept.get, evaluation)
    try:
        told = compared(kept.content(one), kept.content(other), other.name)
    except Refusal as refusal:
        return _overview(request, str(refusal), 422)
    cuts = list(zip(told["cuts"], intervals([cut["difference"] for cut in told["cuts"]]), strict=True))
    return page(request, "evaluations_compared.html", one=one, other=other, cuts=cuts, engines=_engines(kept, one, other))


@router.get(f"{PLACE}/{{evaluation_id}}/report")
def report(request: Request, evaluation_id: str, against: str = "") -> Response:
    """The report with its plots: a page of its own, made to be kept and printed."""
    kept = _kept(request)
    other = kept.get(against) if against else None
    return page_of_its_own(kept.report(kept.get(evaluation_id), other))


def _engines(kept: KeptEvaluations, one: KeptEvaluation, other: KeptEvaluation) -> list[tuple[str, str, str]]:
    """What of the engines differs: its name, and what it is in the one and in the other."""
    first, second = (engine_facts(kept.content(each)["engine"]) for each in (one, other))
    rows = [(name, first.get(name, ""), second.get(name, "")) for name in dict.fromkeys([*first, *second])]
    return [row for row in rows if row[1] != row[2]]


def _overview(request: Request, refused: str, status: int, kept_now: str = "") -> Response:
    found = _kept(request).all()
    new = next((one for one in found if one.evaluation_id == kept_now), None)
    told: dict[str, Any] = {"evaluations": found, "refused": refused, "new": new, "command": COMMAND}
    return page(request, "evaluations.html", status=status, **told)


def _kept(request: Request) -> KeptEvaluations:
    found: KeptEvaluations = request.app.state.evaluations
    return found
