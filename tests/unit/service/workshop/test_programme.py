from __future__ import annotations

from tests.unit.service.workshop.planned_events import SLOTS, meeting, person, programme, slot


def test_both_of_a_meeting_have_the_appointment() -> None:
    told = programme()
    (mine,) = told.appointments("lungs")
    (theirs,) = told.appointments("bruno")
    assert (mine.other.name, theirs.other.name) == ("Bruno Institute", "Lungs BV")
    assert (mine.is_company, theirs.is_company) == (True, False)
    assert mine.meeting is theirs.meeting
    assert mine.reason is not None
    assert mine.reason.reference == "https://example.org/b1"
    assert (f"{mine.starts:%H:%M %Z}", f"{mine.ends:%H:%M}") == ("09:30 CET", "09:50")


def test_appointments_stand_in_order_of_time_whatever_the_order_of_the_plan() -> None:
    meetings = (meeting("lungs", "carla", "s03"), meeting("lungs", "bruno", "s01"))
    told = programme(*meetings, slots=SLOTS[::-1])
    assert [one.meeting.slot_id for one in told.appointments("lungs")] == ["s01", "s03"]
    assert list(told.slots) == ["s01", "s02", "s03"]


def test_times_are_told_with_their_day_where_there_are_several() -> None:
    assert [programme().when(one) for one in programme().slots.values()][:1] == ["09:30–09:50"]
    assert programme().days == "Thursday 11 March 2027"
    several = programme(slots=(*SLOTS, slot("s04", "09:30", "09:50", "2027-03-12")))
    assert several.when(several.slots["s04"]) == "2027-03-12 09:30–09:50"
    assert several.days == "Thursday 11 March 2027 to Friday 12 March 2027"


def test_the_clock_is_that_of_the_event() -> None:
    told = programme(time_zone="Europe/Lisbon")
    assert told.when(told.slots["s01"]) == "08:30–08:50"


def test_wishes_that_are_not_met_are_those_to_meet() -> None:
    assert [(one.of.name, one.about.name) for one in programme().unmet_wishes] == [("Carla Plant", "Lungs BV")]


def test_companies_among_themselves_have_no_providers() -> None:
    people = (person("a", "company", "Alpha", "NL"), person("b", "company", "Beta", "FR"))
    told = programme(meeting("a", "b", "s02"), kind="company to company", participants=people, wishes=())
    assert (len(told.companies), told.providers) == (2, [])
    assert [one.other.name for one in told.appointments("b")] == ["Alpha"]
