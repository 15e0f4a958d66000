"""What became of the meetings, from the rows of the form that `service.workshop.workbook.outcome_form` writes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationError

from embeddings.errors import shown
from matcher.errors import OutcomesRefused
from matcher.lifecycle import Rating, Reason
from matcher.records import Day, Record
from matcher.tables import Table, read_tables
from matcher.validation import parts_of
from matcher.workshop.event import Event, Participant
from matcher.workshop.event_tables import Rows
from matcher.workshop.plan import Plan

_COLUMNS = ("company", "provider", "answer", "reason", "rating", "on", "match_id")
_FOLDED = ("answer", "reason", "rating")


class _Told(Record):
    answer: Literal["accepted", "declined"] | None = None
    reason: Reason | None = None
    rating: Rating | None = None
    on: Day | None = None
    match_id: Annotated[int, Field(ge=1, le=2**63 - 1)] | None = None


@dataclass(frozen=True)
class OutcomeRow:
    """What one row says of a meeting."""

    table: Table
    """Whose problem it is if the row cannot go on record."""
    line: int
    company: Participant
    provider: Participant
    answer: Literal["accepted", "declined"]
    reason: Reason | None
    rating: Rating | None
    day: date
    """Of the meeting."""
    match_id: int | None
    """Of the match on record; looked up where it is not said."""

    @property
    def pair(self) -> str:
        """Line and names."""
        return f"line {self.line}, {self.company.name} and {self.provider.name}"


@dataclass(frozen=True)
class OutcomesRead:
    """The rows that say something, and how many say nothing yet."""

    rows: tuple[OutcomeRow, ...]
    empty: int
    tables: tuple[Table, ...]


def read_outcomes(file: Path, event: Event, plan: Plan | None = None) -> OutcomesRead:
    """The rows of a CSV, XLSX or JSONL file. Columns that mean nothing here are passed over.

    `company` and `provider` are ids of participants; `answer` is accepted or declined (accepted where there is a rating);
    `reason` says why declined, `rating` how the meeting went, `on` its day, `match_id` which match it is on record.

    Args:
        file: as the organiser fills it in.
        event: whose participants met.
        plan: tells the day of each meeting where the event has several.

    Raises:
        OutcomesRefused: a row is wrong; all that are wrong are named.
    """
    tables = _tables(file)
    days = _days(event, plan)
    rows: list[OutcomeRow] = []
    seen: dict[tuple[str, str], int] = {}
    empty = 0
    for table in tables:
        for line, cells in Rows.of("outcomes", table):
            told = _told(table, line, cells)
            pair = _pair(table, line, cells, event)
            if told is None or pair is None:
                continue
            ids = (pair[0].participant_id, pair[1].participant_id)
            first = seen.setdefault(ids, line)
            if first != line:
                table.problem(line, "provider", "be told once", f"the two of line {first} again", "Remove one of the rows.")
            elif told.answer is None and told.rating is None and told.reason is None:
                empty += 1
            elif (row := _row(table, line, pair, told, days.get(ids, days.get(None)))) is not None:
                rows.append(row)
    refuse_if_wrong(tables)
    return OutcomesRead(tuple(rows), empty, tuple(tables))


def refuse_if_wrong(tables: tuple[Table, ...] | list[Table]) -> None:
    """Return if no table has a problem.

    Raises:
        OutcomesRefused: with all of them.
    """
    problems = [problem for table in tables for problem in table.problems]
    if problems:
        raise OutcomesRefused(problems)


def _tables(file: Path) -> list[Table]:
    found = read_tables(file)
    # Beside the form a workbook may hold what is the organiser's own, and the choices of the form.
    tables = [table for table in found if {"company", "provider"} <= set(Rows.of("outcomes", table).columns)]
    if tables:
        return tables
    for table in found[:1]:
        if not table.problems:
            columns = ", ".join(table.columns) or "nothing"
            table.problem(1, "", "have the columns company and provider", columns, "Fill in the form that was exported.")
    refuse_if_wrong(found[:1])
    return []


def _days(event: Event, plan: Plan | None) -> dict[tuple[str, str] | None, date]:
    """The day of each pair's meeting; under `None` that of the event if it has only one."""
    zone = ZoneInfo(event.time_zone)
    by_slot = {slot.slot_id: slot.starts.astimezone(zone).date() for slot in event.slots}
    days: dict[tuple[str, str] | None, date] = {}
    if len(set(by_slot.values())) == 1:
        days[None] = next(iter(by_slot.values()))
    for meeting in plan.meetings if plan is not None else ():
        days[(meeting.company_id, meeting.provider_id)] = by_slot[meeting.slot_id]
    return days


def _told(table: Table, line: int, cells: dict[str, str]) -> _Told | None:
    values = {name: cell for name, cell in cells.items() if name in _Told.model_fields and cell}
    values |= {name: values[name].casefold() for name in _FOLDED if name in values}
    # A workbook's day comes with a time of day.
    values |= {"on": values["on"].removesuffix(" 00:00:00")} if "on" in values else {}
    try:
        return _Told.model_validate(values)
    except ValidationError as error:
        for one in error.errors():
            _, required, found, remedy = parts_of(one, "row")
            table.problem(line, str(one["loc"][0]), required, found, remedy)
        return None


def _pair(table: Table, line: int, cells: dict[str, str], event: Event) -> tuple[Participant, Participant] | None:
    participants = {one.participant_id: one for one in event.participants}
    sides = {"company": "company", "provider": "company" if event.kind == "company to company" else "provider"}
    found = list(_sides(table, line, cells, participants, sides))
    return (found[0], found[1]) if len(found) == 2 else None


def _sides(
    table: Table, line: int, cells: dict[str, str], participants: dict[str, Participant], sides: dict[str, str]
) -> Iterator[Participant]:
    for column, side in sides.items():
        one = participants.get(cells[column])
        if one is None or one.side != side:
            got = shown(cells[column]) if cells[column] else "nothing"
            table.problem(line, column, f"be the id of a {side} of the event", got, "Correct the id.")
        else:
            yield one


def _row(
    table: Table, line: int, pair: tuple[Participant, Participant], told: _Told, planned: date | None
) -> OutcomeRow | None:
    answer = told.answer or ("accepted" if told.rating is not None else None)
    day = told.on or planned
    if answer is None:
        table.problem(line, "answer", "be declined where there is a reason", "nothing", "Fill it in, or take the reason out.")
    elif answer == "declined" and told.reason is None:
        table.problem(line, "reason", "be given where the meeting was declined", "nothing", "Say why.")
    elif answer == "declined" and told.rating is not None:
        got = f"{shown(told.rating)} for a meeting that was declined"
        table.problem(line, "rating", "be empty", got, "Take it out, or say accepted.")
    elif answer == "accepted" and told.reason is not None:
        table.problem(line, "reason", "be empty where the meeting was accepted", shown(told.reason), "Take it out.")
    elif day is None:
        remedy = "The event has several days: fill in the day, or give the plan instead of the folder."
        table.problem(line, "on", "say on which day they met", "nothing", remedy)
    else:
        return OutcomeRow(table, line, *pair, answer, told.reason, told.rating, day, told.match_id)
    return None
