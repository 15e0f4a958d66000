"""One meeting moved by hand: what is said in advance is what the independent checker says after."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator

import pytest

from embeddings.errors import Refusal
from matcher.workshop.change_rules import ChangeRefused
from matcher.workshop.changes import fixed as fix
from matcher.workshop.changes import forbidden, freed, replan, swap
from matcher.workshop.checker import check
from matcher.workshop.event import Event, Loads
from matcher.workshop.moves import Moves, moved
from matcher.workshop.plan import Meeting, Plan
from matcher.workshop.planning import plan_workshop
from tests.unit.matcher.workshop.small_events import chances, event, fixed, people, wish


def busy_day() -> Event:
    """Six companies, four providers, seven slots, three tables; some are not there all day, two meetings are fixed."""
    told = people(6, 4, c2={"slots": ["s1", "s2", "s3"]}, p3={"slots": ["s2", "s3", "s4"]}, c5={"country": "BE"})
    return event(
        told,
        7,
        tables=3,
        loads=Loads(company_most=3, provider_most=5),
        fixed=(fixed("c1", "p1", "s2"), fixed("c3", "p2")),
        wishes=(wish("c4", "p4", "must"), wish("p1", "c6")),
    )


def among_companies() -> Event:
    told = people(7, 0, c1={"slots": ["s1", "s2"]})
    return event(told, 4, kind="company to company", tables=3, loads=Loads(company_most=3), fixed=(fixed("c2", "c3", "s3"),))


EVENTS = {"a workshop": busy_day(), "companies only": among_companies()}
EACH_EVENT = pytest.mark.parametrize("told", EVENTS.values(), ids=list(EVENTS))


def planned(told: Event) -> Plan:
    made = plan_workshop(told, chances(told), seconds=20)
    assert check(told, made) == []
    return made


def pair(meeting: Meeting) -> tuple[str, str]:
    return meeting.company_id, meeting.provider_id


def with_places(told: Event, plan: Plan, places: dict[tuple[str, str], tuple[str, int]]) -> Plan:
    """The plan with these meetings elsewhere, whatever the rules say."""
    order = [slot.slot_id for slot in told.slots]
    meetings = [
        one.model_copy(update=dict(zip(("slot_id", "table"), places[pair(one)], strict=True))) if pair(one) in places else one
        for one in plan.meetings
    ]
    meetings.sort(key=lambda one: (order.index(one.slot_id), one.table))
    return plan.model_copy(update={"meetings": tuple(meetings)})


def cells(told: Event, plan: Plan) -> Iterator[tuple[Meeting, str, int, Meeting | None]]:
    """Each meeting with each cell of the grid, one table more than there are among them, and what stands there."""
    grid = {(one.slot_id, one.table): one for one in plan.meetings}
    tables = range(1, (told.tables or 3) + 2)
    for meeting, slot, table in itertools.product(plan.meetings, told.slots, tables):
        if (there := grid.get((slot.slot_id, table))) != meeting:
            yield meeting, slot.slot_id, table, there


@EACH_EVENT
def test_every_cell_said_to_be_allowed_passes_the_checker_and_every_other_fails(told: Event) -> None:
    plan = planned(told)
    verdicts: Counter[tuple[bool, bool]] = Counter()
    for meeting, slot, table, there in cells(told, plan):
        moves = Moves(told, plan, pair(meeting))
        places = {pair(meeting): (slot, table)}
        if there is not None:
            places[pair(there)] = (meeting.slot_id, meeting.table)
        hindrances = moves.to(slot, table) if there is None else moves.exchange(there)
        broken = check(told, with_places(told, plan, places))
        assert bool(hindrances) == bool(broken), (meeting, slot, table, hindrances, broken)
        verdicts[there is None, not broken] += 1
    # All four kinds came up: moves and exchanges, allowed and not.
    assert len(verdicts) == 4, verdicts


@EACH_EVENT
def test_what_is_allowed_is_done_and_what_is_not_is_refused_in_the_checkers_words(told: Event) -> None:
    plan = planned(told)
    for meeting, slot, table, there in cells(told, plan):
        if there is not None:
            continue
        if Moves(told, plan, pair(meeting)).to(slot, table):
            with pytest.raises(ChangeRefused) as refused:
                moved(told, plan, pair(meeting), slot, table)
            assert refused.value.breaks
        else:
            made = moved(told, plan, pair(meeting), slot, table)
            assert check(told, made) == []
            assert made == with_places(told, plan, {pair(meeting): (slot, table)})
            assert made.quality == plan.quality


@EACH_EVENT
def test_an_exchange_that_is_allowed_is_done_and_the_figures_stay(told: Event) -> None:
    plan = planned(told)
    for one, other in itertools.combinations(plan.meetings, 2):
        allowed = not Moves(told, plan, pair(one)).exchange(other)
        assert allowed == (not Moves(told, plan, pair(other)).exchange(one))
        if allowed:
            made = swap(told, chances(told), plan, pair(one), pair(other))
            assert check(told, made) == []
            assert made.quality == plan.quality
        else:
            with pytest.raises(ChangeRefused):
                swap(told, chances(told), plan, pair(one), pair(other))


@EACH_EVENT
def test_a_time_alone_gets_a_free_table_or_is_refused(told: Event) -> None:
    plan = planned(told)
    for meeting, slot in itertools.product(plan.meetings, told.slots):
        if slot.slot_id == meeting.slot_id:
            continue
        moves = Moves(told, plan, pair(meeting))
        if moves.to(slot.slot_id):
            with pytest.raises(ChangeRefused):
                moved(told, plan, pair(meeting), slot.slot_id)
        else:
            assert check(told, moved(told, plan, pair(meeting), slot.slot_id)) == []


@EACH_EVENT
def test_a_meeting_can_be_taken_out_unless_somebody_must_have_it(told: Event) -> None:
    plan = planned(told)
    musts = {frozenset((one.of, one.about)) for one in told.wishes if one.level == "must"}
    for meeting in plan.meetings:
        hindrances = Moves(told, plan, pair(meeting)).taking_out()
        assert bool(hindrances) == (frozenset(pair(meeting)) in musts)
        if not hindrances:
            less = forbidden(told, *pair(meeting))
            made = replan(less, chances(told), plan, seconds=20)
            assert check(made.event, made.plan) == []


def two_of_two() -> tuple[Event, Plan]:
    """c1 meets p1, and c2 meets p2, each at the only table of a slot; p2 is there in its own only."""
    told = event(
        people(2, 2, p2={"slots": ["s2"]}),
        3,
        tables=1,
        fixed=(fixed("c1", "p1", "s1"), fixed("c2", "p2")),
        loads=Loads(company_most=1, provider_most=1),
    )
    return told, planned(told)


def test_each_hindrance_names_its_rule_and_who_it_is_about() -> None:
    told, plan = two_of_two()
    one, other = (Moves(told, plan, names) for names in (("c1", "p1"), ("p2", "c2")))
    assert [(hindrance.rule, hindrance.slot_id) for hindrance in one.to("s3")] == [("fixed by hand", "s1")]
    assert [(hindrance.rule, hindrance.participant_id) for hindrance in other.to("s3")] == [("presence", "p2")]
    assert [hindrance.rule for hindrance in other.to("s1", 1)] == ["presence", "one meeting at a table"]
    assert [hindrance.rule for hindrance in other.to("s2", 2)] == ["number of tables"]
    assert [hindrance.rule for hindrance in other.to("s1")] == ["presence", "number of tables"]
    assert {hindrance.rule for hindrance in one.exchange(other.meeting)} == {"fixed by hand", "presence"}


def test_who_is_busy_is_named_with_the_meeting_that_is_in_the_way() -> None:
    told = event(people(2, 1), 3, fixed=(fixed("c1", "p1", "s1"), fixed("c2", "p1", "s2")))
    plan = planned(told)
    (hindrance,) = Moves(freed(told, "c1", "p1"), plan, ("c1", "p1")).to("s2")
    assert (hindrance.rule, hindrance.participant_id) == ("one meeting at a time", "p1")
    assert pair(hindrance.meeting) == ("c2", "p1")
    assert [pair(one) for one in Moves(told, plan, ("c1", "p1")).standing_in_the_way("s2")] == [("c2", "p1")]


def test_a_meeting_keeps_its_table_where_that_is_free_and_else_takes_the_lowest() -> None:
    told = event(people(3, 3), 2, loads=Loads(company_most=1, provider_most=1))
    plan = with_places(told, planned(told), {})
    first, second, third = plan.meetings
    spread = with_places(told, plan, {pair(first): ("s1", 3), pair(second): ("s2", 1), pair(third): ("s2", 3)})
    assert Moves(told, spread, pair(first)).free_table("s2") == 2
    assert Moves(told, spread, pair(second)).free_table("s1") == 1
    assert moved(told, spread, pair(second), "s1").quality == plan.quality


@pytest.mark.parametrize(
    ("names", "slot", "table", "told"),
    [
        (("c1", "p2"), "s3", None, "be in the plan"),
        (("c1", "p1"), "s9", None, "slot to move to must be one of the event's"),
        (("c1", "p1"), "s1", None, "be to another time or table"),
        (("c1", "p1"), "s2", None, "have a free table"),
        (("c1", "p1"), "s3", 0, "the first is table 1"),
        (("c1", "p1"), "s3", None, "is fixed in slot s1"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(names: tuple[str, str], slot: str, table: int | None, told: str) -> None:
    made, plan = two_of_two()
    with pytest.raises(ChangeRefused, match=told):
        moved(made, plan, names, slot, table)


def test_a_plan_of_another_event_cannot_be_moved_in() -> None:
    plan = two_of_two()[1]
    with pytest.raises(Refusal, match="be of the event"):
        Moves(event(people(1, 1), 1), plan, ("c1", "p1"))


def test_a_freed_meeting_may_move_and_is_fixed_no_more() -> None:
    told, plan = two_of_two()
    free = freed(told, "p1", "c1")
    assert [(one.company_id, one.provider_id) for one in free.fixed] == [("c2", "p2")]
    made = replan(free, chances(free), plan, seconds=20).plan
    assert [one.fixed for one in made.meetings] == [False, True]
    assert check(free, moved(free, made, ("c1", "p1"), "s3")) == []
    assert fix(free, "c1", "p1", "s1").fixed[-1].slot_id == "s1"
