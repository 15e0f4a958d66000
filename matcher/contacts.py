"""Whom a company knows already, by what the record tells of its matches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from matcher.lifecycle import Step, in_force
from matcher.log import MatchHistory
from matcher.records import Line, Record

Told = tuple[int, Step, str]
"""How much it says about the two knowing each other, the step, and that in words."""
_LEAST = -1


class Contact(Record):
    """A provider that a company knows already."""

    provider_id: Line
    words: Line
    """That and how, for whoever reads the list."""


ELSEWHERE = "known already, by the record of another region"
"""What a region is told of another's: that there is something, so that nobody is introduced twice."""


def contacts_of(histories: Iterable[MatchHistory], region: str = "") -> tuple[Contact, ...]:
    """The providers that a company knows by the record, one each, in order of id.

    Only what is in force counts. An agreement is told rather than a meeting, a meeting rather than another outcome or an
    incentive without one, and any of these rather than that the company said that they were in contact; of several of a
    kind the latest. A meeting that did not take place is none, and who tells of no contact had none.

    Args:
        histories: of one company.
        region: whose need it is: what became of another region's matches is its own, and only that there is something is
            told. Empty tells all.
    """
    told: dict[str, list[Told]] = {}
    for history in histories:
        ways = told.setdefault(history.match.match.provider_id, [])
        for weight, step, words in _told(in_force(history.steps)):
            is_own = not region or history.match.need_region == region
            ways.append((weight, step, words) if is_own else (_LEAST, step, ELSEWHERE))
    return tuple(
        Contact(provider_id=provider_id, words=max(ways, key=lambda way: (way[0], way[1].happened, way[1].step_id))[2])
        for provider_id, ways in sorted(told.items())
        if ways
    )


def _told(steps: Sequence[Step]) -> Iterator[Told]:
    for step in steps:
        day = f"({step.happened})"
        if step.kind == "outcome" and step.result == "agreement reached":
            yield 3, step, f"agreement reached {day}"
        elif step.kind == "met" and step.rating != "did not take place":
            # Meetings recorded before there were ratings have none.
            yield 2, step, f"met before {day}" + (f": {step.rating}" if step.rating else "")
        elif step.kind == "outcome" and step.result != "no contact":
            yield 1, step, f"outcome {day}: {step.result}"
        elif step.kind == "incentive granted":
            yield 1, step, f"incentive granted {day}"
        elif step.kind == "declined" and step.reason == "already in contact":
            yield 0, step, f"already in contact (told {step.happened})"
