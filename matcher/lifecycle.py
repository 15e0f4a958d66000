"""What becomes of a match, step by step: which steps there are, which may follow which, and how one is corrected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import Annotated, Any, Literal, get_args

from pydantic import ConfigDict, Field, model_validator

from embeddings.errors import Refusal, shown
from matcher.errors import StepRefused
from matcher.fields import LARGEST_NUMBER
from matcher.records import Day, Line, Moment, Record, Signature

StepKind = Literal["introduced", "accepted", "declined", "met", "incentive granted", "outcome", "withdrawn"]
State = Literal["proposed", "introduced", "accepted", "declined", "met", "incentive granted", "outcome"]
Reason = Literal[
    "too early",
    "wrong field",
    "no capacity",
    "terms",
    "language",
    "already in contact",
    "conflict",
    "unclear need",
    "other",
]
Rating = Literal["did not take place", "insufficient interest", "informative, no cooperation", "cooperation possible"]
Result = Literal["no contact", "knowledge gain", "valuable", "negotiating", "agreement reached"]
Anyway = Literal["yes", "no", "cannot say"]
KINDS: tuple[str, ...] = get_args(StepKind)
REASONS: tuple[str, ...] = get_args(Reason)

MAY_FOLLOW: Mapping[str, tuple[str, ...]] = {
    "proposed": ("introduced",),
    "introduced": ("accepted", "declined"),
    "accepted": ("met", "incentive granted", "declined"),
    "met": ("met", "incentive granted", "outcome", "declined"),
    "incentive granted": ("met", "incentive granted", "outcome", "declined"),
    "outcome": ("outcome", "met", "incentive granted"),
    "declined": ("introduced",),
}
"""State → the steps that are legal then. A meeting may be repeated, an incentive may pay for the meeting or for work after
it, an outcome may be asked for again, and who declined may be introduced again when the reason is gone."""

DETAILS: Mapping[str, tuple[str, ...]] = {
    "declined": ("reason",),
    "met": ("rating",),
    "incentive granted": ("incentive",),
    "outcome": ("result", "anyway"),
}
"""Kind of step → what it must tell beside who and when; nothing else may."""
_ASKED = {
    "reason": ("why", f"one of: {', '.join(REASONS)}"),
    "rating": ("how the meeting went", f"one of: {', '.join(get_args(Rating))}"),
    "incentive": ("which incentive", "its name"),
    "result": ("what came of it", f"one of: {', '.join(get_args(Result))}"),
    "anyway": ("whether it would have happened anyway", f"one of: {', '.join(get_args(Anyway))}"),
}
"""Detail → what it tells, and what to give."""
_Number = Annotated[int, Field(ge=1, le=2**63 - 1)]


def _with_kinds(schema: dict[str, Any]) -> None:
    """Say in the schema what `StepTold` checks: which details each kind of step must tell, and which it must not."""
    schema["oneOf"] = [_of_kind(kind) for kind in KINDS]


def _of_kind(kind: str) -> dict[str, Any]:
    wanted = DETAILS.get(kind, ())
    details = {name: {"type": "string", "pattern": r"\S"} if name in wanted else {"type": "null"} for name in _ASKED}
    back = {"corrects": {"type": "integer"}} if kind == "withdrawn" else {}
    return {"title": kind, "properties": {"kind": {"const": kind}, **details, **back}, "required": ["kind", *wanted, *back]}


class StepFields(Record):
    """What a step tells."""

    kind: StepKind
    happened_on: Day | None = None
    """The day it happened; that of recording where it is not said."""
    reason: Reason | None = None
    rating: Rating | None = None
    incentive: Line | None = None
    result: Result | None = None
    anyway: Anyway | None = None
    """Would the cooperation have come about without the programme?"""
    corrects: Annotated[int, Field(ge=1, le=LARGEST_NUMBER)] | None = None
    """Id of the step whose place this one takes."""


class StepTold(StepFields):
    """A step that tells all that its kind must, and nothing else; of which match is said elsewhere."""

    model_config = ConfigDict(json_schema_extra=_with_kinds)

    @model_validator(mode="after")
    def _tells_what_its_kind_must(self) -> StepTold:
        wanted = DETAILS.get(self.kind, ())
        for name, (what, choices) in _ASKED.items():
            value = getattr(self, name)
            if name in wanted and not value:
                raise Refusal("step", f"tell {what} ({name}) where it is '{self.kind}'", "nothing", f"Give {choices}.")
            if name not in wanted and value is not None:
                kinds = " or ".join(f"'{kind}'" for kind, names in DETAILS.items() if name in names)
                found = f"{shown(value)} for '{self.kind}'"
                raise Refusal("step", f"tell {what} ({name}) only where it is {kinds}", found, "Leave it out.")
        if self.kind == "withdrawn" and self.corrects is None:
            remedy = "Name that step with corrects."
            raise Refusal("step", "name the step that it takes back where it is 'withdrawn'", "none", remedy)
        today = datetime.now(UTC).date()
        # A day's grace: east of Greenwich it is tomorrow already.
        if self.happened_on is not None and (self.happened_on - today).days > 1:
            remedy = "Record it when it has happened."
            raise Refusal("step", f"not have happened (happened_on) after today, {today}", str(self.happened_on), remedy)
        return self


class NewStep(StepTold):
    """A step to be recorded."""

    match_id: _Number


class Step(StepFields):
    """A step on record. Those from before there were ratings may lack theirs."""

    match_id: _Number
    step_id: int
    """Its number in the record; grows in order of recording."""
    recorded_at: Moment
    """UTC."""
    recorded_by: Signature

    @property
    def happened(self) -> Day:
        """The day it happened, as far as told, else that of recording."""
        return self.happened_on or self.recorded_at.date()

    @property
    def in_words(self) -> str:
        """The kind, and what it tells: `declined: terms`."""
        details = [value for name in DETAILS.get(self.kind, ()) if (value := getattr(self, name)) and name != "anyway"]
        return ": ".join([self.kind, *details])


def in_force(steps: Sequence[Step]) -> list[Step]:
    """The steps that count: each corrected one replaced, where it stood, by its correction, withdrawn ones gone.

    Args:
        steps: all of one match, in order of recording.
    """
    places: list[Step] = []
    for step in steps:
        if step.corrects is None:
            places.append(step)
            continue
        places = [step if one.step_id == step.corrects else one for one in places]
    return [step for step in places if step.kind != "withdrawn"]


def state_of(steps: Sequence[Step]) -> State:
    """How a match stands after these steps, all of it in order of recording."""
    counted = in_force(steps)
    if not counted:
        return "proposed"
    kind = counted[-1].kind
    assert kind != "withdrawn"
    return kind


def check_day(new: NewStep, given_out: Day) -> None:
    """Return if the step did not happen before its match was proposed.

    Args:
        new: the step to come.
        given_out: the day of the list, in UTC.

    Raises:
        StepRefused: it did.
    """
    # A day's grace: west of Greenwich it is yesterday still.
    if new.happened_on is not None and (given_out - new.happened_on).days > 1:
        wanted = f"not lie before its list was given out, {given_out}"
        raise StepRefused("day of the step", wanted, str(new.happened_on), "Correct the day, or leave it out for today.")


def check_step(steps: Sequence[Step], new: NewStep) -> None:
    """Return if the step may be recorded.

    Args:
        steps: all steps of that match so far, in order of recording.
        new: the one to come.

    Raises:
        StepRefused: it is not legal now; the refusal names the steps that are.
    """
    if new.corrects is None:
        state = state_of(steps)
        if new.kind not in MAY_FOLLOW[state]:
            wanted = f"be one that may follow '{state}': {', '.join(MAY_FOLLOW[state])}"
            remedy = "Record what came before it first, or correct what is wrong with a step that names it in corrects."
            raise StepRefused("step", wanted, f"'{new.kind}'", remedy)
        return
    counted = in_force(steps)
    place = next((place for place, one in enumerate(counted) if one.step_id == new.corrects), None)
    if place is None:
        known = ", ".join(f"{one.step_id} ({one.in_words})" for one in counted) or "none"
        found = f"{new.corrects}, which is not"
        raise StepRefused("step to be corrected", "be in force for that match", found, f"In force are: {known}.")
    if new.kind != counted[place].kind:
        before = counted[place - 1].kind if place else "proposed"
        instead = [] if new.kind == "withdrawn" else [new.kind]
        # Only who gets a new neighbour is judged: records from earlier versions knew no order.
        _check_order([before, *instead, *(one.kind for one in counted[place + 1 : place + 2])])


def _check_order(kinds: Sequence[str]) -> None:
    for before, after in pairwise(kinds):
        if after not in MAY_FOLLOW[before]:
            wanted = f"leave the steps in order: after '{before}' may come {', '.join(MAY_FOLLOW[before])}"
            remedy = "Correct or withdraw the steps beside it first, the newest before the others."
            raise StepRefused("correction", wanted, f"'{after}'", remedy)
