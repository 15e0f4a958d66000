"""A plan as a grid by table and by participant, with the meeting that was picked and what can be done with it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from fastapi import Request

from matcher.workshop.change_rules import ChangeRefused, Pair
from matcher.workshop.event import Participant
from matcher.workshop.moves import Moves
from matcher.workshop.plan import Meeting
from service.console.forms import Form
from service.workshop.programme import Programme

ROWS = 100
"""Participants on a page: a large event has hundreds."""
_MOST_LETTERS = 100


@dataclass(frozen=True)
class Looking:
    """What a reader looks at."""

    picked: str = ""
    """`company`, a new line, `provider`; empty: no meeting."""
    who: str = ""
    """Part of the names of participants to be shown; empty: all."""
    page: int = 1
    """Of the participants, from 1."""

    @classmethod
    def of(cls, request: Request) -> Looking:
        """What the address of a page says; a page that is no number is the first."""
        told = request.query_params
        page = told.get("people", "1")
        number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1
        return cls(told.get("picked", ""), told.get("who", "").strip()[:_MOST_LETTERS], max(1, number))


class Grid:
    """Looks up cells of a plan, and what is in the way of the picked meeting."""

    def __init__(self, programme: Programme, looking: Looking, address: str = "") -> None:
        """Read a plan.

        Args:
            programme: the plan.
            looking: what the reader looks at.
            address: of the grid; empty on its own page, where each of its many links is shorter for it.
        """
        self.programme = programme
        self._address = address
        self.looking = looking
        self.cells = {(one.slot_id, one.table): one for one in programme.meetings}
        self._own = {(person, one.slot_id): one for one in programme.meetings for person in (one.company_id, one.provider_id)}
        self.moves: Moves | None = None
        self.is_lost = False
        """Whether the meeting that was picked is not in the plan."""
        if looking.picked:
            try:
                self.moves = Moves(programme.event, programme.plan, pair_of(looking.picked))
            except ChangeRefused:
                self.is_lost = True

    @property
    def picked(self) -> Meeting | None:
        """The meeting that was picked."""
        return self.moves.meeting if self.moves else None

    def link(self, one: Meeting) -> str:
        """Address at which the meeting is picked."""
        looked = f"&{self._looked}" if self._looked else ""
        return f"{self._address}?{urlencode({'picked': written(one)})}{looked}#picked"

    @cached_property
    def _looked(self) -> str:
        return self.at_page(self.page).partition("?")[2]

    @cached_property
    def tables(self) -> range:
        """Numbers of the tables in use; one more where all are taken at some time, and there is another."""
        last = max((table for _, table in self.cells), default=1)
        limit = self.programme.event.tables
        used = [sum(slot == slot_id for slot, _ in self.cells) for slot_id in self.programme.slots]
        return range(1, last + 1 + (last in used and (limit is None or last < limit)))

    def of_participant(self, participant_id: str, slot_id: str) -> Meeting | None:
        """The meeting that the participant has then."""
        return self._own.get((participant_id, slot_id))

    @cached_property
    def found(self) -> list[Participant]:
        """Participants that are looked for, companies first; of a picked meeting the two who meet."""
        everybody = self.programme.companies + self.programme.providers
        if self.picked:
            return [one for one in everybody if one.participant_id in (self.picked.company_id, self.picked.provider_id)]
        wanted = self.looking.who.casefold()
        return [one for one in everybody if wanted in one.name.casefold() or wanted == one.participant_id.casefold()]

    @property
    def pages(self) -> int:
        """Pages of those found, 1 at least."""
        return max(1, -(-len(self.found) // ROWS))

    @property
    def page(self) -> int:
        """The one that is shown; while a meeting is picked the one that was shown before."""
        return self.looking.page if self.picked else min(self.looking.page, self.pages)

    @property
    def people(self) -> list[Participant]:
        """Those of the page."""
        return self.found if self.picked else self.found[(self.page - 1) * ROWS : self.page * ROWS]

    def at_page(self, page: int) -> str:
        """Address of a page of participants, with no meeting picked."""
        told = {"who": self.looking.who, "people": str(page) if page > 1 else ""}
        return f"{self._address}?{urlencode({name: value for name, value in told.items() if value})}"


def written(one: Meeting) -> str:
    """Who meets, as forms and addresses write it."""
    return f"{one.company_id}\n{one.provider_id}"


def pair_of(text: str) -> Pair:
    """Two ids with a new line between them, as forms and addresses write them."""
    company, _, provider = text.partition("\n")
    return company.rstrip("\r"), provider


def picked_in(form: Form) -> str:
    """The meeting from which a change was asked for, as an address writes it; empty where it was none."""
    company, provider = pair_of(form.one("picked"))
    return f"{company}\n{provider}" if company and provider else ""
