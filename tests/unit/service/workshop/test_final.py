"""A draft is made final, and a change of a final plan is its next version."""

from __future__ import annotations

import pytest

from embeddings.errors import Refusal
from matcher.pipeline import Matcher
from service.workshop.changing import Asked, changed
from service.workshop.final import FinalRefused, check_final, made_final, next_version
from service.workshop.plan_file import PlannedEvent
from service.workshop.versions import ToBeTold
from tests.unit.service.workshop.planned_events import FINAL_AT, final, meeting, planned


def no_matcher() -> Matcher:
    raise Refusal("index", "be built", "none", "Build it.")


@pytest.fixture
def sound() -> PlannedEvent:
    """A draft, changed by hand, that breaks no rule."""
    return changed(planned(), Asked(fix=[("lungs", "bruno", None)]), no_matcher, seconds=10).planned


def test_a_draft_that_is_changed_stays_a_draft(sound: PlannedEvent) -> None:
    assert (sound.status, sound.version, sound.versions) == ("draft", 1, ())
    assert (sound.cancelled, sound.changed_for) == ((), ())


def test_a_draft_becomes_version_1_with_its_time(sound: PlannedEvent) -> None:
    made = made_final(sound, FINAL_AT)
    assert (made.status, made.version) == ("final", 1)
    assert [(one.number, one.made_at) for one in made.versions] == [(1, FINAL_AT)]
    assert made.stands_since == FINAL_AT != made.made_at
    assert made.plan == sound.plan
    assert sound.status == "draft"
    assert PlannedEvent.model_validate_json(made.as_json) == made


def test_a_plan_that_breaks_a_rule_is_not_made_final_and_all_rules_are_told() -> None:
    # The meeting of the two is marked as fixed, but nobody fixed it; one who said no is met.
    broken = planned(meeting("vials", "carla", "s01", 2, fixed=True), meeting("vials", "bruno", "s02"))
    with pytest.raises(FinalRefused, match=r"^The plan must break no rule .* Change it") as caught:
        made_final(broken)
    assert "vials and carla: fixed is wrong" in caught.value.breaks
    assert "vials and bruno: one of them said no" in caught.value.breaks
    assert str(caught.value).count(";") <= 3


def test_a_final_plan_is_not_made_final_again() -> None:
    with pytest.raises(FinalRefused, match=r"be a draft to be made final\. Got a final plan, version 1\. Hand it out"):
        made_final(final())


def test_a_changed_final_plan_is_the_next_version_and_tells_who_has_to_know(sound: PlannedEvent) -> None:
    first = made_final(sound)
    second = changed(first, Asked(absent=["bruno"]), no_matcher, seconds=10).planned
    assert (second.status, second.version) == ("final", 2)
    assert [one.number for one in second.versions] == [1, 2]
    assert first.stands_since == second.versions[0].made_at <= second.versions[1].made_at == second.stands_since
    assert [(one.meeting.company_id, one.meeting.provider_id, one.version) for one in second.cancelled] == [
        ("lungs", "bruno", 2)
    ]
    told = {one.participant_id: one for one in second.changed_for}
    assert told["bruno"].cancelled == ("lungs",)
    assert told["lungs"].cancelled == ("bruno",)
    assert PlannedEvent.model_validate_json(second.as_json) == second


def test_times_and_tables_count_as_changes_and_what_stays_does_not() -> None:
    now = planned(meeting("lungs", "bruno", "s02"), meeting("vials", "carla", "s01", 2))
    made = next_version(final(), now)
    assert made.changed_for == (
        ToBeTold(participant_id="lungs", moved=("bruno",)),
        ToBeTold(participant_id="bruno", moved=("lungs",)),
    )
    other_table = next_version(made, planned(meeting("lungs", "bruno", "s02", 2), meeting("vials", "carla", "s01", 2)))
    assert [one.participant_id for one in other_table.changed_for] == ["lungs", "bruno"]
    assert next_version(made, now).changed_for == ()


def test_the_list_of_whom_to_tell_is_of_the_newest_change_only() -> None:
    second = next_version(final(), planned(meeting("lungs", "bruno", "s01")))
    third = next_version(second, planned(meeting("lungs", "bruno", "s02")))
    assert [one.participant_id for one in second.changed_for] == ["vials", "carla"]
    assert [one.participant_id for one in third.changed_for] == ["lungs", "bruno"]
    assert [one.version for one in third.cancelled] == [2]


def test_outcomes_are_of_a_final_plan() -> None:
    check_final(final(), "plan file p.json")
    with pytest.raises(FinalRefused, match=r"plan file p.json must be final .* crossmatch workshop final.* give its folder"):
        check_final(planned(), "plan file p.json")
