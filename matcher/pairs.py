"""A company and a provider that were introduced to each other: one pair, over however many needs and lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from functools import cached_property
from typing import Literal

from matcher.companies import company_key
from matcher.lifecycle import Step, in_force
from matcher.log import LoggedMatch, MatchHistory

Stage = Literal["introduced", "accepted", "met", "incentive granted", "agreement reached"]
STAGES: tuple[Stage, ...] = ("introduced", "accepted", "met", "incentive granted", "agreement reached")
NO_REGION = "not told"
"""Stands for the region of a need that names none."""
_AFTER_ACCEPTING = {"accepted", "met", "incentive granted", "outcome"}


@dataclass(frozen=True)
class Introduced:
    """One match with steps in force. Keeps no more of it than is counted, for the record may hold a hundred thousand."""

    match_id: int
    list_day: date
    """UTC."""
    cross_border: bool
    region: str
    countries: str
    category: str
    steps: tuple[Step, ...]
    """In force, in their order; never empty."""

    @property
    def day(self) -> date:
        """The day of the introduction; of the first step where none is on record, as from earlier versions."""
        return next((step.happened for step in self.steps if step.kind == "introduced"), self.steps[0].happened)


@dataclass(frozen=True)
class Pair:
    """A company and a provider. `introduced` are their matches, the one introduced first before the others."""

    introduced: tuple[Introduced, ...]

    @property
    def first(self) -> Introduced:
        """The match that brought them together: its region, countries and category are the pair's."""
        return self.introduced[0]

    @property
    def days_to_introduction(self) -> int | None:
        """From the day that the list was given out; `None` where no introduction is on record."""
        told = any(step.kind == "introduced" for step in self.first.steps)
        return (self.first.day - self.first.list_day).days if told else None

    @cached_property
    def first_answer(self) -> Literal["accepted", "declined"] | None:
        """What the introduction led to at first; `None` while it is open."""
        answers = []
        for match in self.introduced:
            answer = next((step for step in match.steps if step.kind != "introduced"), None)
            if answer is not None:
                answers.append((answer.happened, match.match_id, answer.kind))
        if not answers:
            return None
        return "declined" if min(answers)[2] == "declined" else "accepted"

    def steps(self, kind: str) -> list[Step]:
        """All steps of a kind."""
        return [step for match in self.introduced for step in match.steps if step.kind == kind]

    @cached_property
    def latest_outcome(self) -> Step | None:
        """The outcome told last."""
        last = [outcomes[-1] for match in self.introduced if (outcomes := [s for s in match.steps if s.kind == "outcome"])]
        return max(last, key=_when, default=None)

    @cached_property
    def reached(self) -> tuple[Stage, ...]:
        """The stages that were reached. A meeting counts if it took place, an agreement if the latest outcome tells of it."""
        kinds = {step.kind for match in self.introduced for step in match.steps}
        outcome = self.latest_outcome
        is_reached: dict[Stage, bool] = {
            "introduced": True,
            "accepted": not kinds.isdisjoint(_AFTER_ACCEPTING),
            "met": any(step.rating != "did not take place" for step in self.steps("met")),
            "incentive granted": "incentive granted" in kinds,
            "agreement reached": outcome is not None and outcome.result == "agreement reached",
        }
        return tuple(stage for stage in STAGES if is_reached[stage])

    @property
    def is_open(self) -> bool:
        """There is more to come: the last word was no refusal, and no outcome but that they still negotiate."""
        last = max((match.steps[-1] for match in self.introduced), key=_when)
        ended = last.kind == "declined" or (last.kind == "outcome" and last.result != "negotiating")
        return not ended and self.reached[-1] != "agreement reached"


def pairs_of(histories: Iterable[MatchHistory]) -> list[Pair]:
    """Whoever was introduced, once per company and provider, in the order of their first match with steps.

    A need that does not name its company stands alone: nothing tells that another need is of the same one. A match of which
    nothing is in force, as after the introduction was withdrawn, is left out.
    """
    found: dict[tuple[str, str], list[Introduced]] = {}
    for history in histories:
        steps = in_force(history.steps)
        if steps:
            match = history.match
            company = company_key(match.company, match.need_country) or f"list {match.list_id}"
            found.setdefault((company, match.match.provider_id), []).append(_introduced(match, steps))
    return [Pair(tuple(sorted(of_pair, key=lambda one: (one.day, one.match_id)))) for of_pair in found.values()]


def _introduced(logged: LoggedMatch, steps: Sequence[Step]) -> Introduced:
    return Introduced(
        match_id=logged.match_id,
        list_day=logged.created_at.astimezone(UTC).date(),
        cross_border=logged.match.cross_border,
        region=logged.need_region or NO_REGION,
        countries=f"{logged.need_country}→{logged.match.country}",
        category=logged.match.category,
        steps=tuple(steps),
    )


def _when(step: Step) -> tuple[date, int]:
    return step.happened, step.step_id
