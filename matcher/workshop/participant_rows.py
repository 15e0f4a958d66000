"""Who comes, from the rows of participants, companies and providers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from embeddings.errors import Refusal, shown
from matcher.directory import Directory, web_host
from matcher.local_time import moment_at
from matcher.records import Provider
from matcher.validation import parts_of
from matcher.workshop.event import Participant
from matcher.workshop.event_settings import EventSettings
from matcher.workshop.event_tables import Rows, listed

COLUMNS = (
    "id",
    "side",
    "name",
    "country",
    "region",
    "group",
    "url",
    "languages",
    "slots",
    "there_from",
    "there_until",
    "least",
    "most",
    "need_title",
    "need",
    "need_language",
    "categories",
    "provider_id",
)
_SIDES = {"companies": "company", "providers": "provider"}
_AS_WRITTEN = ("name", "country", "region", "group", "provider_id", "least", "most")
_COLUMN_OF = {"participant_id": "id", "text": "need", "title": "need_title", "language": "need_language", "company_url": "url"}
_OF_THE_ROW = ("country", "region", "company", "company_ids")
"""Fields that a need takes from its company, where a mistake is told already."""


@dataclass(frozen=True)
class PlacedParticipant:
    """A participant, and what is known of it beside what an event needs."""

    participant: Participant
    rows: Rows
    line: int
    host: str
    """Of its address; empty where it is not told."""

    @property
    def place(self) -> str:
        """File and line."""
        return f"{self.rows.table.file}, line {self.line}"


def participants_of(rows: Rows, settings: EventSettings, directory: Directory | None) -> Iterator[PlacedParticipant | str]:
    """The participants of the rows that can be read, and notes; the problems of the others are the table's.

    Args:
        rows: of one table.
        settings: with the slots of the event.
        directory: gives name, country, region and address where a row leaves them out; without one `provider_id` is
            taken as it is.
    """
    side = _SIDES.get(rows.kind, "")
    identified = rows.needs("id") if "provider_id" not in rows.columns else True
    if not (identified and (side or rows.needs("side"))):
        return
    yield from rows.unused(COLUMNS)
    for line, cells in rows:
        reading = _Reading(rows, line, cells, settings, directory)
        values = reading.values(side)
        try:
            participant = Participant.model_validate(values)
        except ValidationError as error:
            reading.note(error)
            continue
        reading.check_loads(participant)
        if reading.wrong:
            continue
        yield from reading.notes(participant)
        yield PlacedParticipant(participant, rows, line, reading.host)


class _Reading:
    """One row on its way to a participant."""

    def __init__(
        self, rows: Rows, line: int, cells: Mapping[str, str], settings: EventSettings, directory: Directory | None
    ) -> None:
        self.rows, self.line, self.settings = rows, line, settings
        self.cells = {name: cell for name, cell in cells.items() if cell}
        self.wrong = False
        self.provider = self._provider(directory)
        self.host = web_host(self.cells.get("url") or (self.provider.url if self.provider else ""))

    def problem(self, name: str, required: str, found: str, remedy: str = "") -> None:
        self.wrong = True
        self.rows.problem(self.line, name, required, found, remedy)

    def values(self, side: str) -> dict[str, Any]:
        """Fields of `Participant`, as far as the row tells them."""
        cells = self.cells
        told = side or cells.get("side", "").casefold()
        values: dict[str, Any] = {name: cells[name] for name in _AS_WRITTEN if name in cells}
        if self.provider is not None:
            named = {name: getattr(self.provider, name) for name in ("name", "country", "region")}
            values = {name: value for name, value in named.items() if value} | values
        if "id" in cells or "provider_id" in cells:
            values["participant_id"] = cells.get("id") or cells["provider_id"]
        if told:
            values["side"] = told
        values["languages"] = listed(cells.get("languages", ""))
        values["slots"] = self._slots()
        if told == "company" and (need := self._need(values)):
            values["need"] = need
        return values

    def note(self, error: ValidationError) -> None:
        """Tell what is wrong, column by column."""
        for one in error.errors():
            names = [str(step) for step in one["loc"] if not isinstance(step, int)]
            if names[:1] == ["need"] and names[-1] in _OF_THE_ROW:
                continue
            _, required, found, remedy = parts_of(one, "row")
            column = _COLUMN_OF.get(names[-1], names[-1]) if names else ""
            if one["type"] == "missing":
                remedy = f"Fill in the column {column}."
            self.problem(column, required, found, remedy)

    def check_loads(self, participant: Participant) -> None:
        """Note a least that cannot be reached."""
        least, there = participant.least or 0, len(participant.slots or self.settings.slots)
        most = getattr(self.settings.loads, f"{participant.side}_most") if participant.most is None else participant.most
        if least > there > 0:
            self.problem("least", f"be no more than the {there} slots it is there", str(least), "Lower it.")
        elif least > most:
            whose = "the event's" if participant.most is None else "its"
            self.problem("least", f"be no greater than {whose} most ({most})", str(least), "Lower it, or raise most.")

    def notes(self, participant: Participant) -> Iterator[str]:
        """What an organiser should know of a row that can be read."""
        who = f"{participant.name} ({participant.participant_id})"
        if participant.side == "provider" and "need" in self.cells:
            yield f"{who} is a provider: its need is passed over."
        if self.provider is not None and participant.country != self.provider.country:
            both = f"{participant.country} here and {self.provider.country} in the directory"
            yield f"{who} has the country {both}: the first counts."

    def _provider(self, directory: Directory | None) -> Provider | None:
        provider_id = self.cells.get("provider_id")
        if provider_id is None or directory is None:
            return None
        try:
            return directory.provider(provider_id)
        except Refusal:
            remedy = "Correct the id, or leave it out and fill in name and country."
            self.problem("provider_id", "be a provider of the directory", shown(provider_id), remedy)
            return None

    def _need(self, values: Mapping[str, Any]) -> dict[str, Any] | None:
        cells = self.cells
        if "need" not in cells and "need_title" not in cells:
            return None
        # A title alone says what is looked for, in short.
        told = {
            "text": cells.get("need") or cells["need_title"],
            "title": cells.get("need_title", "") if "need" in cells else "",
        }
        if "need_language" in cells:
            told["language"] = cells["need_language"]
        about = {
            "country": values.get("country"),
            "region": values.get("region", ""),
            "company": values.get("name", ""),
            "company_url": cells.get("url", ""),
            "need_id": values.get("participant_id", ""),
            "categories": [one.casefold() for one in listed(cells.get("categories", ""))],
        }
        if self.provider is not None:
            about["company_ids"] = (self.provider.provider_id,)
        return {**told, **about}

    def _slots(self) -> list[str]:
        """Ids of the slots in which it is there; none for all."""
        event = self.settings.slots
        named = listed(self.cells.get("slots", ""), ",;")
        known = [slot.slot_id for slot in event]
        for one in named:
            if event and one not in known:
                remedy = f"The slots are {', '.join(known[:8])}{', …' if len(known) > 8 else ''}."
                self.problem("slots", "name slots of the event", shown(one), remedy)
        since, until = self._moment("there_from"), self._moment("there_until")
        if since is None and until is None:
            return named
        if named:
            remedy = "Name slots or say from when until when, not both."
            self.problem("slots", "be empty where there_from or there_until is filled in", shown(self.cells["slots"]), remedy)
            return []
        there = [
            slot.slot_id for slot in event if (since is None or since <= slot.starts) and (until is None or slot.ends <= until)
        ]
        if event and not there:
            span = f"{self.cells.get('there_from', '')}–{self.cells.get('there_until', '')}"
            which = "there_from" if since is not None else "there_until"
            self.problem(which, "leave time for at least one slot", shown(span), "Correct the times, or leave the row out.")
        return there if len(there) < len(event) else []

    def _moment(self, name: str) -> dt.datetime | None:
        written = self.cells.get(name)
        if written is None:
            return None
        days = self.settings.days or tuple({slot.starts.date() for slot in self.settings.slots})
        try:
            return moment_at(written, self.settings.zone, days[0] if len(days) == 1 else None)
        except Refusal as refusal:
            self.problem(name, refusal.required, refusal.found, refusal.remedy)
            return None
