"""The tables of a programme file: each read into the fields of a record, what is wrong noted with its line and key."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ValidationError

from embeddings.errors import Refusal, shown
from matcher.local_time import moment_at
from matcher.programme.money import cents_of
from matcher.toml_source import TomlSource
from matcher.validation import parts_of

_Made = TypeVar("_Made", bound=BaseModel)
_DAY_FIRST = re.compile(r"\s*\d{4}-\d{2}-\d{2}[T ]\s*\S")
_REFUSED = object()
"""Stands where a value is wrong and was noted already."""


class FilePart:
    """One table of the file."""

    def __init__(self, source: TomlSource, table: str, told: dict[str, Any]) -> None:
        self.table, self.told = table, told
        """Its name, as `call[2]`; its keys and values."""
        self._source = source
        self._refused: set[str] = set()
        self._keys: dict[str, str] = {}

    def problem(self, key: str, required: str, found: str, remedy: str = "") -> None:
        """Note what is wrong with a key."""
        self._source.problem(self.table, key, required, found, remedy)

    def below(self, key: str, told: dict[str, Any]) -> FilePart:
        """The table within it of that name."""
        return FilePart(self._source, f"{self.table}.{key}", told)

    def fields(self, names: Mapping[str, str], *, sums: Sequence[str] = (), beside: Sequence[str] = ()) -> dict[str, Any]:
        """Values by field; keys that are not known are noted.

        Args:
            names: key in the file → field of the record.
            sums: further keys, of sums in euros.
            beside: further keys that are read elsewhere.
        """
        self._source.check_keys(self.table, self.told, (*names, *sums, *beside))
        self._keys = {field: key for key, field in names.items()}
        values = {field: self.told[key] for key, field in names.items() if key in self.told}
        return {**values, **{key: self.sum(key) for key in sums if key in self.told}}

    def sum(self, key: str, *, column: str = "") -> Any:
        """Cents of a sum in euros; what is refused is noted, for the field `column` where it has another name."""
        try:
            return cents_of(self.told[key])
        except Refusal as refusal:
            self.problem(key, refusal.required, refusal.found, refusal.remedy)
            return self.refused(column or key)

    def moment(self, key: str, zone: ZoneInfo) -> datetime | Any:
        """A day and time on the zone's clock; what is none is noted."""
        told = self.told[key]
        required, found, remedy = "be a day and a time of day", shown(told), 'Write it as in "2026-01-31 09:30".'
        if isinstance(told, str) and _DAY_FIRST.match(told):
            try:
                return moment_at(told, zone)
            except Refusal as refusal:
                required, found, remedy = refusal.required, refusal.found, refusal.remedy
        self.problem(key, required, found, remedy)
        return self.refused(key)

    def refused(self, field: str) -> Any:
        """What stands for a field's value that was noted as wrong."""
        self._refused.add(field)
        return _REFUSED

    def has_refused(self, field: str) -> bool:
        """Whether its value was noted as wrong."""
        return field in self._refused

    def record(self, made: type[_Made], values: dict[str, Any]) -> _Made | None:
        """The record; `None` where anything is wrong with it, which is noted."""
        values = self._without_truth_values(made, values)
        try:
            found = made.model_validate(values)
        except ValidationError as error:
            self._note(error, made)
            return None
        return None if self._refused else found

    def held(self, made: type[BaseModel], values: dict[str, Any], only: Sequence[str]) -> dict[str, Any]:
        """Those of some fields of a record that hold; the others are noted."""
        values = self._without_truth_values(made, values)
        try:
            made.model_validate(values)
        except ValidationError as error:
            self._note(error, made, only)
        return {field: value for field, value in values.items() if field not in self._refused}

    def _without_truth_values(self, made: type[BaseModel], values: dict[str, Any]) -> dict[str, Any]:
        """To pydantic true is 1."""
        for field, value in values.items():
            wants_one = made.model_fields[field].annotation is bool
            if isinstance(value, bool) and not wants_one:
                required, remedy = "be something else than true or false", "Write its value."
                self.problem(self._keys.get(field, field), required, shown(value), remedy)
                self.refused(field)
            if wants_one and not isinstance(value, bool):
                self.problem(self._keys.get(field, field), "be true or false", shown(value), "Write it without quotes.")
                self.refused(field)
        return values

    def _note(self, error: ValidationError, made: type[BaseModel], only: Sequence[str] = ()) -> None:
        for one in error.errors():
            field = str(one["loc"][0]) if one["loc"] else ""
            if field in self._refused or (only and field not in only):
                continue
            key = self._keys.get(field, field)
            _, required, found, remedy = parts_of({**one, "loc": (key, *one["loc"][1:])}, self.table)
            cause = one.get("ctx", {}).get("error")
            if not field and isinstance(cause, Refusal):
                # Of several fields together, the later one is where it shows.
                key = "closes" if "closes" in made.model_fields else ""
            self.problem(key, required, found, remedy)
        for one in error.errors():
            self._refused.update(str(step) for step in one["loc"][:1])


class FileParts:
    """The tables of a file by name."""

    def __init__(self, source: TomlSource) -> None:
        self._source = source

    def table(self, name: str, *, needed: bool = False) -> FilePart:
        """The table of that name; an empty one, and a problem, where it is needed or something else stands there."""
        told = self._source.values.get(name)
        if told is None:
            if needed:
                self._source.problem("", name, "be there", "nothing", f"Add the table [{name}].")
            return FilePart(self._source, name, {})
        if not isinstance(told, dict):
            self._source.problem("", name, "be one table", shown(told), f"Write [{name}] once and its fields below.")
            return FilePart(self._source, name, {})
        return FilePart(self._source, name, told)

    def several(self, name: str, *, needed: bool = False) -> Iterator[FilePart]:
        """All tables of that name, in their order."""
        told = self._source.values.get(name)
        remedy = f"Write one [[{name}]] for each, in double brackets."
        if not told and needed:
            self._source.problem("", name, "be there at least once", "nothing", remedy)
        elif told is not None and not isinstance(told, list):
            self._source.problem("", name, "be a list of tables", shown(told), remedy)
        for number, one in enumerate(told if isinstance(told, list) else (), start=1):
            table = f"{name}[{number}]"
            if isinstance(one, dict):
                yield FilePart(self._source, table, one)
            else:
                self._source.problem(table, "", "be a table", shown(one), remedy)
