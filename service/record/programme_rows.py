"""Between the programme's records and rows of the tables."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from matcher.programme.application import Application, ApplicationStep
from matcher.programme.book import Adopted
from matcher.programme.rules import Programme
from service.record.moments import in_utc, plain

_NUMBERED_APPLICATION = {"application_id", "programme", "submitted_at", "submitted_by"}
_NUMBERED_STEP = {"step_id", "application_id", "programme", "recorded_at", "recorded_by", "reserved", "paid", "kind"}


def programme_row(programme: Programme, by: str, at: datetime) -> dict[str, Any]:
    """A row of `programmes`."""
    return {
        "version": programme.version,
        "programme_id": programme.programme_id,
        "adopted_at": plain(at),
        "adopted_by": by,
        "document": programme.model_dump_json(),
    }


def adopted_of(row: Row[Any]) -> Adopted:
    """Rules as they were adopted."""
    programme = Programme.model_validate_json(row.document)
    return Adopted(programme=programme, adopted_at=in_utc(row.adopted_at), adopted_by=row.adopted_by)


def application_row(application: Application) -> dict[str, Any]:
    """A row of `applications`."""
    return {
        "application_id": application.application_id,
        "programme": application.programme,
        "match": application.match_id,
        "call": application.call_id,
        "incentive": application.incentive_id,
        "region": application.region_id,
        "applicant": application.company_key,
        "submitted_at": plain(application.submitted_at),
        "submitted_by": application.submitted_by,
        "document": application.model_dump_json(exclude=_NUMBERED_APPLICATION),
    }


def application_of(row: Row[Any]) -> Application:
    """An application as it was handed in."""
    return Application(
        **json.loads(row.document),
        application_id=row.application_id,
        programme=row.programme,
        submitted_at=in_utc(row.submitted_at),
        submitted_by=row.submitted_by,
    )


def step_row(step: ApplicationStep) -> dict[str, Any]:
    """A row of `application_steps`."""
    return {
        "seq": step.step_id,
        "application": step.application_id,
        "programme": step.programme,
        "kind": step.kind,
        "recorded_at": plain(step.recorded_at),
        "recorded_by": step.recorded_by,
        "reserved": step.reserved,
        "paid": step.paid,
        "document": step.model_dump_json(exclude=_NUMBERED_STEP),
    }


def step_of_application(row: Row[Any]) -> ApplicationStep:
    """A step as it was recorded."""
    return ApplicationStep(
        **json.loads(row.document),
        step_id=row.seq,
        application_id=row.application,
        programme=row.programme,
        kind=row.kind,
        recorded_at=in_utc(row.recorded_at),
        recorded_by=row.recorded_by,
        reserved=row.reserved,
        paid=row.paid,
    )
