"""The directory's upkeep by regional partners: how a provider comes in, is corrected, and goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal, get_args

from pydantic import Field, model_validator

from embeddings.errors import Refusal
from matcher.errors import StepRefused
from matcher.records import Day, Evidence, Line, Moment, Provider, Record, Signature

ProviderStepKind = Literal["proposed", "vetted", "accepted", "refused", "suspended", "resumed", "expired", "left", "corrected"]
ProviderState = Literal["listed", "proposed", "vetted", "accepted", "refused", "suspended", "expired", "left"]
PROVIDER_STEPS: tuple[str, ...] = get_args(ProviderStepKind)

MAY_FOLLOW: Mapping[str, tuple[str, ...]] = {
    "listed": ("suspended", "expired", "left", "corrected"),
    "proposed": ("vetted", "refused", "left", "corrected"),
    "vetted": ("accepted", "refused", "left", "corrected"),
    "accepted": ("suspended", "expired", "left", "corrected"),
    "refused": ("proposed",),
    "suspended": ("resumed", "expired", "left", "corrected"),
    "expired": ("resumed", "left", "corrected"),
    "left": ("proposed",),
}
"""State → the steps that are legal then. `listed`: in the files of the directory, without a step on record."""
ON_LISTS = ("listed", "accepted")
"""States in which a provider may be on a new match list."""
_NAMED_REASON = ("refused", "suspended")


class Entry(Record):
    """A provider with its evidence, as it is proposed."""

    provider: Provider
    evidence: tuple[Evidence, ...] = ()

    @model_validator(mode="after")
    def _evidence_is_its_own(self) -> Entry:
        for one in self.evidence:
            if one.provider_id != self.provider.provider_id:
                wanted = f"be of provider {self.provider.provider_id}"
                raise Refusal(f"evidence {one.evidence_id}", wanted, one.provider_id, "Correct its provider_id.")
        return self


class NewProviderStep(Record):
    """What happens to a provider of the directory."""

    provider_id: Annotated[Line, Field(min_length=1, max_length=100)]
    kind: ProviderStepKind
    entry: Entry | None = None
    """What is proposed, or how it reads after a correction."""
    reason: Line | None = None
    happened_on: Day | None = None

    @model_validator(mode="after")
    def _tells_what_its_kind_must(self) -> NewProviderStep:
        wants_entry = self.kind in ("proposed", "corrected")
        if wants_entry and self.entry is None:
            raise Refusal("step of a provider", f"tell the entry where it is '{self.kind}'", "none", "Give it.")
        if not wants_entry and self.entry is not None:
            raise Refusal("step of a provider", f"tell no entry where it is '{self.kind}'", "one", "Leave it out.")
        if self.entry is not None and self.entry.provider.provider_id != self.provider_id:
            found = self.entry.provider.provider_id
            raise Refusal("entry of the step", f"be of provider {self.provider_id}", found, "Correct one of the two.")
        if self.kind in _NAMED_REASON and not self.reason:
            raise Refusal("step of a provider", f"tell its reason where it is '{self.kind}'", "none", "Give it.")
        return self


class ProviderStep(NewProviderStep):
    """A step on record."""

    step_id: int
    """Its number in the record; grows in order of recording."""
    region: Line = ""
    """The programme's region that looks after the provider."""
    recorded_at: Moment
    recorded_by: Signature


def state_of_provider(steps: Sequence[ProviderStep]) -> ProviderState:
    """How a provider stands after these steps, all of it in order of recording."""
    state: ProviderState = "listed"
    for step in steps:
        if step.kind == "resumed":
            # As it was before: whoever never was proposed stands in the files.
            state = "accepted" if any(one.kind == "accepted" for one in steps) else "listed"
        elif step.kind != "corrected":
            state = step.kind
    return state


def since_when(steps: Sequence[ProviderStep]) -> Day | None:
    """The day from which on it may be on lists; `None`: since before there was a record of it."""
    accepted = [step for step in steps if step.kind == "accepted"]
    return (accepted[-1].happened_on or accepted[-1].recorded_at.date()) if accepted else None


def check_provider_step(steps: Sequence[ProviderStep], new: NewProviderStep, *, in_files: bool) -> None:
    """Return if the step may be recorded.

    Args:
        steps: all of that provider so far, in order of recording.
        new: the one to come.
        in_files: whether the provider is in the directory that is in use.

    Raises:
        StepRefused: it is not legal now; names the steps that are.
    """
    if not steps and not in_files:
        legal: tuple[str, ...] = ("proposed",)
        state = "not in the directory"
    else:
        state = state_of_provider(steps)
        legal = MAY_FOLLOW[state]
    if new.kind not in legal:
        wanted = f"be one that may follow '{state}': {', '.join(legal)}"
        raise StepRefused(f"step of provider {new.provider_id}", wanted, f"'{new.kind}'", "Record what comes before it first.")
