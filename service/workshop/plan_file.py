"""The file of a planned event: everything that its exports and a new plan need, as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import AwareDatetime, Field, ValidationError, model_validator

from embeddings.errors import Refusal, shown
from matcher.pipeline import Matcher
from matcher.records import Record
from matcher.validation import parts_of
from matcher.workshop.event import Event
from matcher.workshop.plan import Meeting, Plan
from service.workshop.versions import Cancelled, Number, Status, ToBeTold, Version, check_versions

FORMAT = 1
_LARGEST_FILE = 500_000_000
_MAKE = "Make it with crossmatch workshop plan."
_Probability = Annotated[float, Field(ge=0, le=1)]


class Reason(Record):
    """What speaks for a meeting: a sentence of the company's need, and a fact about the provider that answers it."""

    company_id: str
    provider_id: str
    need_sentence: str = ""
    text: str = ""
    language: str = ""
    """Of the text."""
    reference: str = ""
    because: tuple[str, ...] = ()


class PlannedEvent(Record):
    """An event, its plan, and what the plan was made from."""

    format: Literal[1] = 1
    made_at: AwareDatetime
    engine: str = ""
    """Fingerprint of everything that gave the probabilities."""
    event: Event
    plan: Plan
    probabilities: tuple[tuple[_Probability, ...], ...]
    """Companies × providers, or companies × companies, in the order of the event's participants."""
    reasons: tuple[Reason, ...] = ()
    notes: tuple[str, ...] = ()
    """Of the event's files and of the probabilities; those of the plan are with it."""
    status: Status = "draft"
    """`draft`: may still change. `final`: checked by every rule, and handed out."""
    version: Number = 1
    """Rises with each change of a final plan."""
    versions: tuple[Version, ...] = ()
    """All that were final, in order; none of a draft."""
    cancelled: tuple[Cancelled, ...] = ()
    """Meetings of earlier versions that do not take place: calendars must take them out again."""
    changed_for: tuple[ToBeTold, ...] = ()
    """Who has to be told what this version changed, in the order of the event."""

    @model_validator(mode="after")
    def _fits_together(self) -> PlannedEvent:
        companies = [one for one in self.event.participants if one.side == "company"]
        others = len(self.event.participants) - len(companies) or len(companies)
        if len(self.probabilities) != len(companies) or any(len(row) != others for row in self.probabilities):
            found = f"{len(self.probabilities)} rows"
            raise Refusal("probabilities", f"be {len(companies)} rows of {others}, as the event has participants", found, _MAKE)
        ids = {one.participant_id for one in self.event.participants}
        slots = {slot.slot_id for slot in self.event.slots}
        for meeting in (*self.plan.meetings, *(one.meeting for one in self.cancelled)):
            for one in (meeting.company_id, meeting.provider_id):
                if one not in ids:
                    raise Refusal("plan", "hold meetings of the event's participants", shown(one), _MAKE)
            if meeting.slot_id not in slots:
                raise Refusal("plan", "hold meetings in the event's slots", shown(meeting.slot_id), _MAKE)
        for told in self.changed_for:
            for one in (told.participant_id, *told.new, *told.moved, *told.cancelled):
                if one not in ids:
                    raise Refusal("changed_for", "name participants of the event", shown(one), _MAKE)
        check_versions(self.status, self.version, self.versions, self.cancelled, self.plan.meetings)
        return self

    @property
    def stands_since(self) -> datetime:
        """When it was made, or this version of it became final."""
        return self.versions[-1].made_at if self.versions else self.made_at

    @property
    def matrix(self) -> NDArray[np.float64]:
        """The probabilities as an array."""
        return np.array(self.probabilities, dtype=np.float64)

    @property
    def as_json(self) -> str:
        """The file's content; the same for the same plan."""
        return self.model_dump_json() + "\n"


def reasons_for(event: Event, meetings: Sequence[Meeting], matcher: Matcher) -> Iterator[Reason]:
    """What speaks for each meeting of a company that has a need with a provider of the directory.

    Args:
        event: whose participants meet.
        meetings: of its plan.
        matcher: over the directory.
    """
    participants = {one.participant_id: one for one in event.participants}
    by_company: dict[str, list[str]] = {}
    for meeting in meetings:
        by_company.setdefault(meeting.company_id, []).append(meeting.provider_id)
    for company_id, others in by_company.items():
        need = participants[company_id].need
        if need is None:
            continue
        ids = [other for other in others if matcher.index.rows_of([participants[other].provider_id]).size]
        rows = matcher.index.rows_of(participants[other].provider_id for other in ids)
        if not ids:
            continue
        for other, reasons in zip(ids, matcher.reasons(matcher.encode(need), rows), strict=True):
            best = reasons.evidence[0] if reasons.evidence else None
            if best is None and not reasons.because:
                continue
            yield Reason(
                company_id=company_id,
                provider_id=other,
                need_sentence=best.need_sentence if best else "",
                text=best.text if best else "",
                language=best.language if best else "",
                reference=best.reference if best else "",
                because=reasons.because,
            )


def read_plan(file: Path) -> PlannedEvent:
    """What `PlannedEvent.as_json` gave.

    Raises:
        Refusal: the file cannot be read, or is no plan of this version.
    """
    place = f"plan file {file}"
    try:
        if file.stat().st_size > _LARGEST_FILE:
            raise Refusal(place, f"have at most {_LARGEST_FILE // 10**6} MB", f"{file.stat().st_size // 10**6} MB", _MAKE)
        text = file.read_text(encoding="utf-8")
        content = json.loads(text)
    except OSError as error:
        raise Refusal(place, "be readable", error.strerror or str(error), "Check the path.") from error
    except (ValueError, RecursionError) as error:
        if isinstance(error, Refusal):
            raise
        raise Refusal(place, "be JSON", shown(str(error)), _MAKE) from error
    told = content.get("format") if isinstance(content, dict) else None
    if told != FORMAT:
        raise Refusal(place, f"be a planned event of format {FORMAT}", shown(told) if told is not None else "none", _MAKE)
    try:
        return PlannedEvent.model_validate_json(text)
    except ValidationError as error:
        where, required, found, remedy = parts_of(error.errors()[0], "planned event")
        raise Refusal(f"{where} in {place}", required, found, remedy or _MAKE) from error
