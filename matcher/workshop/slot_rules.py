"""The slots of an event: listed one by one, or by when the first begins, how long they are and how many there are."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationError

from embeddings.errors import Refusal, shown
from matcher.local_time import clock_time, later, moment_at, on_the_clock
from matcher.records import Line, Record
from matcher.toml_source import TomlSource
from matcher.validation import parts_of
from matcher.workshop.event import MOST_SLOTS, Slot

_SPAN = re.compile(r"\s*(.+?)\s*(?:-|–|to|until)\s*(.+?)\s*")
_LONGEST = 24 * 60
TABLE = "slots"


class _Daily(Record):
    """As many slots of one length as are wanted, on every day of the event."""

    first: Line
    length: Annotated[int, Field(ge=1, le=_LONGEST)]
    """Minutes."""
    pause: Annotated[int, Field(ge=0, le=_LONGEST)] = 0
    """Minutes between two slots."""
    count: Annotated[int, Field(ge=1, le=MOST_SLOTS)]
    """On each day."""
    breaks: tuple[Line, ...] = ()
    """As `12:30-13:30`. A slot that would reach into one begins when it ends."""


class _Listed(Record):
    id: Line = ""
    starts: Line
    ends: Line


def slots_from(source: TomlSource, days: Sequence[dt.date], zone: ZoneInfo) -> tuple[Slot, ...]:
    """The slots that the file tells; those that it tells wrongly are problems of the source.

    Args:
        source: the event's file.
        days: of the event; may be empty where the times have theirs.
        zone: on whose clock times are told.
    """
    told = source.values.get(TABLE)
    if isinstance(told, list):
        return tuple(_listed(source, told, days, zone))
    if isinstance(told, dict):
        daily = _checked(source, TABLE, _Daily, told)
        return () if daily is None else tuple(_daily(source, daily, days, zone))
    required = "say when meetings can take place: first, length and count, or one [[slots]] for each"
    source.problem("", TABLE, required, shown(told) if told is not None else "nothing", "Add the table [slots].")
    return ()


def _checked(source: TomlSource, table: str, record: type[Any], values: Any) -> Any:
    if not isinstance(values, dict):
        source.problem(table, "", "be a table", shown(values), "Write one [[slots]] for each.")
        return None
    known = tuple(record.model_fields)
    source.check_keys(table, values, known)
    try:
        return record.model_validate({key: value for key, value in values.items() if key in known})
    except ValidationError as error:
        for one in error.errors():
            _, required, found, remedy = parts_of(one, "slots")
            source.problem(table, str(one["loc"][0]), required, found, remedy)
        return None


def _listed(source: TomlSource, told: list[Any], days: Sequence[dt.date], zone: ZoneInfo) -> Iterator[Slot]:
    only_day = days[0] if len(days) == 1 else None
    seen: dict[str, int] = {}
    placed: list[tuple[Slot, str]] = []
    for number, values in enumerate(told, start=1):
        table = f"{TABLE}[{number}]"
        listed = _checked(source, table, _Listed, values)
        if listed is None:
            continue
        slot_id = listed.id or _numbered(number, len(told))
        if slot_id in seen:
            source.problem(table, "id", "be there once", f"{shown(slot_id)}, as slot {seen[slot_id]}", "Rename one.")
            continue
        seen[slot_id] = number
        starts = _moment(source, table, "starts", listed.starts, only_day, zone)
        ends = _moment(source, table, "ends", listed.ends, only_day, zone)
        if starts is None or ends is None:
            continue
        if ends <= starts:
            source.problem(table, "ends", f"come after starts ({listed.starts})", shown(listed.ends), "Correct the times.")
            continue
        over = next(((slot, where) for slot, where in placed if starts < slot.ends and slot.starts < ends), None)
        if over is not None:
            found = f"{listed.starts} to {listed.ends}, when {over[1]} takes place"
            source.problem(table, "starts", "not overlap with another slot", found, "Correct their times.")
            continue
        placed.append((Slot(slot_id=slot_id, starts=starts, ends=ends), f"slot {slot_id}"))
    yield from (slot for slot, _ in sorted(placed, key=lambda one: one[0].starts))


def _daily(source: TomlSource, daily: _Daily, days: Sequence[dt.date], zone: ZoneInfo) -> Iterator[Slot]:
    if len(days) * daily.count > MOST_SLOTS:
        found = f"{len(days)} days with {daily.count} slots"
        source.problem(TABLE, "count", f"give at most {MOST_SLOTS} slots", found, "Plan the days one by one.")
        return
    for number, day in enumerate(days or [None], start=1):
        first = _moment(source, TABLE, "first", daily.first, day, zone)
        if first is None:
            return  # of another day it would be the same news
        if day is not None and first.date() != day:
            source.problem(TABLE, "first", f"lie on the day of the event, {day}", shown(daily.first), "Write the time alone.")
            return
        breaks = sorted(_breaks(source, daily, first.date(), zone))
        of_day = f"d{number}-" if len(days) > 1 else ""
        starts = first
        for place in range(1, daily.count + 1):
            for begins, over in breaks:
                if starts < over and begins < later(starts, daily.length, zone):
                    starts = over
            ends = later(starts, daily.length, zone)
            if (ends - dt.timedelta(microseconds=1)).date() != first.date():
                found = f"{daily.count}: slot {place} would end at {ends:%H:%M} on {ends:%Y-%m-%d}"
                source.problem(TABLE, "count", f"be so few that they fit on {first:%Y-%m-%d}", found, "Take fewer.")
                return
            yield Slot(slot_id=f"{of_day}{_numbered(place, daily.count)}", starts=starts, ends=ends)
            starts = later(ends, daily.pause, zone)


def _breaks(source: TomlSource, daily: _Daily, day: dt.date, zone: ZoneInfo) -> Iterator[tuple[dt.datetime, dt.datetime]]:
    for written in daily.breaks:
        span = _SPAN.fullmatch(written)
        try:
            if span is None:
                raise Refusal("break", "be a span", shown(written), "")
            begins, over = (on_the_clock(dt.datetime.combine(day, clock_time(one)), zone) for one in span.groups())
        except Refusal as refusal:
            remedy = refusal.remedy or "Write it as in 12:30-13:30."
            source.problem(
                TABLE, "breaks", f"hold spans within the day: a {refusal.place} must {refusal.required}", shown(written), remedy
            )
            continue
        if over <= begins:
            source.problem(TABLE, "breaks", "hold spans that run forwards", shown(written), "Correct the times.")
            continue
        yield begins, over


def _moment(source: TomlSource, table: str, key: str, written: str, day: dt.date | None, zone: ZoneInfo) -> dt.datetime | None:
    try:
        return moment_at(written, zone, day)
    except Refusal as refusal:
        source.problem(table, key, refusal.required, refusal.found, refusal.remedy)
        return None


def _numbered(number: int, of: int) -> str:
    """`s01`: in order of time where they are sorted as text, and no spreadsheet takes it for something else."""
    return f"s{number:0{max(2, len(str(of)))}}"
