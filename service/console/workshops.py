"""Workshops: files sent, planned, looked at as a grid, changed, made final, taken away."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from embeddings.errors import Refusal, shown
from matcher.errors import FilesRefused, LogUnavailable, NotFound
from matcher.workshop.event import Event
from matcher.workshop.event_files import EventRead, read_event
from matcher.workshop.example import example_event
from matcher.workshop.insight import alternates, prices_of_rules, rather_each_other
from matcher.workshop.moves import Moves
from service.access.caller import Caller
from service.api.at_desk import AtDesk, FromCaller
from service.console.forms import Form
from service.console.grid import Grid, Looking, pair_of, picked_in
from service.console.page import START, page
from service.desk import Desk
from service.workshop.changing import Asked, changed
from service.workshop.export import export
from service.workshop.final import made_final
from service.workshop.kept import Kept, KeptWorkshops, SentFile
from service.workshop.on_record import leave_out_known
from service.workshop.plan_file import PlannedEvent
from service.workshop.planning import plan_event
from service.workshop.programme import Programme
from service.workshop.size import check_size
from service.workshop.turn import PlanningTurn

PLACE = f"{START}/workshops"
router = APIRouter(include_in_schema=False)
_PLANNING_S, _CHANGING_S, _PRICE_S = 60.0, 20.0, 3.0
_MOST_PROBLEMS = 200
_ALL = Looking()


@router.get(PLACE)
def workshops(request: Request, caller: FromCaller) -> Response:
    """The events that are kept, and the form for a new one."""
    return _overview(request, caller, 200)


@router.get(f"{PLACE}/example.zip")
def example() -> Response:
    """An event's files to fill in."""
    return _zip(dict(example_event()), "example-event.zip")


@router.post(PLACE)
async def send(request: Request, desk: AtDesk, caller: FromCaller) -> Response:
    """Keep an event and begin to plan it. Whatever is wrong in its files is told by line and column."""
    async with request.form(max_files=30, max_fields=30) as form:
        files: list[SentFile] = [
            (Path(one.filename).name, await one.read())
            for one in form.getlist("files")
            if isinstance(one, UploadFile) and one.filename
        ]
    kept, read = _kept(request), partial(_read, desk)
    try:
        make = partial(kept.make, files, read, by=caller.name, region=caller.region or "")
        workshop_id = await run_in_threadpool(make)
    except Refusal as refusal:
        problems = refusal.problems[:_MOST_PROBLEMS] if isinstance(refusal, FilesRefused) else ()
        return _overview(request, caller, 422, refused=str(refusal), problems=problems)
    _begin(request, desk, caller, kept.get(workshop_id, caller.may_see))
    return RedirectResponse(f"{PLACE}/{workshop_id}", 303)


@router.get(f"{PLACE}/{{workshop_id}}")
def one_workshop(request: Request, workshop_id: str, caller: FromCaller) -> Response:
    """Its plan as a grid; how far planning is until there is one."""
    return _shown(request, caller, workshop_id, 200, looking=Looking.of(request))


@router.get(f"{PLACE}/{{workshop_id}}/moves")
def moves(request: Request, workshop_id: str, caller: FromCaller, picked: str = "") -> Response:
    """Where a meeting could go and what is in the way elsewhere: for the script that marks cells while it is dragged."""
    kept = _kept(request)
    programme = Programme(kept.planned(kept.get(workshop_id, caller.may_see)))
    told = Moves(programme.event, programme.plan, pair_of(picked))
    return page(request, "workshop_moves.html", programme=programme, moves=told)


@router.post(f"{PLACE}/{{workshop_id}}/plan")
def plan_again(request: Request, workshop_id: str, desk: AtDesk, caller: FromCaller) -> Response:
    """Plan it once more, from its files."""
    _begin(request, desk, caller, _kept(request).get(workshop_id, caller.may_see))
    return RedirectResponse(f"{PLACE}/{workshop_id}", 303)


@router.post(f"{PLACE}/{{workshop_id}}/changes")
async def change(request: Request, workshop_id: str, desk: AtDesk, caller: FromCaller) -> Response:
    """Change the plan as little as can be; checked at once."""
    form = await Form.of(request)

    def carry_out(planned: PlannedEvent) -> PlannedEvent:
        asked = _asked(form)
        # What is only moved waits for nobody's plan.
        with _turn(request).taken() if asked.replans else nullcontext():
            return changed(planned, asked, lambda: desk.matcher, seconds=_CHANGING_S).planned

    return await _put(request, caller, workshop_id, carry_out, form)


@router.post(f"{PLACE}/{{workshop_id}}/final")
async def make_final(request: Request, workshop_id: str, caller: FromCaller) -> Response:
    """Check the plan once more, and make it final."""
    return await _put(request, caller, workshop_id, made_final)


@router.get(f"{PLACE}/{{workshop_id}}/insight")
def insight(request: Request, workshop_id: str, caller: FromCaller) -> Response:
    """What each rule costs, who would rather swap, and who could step in. Plans with each rule relaxed are made for it."""
    kept = _kept(request)
    one = kept.get(workshop_id, caller.may_see)
    programme = Programme(kept.planned(one))
    event, plan, matrix = programme.event, programme.plan, programme.planned.matrix
    with _turn(request).taken():
        prices = list(prices_of_rules(event, matrix, plan, seconds=_PRICE_S))
    return page(
        request,
        "workshop_insight.html",
        kept=one,
        programme=programme,
        prices=prices,
        rather=rather_each_other(event, matrix, plan),
        alternates=alternates(event, matrix, plan, count=2),
    )


@router.get(f"{PLACE}/{{workshop_id}}/export.zip")
def exported(request: Request, workshop_id: str, caller: FromCaller) -> Response:
    """Workbook, booklet and calendars, and the plan file."""
    kept = _kept(request)
    planned = kept.planned(kept.get(workshop_id, caller.may_see))
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "export"
        export(Programme(planned), place)
        found = {str(file.relative_to(place)): file.read_bytes() for file in sorted(place.rglob("*")) if file.is_file()}
    return _zip({**found, "plan.json": planned.as_json.encode()}, f"workshop-{workshop_id[:8]}.zip")


def _begin(request: Request, desk: Desk, caller: Caller, kept: Kept) -> None:
    def make(event: Event, notes: list[str], on_progress: Callable[[int, int], None]) -> PlannedEvent:
        check_size(event)
        event, more = leave_out_known(event, desk.log, caller.may_see)
        return plan_event(event, desk.matcher, seconds=_PLANNING_S, notes=(*notes, *more), on_progress=on_progress)

    _kept(request).plan(kept, partial(_read, desk), make)


async def _put(
    request: Request,
    caller: Caller,
    workshop_id: str,
    carry_out: Callable[[PlannedEvent], PlannedEvent],
    form: Form | None = None,
) -> Response:
    picked = picked_in(form) if form else ""
    kept = _kept(request)
    one = kept.get(workshop_id, caller.may_see)
    try:
        await run_in_threadpool(kept.change, one, carry_out)
    except (LogUnavailable, NotFound):
        raise
    except Refusal as refusal:
        return _shown(request, caller, workshop_id, 422, refused=str(refusal), looking=Looking(picked=picked))
    back = f"?{urlencode({'picked': picked})}#picked" if picked and form and form.one("kind") != "forbid" else ""
    return RedirectResponse(f"{PLACE}/{workshop_id}{back}", 303)


def _asked(form: Form) -> Asked:
    """The change that the fields of a form mean."""
    kind = form.one("kind")
    pair = (form.one("company"), form.one("provider"))
    if kind == "absent":
        return Asked(absent=[form.one("participant")], from_slot=form.one("from_slot") or None)
    if kind == "fix":
        return Asked(fix=[(*pair, form.one("slot") or None)])
    if kind == "forbid":
        return Asked(forbid=[pair_of(form.one("meeting"))])
    if kind == "hold":
        return Asked(hold=[pair_of(form.one("meeting"))])
    if kind == "free":
        return Asked(free=[pair_of(form.one("meeting"))])
    if kind == "move":
        slot, table = pair_of(form.one("to"))
        return Asked(move=[(pair_of(form.one("meeting")), slot, _number(table) if table else None)])
    if kind == "swap":
        return Asked(swap=[(pair_of(form.one("meeting")), pair_of(form.one("other_meeting")))])
    raise Refusal("change", "be one of absent, fix, forbid, free, hold, move, swap", shown(kind), "Open the page anew.")


def _number(table: str) -> int:
    if not (table.isascii() and table.isdigit() and len(table) < 7):
        raise Refusal("table to move to", "be a number from 1", shown(table), "Open the page anew.")
    return int(table)


def _overview(request: Request, caller: Caller, status: int, **told: Any) -> Response:
    kept = _kept(request).all(caller.may_see)
    return page(request, "workshops.html", status=status, kept=kept, **{"refused": "", "problems": (), **told})


def _shown(
    request: Request, caller: Caller, workshop_id: str, status: int, *, refused: str = "", looking: Looking = _ALL
) -> Response:
    workshops = _kept(request)
    kept = workshops.get(workshop_id, caller.may_see)
    programme = Programme(workshops.planned(kept)) if kept.has_plan and not kept.is_planning else None
    address = f"{PLACE}/{workshop_id}"
    grid = Grid(programme, looking, "" if request.url.path == address else address) if programme else None
    return page(request, "workshop.html", status=status, kept=kept, programme=programme, grid=grid, refused=refused)


def _read(desk: Desk, folder: Path) -> EventRead:
    return read_event(folder, desk.matcher.index.directory)


def _kept(request: Request) -> KeptWorkshops:
    found: KeptWorkshops = request.app.state.workshops
    return found


def _turn(request: Request) -> PlanningTurn:
    turn: PlanningTurn = request.app.state.planning_turn
    return turn


def _zip(files: dict[str, bytes], name: str) -> Response:
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, content in files.items():
            archive.writestr(file, content)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(written.getvalue(), headers=headers, media_type="application/zip")
