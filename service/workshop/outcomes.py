"""What became of the meetings, on record as steps of the matches that they came from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from pydantic import ValidationError

from embeddings.errors import Refusal
from matcher.companies import company_key
from matcher.errors import NotFound
from matcher.lifecycle import MAY_FOLLOW, NewStep, Step, check_day, check_step, in_force, state_of
from matcher.log import LoggedMatch, MatchHistory, MatchLog, MatchQuery, Once
from matcher.validation import parts_of
from service.workshop.outcome_rows import OutcomeRow, OutcomesRead, refuse_if_wrong

CALLER = "workshop outcomes"
"""Under which imports are remembered, so that two at a time record a step once."""
_ROWS_AT_ONCE = 500
_OPEN = ("introduced", "accepted")
_GRACE = timedelta(days=1)
"""East of Greenwich it is tomorrow already."""


@dataclass
class OutcomesPlanned:
    """What will go on record, checked as a whole."""

    steps: list[NewStep] = field(default_factory=list)
    """In order."""
    onces: list[Once] = field(default_factory=list)
    """One for each step."""
    unchanged: int = 0
    """Rows that are on record as they are."""
    left_out: list[str] = field(default_factory=list)
    """Rows of which there is no match on record, in words."""


def plan_outcomes(read: OutcomesRead, log: MatchLog, by: str) -> OutcomesPlanned:
    """The steps that bring the record up to what the rows say; none is recorded yet.

    A row's match is the newest one of its company and provider that was given out by the day of the meeting, but one that
    is introduced or accepted already, or has a step of that day, comes first. What is missing before an answer comes before
    it, and another reason or rating than on record for the same day is a correction.

    Args:
        read: from `read_outcomes`.
        log: the record.
        by: who records it.

    Raises:
        OutcomesRefused: a row cannot go on record; all such rows are named.
    """
    planned = OutcomesPlanned()
    taken: dict[int, int] = {}
    for row in read.rows:
        history = _history(row, log)
        if history is None:
            planned.left_out.append(f"{row.pair}: {_why_not(row)}")
            continue
        match_id = history.match.match_id
        first = taken.setdefault(match_id, row.line)
        if first != row.line:
            got = f"the company and the provider of the directory of line {first} again"
            row.table.problem(row.line, "provider", "be another match on record", got, "Say in one row what became of it.")
            continue
        steps = _legal(row, history, by)
        planned.steps += steps
        planned.onces += [_once(one, len(history.steps) + place) for place, one in enumerate(steps)]
        planned.unchanged += not steps
    refuse_if_wrong(read.tables)
    return planned


def record_outcomes(planned: OutcomesPlanned, log: MatchLog, by: str) -> list[Step]:
    """Put the steps on record, one after the other. Cut off half-way, the same file brings the rest.

    Raises:
        LogUnavailable: the record cannot be written.
        StepRefused: something else was recorded of a match in the meantime; read the file again.
    """
    return [log.record_step(one, by, once) for one, once in zip(planned.steps, planned.onces, strict=True)]


def _history(row: OutcomeRow, log: MatchLog) -> MatchHistory | None:
    if row.match_id is not None:
        return _named(row, row.match_id, log)
    if not row.provider.provider_id:
        return None
    key = company_key(row.company.name, row.company.country)
    found = [
        log.history(one.match_id)
        for one in _matches(row, log)
        if company_key(one.company, one.need_country) == key and one.created_at.date() <= row.day + _GRACE
    ]
    return max(found, key=lambda history: (*_fits(history, row.day), history.match.match_id), default=None)


def _named(row: OutcomeRow, match_id: int, log: MatchLog) -> MatchHistory | None:
    try:
        history = log.history(match_id)
    except NotFound as refusal:
        row.table.problem(row.line, "match_id", refusal.required, refusal.found, refusal.remedy)
        return None
    there = history.match
    same_company = company_key(there.company, there.need_country) == company_key(row.company.name, row.company.country)
    if not same_company or there.match.provider_id != row.provider.provider_id:
        got = f"that of {there.company or there.need_id} and {there.match.name}"
        row.table.problem(row.line, "match_id", "be the match of the row's two", got, "Correct it, or leave it out.")
        return None
    return history


def _matches(row: OutcomeRow, log: MatchLog) -> Iterator[LoggedMatch]:
    about = {"provider_id": row.provider.provider_id, "need_country": row.company.country, "limit": _ROWS_AT_ONCE}
    after = 0
    while page := log.matches(MatchQuery.model_validate({**about, "after": after})):
        yield from page
        after = page[-1].match_id


def _fits(history: MatchHistory, day: date) -> tuple[bool, bool]:
    return any(step.happened == day for step in in_force(history.steps)), history.state in _OPEN


def _why_not(row: OutcomeRow) -> str:
    if not row.provider.provider_id and row.match_id is None:
        return "the provider has no provider_id, so no match can be on record"
    return f"no match of the two was on record by {row.day}"


def _legal(row: OutcomeRow, history: MatchHistory, by: str) -> list[NewStep]:
    """The row's steps if all of them may be recorded one after the other; else none, and a problem of the row."""
    steps, legal = list(history.steps), []
    now = datetime.now(UTC)
    try:
        for values in _steps(row, history.steps):
            new = NewStep.model_validate({"match_id": history.match.match_id, **values})
            check_step(steps, new)
            check_day(new, history.match.created_at.date())
            number = steps[-1].step_id + 1 if steps else 1
            steps.append(Step(**new.model_dump(), step_id=number, recorded_at=now, recorded_by=by))
            legal.append(new)
    except ValidationError as error:
        _, required, found, remedy = parts_of(error.errors()[0], "row")
        row.table.problem(row.line, "", required, found, remedy)
        return []
    except Refusal as refusal:
        required = f"tell what may come next: the {refusal.place} must {refusal.required}"
        row.table.problem(row.line, "", required, refusal.found, refusal.remedy)
        return []
    return legal


def _steps(row: OutcomeRow, before: Sequence[Step]) -> list[dict[str, Any]]:
    """Fields of the steps that are missing."""
    counted, state = in_force(before), state_of(before)
    # What is answered before the event happened when it is recorded; of the rest nobody knows the day any better.
    answered = row.day if row.day <= datetime.now(UTC).date() else None
    same = counted[-1:] if answered is None else [step for step in counted if step.happened == row.day]
    if row.answer == "declined":
        declined = [step for step in same if step.kind == "declined"]
        if declined:
            return _corrected(declined[-1], "reason", row.reason)
        return [*_introduced(state, answered, "declined"), {"kind": "declined", "reason": row.reason, "happened_on": answered}]
    met = [step for step in counted if step.kind == "met" and step.happened == row.day]
    if row.rating is not None and met:
        return _corrected(met[-1], "rating", row.rating)
    accepted: list[dict[str, Any]] = []
    if answered is not None and state == "declined" and counted[-1] in same:
        # The answer on record for that day is another: a mistake in the file before, not a change of mind.
        accepted = [{"kind": "accepted", "happened_on": answered, "corrects": counted[-1].step_id}]
    elif not any(step.kind == "accepted" for step in same):
        accepted = _accepted(state, answered)
    if row.rating is None:
        return accepted
    return [*accepted, {"kind": "met", "rating": row.rating, "happened_on": row.day}]


def _accepted(state: str, day: date | None) -> list[dict[str, Any]]:
    """What brings a match that stands like that to accepted."""
    if state not in ("proposed", "introduced", "declined"):
        return []
    return [*_introduced(state, day, "accepted"), {"kind": "accepted", "happened_on": day}]


def _introduced(state: str, day: date | None, wanted: str) -> list[dict[str, Any]]:
    needed = wanted not in MAY_FOLLOW[state] and "introduced" in MAY_FOLLOW[state]
    return [{"kind": "introduced", "happened_on": day}] if needed else []


def _corrected(step: Step, name: str, value: str | None) -> list[dict[str, Any]]:
    if getattr(step, name) == value:
        return []
    return [{"kind": step.kind, name: value, "happened_on": step.happened, "corrects": step.step_id}]


def _once(new: NewStep, place: int) -> Once:
    """The same step at the same place of the same match is one request, however many imports make it."""
    request = new.model_dump_json()
    digest = hashlib.sha256(request.encode()).hexdigest()[:32]
    return Once(caller=CALLER, key=f"{new.match_id}-{place}-{digest}", request=request)
