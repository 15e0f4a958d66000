"""Whatever is recorded and corrected: what is in force is in legal order, and nothing is lost."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from matcher.errors import StepRefused
from matcher.lifecycle import KINDS, MAY_FOLLOW, NewStep, Step, check_step, in_force, state_of
from tests.unit.matcher.steps import RECORDED, new_step, recorded, step

attempts = st.lists(st.tuples(st.sampled_from(KINDS), st.none() | st.integers(1, 12)), max_size=25)
"""Kinds, with the step that each is to correct: some legal, some not."""
hopeful = st.lists(st.tuples(st.integers(0, 4), st.booleans(), st.integers(0, 10)), max_size=25)
"""Choices among what is legal, and among what is in force."""


def step_to(kind: str, corrects: int | None) -> NewStep:
    return new_step(kind, corrects=corrects or (1 if kind == "withdrawn" else None))


def accepted(tries: list[tuple[str, int | None]], steps: list[Step] | None = None) -> list[Step]:
    """The history of the tries that were not refused."""
    steps = list(steps or ())
    for kind, corrects in tries:
        try:
            steps = recorded(steps, step_to(kind, corrects))
        except StepRefused:
            continue
    return steps


def check_whole(steps: list[Step]) -> None:
    """Each step of the history is in force, corrected by one later step, or a withdrawal: none has gone, none counts twice."""
    counted = [one.step_id for one in in_force(steps)]
    corrected = [one.corrects for one in steps if one.corrects is not None]
    withdrawals = [one.step_id for one in steps if one.kind == "withdrawn"]
    assert sorted([*counted, *corrected, *withdrawals]) == [one.step_id for one in steps]
    assert all(one.corrects < one.step_id for one in steps if one.corrects is not None)


def check_order(steps: list[Step]) -> None:
    kinds = ["proposed", *(one.kind for one in in_force(steps))]
    assert all(after in MAY_FOLLOW[before] for before, after in pairwise(kinds))
    assert state_of(steps) == kinds[-1]


@given(tries=attempts)
def test_what_is_in_force_is_always_in_legal_order(tries: list[tuple[str, int | None]]) -> None:
    steps = accepted(tries)
    for length in range(len(steps) + 1):
        check_order(steps[:length])
        check_whole(steps[:length])


@given(choices=hopeful)
def test_so_it_is_where_most_steps_are_legal(choices: list[tuple[int, bool, int]]) -> None:
    steps: list[Step] = []
    for number, corrects, place in choices:
        counted = in_force(steps)
        if corrects and counted:
            # One of the six kinds or a withdrawal; mostly the same kind with another rating or reason.
            target = counted[place % len(counted)]
            kind = [target.kind, target.kind, "withdrawn", *RECORDED][(number + place) % 9]
            steps = accepted([(kind, target.step_id)], steps)
        else:
            legal = MAY_FOLLOW[state_of(steps)]
            after = recorded(steps, new_step(legal[number % len(legal)]))
            assert after[: len(steps)] == steps
            steps = after
        check_order(steps)
        check_whole(steps)


@given(kinds=st.lists(st.sampled_from(RECORDED), max_size=8), tries=attempts)
def test_no_step_makes_the_order_of_older_records_worse(kinds: list[str], tries: list[tuple[str, int | None]]) -> None:
    def out_of_order(steps: list[Step]) -> int:
        counted = ["proposed", *(one.kind for one in in_force(steps))]
        return sum(after not in MAY_FOLLOW[before] for before, after in pairwise(counted))

    older = [step(kind, number) for number, kind in enumerate(kinds, start=1)]
    steps = accepted(tries, older)
    counts = [out_of_order(steps[:length]) for length in range(len(older), len(steps) + 1)]
    assert counts == sorted(counts, reverse=True)
    check_whole(steps)


@given(kinds=st.lists(st.sampled_from(RECORDED), min_size=1, max_size=8), tries=attempts)
def test_from_the_newest_on_every_step_in_force_can_be_withdrawn(kinds: list[str], tries: list[tuple[str, int | None]]) -> None:
    steps = accepted(tries, [step(kind, number) for number, kind in enumerate(kinds, start=1)])
    while counted := in_force(steps):
        check_step(steps, new_step("withdrawn", corrects=counted[-1].step_id))
        steps = recorded(steps, new_step("withdrawn", corrects=counted[-1].step_id))
    assert state_of(steps) == "proposed"
    check_whole(steps)
