"""Forms that came back from an event, and a record with the matches that it was made from."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from matcher.errors import OutcomesRefused, Problem
from matcher.workshop.event import Event
from service.record.sql_log import SqlMatchLog
from service.workshop.outcome_rows import read_outcomes
from service.workshop.outcomes import OutcomesPlanned, plan_outcomes, record_outcomes
from tests.unit.service.entries import COMPONENTS, entry
from tests.unit.service.workshop.planned_events import event, slot

DAY = "2026-03-12"
SLOTS = (slot("s01", "09:30", "09:50", DAY), slot("s02", "09:55", "10:15", DAY))
HEADER = "company,provider,answer,reason,rating,on,match_id"


def past_event(**more: Any) -> Event:
    people = [one.model_copy(update={"slots": ()}) for one in event().participants]
    people = [one.model_copy(update={"name": "Vials SA"}) if one.participant_id == "vials" else one for one in people]
    return event(**{"slots": SLOTS, "participants": people, **more})


def with_lists(log: SqlMatchLog) -> SqlMatchLog:
    """Match 1 is Lungs BV and bruno, 2 Lungs BV and carla, 3 Vials SA and carla."""
    log.record(entry("one", ("bruno", "DE"), ("carla", "BE"), company="LUNGS B.V."), COMPONENTS)
    log.record(entry("two", ("carla", "BE"), company="Vials SA", country="FR"), COMPONENTS)
    return log


def another_list(log: SqlMatchLog, list_id: str, day: str) -> None:
    """One more list of Lungs BV with bruno, given out that day."""
    moment = datetime.fromisoformat(f"{day}T09:30:00").replace(tzinfo=UTC)
    log.record(entry(list_id, ("bruno", "DE"), company="Lungs BV", created_at=moment), COMPONENTS)


def form(folder: Path, *rows: str, header: str = HEADER, name: str = "outcomes.csv") -> Path:
    file = folder / name
    file.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return file


def planned_steps(file: Path, log: SqlMatchLog, told: Event | None = None) -> OutcomesPlanned:
    return plan_outcomes(read_outcomes(file, told or past_event()), log, "an organiser")


def imported(file: Path, log: SqlMatchLog, told: Event | None = None) -> list[str]:
    """What goes on record, each as `match: step on its day`."""
    steps = record_outcomes(planned_steps(file, log, told), log, "an organiser")
    return [f"{one.match_id}: {one.in_words} on {one.happened}" for one in steps]


def problems_of_form(file: Path, log: SqlMatchLog, told: Event | None = None) -> tuple[Problem, ...]:
    """What is wrong with it; fails when nothing is, or when anything went on record."""
    before = log.verify()
    with pytest.raises(OutcomesRefused) as caught:
        imported(file, log, told)
    assert log.verify() == before
    return caught.value.problems
