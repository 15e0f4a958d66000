"""Routes of workshops: plan an event, change a plan. Nothing of either is kept: who asks saves the answer."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Depends, Request, Response

from matcher.workshop.same_organisation import notes_on_same_organisations
from service.api.at_desk import AtDesk, FromCaller
from service.api.documents import problems
from service.api.workshop_bodies import ChangesAsked, WorkshopAsked, WorkshopChanged
from service.api.workshop_examples import changes_examples, event_examples
from service.workshop.changing import changed
from service.workshop.given_plan import check_given
from service.workshop.on_record import leave_out_known
from service.workshop.plan_file import PlannedEvent
from service.workshop.planning import plan_event
from service.workshop.size import check_size
from service.workshop.turn import PlanningTurn

PATHS = ("/v1/workshops", "/v1/workshops/changes")
"""Their bodies are events, and larger than others."""

router = APIRouter()


def _turn(request: Request) -> PlanningTurn:
    turn: PlanningTurn = request.app.state.planning_turn
    return turn


Turn = Annotated[PlanningTurn, Depends(_turn)]


@router.post(
    PATHS[0],
    tags=["workshops"],
    response_model=PlannedEvent,
    responses=problems(400, 408, 413, 422, 507),
)
def plan_workshop(
    asked: Annotated[WorkshopAsked, Body(openapi_examples=event_examples())], desk: AtDesk, caller: FromCaller, turn: Turn
) -> Response:
    """Plan an event: who meets whom, when and where, how good that is, and what no plan can exceed.

    The answer is a plan file: saved, it is shown, changed and exported with `crossmatch workshop`. Nothing of it is kept here.
    Rules that cannot all hold are refused with the smallest set of them that was found, in words. One plan is made at a time.
    """
    check_size(asked.event)
    event, notes = asked.event, notes_on_same_organisations(asked.event)
    if asked.leave_out_known:
        event, more = leave_out_known(event, desk.log, caller.may_see)
        notes += more
    with turn.taken():
        planned = plan_event(event, desk.matcher, seconds=asked.seconds, notes=notes)
    return Response(planned.as_json, media_type="application/json")


@router.post(
    PATHS[1],
    tags=["workshops"],
    response_model=WorkshopChanged,
    responses=problems(400, 408, 413, 422),
)
def change_workshop(
    asked: Annotated[ChangesAsked, Body(openapi_examples=changes_examples())], desk: AtDesk, turn: Turn
) -> Response:
    """Change a plan by hand or on the day: as few meetings as can be, then the best ones.

    The planned event is one that was answered here or lies in a plan file. It is checked first: one whose plan breaks a rule
    of its event, or whose figures are not its own, is refused.
    """
    check_size(asked.planned.event)
    with turn.taken():
        check_given(asked.planned)
        made = changed(asked.planned, asked.changes.asked, lambda: desk.matcher, seconds=asked.seconds)
    answer = WorkshopChanged(
        planned=made.planned, kept=made.kept, lost=made.lost, new=made.new, fewest_changes=made.fewest_changes
    )
    return Response(answer.model_dump_json(), media_type="application/json")
