"""Judging: one pair after the other, blind, with a key or a click; how far one is, and how far judges agree."""

from __future__ import annotations

import tempfile
from itertools import combinations
from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from embeddings.errors import Refusal
from matcher.errors import RequestRefused
from matcher.evaluation.agreement import Agreement, agreement
from matcher.evaluation.qrels import GRADES, write_qrels
from service.access.caller import Caller
from service.api.at_desk import FromCaller
from service.console.forms import Form
from service.console.page import START, page
from service.judging.kept import KeptSheet, KeptSheets

PLACE = f"{START}/judging"
router = APIRouter(include_in_schema=False)


@router.get(PLACE)
def sheets(request: Request, caller: FromCaller) -> Response:
    """The sheets that are kept, and the form for a new one."""
    return _overview(request, caller, "", 200)


@router.post(PLACE)
async def send(request: Request, caller: FromCaller) -> Response:
    """Keep a sheet that `crossmatch judge pool` wrote."""
    async with request.form(max_files=1, max_fields=5) as form:
        sent = form.get("sheet")
        content = await sent.read() if isinstance(sent, UploadFile) else b""
        name = sent.filename or "" if isinstance(sent, UploadFile) else ""
    try:
        sheet_id = await run_in_threadpool(_kept(request).add, name, content, caller.name)
    except Refusal as refusal:
        return _overview(request, caller, str(refusal), 422)
    return RedirectResponse(f"{PLACE}/{sheet_id}", 303)


@router.get(f"{PLACE}/{{sheet_id}}")
def judge(request: Request, sheet_id: str, caller: FromCaller, pair: str = "") -> Response:
    """The next pair that the judge has not graded, or the one asked for."""
    kept = _kept(request)
    sheet = kept.get(sheet_id)
    rows, said = kept.rows(sheet, caller.name), kept.grades(sheet, caller.name)
    places = {row["pair"]: place for place, row in enumerate(rows)}
    left = [row for row in rows if row["pair"] not in said]
    row = rows[places[pair]] if pair in places else (left[0] if left else None)
    before = rows[places[row["pair"]] - 1]["pair"] if row is not None and places[row["pair"]] > 0 else ""
    if row is None and rows:
        before = rows[-1]["pair"]
    return page(
        request,
        "judge.html",
        sheet=sheet,
        row=row,
        said=said.get(row["pair"]) if row is not None else None,
        done=len(rows) - len(left),
        before=before,
        grades=sorted(GRADES),
        agreements=_agreements(kept, sheet) if row is None else [],
    )


@router.post(f"{PLACE}/{{sheet_id}}")
async def say(request: Request, sheet_id: str, caller: FromCaller) -> Response:
    """Put a grade down, and go on."""
    form = await Form.of(request)
    kept = _kept(request)
    if form.one("grade") not in {str(grade) for grade in GRADES}:
        raise RequestRefused("grade", "be a whole number from 0 to 3", repr(form.one("grade")[:20]), "Choose one of the four.")
    await run_in_threadpool(kept.say, kept.get(sheet_id), caller.name, form.one("pair"), int(form.one("grade")))
    return RedirectResponse(f"{PLACE}/{sheet_id}", 303)


@router.get(f"{PLACE}/{{sheet_id}}/qrels.txt")
def qrels(request: Request, sheet_id: str, caller: FromCaller) -> Response:
    """What the judge said, as TREC qrels."""
    kept = _kept(request)
    sheet = kept.get(sheet_id)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "qrels.txt"
        write_qrels(file, kept.qrels(sheet, kept.grades(sheet, caller.name)))
        content = file.read_bytes()
    headers = {"Content-Disposition": f'attachment; filename="qrels-{sheet_id[:8]}.txt"'}
    return Response(content, headers=headers, media_type="text/plain; charset=utf-8")


def _agreements(kept: KeptSheets, sheet: KeptSheet) -> list[tuple[str, str, Agreement | None]]:
    """Every two judges; `None` where they have no pair in common."""
    found: list[tuple[str, str, Agreement | None]] = []
    for (one, first), (other, second) in combinations(kept.judges(sheet).items(), 2):
        try:
            found.append((one, other, agreement(kept.qrels(sheet, first), kept.qrels(sheet, second))))
        except Refusal:
            found.append((one, other, None))
    return found


def _overview(request: Request, caller: Caller, refused: str, status: int) -> Response:
    kept = _kept(request)
    found = [(sheet, len(kept.grades(sheet, caller.name))) for sheet in kept.all()]
    return page(request, "judging.html", status=status, sheets=found, refused=refused)


def _kept(request: Request) -> KeptSheets:
    found: KeptSheets = request.app.state.sheets
    return found
