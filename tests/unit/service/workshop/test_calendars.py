from __future__ import annotations

import io
import zipfile

import pytest
from icalendar import Calendar

from matcher.workshop.event import Participant
from service.workshop.calendars import calendar, calendars, file_names, zipped
from service.workshop.plan_file import PlannedEvent
from service.workshop.programme import Programme
from tests.unit.service.workshop.planned_events import meeting, participants, person, planned, programme, slot


def read(content: bytes) -> Calendar:
    found = Calendar.from_ical(content)
    assert isinstance(found, Calendar)
    return found


def test_every_participant_with_a_meeting_has_a_calendar() -> None:
    files = calendars(programme(meeting("lungs", "bruno", "s01")))
    assert list(files) == ["lungs-lungs-bv.ics", "bruno-bruno-institute.ics"]


def test_an_entry_says_when_where_and_with_whom() -> None:
    (entry,) = read(calendar(programme(), participants()[0])).events
    assert str(entry["summary"]) == "Bruno Institute (DE), Table 1"
    assert str(entry["location"]) == "Table 1, Ede"
    assert (entry.start.isoformat(), entry.end.isoformat()) == ("2027-03-11T09:30:00+01:00", "2027-03-11T09:50:00+01:00")
    assert entry["dtstart"].params["tzid"] == "Europe/Amsterdam"
    assert "You look for: We look for inhalation toxicology" in str(entry["description"])
    (other,) = read(calendar(programme(), participants()[2])).events
    assert "They look for: We look for inhalation toxicology" in str(other["description"])


def test_the_time_zone_is_defined_and_its_changes_are_told_by_the_clock_before() -> None:
    content = calendar(programme(), participants()[0]).decode()
    assert content.count("BEGIN:VTIMEZONE") == 1
    told = content[content.index("BEGIN:VTIMEZONE") : content.index("END:VTIMEZONE")].split("\r\n")
    assert "TZID:Europe/Amsterdam" in told
    summer = told[told.index("BEGIN:DAYLIGHT") : told.index("END:DAYLIGHT")]
    assert {"DTSTART:20270328T020000", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200"} <= set(summer)
    assert "DTSTART:20271031T030000" in told


def test_an_event_over_new_year_defines_both_years() -> None:
    slots = (slot("s01", "09:30", "09:50", "2026-12-31"), slot("s02", "09:30", "09:50", "2027-01-01"))
    people = [one.model_copy(update={"slots": ()}) for one in participants()]
    meetings = (meeting("lungs", "bruno", "s01"), meeting("lungs", "carla", "s02"))
    content = calendar(programme(*meetings, slots=slots, participants=people), people[0]).decode()
    assert "DTSTART:20260329T020000" in content
    assert "RDATE:20270328T020000" in content


def test_the_same_plan_gives_the_same_bytes() -> None:
    again = PlannedEvent.model_validate_json(planned().as_json)
    assert zipped(calendars(Programme(again))) == zipped(calendars(programme()))


def test_text_cannot_leave_its_place() -> None:
    name = "Evil\r\nATTENDEE:mailto:x, ; \\n"
    people = (person("evil", "company", name.replace("\r\n", " "), "NL"), *participants()[2:])
    content = calendar(programme(meeting("evil", "bruno", "s01"), participants=people, wishes=()), people[1])
    assert b"\r\nATTENDEE" not in content
    (entry,) = read(content).events
    assert "ATTENDEE:mailto:x, ; \\n" in str(entry["summary"])


def named(participant_id: str, name: str) -> Participant:
    return person(participant_id, "company", name, "NL")


@pytest.mark.parametrize(
    ("participant", "file"),
    [
        (named("c01", "Müller & Søn ApS"), "c01-muller-son-aps.ics"),
        (named("../../etc", "/passwd"), "etc-passwd.ics"),
        (named("CON", "漢字"), "con-participant.ics"),
        (named("漢", "字"), "participant.ics"),
        (named("c" * 100, "Name"), f"{'c' * 80}.ics"),
    ],
)
def test_file_names_can_be_held_by_every_system(participant: Participant, file: str) -> None:
    assert file_names([participant]) == {participant.participant_id: file}


def test_no_two_file_names_are_alike() -> None:
    people = [named("C-1", "One"), named("c 1", "one"), named("c_1", "ONE")]
    assert list(file_names(people).values()) == ["c-1-one.ics", "c-1-one-2.ics", "c-1-one-3.ics"]


def test_the_archive_holds_every_calendar() -> None:
    files = calendars(programme())
    with zipfile.ZipFile(io.BytesIO(zipped(files))) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == files
