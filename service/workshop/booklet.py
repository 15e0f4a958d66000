"""A plan as a booklet to print: an overview, and a page for each participant to take along."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from matcher.countries import country_names
from matcher.workshop.event import Participant, Slot
from service.report.pages import page_templates
from service.workshop.programme import Appointment, Programme

_BREAK = timedelta(minutes=20)
"""Between two slots: a shorter pause is there to change tables."""
_LONGEST_TEXT = ((3, 320), (5, 200), (7, 130))
"""Meetings of a participant up to which so many characters of a need or a fact are printed: its day fits on one page."""
_SHORTEST_TEXT = 80


@dataclass(frozen=True)
class Line:
    """One line of a participant's day: an appointment, or slots without one."""

    day: str
    """Told on the first line of each day, where there are several."""
    when: str
    appointment: Appointment | None = None
    is_break: bool = False
    """Nobody meets then."""
    need: str = ""
    """What the company looks for, as far as it says."""
    need_language: str = ""
    fact: str = ""
    """What speaks for the provider."""
    fact_language: str = ""
    reference: str = ""
    because: tuple[str, ...] = ()


@dataclass
class _Spell:
    """From when until when a participant meets somebody, or nobody."""

    starts: datetime
    ends: datetime
    appointment: Appointment | None = None
    is_break: bool = False


@dataclass(frozen=True)
class Page:
    """What one participant takes along."""

    anchor: str
    participant: Participant
    country: str
    lines: tuple[Line, ...]
    meetings: int
    cancelled: tuple[tuple[str, Participant], ...] = ()
    """When it would have been, and with whom."""
    is_changed: bool = False
    """Whether this version of a final plan changed something for the participant."""


def booklet(programme: Programme) -> str:
    """The booklet as one HTML page that needs nothing else, for paper of size A4. The same plan gives the same bytes."""
    environment = page_templates("service.workshop")
    pages = [_page(programme, number, one) for number, one in enumerate(programme.event.participants, start=1)]
    sides = [("Companies", [page for page in pages if page.participant.side == "company"])]
    sides += [("Providers", [page for page in pages if page.participant.side == "provider"])]
    return (
        environment.get_template("booklet.html").render(
            event=programme.event,
            version=programme.planned.version,
            draft=programme.is_draft,
            standing=programme.standing,
            days=programme.days,
            hours=_span(programme),
            quality=programme.plan.quality,
            tables=max((meeting.table for meeting in programme.meetings), default=0),
            sides=[(title, found) for title, found in sides if found],
            slots=list(_slots(programme)),
            pages=pages,
            web=_web,
        )
        + "\n"
    )


def _page(programme: Programme, number: int, participant: Participant) -> Page:
    lines = tuple(_lines(programme, participant))
    country = country_names().get(participant.country, participant.country)
    return Page(
        f"participant-{number}",
        participant,
        country,
        lines,
        sum(one.appointment is not None for one in lines),
        tuple(
            (programme.when(programme.slots[one.meeting.slot_id]), one.other)
            for one in programme.cancelled(participant.participant_id)
        ),
        participant.participant_id in {one.participant_id for one in programme.planned.changed_for},
    )


def _lines(programme: Programme, participant: Participant) -> Iterator[Line]:
    meetings = len(programme.appointments(participant.participant_id))
    most = next((length for upto, length in _LONGEST_TEXT if meetings <= upto), _SHORTEST_TEXT)
    told = ""
    for spell in _spells(programme, participant):
        day = f"{spell.starts:%Y-%m-%d}" if programme.has_several_days else ""
        when = f"{spell.starts:%H:%M}–{spell.ends:%H:%M}"
        shown, told = ("" if day == told else day), day
        if spell.appointment is None:
            yield Line(shown, when, is_break=spell.is_break)
        else:
            yield _meeting(shown, when, spell.appointment, most)


def _spells(programme: Programme, participant: Participant) -> list[_Spell]:
    """What a participant does while it is there; free slots that follow each other are one spell."""
    by_slot = {one.meeting.slot_id: one for one in programme.appointments(participant.participant_id)}
    spells: list[_Spell] = []
    before: _Spell | None = None
    for slot in programme.slots.values():
        appointment = by_slot.get(slot.slot_id)
        if appointment is None and participant.slots and slot.slot_id not in participant.slots:
            before = None
            continue
        starts, ends = programme.hours(slot)
        if before is not None and before.ends.date() != starts.date():
            before = None
        if before is not None and starts - before.ends >= _BREAK:
            spells.append(_Spell(before.ends, starts, is_break=True))
            before = None
        if before is not None and before.appointment is None and appointment is None:
            before.ends = ends
            continue
        before = _Spell(starts, ends, appointment)
        spells.append(before)
    return spells


def _meeting(day: str, when: str, appointment: Appointment, most: int) -> Line:
    reason = appointment.reason
    both = (appointment.participant, appointment.other)
    company, provider = both if appointment.is_company else both[::-1]
    need = reason.need_sentence if reason is not None else ""
    if company.need is not None and not appointment.is_company:
        # Who asks knows the question; who is asked needs its subject too.
        title, sentence = company.need.title, need or company.need.text
        need = sentence if sentence.startswith(title) else f"{title.rstrip('.')}. {sentence}"
    language = company.need.language if company.need is not None else None
    return Line(
        day,
        when,
        appointment,
        need=_short(need, most),
        need_language=language or "",
        fact=_short(_without_name(reason.text if reason is not None else "", provider.name), most),
        fact_language=_as_attribute(reason.language if reason is not None else ""),
        reference=reason.reference if reason is not None else "",
        because=tuple(_short(one, most) for one in reason.because) if reason is not None else (),
    )


def _slots(programme: Programme) -> Iterator[tuple[str, list[tuple[int, str, str]]]]:
    """When, and the meetings then: table and both names."""
    for slot in programme.slots.values():
        yield (
            programme.when(slot),
            [
                (one.table, programme.participants[one.company_id].name, programme.participants[one.provider_id].name)
                for one in programme.meetings
                if one.slot_id == slot.slot_id
            ],
        )


def _span(programme: Programme) -> str:
    slots = list(programme.slots.values())
    return "" if programme.has_several_days else _clock(programme, slots[0], slots[-1])


def _clock(programme: Programme, first: Slot, last: Slot) -> str:
    return f"{programme.hours(first)[0]:%H:%M}–{programme.hours(last)[1]:%H:%M}"


def _without_name(text: str, name: str) -> str:
    """A profile begins with whose it is, which the page says already."""
    return text.removeprefix(f"{name}.").lstrip()


def _short(text: str, most: int) -> str:
    """As many characters at most, cut between words."""
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    return f"{text[:most].rpartition(' ')[0].rstrip(' ,;:')} …"


def _as_attribute(language: str) -> str:
    """Empty for an unknown one: `und` would make browsers hyphenate as they please."""
    return "" if language == "und" else language


def _web(address: str) -> str:
    """An address of the web without its scheme, to be shown as a link; empty for anything else."""
    return address.split("//", 1)[1].rstrip("/") if address.startswith(("https://", "http://")) else ""
