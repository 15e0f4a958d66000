"""A planned event, changed by hand or on the day."""

from __future__ import annotations

import pytest

from embeddings.errors import Refusal
from matcher.pipeline import Matcher
from matcher.workshop.checker import check
from service.workshop.changing import Asked, asked_for, changed
from service.workshop.plan_file import PlannedEvent
from tests.unit.service.workshop.planned_events import REASON, planned


def no_matcher() -> Matcher:
    raise Refusal("index", "be built", "none", "Build it.")


def unneeded() -> Matcher:
    raise AssertionError("nothing new is to be explained")


def pairs(told: PlannedEvent) -> set[tuple[str, str]]:
    return {(one.company_id, one.provider_id) for one in told.plan.meetings}


def test_ids_are_read_from_commas() -> None:
    asked = asked_for(
        fix=["a, b", "a,b,s1"], forbid=["a,b"], swaps=["a,b,c,d"], exchange="partners", absent=["z"], from_slot="s2"
    )
    assert asked == Asked(
        fix=(("a", "b", None), ("a", "b", "s1")),
        forbid=(("a", "b"),),
        swap=((("a", "b"), ("c", "d")),),
        exchange="partners",
        absent=("z",),
        from_slot="s2",
    )


@pytest.mark.parametrize(
    ("option", "written"),
    [
        ("--fix", "a"),
        ("--fix", "a,b,c,d"),
        ("--forbid", "a,"),
        ("--forbid", ""),
        ("--hold", "a"),
        ("--free", "a,b,c"),
        ("--swap", "a,b,c"),
        ("--move", "a,b"),
    ],
)
def test_too_few_or_too_many_ids_are_refused(option: str, written: str) -> None:
    field = {"--swap": "swaps", "--move": "moves"}.get(option, option.removeprefix("--"))
    with pytest.raises(Refusal, match=f"option {option} must be .* ids joined by commas"):
        asked_for(**{field: [written]})


def test_meetings_to_be_held_freed_and_moved_are_read() -> None:
    asked = asked_for(hold=["a,b"], free=["c,d"], moves=["a,b,s2", "c,d,s1,7"])
    assert asked == Asked(hold=(("a", "b"),), free=(("c", "d"),), move=((("a", "b"), "s2", None), (("c", "d"), "s1", 7)))
    with pytest.raises(Refusal, match=r"tell the table as a number\. Got 'x'"):
        asked_for(moves=["a,b,s1,x"])


def test_nothing_to_change_is_refused() -> None:
    with pytest.raises(Refusal, match="say what is to change"):
        asked_for()


def test_what_is_changed_is_a_plan_file_again() -> None:
    before = planned()
    made = changed(before, Asked(forbid=[("lungs", "bruno")]), no_matcher, seconds=10)
    assert check(made.planned.event, made.planned.plan) == []
    assert [(one.company_id, one.provider_id) for one in made.lost] == [("lungs", "bruno")]
    assert made.fewest_changes
    assert made.planned.event.forbidden == (("lungs", "bruno"),)
    assert made.planned.notes[0] == "A note of the files."
    assert PlannedEvent.model_validate_json(made.planned.as_json) == made.planned
    assert before == planned()


def test_reasons_of_what_stays_stay_and_those_that_cannot_be_had_are_told() -> None:
    made = changed(planned(), Asked(fix=[("lungs", "carla", None)]), no_matcher, seconds=10)
    assert ("lungs", "carla") in pairs(made.planned)
    assert made.planned.reasons == (REASON,)
    assert any(note.startswith("What speaks for new meetings is not told") for note in made.planned.notes)


def test_a_swap_alone_plans_nothing_anew() -> None:
    start = changed(planned(), Asked(absent=["carla"]), no_matcher, seconds=10).planned
    pair = next((one.company_id, one.provider_id) for one in start.plan.meetings)
    with pytest.raises(Refusal, match="one meeting twice"):
        changed(start, Asked(swap=[(pair, pair)]), unneeded, seconds=10)


def test_two_meetings_are_swapped_and_all_else_stays() -> None:
    before = planned()
    asked = Asked(swap=[(("lungs", "bruno"), ("vials", "carla"))])
    made = changed(before, asked, unneeded, seconds=10)
    tables = {(one.company_id, one.slot_id): one.table for one in made.planned.plan.meetings}
    # Both were in one slot: they exchange tables.
    assert tables == {("lungs", "s01"): 2, ("vials", "s01"): 1}
    assert (made.kept, made.lost, made.new) == (2, (), ())
    assert made.planned.event == before.event


def test_a_meeting_is_moved_and_nothing_is_planned_anew() -> None:
    before = planned()
    asked = Asked(move=[(("lungs", "bruno"), "s02", None)])
    made = changed(before, asked, unneeded, seconds=10)
    assert [(one.company_id, one.slot_id) for one in made.lost] == [("lungs", "s01")]
    assert [(one.company_id, one.slot_id) for one in made.new] == [("lungs", "s02")]
    assert made.planned.plan.quality == before.plan.quality
    assert made.planned.reasons == before.reasons


def test_a_meeting_is_held_at_its_time_and_freed_and_moved_in_one_change() -> None:
    before = planned()
    start = changed(before, Asked(hold=[("bruno", "lungs")]), unneeded, seconds=10).planned
    assert [(one.company_id, one.slot_id, one.fixed) for one in start.plan.meetings] == [
        (one.company_id, one.slot_id, one.company_id == "lungs") for one in before.plan.meetings
    ]
    with pytest.raises(Refusal, match="is fixed in slot s01"):
        changed(start, Asked(move=[(("lungs", "bruno"), "s02", None)]), unneeded, seconds=10)
    asked = Asked(free=[("lungs", "bruno")], move=[(("lungs", "bruno"), "s02", None)])
    made = changed(start, asked, unneeded, seconds=10)
    assert made.planned.event == before.event
    assert [(one.company_id, one.slot_id, one.fixed) for one in made.new] == [("lungs", "s02", False)]


def test_two_who_do_not_meet_cannot_be_held() -> None:
    with pytest.raises(Refusal, match="meeting to fix must be in the plan"):
        changed(planned(), Asked(hold=[("lungs", "carla")]), unneeded, seconds=10)
