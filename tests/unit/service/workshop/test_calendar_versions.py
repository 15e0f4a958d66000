"""Calendars of drafts, of final plans and of their later versions, as a calendar program reads them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from icalendar import Calendar
from icalendar import Event as Entry

from matcher.workshop.plan import Meeting
from service.workshop.calendars import calendar, calendars
from service.workshop.final import next_version
from service.workshop.plan_file import PlannedEvent
from service.workshop.programme import Programme
from tests.unit.service.workshop.planned_events import FINAL_AT, MADE_AT, final, meeting, participants, planned, programme

WITH_BRUNO, WITH_CARLA = meeting("lungs", "bruno", "s01"), meeting("vials", "carla", "s01", 2)


def later(before: PlannedEvent, *meetings: Meeting) -> PlannedEvent:
    return next_version(before, planned(*meetings).model_copy(update={"made_at": FINAL_AT.replace(hour=10 + before.version)}))


def entries(told: PlannedEvent, number: int = 0) -> list[Entry]:
    """Of one participant, the first if nothing else is said."""
    found = Calendar.from_ical(calendar(Programme(told), participants()[number]))
    assert isinstance(found, Calendar)
    assert str(found["method"]) == "PUBLISH"
    return list(found.events)


def test_meetings_of_a_draft_are_tentative() -> None:
    (entry,) = entries(planned())
    assert (str(entry["status"]), entry["sequence"]) == ("TENTATIVE", 0)
    assert str(entry["description"]).startswith("DRAFT: may still change.\n")
    assert entry["dtstamp"].dt == MADE_AT


def test_meetings_of_a_final_plan_are_confirmed_and_take_the_place_of_the_drafts() -> None:
    (draft,), (entry,) = entries(planned()), entries(final())
    assert (str(entry["status"]), entry["sequence"]) == ("CONFIRMED", 0)
    assert "DRAFT" not in str(entry["description"])
    assert entry["uid"] == draft["uid"]
    # Of two with one sequence number the later stamp counts (RFC 5546, 2.1.5).
    assert entry["dtstamp"].dt == FINAL_AT > draft["dtstamp"].dt


def test_a_meeting_that_is_moved_keeps_its_uid_and_has_a_higher_sequence() -> None:
    first = final()
    second = later(first, meeting("lungs", "bruno", "s02", 2), WITH_CARLA)
    third = later(second, meeting("lungs", "bruno", "s02", 1), WITH_CARLA)
    found = [entries(one) for one in (first, second, third)]
    assert [len(one) for one in found] == [1, 1, 1]
    assert len({str(one[0]["uid"]) for one in found}) == 1
    assert [one[0]["sequence"] for one in found] == [0, 1, 2]
    assert [str(one[0]["status"]) for one in found] == ["CONFIRMED"] * 3
    assert found[2][0].start.isoformat() == "2027-03-11T09:55:00+01:00"
    assert str(entries(third, 2)[0]["uid"]) != str(found[0][0]["uid"])


def test_a_cancelled_meeting_is_there_as_cancelled_for_both() -> None:
    second = later(final(), meeting("lungs", "carla", "s02"), WITH_CARLA)
    (kept, gone), (theirs,) = entries(second), entries(second, 2)
    assert str(kept["summary"]) == "Carla Plant (BE), Table 1"
    assert (str(gone["status"]), gone["sequence"], str(gone["transp"])) == ("CANCELLED", 1, "TRANSPARENT")
    assert gone["uid"] == entries(final())[0]["uid"]
    assert str(gone["summary"]) == "Cancelled: Bruno Institute (DE)"
    assert gone.start == datetime(2027, 3, 11, 9, 30, tzinfo=ZoneInfo("Europe/Amsterdam"))
    assert gone["dtstart"].params["tzid"] == "Europe/Amsterdam"
    assert str(theirs["status"]) == "CANCELLED"
    assert theirs["uid"] == entries(final(), 2)[0]["uid"]


def test_who_has_only_cancelled_meetings_has_a_calendar_too() -> None:
    files = calendars(Programme(later(final(), WITH_CARLA)))
    assert [name for name in files if name.startswith(("lungs", "bruno"))] == [
        "lungs-lungs-bv.ics",
        "bruno-bruno-institute.ics",
    ]
    assert len(calendars(programme(WITH_CARLA))) == 2


def test_what_was_cancelled_stays_cancelled_until_the_two_meet_after_all() -> None:
    first = final()
    third = later(later(first, WITH_CARLA), WITH_CARLA)
    (gone,) = entries(third)
    assert (str(gone["status"]), gone["sequence"]) == ("CANCELLED", 2)
    (back,) = entries(later(third, meeting("lungs", "bruno", "s02"), WITH_CARLA))
    assert (str(back["status"]), back["sequence"]) == ("CONFIRMED", 3)
    assert back["uid"] == gone["uid"] == entries(first)[0]["uid"]


def test_a_cancelled_meeting_carries_the_zone_even_where_nothing_else_does() -> None:
    content = calendar(Programme(later(final(), WITH_CARLA)), participants()[0]).decode()
    assert content.count("BEGIN:VTIMEZONE") == content.count("BEGIN:VEVENT") == 1
    assert "DTSTART;TZID=Europe/Amsterdam:20270311T093000" in content
