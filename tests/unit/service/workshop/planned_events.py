"""A planned event, small enough to know by heart: two companies, two providers, three slots, two meetings."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from matcher.workshop.event import Event, Participant
from matcher.workshop.plan import Meeting, Plan, Quality
from service.workshop.plan_file import PlannedEvent, Reason
from service.workshop.programme import Programme
from service.workshop.versions import Version

MADE_AT = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
FINAL_AT = datetime(2027, 3, 2, 8, 30, tzinfo=UTC)
LUNGS_NEED = "We look for inhalation toxicology with lung models. GLP would be good."


def slot(slot_id: str, starts: str, ends: str, day: str = "2027-03-11") -> dict[str, str]:
    return {"slot_id": slot_id, "starts": f"{day}T{starts}:00+01:00", "ends": f"{day}T{ends}:00+01:00"}


SLOTS = (slot("s01", "09:30", "09:50"), slot("s02", "09:55", "10:15"), slot("s03", "13:00", "13:20"))


def person(participant_id: str, side: str, name: str, country: str, **more: Any) -> Participant:
    values = {"participant_id": participant_id, "side": side, "name": name, "country": country}
    return Participant.model_validate({**values, **more})


def participants() -> tuple[Participant, ...]:
    asked = {"text": LUNGS_NEED, "title": "Lung models", "country": "NL", "language": "en"}
    return (
        person("lungs", "company", "Lungs BV", "NL", need=asked),
        person("vials", "company", "=Vials & <Søn>", "FR"),
        person("bruno", "provider", "Bruno Institute", "DE", provider_id="bruno", slots=("s01", "s02")),
        person("carla", "provider", "Carla Plant", "BE", provider_id="carla"),
    )


def event(**more: Any) -> Event:
    values = {
        "name": "Lung day",
        "place": "Ede",
        "time_zone": "Europe/Amsterdam",
        "slots": SLOTS,
        "tables": 2,
        "participants": participants(),
        "wishes": [
            {"of": "lungs", "about": "bruno", "level": "meet"},
            {"of": "carla", "about": "lungs", "level": "meet"},
            {"of": "vials", "about": "bruno", "level": "no"},
        ],
    }
    return Event.model_validate({**values, **more})


def meeting(company_id: str, provider_id: str, slot_id: str, table: int = 1, **more: Any) -> Meeting:
    values = {"company_id": company_id, "provider_id": provider_id, "slot_id": slot_id, "table": table}
    return Meeting.model_validate({"probability": 0.25, "value": 0.5, "cross_border": True, "wished": False, **values, **more})


MEETINGS = (
    meeting("lungs", "bruno", "s01", wished=True),
    meeting("vials", "carla", "s01", 2, fixed=True),
)


def plan(*meetings: Meeting) -> Plan:
    quality = Quality(
        meetings=len(meetings),
        cross_border=len(meetings),
        useful=0.25 * len(meetings),
        value=0.5 * len(meetings),
        bound=1.1,
        gap=0.1,
        worst_served=0.5,
        worst_served_bound=0.5,
        largest_provider_load=1,
        seconds=0.5,
        proven="bound",
    )
    return Plan(event="Lung day", meetings=meetings, quality=quality, notes=("A note of the plan.",))


REASON = Reason(
    company_id="lungs",
    provider_id="bruno",
    need_sentence="We look for inhalation toxicology with lung models.",
    text="Bruno Institute. Lung on a chip <i>for</i> inhalation toxicology",
    language="en",
    reference="https://example.org/b1",
    because=("the need names Germany",),
)


def planned(*meetings: Meeting, **about_event: Any) -> PlannedEvent:
    told = event(**about_event)
    sides = [sum(one.side == side for one in told.participants) for side in ("company", "provider")]
    width = sides[1] or sides[0]
    return PlannedEvent(
        made_at=MADE_AT,
        event=told,
        plan=plan(*(meetings or MEETINGS)),
        probabilities=tuple((0.25,) * width for _ in range(sides[0])),
        reasons=(REASON,),
        notes=("A note of the files.",),
    )


def programme(*meetings: Meeting, **about_event: Any) -> Programme:
    return Programme(planned(*meetings, **about_event))


def final(*meetings: Meeting, **about_event: Any) -> PlannedEvent:
    """Version 1, handed out."""
    told = planned(*meetings, **about_event)
    return told.model_copy(update={"status": "final", "versions": (Version(number=1, made_at=FINAL_AT),)})


def final_programme(*meetings: Meeting, **about_event: Any) -> Programme:
    return Programme(final(*meetings, **about_event))
