"""The record: where its chain ends, whether it held when it was verified last, and what became of the matches in figures."""

from __future__ import annotations

from contextlib import suppress

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from matcher.errors import RecordBroken
from matcher.indicators import indicators
from service.api.at_desk import AtDesk, FromCaller, Verifying
from service.console.page import START, page

PLACE = f"{START}/record"
router = APIRouter(include_in_schema=False)


@router.get(PLACE)
def record(request: Request, desk: AtDesk, caller: FromCaller, verification: Verifying) -> Response:
    """The end of the chain and the figures. The chain is not checked here: that takes long on a large record."""
    figures = indicators(desk.log.histories(region=caller.region), desk.log.given_out(region=caller.region))
    return page(request, "record.html", head=desk.log.head(), last=verification.found, figures=figures)


@router.post(PLACE)
def verify(desk: AtDesk, verification: Verifying) -> Response:
    """Check the whole chain; the page then says what came of it."""
    with suppress(RecordBroken):  # remembered, and shown
        verification.verify(desk.log)
    return RedirectResponse(PLACE, 303)
