"""What `event.toml` says: everything of an event but who comes and who wishes what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, TypeAdapter, ValidationError, create_model

from embeddings.errors import Refusal, shown
from matcher.fields import Day
from matcher.records import BorderPolicy, Record
from matcher.toml_source import TomlSource
from matcher.validation import parts_of
from matcher.workshop.event import Event, Loads, Slot
from matcher.workshop.slot_rules import slots_from

EVENT_FILE = "event.toml"
_SAID_HERE = ("name", "kind", "time_zone", "place", "tables", "fair")
_TABLES = ("loads", "policy")
_KNOWN = (*_SAID_HERE, "date", "slots", *_TABLES)
_DAYS: TypeAdapter[tuple[dt.date, ...]] = TypeAdapter(tuple[Day, ...])


def _part_of(record: type[Record], *names: str) -> type[BaseModel]:
    """Those fields of the record, checked as it checks them."""
    fields: dict[str, Any] = {
        name: (record.model_fields[name].rebuild_annotation(), record.model_fields[name]) for name in names
    }
    return create_model(f"Part of {record.__name__}", __base__=Record, **fields)


@dataclass(frozen=True)
class EventSettings:
    """As far as they could be read; what could not is in the problems of the source."""

    values: Mapping[str, Any]
    """Fields of `Event`."""
    slots: tuple[Slot, ...] = ()
    days: tuple[dt.date, ...] = ()
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo(Event.model_fields["time_zone"].default))
    loads: Loads = field(default_factory=Loads)

    @property
    def is_between_companies(self) -> bool:
        """Whether companies meet each other."""
        return bool(self.values.get("kind") == "company to company")


def settings_from(source: TomlSource) -> EventSettings:
    """Read what the source holds; whatever is wrong is noted there."""
    told = source.values
    source.check_keys("", told, _KNOWN)
    values = _checked(source, "", _part_of(Event, *_SAID_HERE), {key: told[key] for key in _SAID_HERE if key in told})
    days = _days(source, told.get("date"))
    zone = ZoneInfo(values.get("time_zone", Event.model_fields["time_zone"].default))
    loads = _table(source, "loads", Loads, tuple(Loads.model_fields))
    policy = _table(source, "policy", BorderPolicy, tuple(BorderPolicy.model_fields))
    return EventSettings(
        values={**values, "loads": loads, "policy": policy},
        slots=slots_from(source, days, zone),
        days=days,
        zone=zone,
        loads=loads,
    )


def _days(source: TomlSource, told: Any) -> tuple[dt.date, ...]:
    if told is None:
        return ()
    try:
        days = _DAYS.validate_python(tuple(told) if isinstance(told, list) else (told,))
    except ValidationError as error:
        for one in error.errors():
            _, required, found, remedy = parts_of(one, "date")
            source.problem("", "date", required, found, remedy)
        return ()
    if len(set(days)) < len(days):
        source.problem("", "date", "name each day once", "one of them twice", "Remove it.")
    return tuple(sorted(set(days)))


def _table(source: TomlSource, table: str, record: type[Any], known: Sequence[str]) -> Any:
    """The record of a table; with its defaults where the file says nothing, or something wrong."""
    told = source.values.get(table, {})
    if not isinstance(told, dict):
        source.problem("", table, "be a table", shown(told), f"Write [{table}] and its fields below.")
        return record()
    source.check_keys(table, told, tuple(known))
    return _validated(source, table, record, {key: value for key, value in told.items() if key in known}) or record()


def _checked(source: TomlSource, table: str, record: type[BaseModel], told: dict[str, Any]) -> dict[str, Any]:
    """The fields that hold."""
    _validated(source, table, record, told)
    wrong = {problem.column for problem in source.problems}
    return {key: value for key, value in told.items() if key not in wrong}


def _validated(source: TomlSource, table: str, record: type[BaseModel], told: dict[str, Any]) -> BaseModel | None:
    flags = [key for key, value in told.items() if isinstance(value, bool) and key != "fair"]
    for key in flags:
        # To pydantic true is 1.
        source.problem(table, key, "be something else than true or false", shown(told[key]), "Write its value.")
    try:
        found = record.model_validate({key: value for key, value in told.items() if key not in flags})
    except ValidationError as error:
        for one in error.errors():
            _, required, wrong, remedy = parts_of(one, "event")
            cause = one.get("ctx", {}).get("error")
            # Of several fields together the refusal itself says which: `company_least of the loads`.
            together = cause.place.partition(" of ")[0] if isinstance(cause, Refusal) else ""
            column = str(one["loc"][0]) if one["loc"] else together
            source.problem(table, column, required, wrong, remedy)
        return None
    return None if flags else found
