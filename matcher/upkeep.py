"""The directory's upkeep by regional partners: how a provider comes in, is corrected, and goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Literal, cast, get_args

from pydantic import Field, model_validator

from embeddings.errors import Refusal, shown
from matcher.errors import StepRefused
from matcher.records import Day, Evidence, Line, Moment, Provider, Record, Signature

ProviderStepKind = Literal[
    "proposed", "vetted", "accepted", "refused", "suspended", "resumed", "expired", "left", "corrected", "asked"
]
"""`asked`: the provider itself asks for a correction, which its regional partner then records or not."""
ProviderState = Literal["listed", "proposed", "vetted", "accepted", "refused", "suspended", "expired", "left"]
PROVIDER_STEPS: tuple[str, ...] = get_args(ProviderStepKind)

MAY_FOLLOW: Mapping[str, tuple[str, ...]] = {
    "listed": ("suspended", "expired", "left", "corrected", "asked"),
    "proposed": ("vetted", "refused", "left", "corrected", "asked"),
    "vetted": ("accepted", "refused", "left", "corrected", "asked"),
    "accepted": ("suspended", "expired", "left", "corrected", "asked"),
    "refused": ("proposed",),
    "suspended": ("resumed", "expired", "left", "corrected", "asked"),
    "expired": ("resumed", "left", "corrected", "asked"),
    "left": ("proposed",),
}
"""State → the steps that are legal then. `listed`: in the files of the directory, without a step on record."""
ON_LISTS = ("listed", "accepted")
"""States in which a provider may be on a new match list."""
STAYS_AS_IT_IS = ("corrected", "asked")
"""Steps that change no state."""
WITH_ENTRY = ("proposed", "corrected", "asked")
"""Steps that tell an entry."""
MOST_WAITING = 10
"""Corrections that a provider may ask for before one is recorded: each replaces the one before, and the record has no end."""
_NAMED_REASON = ("refused", "suspended")


class Entry(Record):
    """A provider with its evidence, as it is proposed."""

    provider: Provider
    evidence: tuple[Evidence, ...] = ()

    @model_validator(mode="after")
    def _evidence_is_its_own(self) -> Entry:
        seen: set[str] = set()
        for one in self.evidence:
            if one.evidence_id in seen:
                raise Refusal("evidence_id", "be there once", shown(one.evidence_id), "Give each its own id.")
            seen.add(one.evidence_id)
            if one.provider_id != self.provider.provider_id:
                wanted = f"be of provider {self.provider.provider_id}"
                raise Refusal(f"evidence {one.evidence_id}", wanted, one.provider_id, "Correct its provider_id.")
        return self


class ProviderStepFields(Record):
    """What a step tells."""

    kind: ProviderStepKind
    entry: Entry | None = None
    """What is proposed, or how it reads after a correction, or should read by the provider itself."""
    reason: Line | None = None
    happened_on: Day | None = None
    """The day it happened; that of recording where it is not said."""


class NewProviderStep(ProviderStepFields):
    """What happens to a provider of the directory."""

    provider_id: Annotated[Line, Field(min_length=1, max_length=100)]

    @model_validator(mode="after")
    def _tells_what_its_kind_must(self) -> NewProviderStep:
        check_told(self)
        if self.entry is not None and self.entry.provider.provider_id != self.provider_id:
            found = self.entry.provider.provider_id
            raise Refusal("entry of the step", f"be of provider {self.provider_id}", found, "Correct one of the two.")
        return self


def check_told(told: ProviderStepFields) -> None:
    """Return if a step tells all that its kind must, and nothing else.

    Raises:
        Refusal: it does not, or is to have happened after today.
    """
    wants_entry = told.kind in WITH_ENTRY
    if wants_entry and told.entry is None:
        raise Refusal("step of a provider", f"tell the entry where it is '{told.kind}'", "none", "Give it.")
    if not wants_entry and told.entry is not None:
        raise Refusal("step of a provider", f"tell no entry where it is '{told.kind}'", "one", "Leave it out.")
    if told.kind in _NAMED_REASON and not told.reason:
        raise Refusal("step of a provider", f"tell its reason where it is '{told.kind}'", "none", "Give it.")
    today = datetime.now(UTC).date()
    # A day's grace: east of Greenwich it is tomorrow already.
    if told.happened_on is not None and (told.happened_on - today).days > 1:
        wanted, remedy = f"not have happened (happened_on) after today, {today}", "Record it when it has happened."
        raise Refusal("step of a provider", wanted, str(told.happened_on), remedy)


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
        elif step.kind not in STAYS_AS_IT_IS:
            state = cast("ProviderState", step.kind)
    return state


def entry_in_force(steps: Sequence[ProviderStep], filed: Entry | None) -> Entry | None:
    """How a provider's entry reads after these steps; `None` where nobody has told one.

    A correction without evidence keeps the evidence that there is.

    Args:
        steps: all of it, in order of recording.
        filed: how the files of the directory tell it.
    """
    entry = filed
    for step in steps:
        if step.kind == "proposed":
            entry = step.entry
        elif step.kind == "corrected" and step.entry is not None:
            kept = () if entry is None else entry.evidence
            entry = step.entry.model_copy(update={"evidence": step.entry.evidence or kept})
    return entry


def corrections_waiting(steps: Sequence[ProviderStep]) -> list[ProviderStep]:
    """What the provider asked for and nobody recorded yet, oldest first."""
    waiting: list[ProviderStep] = []
    for step in steps:
        if step.kind == "asked":
            waiting.append(step)
        elif step.kind in ("corrected", "proposed"):
            waiting = []
    return waiting


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
    if new.kind == "asked" and len(corrections_waiting(steps)) >= MOST_WAITING:
        wanted = f"come while fewer than {MOST_WAITING} corrections wait for the regional partner"
        raise StepRefused(f"step of provider {new.provider_id}", wanted, str(MOST_WAITING), "Tell the partner.")
