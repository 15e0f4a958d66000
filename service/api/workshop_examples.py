"""Examples of workshops for the interface's description: a small event out of the shipped directory and sample needs."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any

import numpy as np

from matcher.shipped import shipped_directory, shipped_needs
from matcher.workshop.event import Event
from matcher.workshop.planning import plan_workshop
from service.workshop.plan_file import PlannedEvent

_NEEDS = ("need-04", "need-09", "need-14")
_PROVIDERS = ("inv-v-bio-ventures", "pic-999778419", "pic-999915189")
_SLOTS = (("s01", "09:30", "09:50"), ("s02", "09:55", "10:15"), ("s03", "10:20", "10:40"))


def event_examples() -> dict[str, Any]:
    """An event to plan."""
    event = _event().model_dump(mode="json", exclude_defaults=True)
    return {"Three companies, three providers": {"value": {"event": event, "seconds": 5}}}


def changes_examples() -> dict[str, Any]:
    """A planned event in which somebody does not come, and a pair is kept apart."""
    planned = _planned()
    gone = planned.plan.meetings[0]
    stays = next(one for one in planned.plan.meetings if one.provider_id != gone.provider_id)
    document = planned.model_dump(mode="json")
    pair = {"company_id": stays.company_id, "provider_id": stays.provider_id}
    return {
        "A provider does not come": {"value": {"planned": document, "changes": {"absent": [gone.provider_id]}}},
        "A pair is kept apart": {"value": {"planned": document, "changes": {"forbid": [pair]}}},
    }


@cache
def _event() -> Event:
    needs, directory = {need.need_id: need for need in shipped_needs()}, shipped_directory()
    companies = [
        {
            "participant_id": f"c{number:02}",
            "side": "company",
            "name": needs[one].company,
            "country": needs[one].country,
            "need": needs[one],
        }
        for number, one in enumerate(_NEEDS, start=1)
    ]
    providers = [
        {
            "participant_id": one.provider_id,
            "side": "provider",
            "name": one.name,
            "country": one.country,
            "provider_id": one.provider_id,
        }
        for one in map(directory.provider, _PROVIDERS)
    ]
    slots = [
        {"slot_id": slot, "starts": f"2027-03-11T{starts}:00+01:00", "ends": f"2027-03-11T{ends}:00+01:00"}
        for slot, starts, ends in _SLOTS
    ]
    return Event.model_validate(
        {
            "name": "Cross-border partnering morning",
            "place": "Liège",
            "slots": slots,
            "tables": 2,
            "loads": {"company_least": 1, "company_most": 2, "provider_most": 2},
            "participants": [*companies, *providers],
            "wishes": [{"of": "c01", "about": _PROVIDERS[0], "level": "must"}],
        }
    )


def _planned() -> PlannedEvent:
    """All pairs as promising as each other: an index that tells them apart is not needed to describe the interface."""
    event = _event()
    chances = np.full((len(_NEEDS), len(_PROVIDERS)), 0.1)
    made = plan_workshop(event, chances)
    # How long it took is no part of an example, which is the same at every start.
    plan = made.model_copy(update={"quality": made.quality.model_copy(update={"seconds": 0.1})})
    made_at = datetime(2027, 3, 1, 12, tzinfo=UTC)
    return PlannedEvent(made_at=made_at, event=event, plan=plan, probabilities=tuple(map(tuple, chances.tolist())))
