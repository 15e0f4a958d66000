from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.matcher.workshop.event_folder import only_problem, problems, read, with_lines, with_slots


def slots(folder: Path, event_toml: str) -> list[str]:
    """`id day hours offset` of each slot."""
    event = read(folder, event_toml=event_toml).event
    return [f"{one.slot_id} {one.starts:%m-%d %H:%M}-{one.ends:%H:%M} {one.starts:%z}" for one in event.slots]


def test_what_the_file_says_is_what_the_event_has(tmp_path: Path) -> None:
    told = with_lines('kind = "pitch event"', "fair = false") + '\n[policy]\nmode = "require"\n'
    event = read(tmp_path, event_toml=f"{told}floor = {{ at_least = 2, of_first = 3 }}\n").event
    assert event.policy.floor is not None
    assert (event.policy.floor.at_least, event.policy.floor.of_first) == (2, 3)
    assert (event.name, event.kind, event.place, event.time_zone) == ("Lung day", "pitch event", "Ede", "Europe/Amsterdam")
    assert (event.tables, event.fair, event.policy.mode) == (2, False, "require")
    assert (event.loads.company_most, event.loads.provider_most, event.loads.company_least) == (2, 3, 0)


def test_slots_follow_each_other_and_keep_out_of_breaks(tmp_path: Path) -> None:
    told = with_slots("[slots]", 'first = "09:30"', "length = 20", "pause = 5", "count = 4", 'breaks = ["10:15-10:45"]')
    assert slots(tmp_path, told) == [
        "s01 03-11 09:30-09:50 +0100",
        "s02 03-11 09:55-10:15 +0100",
        "s03 03-11 10:45-11:05 +0100",
        "s04 03-11 11:10-11:30 +0100",
    ]


def test_several_days_have_the_same_slots(tmp_path: Path) -> None:
    told = with_slots("[slots]", "first = 09:00:00", "length = 30", "count = 2", date='date = ["2027-03-12", "2027-03-11"]')
    assert slots(tmp_path, told) == [
        "d1-s01 03-11 09:00-09:30 +0100",
        "d1-s02 03-11 09:30-10:00 +0100",
        "d2-s01 03-12 09:00-09:30 +0100",
        "d2-s02 03-12 09:30-10:00 +0100",
    ]


def test_slots_may_be_listed_in_any_order_with_days_of_their_own(tmp_path: Path) -> None:
    told = with_slots(
        "[[slots]]",
        'id = "late"',
        "starts = 2027-03-12 14:00:00",
        'ends = "2027-03-12 14:30"',
        "[[slots]]",
        'starts = "2027-03-11 09:00"',
        'ends = "2027-03-11 09:30"',
        date="",
    )
    assert slots(tmp_path, told) == ["s02 03-11 09:00-09:30 +0100", "late 03-12 14:00-14:30 +0100"]


def test_slots_go_on_by_the_watch_when_clocks_are_put_back(tmp_path: Path) -> None:
    told = with_slots("[slots]", 'first = "01:30"', "length = 30", "count = 4", date="date = 2026-10-25")
    assert slots(tmp_path, told) == [
        "s01 10-25 01:30-02:00 +0200",
        "s02 10-25 02:00-02:30 +0200",
        "s03 10-25 02:30-02:00 +0200",
        "s04 10-25 02:00-02:30 +0100",
    ]


DAILY = ("[slots]", 'first = "09:30"', "length = 20", "count = 3")
WRONG: dict[str, tuple[str, int, str, str]] = {
    "a slot backwards": (
        with_slots("[[slots]]", 'starts = "10:00"', 'ends = "09:30"'),
        6,
        "slots[1].ends",
        "come after starts (10:00)",
    ),
    "a slot twice": (
        with_slots(*["[[slots]]", 'id = "a"', 'starts = "10:00"', 'ends = "10:30"'] * 2),
        9,
        "slots[2].id",
        "be there once",
    ),
    "slots that overlap": (
        with_slots("[[slots]]", 'starts = "10:00"', 'ends = "10:30"', "[[slots]]", 'starts = "10:20"', 'ends = "11:00"'),
        8,
        "slots[2].starts",
        "not overlap with another slot",
    ),
    "a time that there is not": (
        with_slots("[slots]", 'first = "02:30"', "length = 20", "count = 3", date="date = 2027-03-28"),
        5,
        "slots.first",
        "exist on the clock of Europe/Amsterdam",
    ),
    "a time that comes twice": (
        with_slots("[[slots]]", 'starts = "02:30"', 'ends = "03:30"', date="date = 2026-10-25"),
        5,
        "slots[1].starts",
        "come once on the clock",
    ),
    "more slots than the day has": (with_slots(*DAILY[:-1], "count = 60"), 7, "slots.count", "be so few that they fit"),
    "more slots than can be planned": (with_slots(*DAILY[:-1], "count = 201"), 7, "slots.count", "at most 200"),
    "a break backwards": (with_slots(*DAILY, 'breaks = ["13:00-12:00"]'), 8, "slots.breaks", "spans that run forwards"),
    "a break that is none": (with_slots(*DAILY, 'breaks = ["lunch"]'), 8, "slots.breaks", "spans within the day"),
    "no day": (with_slots(*DAILY, date=""), 5, "slots.first", "have its day"),
    "no slots": (with_slots(), 0, "slots", "say when meetings can take place"),
    "a day that is none": (with_slots("[[slots]]", date="date = 2027.5"), 3, "date", "be a day as in"),
    "a day twice": (with_slots(*DAILY, date="date = [2027-03-11, 2027-03-11]"), 3, "date", "name each day once"),
    "an unknown kind": (with_lines('kind = "party"'), 8, "kind", "be one of 'partnering workshop'"),
    "an unknown zone": (with_lines('time_zone = "Europe/Liege"', instead_of="time_zone"), 7, "time_zone", "IANA"),
    "no tables": (with_lines("tables = 0", instead_of="tables"), 7, "tables", "be at least 1"),
    "tables that are true": (with_lines("tables = true", instead_of="tables"), 7, "tables", "else than true or false"),
    "an unknown field": (with_lines('colour = "red"'), 8, "colour", "be a known field"),
    "no name": (with_lines(instead_of="name"), 0, "name", "be given"),
    "loads that cannot be": (with_lines() + "\ncompany_least = 3", 17, "loads.company_least", "no greater than company_most"),
    "an unknown load": (with_lines() + "\nleast = 3", 17, "loads.least", "be a known field"),
    "a policy that is none": (with_lines('policy = "favour"'), 8, "policy", "be a table"),
    "a bonus below 0": (with_lines() + "\n[policy]\nbeta = -1", 18, "policy.beta", "be greater than 0"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_named_by_line_and_key(tmp_path: Path, name: str) -> None:
    told, line, column, required = WRONG[name]
    found = problems(tmp_path, event_toml=told)[0]
    assert (found.file, found.line, found.column) == ("event.toml", line, column)
    assert required in found.required


def test_a_time_without_quotes_is_told_how_to_write(tmp_path: Path) -> None:
    found = only_problem(tmp_path, event_toml=with_slots("[slots]", "first = 09:30"))
    assert (found.line, found.remedy) == (5, 'Write times in quotes, as in "09:30".')


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    found = only_problem(tmp_path, event_toml=b'name = "Li\xe8ge"\n')
    assert (found.line, found.required) == (1, "be UTF-8")
