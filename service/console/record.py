"""The record: whether the chain holds, and what became of the matches in figures."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from matcher.errors import RecordBroken
from matcher.indicators import indicators
from matcher.log import Head
from service.api.at_desk import AtDesk, FromCaller
from service.console.page import START, page

router = APIRouter(include_in_schema=False)


@router.get(f"{START}/record")
def record(request: Request, desk: AtDesk, caller: FromCaller) -> Response:
    """The whole chain, checked now, and the figures."""
    head: Head | None = None
    broken = ""
    try:
        head = desk.log.verify()
    except RecordBroken as refusal:
        broken = str(refusal)
    figures = indicators(desk.log.histories(region=caller.region), desk.log.given_out(region=caller.region))
    return page(request, "record.html", head=head, broken=broken, figures=figures)
