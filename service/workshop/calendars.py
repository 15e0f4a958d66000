"""Each participant's meetings as an iCalendar file (RFC 5545)."""

from __future__ import annotations

import hashlib
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Mapping
from datetime import timedelta

from icalendar import Calendar, Timezone
from icalendar import Event as CalendarEvent

from matcher.workshop.event import Participant
from service.workshop.programme import Appointment, Programme

_PRODUCT = "-//Crossmatch//workshop//EN"
_LONGEST_NAME = 80
_ZIP_DAY = (1980, 1, 1, 0, 0, 0)
"""The earliest that a ZIP can tell: the same calendars give the same bytes."""
_WITHOUT_ACCENT = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d"})
"""Letters that Unicode does not take apart."""


def calendars(programme: Programme) -> dict[str, bytes]:
    """File name → calendar of every participant that has a meeting, or one that was cancelled, in order of the event."""
    having = [
        one
        for one in programme.event.participants
        if programme.appointments(one.participant_id) or programme.cancelled(one.participant_id)
    ]
    names = file_names(having)
    zone = _definition(programme)
    return {names[one.participant_id]: _calendar(programme, one, zone) for one in having}


def calendar(programme: Programme, participant: Participant) -> bytes:
    """The meetings of one participant, with the definition of the event's time zone.

    A later version replaces what was imported before: a pair's meeting keeps its UID. Those of a draft are tentative, and
    those that were cancelled are there as cancelled, for a program takes out nothing that a file merely leaves out.
    """
    return _calendar(programme, participant, _definition(programme))


def _calendar(programme: Programme, participant: Participant, zone: Timezone) -> bytes:
    found = Calendar()
    found.add("prodid", _PRODUCT)
    found.add("version", "2.0")
    # Cancelled ones too: CANCEL (RFC 5546, 3.2.5) wants one UID an object and nothing else in it, PUBLISH (3.2.1) takes
    # entries of any status, so that one file does for all.
    found.add("method", "PUBLISH")
    found.add("x-wr-calname", f"{programme.event.name}: {participant.name}")
    found.add_component(zone)
    for appointment in programme.appointments(participant.participant_id):
        found.add_component(_entry(programme, appointment))
    for appointment in programme.cancelled(participant.participant_id):
        found.add_component(_cancelled(programme, appointment))
    return bytes(found.to_ical())


def _definition(programme: Programme) -> Timezone:
    """The event's time zone in the years of the event: without bounds it would tell every change of the clock since 1970."""
    days = [moment.date() for slot in programme.slots.values() for moment in programme.hours(slot)]
    first, last = min(days).replace(month=1, day=1), max(days).replace(month=12, day=31)
    zone = Timezone.from_tzinfo(programme.zone, programme.event.time_zone, first, last)
    _tell_changes_by_the_old_clock(zone)
    return zone


def _tell_changes_by_the_old_clock(zone: Timezone) -> None:
    """When clocks are put forward, icalendar 7 tells the hour that they then show; RFC 5545, 3.6.5, wants that before."""
    for part in zone.subcomponents:
        forward = part.TZOFFSETTO - part.TZOFFSETFROM
        if forward > timedelta():
            part.DTSTART -= forward
            changes = part.get("rdate")
            if changes is not None:
                moved = [one.dt - forward for one in changes.dts]
                del part["rdate"]
                part.add("rdate", moved)


def _entry(programme: Programme, appointment: Appointment) -> CalendarEvent:
    other, table = appointment.other, f"Table {appointment.meeting.table}"
    entry = _bare(programme, appointment)
    entry.add("summary", f"{other.name} ({other.country}), {table}")
    entry.add("location", ", ".join(filter(None, (table, programme.event.place))))
    entry.add("description", "\n".join(_description(programme, appointment)))
    entry.add("status", "TENTATIVE" if programme.is_draft else "CONFIRMED")
    return entry


def _cancelled(programme: Programme, appointment: Appointment) -> CalendarEvent:
    other = appointment.other
    entry = _bare(programme, appointment)
    # Programs that do not show a status show this.
    entry.add("summary", f"Cancelled: {other.name} ({other.country})")
    entry.add("description", f"{programme.event.name}: {appointment.participant.name} does not meet {other.name}.")
    entry.add("status", "CANCELLED")
    entry.add("transp", "TRANSPARENT")
    return entry


def _bare(programme: Programme, appointment: Appointment) -> CalendarEvent:
    """What an entry of any status has: which one it is, of which version, and when."""
    planned = programme.planned
    entry = CalendarEvent()
    entry.add("uid", _uid(programme, appointment))
    entry.add("dtstamp", planned.stands_since)
    entry.add("last-modified", planned.stands_since)
    entry.add("sequence", planned.version - 1)
    entry.add("dtstart", appointment.starts)
    entry.add("dtend", appointment.ends)
    return entry


def _description(programme: Programme, appointment: Appointment) -> Iterable[str]:
    if programme.is_draft:
        yield "DRAFT: may still change."
    yield f"{programme.event.name}: {appointment.participant.name} meets {appointment.other.name}."
    reason = appointment.reason
    if reason is not None and reason.need_sentence:
        yield f"{'You look for' if appointment.is_company else 'They look for'}: {reason.need_sentence}"
    if reason is not None and reason.reference:
        yield reason.reference


def _uid(programme: Programme, appointment: Appointment) -> str:
    """The same for the same two at the same event, whenever and wherever they meet; another for each of the two.

    The entry of each names the other, so it is not one entry for both.
    """
    meeting = appointment.meeting
    first_day = min(slot.starts for slot in programme.event.slots).date().isoformat()
    about = (programme.event.name, first_day, meeting.company_id, meeting.provider_id, appointment.participant.participant_id)
    return f"{hashlib.sha256(chr(0).join(about).encode()).hexdigest()[:32]}@crossmatch"


def file_names(participants: Iterable[Participant]) -> dict[str, str]:
    """Id → file name that every system can hold: id and name in small Latin letters, no two alike."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for one in participants:
        stem = "-".join(filter(None, (_letters(one.participant_id), _letters(one.name)))) or "participant"
        # Devices of Windows, which no file may be called.
        stem = f"{stem}-participant" if re.fullmatch(r"con|prn|aux|nul|com\d|lpt\d", stem) else stem
        stem = stem[:_LONGEST_NAME].rstrip("-")
        name, number = f"{stem}.ics", 2
        while name in taken:
            name, number = f"{stem}-{number}.ics", number + 1
        taken.add(name)
        names[one.participant_id] = name
    return names


def _letters(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_WITHOUT_ACCENT)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def zipped(files: Mapping[str, bytes]) -> bytes:
    """The files as one ZIP; the same files give the same bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _ZIP_DAY), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()
