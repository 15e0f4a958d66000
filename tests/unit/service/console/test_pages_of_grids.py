"""The grid of a plan: a meeting picked, what can be done with it said in advance, and done."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import numpy as np
import pytest
from fastapi.testclient import TestClient

from matcher.workshop.checker import check
from matcher.workshop.moves import Moves
from matcher.workshop.plan import Meeting
from matcher.workshop.planning import plan_workshop
from service.console.grid import ROWS, Grid, Looking, written
from service.workshop.plan_file import PlannedEvent
from service.workshop.programme import Programme
from service.workshop.turn import PlanningTurn
from tests.unit.matcher.workshop.small_events import chances, event, people
from tests.unit.service.console.browser_like import read, text_of
from tests.unit.service.console.test_pages_of_workshops import kept, plan_of, planned, sent
from tests.unit.service.workshop.planned_events import meeting
from tests.unit.service.workshop.planned_events import planned as planned_event

EVENT = """name = "Lung day"
date = 2027-03-11
tables = 3
[slots]
first = "09:00"
length = 20
count = 5
"""
PEOPLE = """id,side,name,country,need,provider_id
c1,company,Lungs BV,NL,We look for inhalation toxicology with lung models.,
c2,company,Vials SA,FR,We look for glass vials.,
c3,company,Cells & Co,NL,We look for a clean room.,
p1,provider,,,,bruno
p2,provider,,,,carla
"""


@pytest.fixture
def address(organiser: TestClient) -> str:
    """Of an event with a plan."""
    found = sent(organiser, **{"event.toml": EVENT, "participants.csv": PEOPLE})
    planned(organiser, found)
    return found


def pick(one: Meeting) -> str:
    return f"?{urlencode({'picked': written(one)})}"


def buttons(page: str, form: str) -> list[str]:
    """Values of the buttons of a form, wherever they stand."""
    return [str(told["value"]) for tag, told in read(page).tags if tag == "button" and told.get("form") == form]


def at(plan: PlannedEvent, one: Meeting) -> tuple[str, int]:
    return next((m.slot_id, m.table) for m in plan.plan.meetings if written(m) == written(one))


def test_every_meeting_can_be_picked_in_both_grids(organiser: TestClient, address: str) -> None:
    page = organiser.get(address).text
    links = [told["href"] for tag, told in read(page).tags if tag == "a" and "picked=" in str(told["href"])]
    for one in plan_of(organiser, address).plan.meetings:
        # Once by table, and with each of the two.
        assert links.count(f"{pick(one)}#picked") == 3
    assert 'id="picked"' not in page


def test_a_picked_meeting_offers_just_the_places_that_the_checker_would_take(organiser: TestClient, address: str) -> None:
    plan = plan_of(organiser, address)
    for one in plan.plan.meetings:
        page = organiser.get(f"{address}{pick(one)}").text
        moves = Moves(plan.event, plan.plan, (one.company_id, one.provider_id))
        grid = Grid(Programme(plan), Looking(written(one)))
        free = {
            f"{slot.slot_id}\n{table}"
            for slot in plan.event.slots
            for table in grid.tables
            if (slot.slot_id, table) not in grid.cells and not moves.to(slot.slot_id, table)
        }
        assert {*buttons(page, "move")} >= free
        assert all(not moves.to(value.split("\n")[0], int(value.split("\n")[1])) for value in buttons(page, "move"))
        others = {written(other) for other in plan.plan.meetings if other != one and not moves.exchange(other)}
        assert {*buttons(page, "exchange")} == others
        assert 'aria-current="true"' in page


def test_a_meeting_is_moved_and_the_reader_comes_back_to_it(organiser: TestClient, address: str) -> None:
    before = plan_of(organiser, address)
    one = before.plan.meetings[0]
    to = buttons(organiser.get(f"{address}{pick(one)}").text, "move")[0]
    form = {"kind": "move", "meeting": written(one), "picked": written(one), "to": to}
    answer = organiser.post(f"{address}/changes", data=form, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{address}{pick(one)}#picked")
    after = plan_of(organiser, address)
    slot, table = to.split("\n")
    assert at(after, one) == (slot, int(table))
    assert check(after.event, after.plan) == []
    assert after.plan.quality == before.plan.quality
    assert [m for m in after.plan.meetings if written(m) != written(one)] == list(before.plan.meetings[1:])


def test_a_browsers_line_ends_are_understood(organiser: TestClient, address: str) -> None:
    one = plan_of(organiser, address).plan.meetings[0]
    to = buttons(organiser.get(f"{address}{pick(one)}").text, "move")[0]
    form = {"kind": "move", "meeting": written(one).replace("\n", "\r\n"), "to": to.replace("\n", "\r\n")}
    assert organiser.post(f"{address}/changes", data=form, follow_redirects=False).status_code == 303
    assert at(plan_of(organiser, address), one)[0] == to.split("\n")[0]


def test_a_meeting_is_moved_while_another_event_is_planned(organiser: TestClient, address: str) -> None:
    one = plan_of(organiser, address).plan.meetings[0]
    to = buttons(organiser.get(f"{address}{pick(one)}").text, "move")[0]
    turn: PlanningTurn = organiser.app.state.planning_turn  # type: ignore[attr-defined]
    with turn.taken():
        form = {"kind": "move", "meeting": written(one), "to": to}
        assert organiser.post(f"{address}/changes", data=form, follow_redirects=False).status_code == 303
    assert at(plan_of(organiser, address), one)[0] == to.split("\n")[0]


def test_of_changes_made_at_a_time_none_is_lost(organiser: TestClient, address: str) -> None:
    meetings = plan_of(organiser, address).plan.meetings
    forms = [{"kind": "hold", "meeting": written(one)} for one in meetings]
    with ThreadPoolExecutor(len(forms)) as clients:
        answers = [*clients.map(lambda form: organiser.post(f"{address}/changes", data=form), forms)]
    assert {answer.status_code for answer in answers} == {200}
    assert {(one.company_id, one.provider_id) for one in plan_of(organiser, address).event.fixed} == {
        (one.company_id, one.provider_id) for one in meetings
    }


def test_two_meetings_are_exchanged_in_place(organiser: TestClient, address: str) -> None:
    before = plan_of(organiser, address)
    one, other = next(
        (one, other)
        for one in before.plan.meetings
        for other in before.plan.meetings
        if one != other and not Moves(before.event, before.plan, (one.company_id, one.provider_id)).exchange(other)
    )
    form = {"kind": "swap", "meeting": written(one), "other_meeting": written(other), "picked": written(one)}
    assert organiser.post(f"{address}/changes", data=form, follow_redirects=False).status_code == 303
    after = plan_of(organiser, address)
    assert (at(after, one), at(after, other)) == (at(before, other), at(before, one))


def test_a_move_that_breaks_a_rule_is_refused_in_place_and_nothing_changes(organiser: TestClient, address: str) -> None:
    before = plan_of(organiser, address)
    one, other = next(
        (one, other)
        for one in before.plan.meetings
        for other in before.plan.meetings
        if one.slot_id != other.slot_id and one.provider_id == other.provider_id
    )
    for to in (f"{other.slot_id}\n3", f"{other.slot_id}\nx", "never\n1", f"{one.slot_id}\n{one.table}"):
        form = {"kind": "move", "meeting": written(one), "picked": written(one), "to": to}
        answer = organiser.post(f"{address}/changes", data=form)
        assert answer.status_code == 422
        assert 'role="alert"' in answer.text
        assert 'id="picked"' in answer.text
        # From the address of the form the links still lead to the page.
        assert f'href="{address}?picked=' in answer.text
    assert plan_of(organiser, address) == before
    told = text_of(organiser.get(f"{address}{pick(one)}").text)
    assert "One meeting at a time: " in told


def test_a_meeting_is_fixed_where_it_is_and_freed_again(organiser: TestClient, address: str) -> None:
    one = plan_of(organiser, address).plan.meetings[0]
    before = plan_of(organiser, address)
    organiser.post(f"{address}/changes", data={"kind": "hold", "meeting": written(one), "picked": written(one)})
    assert [(m.fixed, at(before, m)) for m in plan_of(organiser, address).plan.meetings] == [
        (m == one, at(before, m)) for m in before.plan.meetings
    ]
    page = organiser.get(f"{address}{pick(one)}").text
    assert "Fixed by hand: " in text_of(page)
    # At its own time it may still have another table.
    assert {value.split("\n")[0] for value in buttons(page, "move")} <= {one.slot_id}
    organiser.post(f"{address}/changes", data={"kind": "free", "meeting": written(one), "picked": written(one)})
    assert buttons(organiser.get(f"{address}{pick(one)}").text, "move")
    assert plan_of(organiser, address).event.fixed == ()


def test_after_a_meeting_is_taken_out_nothing_is_picked(organiser: TestClient, address: str) -> None:
    one = plan_of(organiser, address).plan.meetings[0]
    form = {"kind": "forbid", "meeting": written(one), "picked": written(one)}
    answer = organiser.post(f"{address}/changes", data=form, follow_redirects=False)
    assert answer.headers["location"] == address
    page = organiser.get(f"{address}{pick(one)}")
    assert page.status_code == 200
    assert "is not in the plan any more" in text_of(page.text)


def test_a_final_plan_moved_in_becomes_its_next_version(organiser: TestClient, address: str) -> None:
    organiser.post(f"{address}/final")
    one = plan_of(organiser, address).plan.meetings[0]
    page = organiser.get(f"{address}{pick(one)}").text
    assert "each change makes its next version" in text_of(page)
    form = {"kind": "move", "meeting": written(one), "to": buttons(page, "move")[0]}
    organiser.post(f"{address}/changes", data=form)
    after = plan_of(organiser, address)
    assert (after.status, after.version) == ("final", 2)
    assert {one.company_id, one.provider_id} == {told.participant_id for told in after.changed_for}


def test_what_the_script_asks_for_says_the_same_for_every_place(organiser: TestClient, address: str) -> None:
    plan = plan_of(organiser, address)
    one = plan.plan.meetings[0]
    answer = organiser.get(f"{address}/moves{pick(one)}")
    assert answer.status_code == 200
    items = [told for tag, told in read(answer.text).tags if tag == "li"]
    moves = Moves(plan.event, plan.plan, (one.company_id, one.provider_id))
    slots = {str(told["data-slot"]): "data-allowed" in told for told in items if "data-slot" in told}
    others = {str(told["data-other"]): "data-allowed" in told for told in items if "data-other" in told}
    assert slots == {slot.slot_id: not moves.to(slot.slot_id) for slot in plan.event.slots}
    assert others == {written(other): not moves.exchange(other) for other in plan.plan.meetings if other != one}
    assert organiser.get(f"{address}/moves?picked=nobody").status_code == 422


@pytest.mark.parametrize("picked", ["x", "\n", "c1\nnobody", "a" * 5000, "c1\np1\np2"])
def test_a_meeting_that_is_none_is_told_and_the_page_opens(organiser: TestClient, address: str, picked: str) -> None:
    page = organiser.get(f"{address}?{urlencode({'picked': picked})}")
    assert page.status_code == 200
    assert "is not in the plan any more" in text_of(page.text)


def large() -> Programme:
    told = planned_event(meeting("lungs", "bruno", "s01"))
    one = told.event.participants[0]
    more = tuple(
        one.model_copy(update={"participant_id": f"more{number}", "name": f"More {number}"}) for number in range(2 * ROWS)
    )
    event = told.event.model_copy(update={"participants": (*told.event.participants, *more)})
    return Programme(told.model_copy(update={"event": event}))


def test_participants_of_a_large_event_come_in_pages_and_can_be_searched() -> None:
    programme = large()
    first, last = Grid(programme, Looking()), Grid(programme, Looking(page=99))
    assert (len(first.people), first.pages, last.page) == (ROWS, 3, 3)
    shown = [one.participant_id for number in (1, 2, 3) for one in Grid(programme, Looking(page=number)).people]
    assert sorted(shown) == sorted(programme.participants)
    assert Grid(programme, Looking(who="mORE 17")).people[0].name == "More 17"
    assert Grid(programme, Looking(who="zoe")).people == []
    assert "people=2" in Grid(programme, Looking(page=2)).link(programme.meetings[0])


def test_of_a_picked_meeting_the_two_who_meet_are_shown_and_the_page_is_kept() -> None:
    programme = large()
    grid = Grid(programme, Looking(picked="lungs\nbruno", page=2))
    assert [one.participant_id for one in grid.people] == ["lungs", "bruno"]
    assert grid.at_page(grid.page) == "?people=2"


def test_a_page_of_a_usual_event_is_light(organiser: TestClient, address: str) -> None:
    told = people(40, 60)
    names = {one.participant_id: f"{one.participant_id} Institute for Advanced Medicine" for one in told}
    made = event([one.model_copy(update={"name": names[one.participant_id]}) for one in told], 8, tables=30)
    found = np.round(chances(made), 3)
    plan = plan_workshop(made, found, seconds=10)
    assert len(plan.meetings) == 200
    store = kept(organiser)
    one = store.get(address.rpartition("/")[2], lambda region: True)
    fields = {"event": made, "plan": plan, "probabilities": tuple(map(tuple, found.tolist())), "reasons": ()}
    store.put(one, plan_of(organiser, address).model_copy(update=fields))
    for query in ("", pick(plan.meetings[0])):
        page = organiser.get(f"{address}{query}")
        assert page.status_code == 200
        assert len(page.content) < 150_000


def test_one_more_table_is_shown_where_all_are_taken_and_there_is_another() -> None:
    busy = planned_event(meeting("lungs", "bruno", "s01"))
    assert Grid(Programme(busy), Looking()).tables == range(1, 3)
    only = busy.model_copy(update={"event": busy.event.model_copy(update={"tables": 1})})
    assert Grid(Programme(only), Looking()).tables == range(1, 2)


@pytest.mark.parametrize("number", ["0", "-1", "x", "9" * 30, "²", "4"])
def test_a_page_that_there_is_not_is_one_that_there_is(organiser: TestClient, address: str, number: str) -> None:
    answer = organiser.get(f"{address}?{urlencode({'people': number})}")
    assert answer.status_code == 200
    assert "Lungs BV" in text_of(answer.text)


def test_links_of_a_cell_hold_any_id() -> None:
    grid = Grid(Programme(planned_event(meeting("lungs", "bruno", "s01"))), Looking(), "/here")
    odd = meeting("lungs", "bruno", "s01").model_copy(update={"company_id": "a&b #1"})
    assert re.fullmatch(r"/here\?picked=a%26b\+%231%0Abruno#picked", grid.link(odd))


def test_plans_are_sent_compressed_and_nothing_else_is(organiser: TestClient, address: str) -> None:
    page = organiser.get(address, headers={"accept-encoding": "gzip"})
    assert page.headers["content-encoding"] == "gzip"
    assert int(page.headers["content-length"]) * 3 < len(page.content)
    assert "content-encoding" not in organiser.get(address, headers={"accept-encoding": "identity"}).headers
    for other in ("/console/workshops", "/console/providers", "/answer"):
        assert "content-encoding" not in organiser.get(other, headers={"accept-encoding": "gzip"}).headers
