"""How a provider comes into the directory, is corrected, and goes."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from matcher.errors import StepRefused
from matcher.upkeep import (
    MAY_FOLLOW,
    MOST_WAITING,
    PROVIDER_STEPS,
    Entry,
    NewProviderStep,
    check_provider_step,
    corrections_waiting,
    entry_in_force,
    since_when,
    state_of_provider,
)
from tests.fakes import evidence
from tests.unit.matcher.upkeep_steps import entry_of, new_provider_step, on_record, provider_steps_of

WAYS: dict[str, tuple[str, ...]] = {
    "listed": (),
    "proposed": ("proposed",),
    "vetted": ("proposed", "vetted"),
    "accepted": ("proposed", "vetted", "accepted"),
    "refused": ("proposed", "vetted", "refused"),
    "suspended": ("suspended",),
    "expired": ("suspended", "expired"),
    "left": ("left",),
}
"""State → steps that lead to it."""


@pytest.mark.parametrize("state", WAYS)
def test_steps_lead_to_their_state(state: str) -> None:
    assert state_of_provider(provider_steps_of(*WAYS[state])) == state


@pytest.mark.parametrize("kind", PROVIDER_STEPS)
@pytest.mark.parametrize("state", WAYS)
def test_only_what_may_follow_is_recorded(state: str, kind: str) -> None:
    steps, new = provider_steps_of(*WAYS[state]), new_provider_step(kind)
    if kind in MAY_FOLLOW[state]:
        check_provider_step(steps, new, in_files=True)
    else:
        with pytest.raises(StepRefused, match=f"may follow '{state}'"):
            check_provider_step(steps, new, in_files=True)


def test_who_is_nowhere_can_only_be_proposed() -> None:
    check_provider_step([], new_provider_step("proposed"), in_files=False)
    with pytest.raises(StepRefused, match="'not in the directory': proposed"):
        check_provider_step([], new_provider_step("left"), in_files=False)


@pytest.mark.parametrize(
    ("kinds", "state"),
    [
        (("suspended", "resumed"), "listed"),
        (("suspended", "expired", "resumed"), "listed"),
        (("proposed", "vetted", "accepted", "expired", "resumed"), "accepted"),
        (("left", "proposed", "vetted", "accepted", "suspended", "resumed"), "accepted"),
    ],
)
def test_who_is_resumed_stands_as_before(kinds: tuple[str, ...], state: str) -> None:
    assert state_of_provider(provider_steps_of(*kinds)) == state


@pytest.mark.parametrize("state", [state for state in WAYS if "corrected" in MAY_FOLLOW[state]])
def test_a_correction_and_the_wish_for_one_change_no_state(state: str) -> None:
    assert state_of_provider(provider_steps_of(*WAYS[state], "asked", "corrected")) == state


def test_it_may_be_on_lists_from_the_day_of_its_acceptance() -> None:
    assert since_when(provider_steps_of("suspended")) is None
    steps = provider_steps_of("proposed", "vetted", "accepted")
    assert since_when(steps) == steps[-1].recorded_at.date()


def test_an_entry_reads_as_it_was_told_last() -> None:
    first, second = entry_of("nora", "n1"), entry_of("nora", "n2", "n3", name="Nora B.V.")
    proposed = on_record(new_provider_step("proposed", entry=first), 1)
    corrected = on_record(new_provider_step("corrected", entry=second), 2)
    assert entry_in_force([], first) == first
    assert entry_in_force([], None) is None
    assert entry_in_force([proposed], None) == first
    assert entry_in_force([proposed, corrected], None) == second
    assert entry_in_force([corrected], first) == second


def test_a_correction_without_evidence_keeps_what_there_is() -> None:
    told = on_record(new_provider_step("corrected", entry=entry_of("nora", name="Nora B.V.")), 1)
    read = entry_in_force([told], entry_of("nora", "n1"))
    assert read is not None
    assert (read.provider.name, [one.evidence_id for one in read.evidence]) == ("Nora B.V.", ["n1"])


def test_what_the_provider_asks_for_takes_no_effect_by_itself() -> None:
    asked = on_record(new_provider_step("asked", entry=entry_of("nora", name="Nora B.V.")), 1)
    assert entry_in_force([asked], entry_of("nora", "n1")) == entry_of("nora", "n1")
    assert corrections_waiting([asked]) == [asked]
    assert corrections_waiting(provider_steps_of("asked", "corrected")) == []


def test_a_provider_may_not_ask_without_end() -> None:
    waiting = provider_steps_of(*["asked"] * MOST_WAITING)
    with pytest.raises(StepRefused, match=f"fewer than {MOST_WAITING} corrections"):
        check_provider_step(waiting, new_provider_step("asked"), in_files=True)
    check_provider_step(waiting[1:], new_provider_step("asked"), in_files=True)
    check_provider_step([*waiting, on_record(new_provider_step("corrected"), 20)], new_provider_step("asked"), in_files=True)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"kind": "corrected"}, "tell the entry"),
        ({"kind": "left", "entry": entry_of()}, "tell no entry"),
        ({"kind": "suspended"}, "tell its reason"),
        ({"kind": "refused", "reason": " "}, "tell its reason"),
        ({"kind": "left", "happened_on": "2199-01-01"}, "not have happened"),
        ({"kind": "proposed", "entry": entry_of("other")}, "be of provider nora"),
    ],
)
def test_a_step_tells_what_its_kind_must(told: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        NewProviderStep.model_validate({"provider_id": "nora", **told})


def test_evidence_is_the_providers_own_and_each_has_its_id() -> None:
    own = entry_of()
    with pytest.raises(ValidationError, match="be of provider nora"):
        Entry(provider=own.provider, evidence=(evidence("x", "other", "Lungs"),))
    with pytest.raises(ValidationError, match="be there once"):
        Entry(provider=own.provider, evidence=(evidence("x", "nora", "Lungs"), evidence("x", "nora", "Hearts")))
