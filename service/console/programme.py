"""The programme: budgets, deadlines and applications, and one application with what may come next."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from embeddings.errors import Refusal
from matcher.errors import LogUnavailable, NotFound
from matcher.fields import LARGEST_NUMBER
from matcher.programme.application import MAY_FOLLOW, NewApplicationStep
from matcher.programme.book import ApplicationQuery
from matcher.programme.deadlines import deadlines_of
from matcher.programme.money import cents_of
from matcher.programme.scoring import score_of
from matcher.validation import checked
from service.access.caller import Caller
from service.api.at_desk import AtDesk, FromCaller, sql_log_of
from service.console.forms import Form
from service.console.page import START, page
from service.console.reports import page_of_its_own
from service.desk import Desk
from service.record.sql_programme import SqlProgramme

router = APIRouter(include_in_schema=False)
ApplicationId = Annotated[int, Path(ge=1, le=LARGEST_NUMBER)]
_MOST_SHOWN = 200


@router.get(f"{START}/programme")
def programme(request: Request, desk: AtDesk, caller: FromCaller, call: str = "", state: str = "") -> Response:
    """The rules in force, what each region has left, what is due, and the applications."""
    book = _book(desk)
    try:
        adopted = book.in_force()
    except NotFound:
        return page(request, "programme_none.html")
    every = list(book.applications(ApplicationQuery(), region=caller.region))
    shown = [one for one in every if call in ("", one.application.call_id) and state in ("", one.state)]
    return page(
        request,
        "programme.html",
        adopted=adopted,
        accounts=[one for one in book.ledger(region=caller.region) if one.budget or one.reserved or one.paid],
        due=deadlines_of(adopted.programme, every, datetime.now(UTC))[:20],
        applications=shown[-_MOST_SHOWN:][::-1],
        count=len(shown),
        call=call,
        state=state,
        states=list(MAY_FOLLOW),
    )


@router.get(f"{START}/programme/report")
def report(desk: AtDesk, caller: FromCaller) -> Response:
    """The report with its plots: a page of its own, made to be kept and printed."""
    # Only here: plots take a second to load.
    from service.programme.report_page import report_page
    from service.programme.report_places import places_of
    from service.programme.report_reading import read_report

    found = read_report(sql_log_of(desk), datetime.now(UTC), region=caller.region)
    return page_of_its_own(report_page(found, places_of(desk.matcher.index.directory.providers)))


@router.get(f"{START}/applications/{{application_id}}")
def one_application(request: Request, application_id: ApplicationId, desk: AtDesk, caller: FromCaller) -> Response:
    """An application, what each rule said, and its steps."""
    return _shown(request, desk, caller, application_id, "", 200)


@router.post(f"{START}/applications/{{application_id}}/steps")
async def record_step(request: Request, application_id: ApplicationId, desk: AtDesk, caller: FromCaller) -> Response:
    """Put on record what happened to an application."""
    form = await Form.of(request)
    book = _book(desk)
    try:
        step = checked(NewApplicationStep, _told(form), "step")
        await run_in_threadpool(book.step, application_id, step, caller.name, region=caller.region)
    except (LogUnavailable, NotFound):
        raise
    except Refusal as refusal:
        return _shown(request, desk, caller, application_id, str(refusal), 422)
    return RedirectResponse(f"{START}/applications/{application_id}", 303)


def _told(form: Form) -> dict[str, Any]:
    """The step that the fields of the form mean."""
    told: dict[str, Any] = {name: form.one(name) for name in ("kind", "assessor", "reason", "happened_on") if form.one(name)}
    if form.one("amount"):
        told["amount"] = cents_of(form.one("amount"))
    scores = {name.removeprefix("score-"): form.one(name) for name in form.fields if name.startswith("score-")}
    return told | ({"scores": scores} if scores else {})


def _shown(request: Request, desk: Desk, caller: Caller, application_id: int, refused: str, status: int) -> Response:
    book = _book(desk)
    history = book.application(application_id, region=caller.region)
    rules = book.in_force().programme
    return page(
        request,
        "application.html",
        status=status,
        history=history,
        application=history.application,
        incentive=rules.incentive(history.application.incentive_id),
        rules=rules,
        score=score_of(rules, history),
        may_follow=MAY_FOLLOW[history.state] if "programme office" in caller.roles else (),
        sees_figures=bool(caller.roles - {"evaluator"}),
        refused=refused,
    )


def _book(desk: Desk) -> SqlProgramme:
    return SqlProgramme(sql_log_of(desk))
