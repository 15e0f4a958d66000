"""The rules of a programme from a TOML file that a programme office writes. Every mistake in it is named."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from embeddings.errors import shown
from matcher.errors import Problem, ProgrammeRefused
from matcher.programme.file_parts import FilePart, FileParts
from matcher.programme.fitting import Misfit, misfits
from matcher.programme.rules import Call, Criterion, Deadlines, Eligibility, Incentive, Programme, Region, Scoring
from matcher.records import Record
from matcher.toml_source import TomlSource

_Part = TypeVar("_Part", bound=Record)

_KNOWN = ("programme", "region", "incentive", "call", "scoring", "criterion", "eligibility", "deadlines")
_OFF = "false to ask nothing"


def read_programme(path: Path) -> Programme:
    """The programme of a file.

    Raises:
        ProgrammeRefused: anything wrong in it; all problems are named, not only the first.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        why = error.strerror or str(error)
        problem = Problem(path.name, 0, "", "be readable", why, "Check the path and its permissions.")
        raise ProgrammeRefused([problem]) from error
    return programme_from(path.name, data)


def programme_from(file: str, data: bytes) -> Programme:
    """The programme that a file holds.

    Args:
        file: its name, for the problems.
        data: its bytes.

    Raises:
        ProgrammeRefused: see `read_programme`.
    """
    source = TomlSource.read(file, data)
    if source.problems:
        raise ProgrammeRefused(source.problems)
    source.check_keys("", source.values, _KNOWN)
    reading = _Reading(source)
    values = reading.values()
    reading.note_misfits(values)
    if source.problems:
        raise ProgrammeRefused(sorted(source.problems, key=lambda one: one.line))
    return Programme.model_validate(values)


class _Reading:
    """The file's parts, read one after the other; where each stands is kept for what does not fit."""

    def __init__(self, source: TomlSource) -> None:
        self._source = source
        self._parts = FileParts(source)
        self._tables: dict[str, list[str]] = {}

    def values(self) -> dict[str, Any]:
        """Fields of `Programme`, as far as they hold."""
        head = self._parts.table("programme", needed=True)
        told = _programme(head)
        zone = ZoneInfo(told.get("time_zone", Programme.model_fields["time_zone"].default))
        regions = self._read("region", Region, _region)
        incentives = self._read("incentive", Incentive, _incentive)
        calls = self._read("call", Call, lambda part: _call(part, zone, [one.region_id for one in regions]))
        criteria = self._read("criterion", Criterion, _criterion)
        return {
            **told,
            "regions": regions,
            "incentives": incentives,
            "calls": calls,
            "scoring": self._scoring(criteria),
            "eligibility": _eligibility(self._parts.table("eligibility")),
            "deadlines": _deadlines(self._parts.table("deadlines")),
        }

    def note_misfits(self, values: dict[str, Any]) -> None:
        """Note what does not fit together of what could be read."""
        for one in misfits(values["regions"], values["incentives"], values["calls"], values["scoring"]):
            if not self._is_a_consequence(one):
                table = self._tables[one.part][one.number] if one.part != "scoring" else "scoring"
                key = "id" if one.key.endswith("_id") else one.key
                if one.key == "budgets" and self._source.line(f"{table}.budgets", one.unknown_id):
                    table, key = f"{table}.budgets", one.unknown_id
                refusal = one.refusal
                self._source.problem(table, key, refusal.required, refusal.found, refusal.remedy)

    def _is_a_consequence(self, misfit: Misfit) -> bool:
        """Whether it only shows because another part could not be read, which is a problem already."""
        if misfit.part == "scoring":
            return bool(self._source.values.get("criterion"))
        kind = {"incentives": "incentive", "budgets": "region"}.get(misfit.key)
        if kind is None:
            return False
        told = self._source.values.get(kind)
        ids = [one.get("id") for one in told if isinstance(one, dict)] if isinstance(told, list) else []
        return not self._tables[kind] or misfit.unknown_id in ids

    def _read(self, kind: str, record: type[_Part], read: Callable[[FilePart], dict[str, Any]]) -> tuple[_Part, ...]:
        found = []
        self._tables[kind] = []
        for part in self._parts.several(kind, needed=kind != "criterion"):
            one = part.record(record, read(part))
            if one is not None:
                found.append(one)
                self._tables[kind].append(part.table)
        return tuple(found)

    def _scoring(self, criteria: tuple[Criterion, ...]) -> Scoring:
        part = self._parts.table("scoring")
        read = part.record(Scoring, part.fields({"assessors": "assessors", "pass_mark": "pass_mark"}))
        return (read or Scoring(assessors=0)).model_copy(update={"criteria": criteria})


def _programme(part: FilePart) -> dict[str, Any]:
    values = part.fields({"id": "programme_id", "name": "name", "time_zone": "time_zone", "simulated": "simulated"})
    return part.held(Programme, values, ("programme_id", "name", "time_zone", "simulated"))


def _region(part: FilePart) -> dict[str, Any]:
    names = ("name", "country", "partner", "catchment")
    return part.fields({"id": "region_id", **_same(names)}, sums=("budget",))


def _incentive(part: FilePart) -> dict[str, Any]:
    return part.fields({"id": "incentive_id", **_same(("name", "form", "purpose"))}, sums=("amount",))


def _criterion(part: FilePart) -> dict[str, Any]:
    return part.fields({"id": "criterion_id", **_same(("name", "most", "weight"))})


def _call(part: FilePart, zone: ZoneInfo, region_ids: Sequence[str]) -> dict[str, Any]:
    names = {"id": "call_id", **_same(("name", "directory_until", "incentives"))}
    values = part.fields(names, beside=("opens", "closes", "budget_each", "budgets"))
    for key in ("opens", "closes"):
        if key in part.told:
            values[key] = part.moment(key, zone)
    budgets = _budgets(part, region_ids)
    return {**values, "budgets": budgets}


def _budgets(part: FilePart, region_ids: Sequence[str]) -> Any:
    each, told = part.told.get("budget_each"), part.told.get("budgets")
    if (each is None) == (told is None):
        found = "neither" if each is None else "both"
        required = "say what each region may give: budget_each for all, or the table [call.budgets]"
        part.problem("budget_each" if each is not None else "budgets", required, found, "Write one of the two.")
        return part.refused("budgets")
    if told is None:
        cents = part.sum("budget_each", column="budgets")
        return cents if part.has_refused("budgets") else dict.fromkeys(region_ids, cents)
    if not isinstance(told, dict):
        part.problem("budgets", "be a table", shown(told), "Write [call.budgets] and a line for each region below.")
        return part.refused("budgets")
    below = part.below("budgets", told)
    sums = {key: below.sum(key) for key in told}
    return part.refused("budgets") if any(below.has_refused(key) for key in told) else sums


def _eligibility(part: FilePart) -> Eligibility:
    names = ("other_country", "other_region", "sme", "in_directory", "accepted", "de_minimis_years")
    values = part.fields(_same(names), beside=("one_grant", "de_minimis"))
    for key in ("one_grant", "de_minimis"):
        told = part.told.get(key)
        if told is False:
            values[key] = None
        elif told is True:
            wanted = "list incentive, call or both" if key == "one_grant" else "be a sum in euros"
            part.problem(key, f"{wanted}, or be {_OFF}", "True", "Write what is asked.")
            values[key] = part.refused(key)
        elif told is not None:
            values[key] = part.sum(key) if key == "de_minimis" else told
    return part.record(Eligibility, values) or Eligibility()


def _deadlines(part: FilePart) -> Deadlines:
    return part.record(Deadlines, part.fields(_same(tuple(Deadlines.model_fields)))) or Deadlines()


def _same(names: Sequence[str]) -> dict[str, str]:
    return {name: name for name in names}
