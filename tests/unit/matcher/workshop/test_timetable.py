from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from matcher.workshop.clock import Clock
from matcher.workshop.event import Event
from matcher.workshop.meetings import Meetings
from matcher.workshop.pairing import Pairing
from matcher.workshop.seating import seated
from matcher.workshop.timetable import NOT_YET, timetable
from tests.unit.matcher.workshop.small_events import ALL_MAY, chances, event, fixed, people, wish


def put_in_time(made: Event, pairs: list[tuple[int, int]]) -> tuple[Pairing, Meetings]:
    pairing = Pairing.of(made, chances(made))
    rows, columns = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    return pairing, Meetings(rows, columns, timetable(pairing, rows, columns, Clock(30)))


def clashes(pairing: Pairing, meetings: Meetings) -> list[str]:
    found = []
    busy: Counter[tuple[int, int]] = Counter()
    for row, column, slot in meetings:
        if slot == NOT_YET:
            continue
        for one in (row, column + pairing.first_column):
            busy[one, slot] += 1
            if not pairing.present[one, slot]:
                found.append(f"{one} is not there in {slot}")
    at_once = Counter(slot for _, _, slot in meetings if slot != NOT_YET)
    return [
        *found,
        *(f"{one} twice" for one, count in busy.items() if count > 1),
        *(f"slot {slot} has {count} meetings" for slot, count in at_once.items() if count > pairing.tables),
    ]


def everybody(companies: int, providers: int) -> list[tuple[int, int]]:
    return [(row, column) for row in range(companies) for column in range(providers)]


def test_where_everybody_is_there_all_day_as_many_slots_do_as_anybody_has_meetings() -> None:
    pairing, meetings = put_in_time(event(people(4, 6), slot_count=6, loads=ALL_MAY), everybody(4, 6))
    assert (meetings.slots != NOT_YET).all()
    assert clashes(pairing, meetings) == []


def test_tables_are_enough_if_they_are_in_all_slots_together() -> None:
    pairing, meetings = put_in_time(event(people(4, 6), slot_count=8, tables=3, loads=ALL_MAY), everybody(4, 6))
    assert np.bincount(meetings.slots).tolist() == [3] * 8
    assert clashes(pairing, meetings) == []


def test_companies_among_themselves_need_one_slot_more_at_most() -> None:
    made = event([f"c{number}" for number in range(5)], slot_count=5, kind="company to company", loads=ALL_MAY)
    pairing, meetings = put_in_time(made, [(one, other) for one in range(5) for other in range(one + 1, 5)])
    assert (meetings.slots != NOT_YET).all()
    assert clashes(pairing, meetings) == []


def test_six_companies_meet_each_other_in_five_slots() -> None:
    made = event([f"c{number}" for number in range(6)], slot_count=5, kind="company to company", loads=ALL_MAY)
    pairing, meetings = put_in_time(made, [(one, other) for one in range(6) for other in range(one + 1, 6)])
    assert (meetings.slots != NOT_YET).all()
    assert clashes(pairing, meetings) == []


@pytest.mark.parametrize("seed", range(5))
def test_who_comes_late_or_leaves_early_meets_while_there(seed: int) -> None:
    random = np.random.default_rng(seed)
    times = {}
    for one in (*(f"c{number}" for number in range(1, 13)), *(f"p{number}" for number in range(1, 9))):
        first, last = sorted(random.choice(9, 2, replace=False).tolist())
        times[one] = {"slots": [f"s{slot}" for slot in range(first + 1, last + 2)]}
    made = event(people(12, 8, **times), slot_count=9, tables=5, loads=ALL_MAY)
    pairing = Pairing.of(made, chances(made))
    pairs = [place for place in np.argwhere(pairing.allowed).tolist() if random.random() < 0.25]
    pairing, meetings = put_in_time(made, [tuple(place) for place in pairs])
    assert clashes(pairing, meetings) == []
    assert (meetings.slots == NOT_YET).mean() < 0.2


def test_what_is_fixed_stays_where_it_is() -> None:
    made = event(people(3, 3), loads=ALL_MAY, fixed=[fixed("c1", "p2", "s4"), fixed("c3", "p3", "s1")])
    pairing, meetings = put_in_time(made, everybody(3, 3))
    where = {(row, column): slot for row, column, slot in meetings}
    assert (where[0, 1], where[2, 2]) == (3, 0)
    assert clashes(pairing, meetings) == []
    assert NOT_YET not in where.values()


def test_what_must_come_goes_before_what_is_worth_more() -> None:
    made = event(people(3, 1), slot_count=2, loads=ALL_MAY, tables=1, wishes=[wish("c1", "p1", "must")])
    _, meetings = put_in_time(made, everybody(3, 1))
    where = {row: slot for row, _, slot in meetings}
    assert where[0] != NOT_YET
    assert sorted(where.values())[0] == NOT_YET


def test_the_same_meetings_get_the_same_slots() -> None:
    made = event(people(6, 5, c1={"slots": ["s2", "s3"]}), slot_count=5, tables=4, loads=ALL_MAY)
    first, second = (put_in_time(made, everybody(6, 4))[1].slots.tolist() for _ in range(2))
    assert first == second


def test_providers_keep_their_table_and_companies_come_to_them() -> None:
    made = event(people(3, 3), slot_count=3, loads=ALL_MAY)
    pairing, meetings = put_in_time(made, everybody(3, 3))
    tables = seated(pairing, meetings)
    by_provider = {
        column: {table for one, table in zip(meetings.columns, tables, strict=True) if one == column} for column in range(3)
    }
    assert [len(at) for at in by_provider.values()] == [1, 1, 1]


def test_no_more_tables_are_used_than_there_are_and_each_by_one_meeting_at_a_time() -> None:
    made = event(people(6, 6), slot_count=8, tables=3, loads=ALL_MAY)
    pairing, meetings = put_in_time(made, everybody(6, 4))
    tables = seated(pairing, meetings)
    assert set(tables.tolist()) <= {1, 2, 3}
    assert len({*zip(meetings.slots.tolist(), tables.tolist(), strict=True)}) == len(meetings)
