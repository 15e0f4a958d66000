"""Route of the programme's report."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from typing import Annotated, Any

from fastapi import APIRouter, Query

from matcher.programme.report_records import ProgrammeReport
from matcher.records import Line, Record
from service.api.at_desk import AtDesk, FromCaller, own_region, sql_log_of
from service.api.documents import problems
from service.programme.report_reading import read_report

router = APIRouter(tags=["programme"])


class ReportAsked(Record):
    """Of what the report is to tell."""

    region: Line | None = None
    """Of this region only."""


@cache
def report_example() -> dict[str, Any]:
    """One region's part of the simulated history."""
    example = resources.files("service.programme").joinpath("report_example.json").read_text(encoding="utf-8")
    told: dict[str, Any] = json.loads(example)
    return told


_EXAMPLE: dict[int | str, dict[str, Any]] = {200: {"content": {"application/json": {"example": report_example()}}}}


@router.get("/v1/programme/report", responses={**_EXAMPLE, **problems(404, 422, 507)})
def read_programme_report(query: Annotated[ReportAsked, Query()], desk: AtDesk, caller: FromCaller) -> ProgrammeReport:
    """The programme in figures: incentives, budgets, flows across borders, and what came of the matches.

    No need text, no company. `simulated` says that something in it is made up: show it wherever you show the figures.
    """
    return read_report(sql_log_of(desk), datetime.now(UTC), region=own_region(caller, query.region))
