"""Steps of matches, made by hand or recorded one after the other as a log would."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from matcher.lifecycle import KINDS, NewStep, Step, check_step

TOLD: dict[str, dict[str, str]] = {
    "declined": {"reason": "terms"},
    "met": {"rating": "cooperation possible"},
    "incentive granted": {"incentive": "innovation voucher"},
    "outcome": {"result": "valuable", "anyway": "no"},
}
"""Kind → what a good step of it tells."""
RECORDED = [kind for kind in KINDS if kind != "withdrawn"]
FIRST_STEP = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


def new_step(kind: str, **more: Any) -> NewStep:
    """A good step of that kind; fields by name."""
    return NewStep.model_validate({"match_id": 1, "kind": kind, **TOLD.get(kind, {}), **more})


def step(kind: str, step_id: int = 1, **more: Any) -> Step:
    """A step on record, recorded as many days after the first as its id tells, without what is not told."""
    values = {"match_id": 1, "recorded_at": FIRST_STEP + timedelta(days=step_id - 1), "recorded_by": "a test", **more}
    return Step.model_validate({"kind": kind, "step_id": step_id, **values})


def steps_of(*kinds: str) -> list[Step]:
    """Good steps of those kinds, numbered from 1, legal or not."""
    return [step(kind, number, **TOLD.get(kind, {})) for number, kind in enumerate(kinds, start=1)]


def recorded(steps: Sequence[Step], new: NewStep) -> list[Step]:
    """All steps after the new one went on record.

    Raises:
        StepRefused: it may not.
    """
    check_step(steps, new)
    number = len(steps) + 1
    return [*steps, step(step_id=number, **new.model_dump())]


def day(text: str) -> date:
    return date.fromisoformat(text)
