"""The match log as the domain sees it: what is recorded, and what can be asked of the record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Protocol

from pydantic import Field

from matcher.fields import LARGEST_NUMBER
from matcher.lifecycle import NewStep, State, Step, state_of
from matcher.records import Category, Country, Line, Match, MatchList, Moment, Record


class LoggedList(Record):
    """A match list as it was given out."""

    list_id: str
    request_id: str
    """Names the call that asked for it, in every log."""
    created_at: datetime
    """UTC."""
    asked_by: str
    answer: MatchList
    erased_at: datetime | None = None
    """When the need's own words were erased; they are gone from this record, and from everywhere else."""
    batch: str | None = None
    """Id of the batch that it was made in (`matcher.batch_log`)."""


class ListSummary(Record):
    """One line of the log."""

    number: int
    """Grows in order of recording."""
    list_id: str
    created_at: datetime
    asked_by: str
    need_id: str
    company: str
    country: str
    region: str
    verdict: str
    matches: int
    cross_border: int
    engine: str
    batch: str | None = None


class LoggedMatch(Record):
    """One match of the log, with the list it belongs to."""

    match_id: int
    list_id: str
    created_at: datetime
    asked_by: str
    need_id: str
    company: str
    need_country: str
    need_region: str
    match: Match


class MatchHistory(Record):
    """A match with all its steps, corrected ones too, in order of recording."""

    match: LoggedMatch
    steps: tuple[Step, ...] = ()

    @property
    def state(self) -> State:
        """How it stands."""
        return state_of(self.steps)


class GivenOut(Record):
    """How many lists were given out to companies of a region in a month, and what was on them."""

    region: str
    country: str
    """The companies'."""
    month: str
    """`2026-11`, in UTC."""
    lists: int
    without_match: int
    matches: int
    cross_border: int


class Head(Record):
    """The newest entry of the record."""

    seq: int
    """How many entries there are; 0 for a record without any."""
    hash: str


class Erasure(Record):
    """The words of a need were taken out of the record."""

    list_id: str
    erased_at: datetime
    erased_by: str


@dataclass(frozen=True)
class Once:
    """Marks a request that is carried out once, however often it arrives."""

    caller: str
    """Keys of two callers have nothing to do with each other."""
    key: str
    request: str
    """The request in one form, so that a key with another request is noticed."""


class MatchQuery(Record):
    """Which matches of the log; every condition that is given must hold."""

    list_id: Line | None = None
    provider_id: Line | None = None
    need_country: Country | None = None
    need_region: Line | None = None
    provider_country: Country | None = None
    category: Category | None = None
    cross_border: bool | None = None
    since: Moment | None = None
    until: Moment | None = None
    after: Annotated[int, Field(ge=0, le=LARGEST_NUMBER)] = 0
    """Only matches recorded after this `match_id`: the `next` of the page before."""
    limit: Annotated[int, Field(ge=1, le=1000)] = 50


class ListQuery(Record):
    """Which match lists, newest first; every condition that is given must hold."""

    need_region: Line | None = None
    company: Line | None = None
    """In any spelling: case, accents and legal form do not count."""
    batch: Line | None = None
    """Id of the batch that they were made in."""
    before: Annotated[int, Field(ge=1, le=LARGEST_NUMBER)] | None = None
    """Only lists with a `number` below this one: the `next` of the page before."""
    limit: Annotated[int, Field(ge=1, le=10_000)] = 50


class MatchLog(Protocol):
    """Append-only. What a call that writes returned from is durable.

    Every call raises `LogUnavailable` where the record cannot be written or read as asked; nothing is half-written then.
    """

    def record(self, entry: LoggedList, components: Mapping[str, Any], once: Once | None = None) -> LoggedList:
        """Write a list and its matches in one transaction.

        Args:
            entry: the list.
            components: what its engine consists of.
            once: if its key came before, nothing is written.

        Returns:
            The list; or the one that is on record under the key of `once`.

        Raises:
            KeyReused: the key came before with another request.
        """

    def given_before(self, once: Once) -> LoggedList | None:
        """The list on record under that key.

        Raises:
            KeyReused: the key came before with another request.
        """

    def get(self, list_id: str) -> LoggedList:
        """The list of that id, exactly as given out, unless its words were erased.

        Raises:
            NotFound: there is none.
        """

    def lists(self, query: ListQuery) -> list[ListSummary]:
        """The newest lists first."""

    def matches(self, query: MatchQuery) -> list[LoggedMatch]:
        """Matches in order of recording, at most `query.limit`."""

    def every_match(self) -> Iterator[LoggedMatch]:
        """All matches in order of recording, without holding them in memory together."""

    def record_step(self, new: NewStep, by: str, once: Once | None = None) -> Step:
        """Write what became of a match, beside what was written before.

        Raises:
            StepRefused: it is not legal after those before.
            NotFound: there is no such match.
            KeyReused: the key came before with another request.
        """

    def steps(self) -> Iterator[Step]:
        """All steps in order of recording, without holding them in memory together."""

    def history(self, match_id: int) -> MatchHistory:
        """A match with its steps.

        Raises:
            NotFound: there is no such match.
        """

    def histories_on(self, list_id: str) -> list[MatchHistory]:
        """Every match of a list, with its steps where it has any, in order of rank.

        Raises:
            NotFound: there is no such list.
        """

    def histories(self, *, region: str | None = None) -> Iterator[MatchHistory]:
        """Every match that has steps, in order of the match; only of companies of that region, where one is given."""

    def histories_of(self, company: str, country: str, *, before_list: str | None = None) -> list[MatchHistory]:
        """What the record tells of a company: its matches that have steps.

        Args:
            company: its name in any spelling.
            country: its own.
            before_list: only steps that were on record when this list was given out.
        """

    def given_out(self, *, region: str | None = None) -> list[GivenOut]:
        """Counts of lists and matches by region, country and month."""

    def erase(self, list_id: str, by: str) -> Erasure:
        """Take the need's own words out of the record; the erasure itself is on record. A second one changes nothing.

        Raises:
            NotFound: there is no such list.
        """

    def erase_before(self, moment: datetime, by: str) -> int:
        """Erase the words of all needs older than that; how many there were."""

    def components(self, engine: str) -> dict[str, Any]:
        """What an engine consisted of, by its fingerprint.

        Raises:
            NotFound: no list was made by it.
        """

    def head(self) -> Head:
        """The head of the chain, unchecked."""

    def verify(self) -> Head:
        """The head of the chain, after every entry and all that it covers was checked.

        Raises:
            RecordBroken: names the first entry that does not hold.
        """

    def ready(self) -> None:
        """Return if the log can be written."""
