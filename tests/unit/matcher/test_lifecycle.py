from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from embeddings.errors import Refusal
from matcher.errors import RequestRefused, StepRefused
from matcher.lifecycle import DETAILS, KINDS, MAY_FOLLOW, REASONS, NewStep, check_step, in_force, state_of
from matcher.validation import checked
from tests.unit.matcher.steps import RECORDED, TOLD, day, new_step, recorded, step, steps_of

WAYS: dict[str, tuple[str, ...]] = {
    "proposed": (),
    "introduced": ("introduced",),
    "accepted": ("introduced", "accepted"),
    "met": ("introduced", "accepted", "met"),
    "incentive granted": ("introduced", "accepted", "incentive granted"),
    "outcome": ("introduced", "accepted", "met", "outcome"),
    "declined": ("introduced", "declined"),
}
"""State → steps that lead there."""
ASKED = [(kind, name) for kind, names in DETAILS.items() for name in names]
LEGAL = [(state, kind) for state, kinds in MAY_FOLLOW.items() for kind in kinds]
ILLEGAL = [(state, kind) for state in MAY_FOLLOW for kind in RECORDED if kind not in MAY_FOLLOW[state]]


def kinds(steps: list[Any]) -> list[str]:
    return [one.kind for one in in_force(steps)]


def refusal(kind: str, **more: Any) -> str:
    with pytest.raises(Refusal) as caught:
        checked(NewStep, {"match_id": 1, "kind": kind, **more}, "step")
    return str(caught.value)


class TestOrder:
    def test_the_table_is_the_one_that_was_agreed(self) -> None:
        after_meeting = {"met", "incentive granted", "outcome", "declined"}
        assert {state: set(kinds) for state, kinds in MAY_FOLLOW.items()} == {
            "proposed": {"introduced"},
            "introduced": {"accepted", "declined"},
            "accepted": {"met", "incentive granted", "declined"},
            "met": after_meeting,
            "incentive granted": after_meeting,
            "outcome": {"outcome", "met", "incentive granted"},
            "declined": {"introduced"},
        }
        assert len(LEGAL) + len(ILLEGAL) == 7 * 6

    @pytest.mark.parametrize("state", WAYS)
    def test_steps_lead_to_their_state(self, state: str) -> None:
        assert state_of(steps_of(*WAYS[state])) == state

    @pytest.mark.parametrize(("state", "kind"), LEGAL)
    def test_what_may_follow_goes(self, state: str, kind: str) -> None:
        after = recorded(steps_of(*WAYS[state]), new_step(kind))
        assert state_of(after) == kind
        assert kinds(after) == [*WAYS[state], kind]

    @pytest.mark.parametrize(("state", "kind"), ILLEGAL)
    def test_all_else_is_refused_with_exactly_what_may_follow(self, state: str, kind: str) -> None:
        with pytest.raises(StepRefused) as caught:
            check_step(steps_of(*WAYS[state]), new_step(kind))
        refused = caught.value
        assert refused.place == "step"
        assert refused.required == f"be one that may follow '{state}': {', '.join(MAY_FOLLOW[state])}"
        assert refused.found == f"'{kind}'"

    def test_the_refusal_says_what_to_do(self) -> None:
        with pytest.raises(StepRefused) as caught:
            check_step(steps_of("introduced"), new_step("met"))
        assert str(caught.value) == (
            "The step must be one that may follow 'introduced': accepted, declined. Got 'met'. "
            "Record what came before it first, or correct what is wrong with a step that names it in corrects."
        )


class TestDetails:
    @pytest.mark.parametrize("kind", RECORDED)
    def test_a_step_that_tells_what_its_kind_must_is_taken(self, kind: str) -> None:
        assert new_step(kind).kind == kind

    @pytest.mark.parametrize(("kind", "name"), ASKED)
    def test_what_its_kind_must_tell_may_not_be_missing(self, kind: str, name: str) -> None:
        told = {other: value for other, value in TOLD[kind].items() if other != name}
        for given in ({}, {name: None}):
            assert f"({name}) where it is '{kind}'. Got nothing. Give " in refusal(kind, **told, **given)

    @pytest.mark.parametrize("name", ["", "  \n"])
    def test_an_incentive_has_a_name(self, name: str) -> None:
        assert "Got nothing. Give its name." in refusal("incentive granted", incentive=name)

    def test_the_refusal_names_what_can_be_told(self) -> None:
        assert refusal("declined") == (
            "The step must tell why (reason) where it is 'declined'. Got nothing. Give one of: "
            "too early, wrong field, no capacity, terms, language, already in contact, conflict, unclear need, other."
        )
        assert refusal("incentive granted") == (
            "The step must tell which incentive (incentive) where it is 'incentive granted'. Got nothing. Give its name."
        )
        assert "Got nothing. Give one of: no contact, knowledge gain, valuable" in refusal("outcome", anyway="no")

    @pytest.mark.parametrize(
        ("right", "name", "kind"), [(right, name, kind) for right, name in ASKED for kind in KINDS if kind != right]
    )
    def test_a_detail_of_another_kind_is_refused_and_the_right_one_named(self, right: str, name: str, kind: str) -> None:
        told = {**TOLD.get(kind, {}), name: TOLD[right][name]}
        message = refusal(kind, corrects=1 if kind == "withdrawn" else None, **told)
        assert f"({name}) only where it is '{right}'. Got '{TOLD[right][name]}' for '{kind}'. Leave it out." in message

    @pytest.mark.parametrize(
        ("kind", "name", "known"),
        [
            ("declined", "reason", REASONS[-1]),
            ("met", "rating", "did not take place"),
            ("outcome", "result", "agreement reached"),
            ("outcome", "anyway", "cannot say"),
        ],
    )
    def test_an_unknown_word_is_refused_with_the_known_ones(self, kind: str, name: str, known: str) -> None:
        with pytest.raises(RequestRefused) as caught:
            checked(NewStep, {"match_id": 1, "kind": kind, **TOLD[kind], name: "marvellous"}, "step")
        assert str(caught.value).startswith(f"The {name} of the step must be one of ")
        assert known in caught.value.required

    def test_an_unknown_kind_is_refused_with_the_known_ones(self) -> None:
        message = refusal("married")
        assert message.startswith("The kind of the step must be one of ")
        assert all(f"'{kind}'" in message for kind in KINDS)

    def test_a_step_that_takes_nothing_back_is_not_withdrawn(self) -> None:
        assert refusal("withdrawn") == (
            "The step must name the step that it takes back where it is 'withdrawn'. Got none. Name that step with corrects."
        )

    def test_what_lies_ahead_has_not_happened(self) -> None:
        today = datetime.now(UTC).date()
        for ahead in (-400, 0, 1):
            assert new_step("introduced", happened_on=today + timedelta(days=ahead)).happened_on is not None
        message = refusal("introduced", happened_on="2999-12-31")
        assert message.startswith("The step must not have happened (happened_on) after today, ")
        assert message.endswith(". Got 2999-12-31. Record it when it has happened.")

    def test_the_day_is_that_of_recording_where_it_is_not_told(self) -> None:
        assert step("introduced").happened == day("2026-03-10")
        assert step("introduced", happened_on="2026-02-28").happened == day("2026-02-28")

    def test_a_step_in_words_is_its_kind_and_what_it_tells(self) -> None:
        words = [one.in_words for one in steps_of("introduced", "declined", "met", "incentive granted", "outcome")]
        assert words == [
            "introduced",
            "declined: terms",
            "met: cooperation possible",
            "incentive granted: innovation voucher",
            "outcome: valuable",
        ]


class TestCorrections:
    def test_a_correction_takes_the_place_of_what_it_corrects(self) -> None:
        before = steps_of("introduced", "accepted", "met", "outcome")
        after = recorded(before, new_step("met", corrects=3, rating="insufficient interest"))
        assert [one.step_id for one in in_force(after)] == [1, 2, 5, 4]
        assert in_force(after)[2].rating == "insufficient interest"
        assert after[:4] == before
        assert state_of(after) == "outcome"

    def test_another_kind_may_take_the_place_where_the_order_holds(self) -> None:
        after = recorded(steps_of("introduced", "accepted", "met", "met"), new_step("incentive granted", corrects=3))
        assert kinds(after) == ["introduced", "accepted", "incentive granted", "met"]

    def test_a_withdrawn_step_is_gone(self) -> None:
        after = recorded(steps_of("introduced", "accepted"), new_step("withdrawn", corrects=2))
        assert (kinds(after), state_of(after), len(after)) == (["introduced"], "introduced", 3)

    def test_a_match_without_its_introduction_is_only_proposed(self) -> None:
        after = recorded(steps_of("introduced"), new_step("withdrawn", corrects=1))
        assert (kinds(after), state_of(after)) == ([], "proposed")
        assert kinds(recorded(after, new_step("introduced"))) == ["introduced"]

    def test_a_correction_can_be_corrected_again(self) -> None:
        steps = recorded(steps_of("introduced", "declined"), new_step("accepted", corrects=2))
        steps = recorded(steps, new_step("declined", corrects=3, reason="language"))
        assert [one.step_id for one in in_force(steps)] == [1, 4]
        steps = recorded(steps, new_step("withdrawn", corrects=4))
        assert state_of(steps) == "introduced"
        assert len(steps) == 5

    @pytest.mark.parametrize(
        ("steps", "corrects", "in_words"),
        [
            (steps_of("introduced", "accepted"), 7, "1 (introduced), 2 (accepted)"),
            ([], 1, "none"),
            (
                recorded(steps_of("introduced", "accepted"), new_step("declined", corrects=2)),
                2,
                "1 (introduced), 3 (declined: terms)",
            ),
            (recorded(steps_of("introduced", "accepted"), new_step("withdrawn", corrects=2)), 2, "1 (introduced)"),
            (recorded(steps_of("introduced", "accepted"), new_step("withdrawn", corrects=2)), 3, "1 (introduced)"),
        ],
        ids=["another match's", "nothing there", "corrected already", "withdrawn already", "a withdrawal"],
    )
    def test_what_is_not_in_force_cannot_be_corrected(self, steps: list[Any], corrects: int, in_words: str) -> None:
        with pytest.raises(StepRefused) as caught:
            check_step(steps, new_step("introduced", corrects=corrects))
        assert str(caught.value) == (
            f"The step to be corrected must be in force for that match. Got {corrects}, which is not. In force are: {in_words}."
        )

    @pytest.mark.parametrize(
        ("corrects", "kind", "before", "found"),
        [
            (1, "accepted", "proposed", "accepted"),
            (2, "met", "introduced", "met"),
            (2, "declined", "declined", "met"),
            (1, "withdrawn", "proposed", "accepted"),
            (2, "withdrawn", "introduced", "met"),
            (3, "introduced", "accepted", "introduced"),
            (3, "declined", "declined", "outcome"),
        ],
    )
    def test_a_correction_may_break_the_order_on_neither_side(self, corrects: int, kind: str, before: str, found: str) -> None:
        with pytest.raises(StepRefused) as caught:
            check_step(steps_of("introduced", "accepted", "met", "outcome"), new_step(kind, corrects=corrects))
        legal = ", ".join(MAY_FOLLOW[before])
        assert str(caught.value) == (
            f"The correction must leave the steps in order: after '{before}' may come {legal}. Got '{found}'. "
            "Correct or withdraw the steps beside it first, the newest before the others."
        )

    def test_from_the_newest_on_everything_can_be_withdrawn(self) -> None:
        steps = steps_of("introduced", "accepted", "met", "outcome")
        for number in (4, 3, 2, 1):
            steps = recorded(steps, new_step("withdrawn", corrects=number))
        assert (state_of(steps), len(steps)) == ("proposed", 8)


class TestEarlierVersions:
    """Their records know no order, and meetings without a rating."""

    def test_a_match_that_was_met_at_once_goes_on_from_there(self) -> None:
        steps = [step("met")]
        assert state_of(steps) == "met"
        assert kinds(recorded(steps, new_step("outcome"))) == ["met", "outcome"]
        with pytest.raises(StepRefused):
            check_step(steps, new_step("accepted"))

    def test_its_meeting_can_be_given_a_rating(self) -> None:
        steps = recorded([step("met")], new_step("met", corrects=1, rating="insufficient interest"))
        assert [(one.kind, one.rating) for one in in_force(steps)] == [("met", "insufficient interest")]

    def test_it_can_be_withdrawn_or_put_right(self) -> None:
        steps = [step("met"), step("accepted", 2)]
        assert kinds(recorded(steps, new_step("introduced", corrects=1))) == ["introduced", "accepted"]
        assert kinds(recorded(steps, new_step("withdrawn", corrects=2))) == ["met"]

    def test_neighbours_that_a_correction_does_not_touch_are_not_judged(self) -> None:
        steps = [step("introduced"), step("accepted", 2), step("met", 3), step("met", 4), step("accepted", 5), step("met", 6)]
        withdrawn = recorded(steps, new_step("withdrawn", corrects=3))
        assert kinds(withdrawn) == ["introduced", "accepted", "met", "accepted", "met"]
        rated = recorded(withdrawn, new_step("met", corrects=4))
        assert kinds(rated) == kinds(withdrawn)

    def test_a_correction_makes_no_new_neighbours_out_of_order(self) -> None:
        steps = [step("accepted"), step("met", 2), step("accepted", 3)]
        with pytest.raises(StepRefused, match="after 'accepted' may come met"):
            check_step(steps, new_step("withdrawn", corrects=2))
        with pytest.raises(StepRefused, match="after 'proposed' may come introduced"):
            check_step(steps, new_step("met", corrects=1))
