"""An event from the files that an organiser writes in a spreadsheet. Every problem of every file is named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from embeddings.errors import Refusal, shown
from matcher.directory import Directory
from matcher.errors import EventRefused, Problem
from matcher.toml_source import TomlSource
from matcher.validation import parts_of
from matcher.workshop.event import Event, Participant
from matcher.workshop.event_settings import EVENT_FILE, EventSettings, settings_from
from matcher.workshop.event_tables import PAIRS, PARTICIPANTS, EventTables, tables_of
from matcher.workshop.pair_rows import PairReader, Pairs
from matcher.workshop.participant_rows import PlacedParticipant, participants_of
from matcher.workshop.same_organisation import note_same_organisations


@dataclass(frozen=True)
class EventRead:
    """An event as its files tell it."""

    event: Event
    notes: tuple[str, ...] = ()
    """What an organiser should look at, though nothing is wrong."""


def read_event(files: Path | Sequence[Path], directory: Directory | None = None) -> EventRead:
    """The event of a folder, or of single files.

    Args:
        files: see `matcher.workshop.event_tables.tables_of`.
        directory: where participants name a provider of it, it gives what their rows leave out.

    Raises:
        EventRefused: anything wrong in any file; all problems are named, not only the first.
    """
    tables = tables_of([files] if isinstance(files, Path) else files)
    source = _source(tables)
    settings = settings_from(source) if source.values else EventSettings({})
    placed, notes = _participants(tables, settings, directory)
    notes += note_same_organisations(placed, between_companies=settings.is_between_companies)
    pairs = _pairs(tables, settings, placed)
    problems = [*tables.problems, *source.problems, *(p for rows in tables.by_kind.values() for p in rows.table.problems)]
    if problems:
        raise EventRefused(problems)
    event = _event(settings, tuple(one.participant for one in placed), pairs)
    return EventRead(event, (*tables.notes, *notes, *pairs.notes))


def _source(tables: EventTables) -> TomlSource:
    if tables.settings is None:
        return TomlSource(EVENT_FILE)
    try:
        return TomlSource.read(tables.settings.name, tables.settings.read_bytes())
    except OSError as error:
        why = error.strerror or str(error)
        tables.problems.append(Problem(tables.settings.name, 0, "", "be readable", why, "Check the path and its permissions."))
        return TomlSource(tables.settings.name)


def _participants(
    tables: EventTables, settings: EventSettings, directory: Directory | None
) -> tuple[list[PlacedParticipant], list[str]]:
    placed: dict[str, PlacedParticipant] = {}
    notes: list[str] = []
    for rows in (tables.by_kind[kind] for kind in PARTICIPANTS if kind in tables.by_kind):
        for one in participants_of(rows, settings, directory):
            if isinstance(one, str):
                notes.append(one)
                continue
            participant = one.participant
            first = placed.setdefault(participant.participant_id, one)
            if first is not one:
                sides = {first.participant.side, participant.side}
                found = f"{shown(participant.participant_id)} again (first in {first.place})"
                remedy = "Give each side its own id, and both the same group." if len(sides) > 1 else "Give each its own id."
                column = "id" if "id" in rows.columns else "provider_id"
                rows.problem(one.line, column, "be unique", found, remedy)
            elif participant.side == "provider" and settings.is_between_companies:
                found = f"{participant.participant_id}, a provider"
                remedy = "Give it the side company, or plan another kind of event."
                rows.problem(one.line, "side", "be company in an event 'company to company'", found, remedy)
    return list(placed.values()), notes


def _pairs(tables: EventTables, settings: EventSettings, placed: Sequence[PlacedParticipant]) -> Pairs:
    told = [tables.by_kind[kind].table for kind in PARTICIPANTS if kind in tables.by_kind]
    ids: dict[str, Participant] = {one.participant.participant_id: one.participant for one in placed}
    reader = PairReader(settings, ids, all_are_known=bool(told) and not any(table.problems for table in told))
    read = {
        "wishes": reader.read_wishes,
        "known": reader.read_known,
        "forbidden": reader.read_forbidden,
        "fixed": reader.read_fixed,
    }
    assert set(read) == set(PAIRS)
    for kind, read_rows in read.items():
        if kind in tables.by_kind and tables.by_kind[kind].table.columns:
            read_rows(tables.by_kind[kind])
    return reader.pairs


def _event(settings: EventSettings, participants: tuple[Participant, ...], pairs: Pairs) -> Event:
    told: dict[str, Sequence[Any]] = {
        "wishes": pairs.wishes,
        "known": pairs.known,
        "fixed": pairs.fixed,
        "forbidden": pairs.forbidden,
    }
    values = {**settings.values, "slots": settings.slots, "participants": participants}
    try:
        return Event.model_validate({**values, **{name: tuple(rows) for name, rows in told.items()}})
    except ValidationError as error:
        raise EventRefused([_problem(dict(one)) for one in error.errors()]) from error


def _problem(error: Mapping[str, Any]) -> Problem:
    """What only shows when everything is put together."""
    place, required, found, remedy = parts_of(error, "event")
    cause = error.get("ctx", {}).get("error")
    whole = f"the {cause.place if isinstance(cause, Refusal) else place} must {required}"
    return Problem(EVENT_FILE, 0, "", f"fit together with the other files: {whole}", found, remedy)
