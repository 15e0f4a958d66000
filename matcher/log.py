"""The match log as the domain sees it: what is recorded, and what can be asked of the record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, Protocol, get_args

from pydantic import AfterValidator, Field, model_validator

from embeddings.errors import Refusal, check_encodable, shown
from matcher.records import Category, Country, Line, Match, MatchList, Record


def _in_utc(moment: datetime) -> datetime:
    """A moment without a zone is taken as UTC."""
    try:
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except OverflowError:
        wanted = "lie between the years 1 and 9999 in UTC"
        raise Refusal("moment", wanted, moment.isoformat(), "Leave it out.") from None


def _whole_text(text: str) -> str:
    check_encodable([text])
    return text


Moment = Annotated[datetime, AfterValidator(_in_utc)]
Signature = Annotated[str, Field(max_length=200), AfterValidator(_whole_text)]
OutcomeKind = Literal["introduced", "accepted", "met", "declined"]
Reason = Literal[
    "too early",
    "wrong field",
    "no capacity",
    "terms",
    "language",
    "already in contact",
    "conflict",
    "unclear need",
    "other",
]
REASONS: tuple[str, ...] = get_args(Reason)
_LARGEST_ID = 2**63 - 1


class LoggedList(Record):
    """A match list as it was given out."""

    list_id: str
    request_id: str
    """Names the call that asked for it, in every log."""
    created_at: datetime
    """UTC."""
    asked_by: str
    answer: MatchList


class ListSummary(Record):
    """One line of the log."""

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


class Outcome(Record):
    """What became of a match. A match may have several in turn; the one recorded last is how things stand."""

    outcome_id: int
    """Grows in order of recording."""
    match_id: int
    recorded_at: Moment
    """UTC."""
    recorded_by: Signature
    kind: OutcomeKind
    reason: Reason | None = None
    """Why it was declined; nothing else has one."""

    @model_validator(mode="after")
    def _reason_where_declined(self) -> Outcome:
        known = ", ".join(REASONS)
        if self.kind == "declined" and self.reason is None:
            raise Refusal("outcome", "have a reason where it is declined", "none", f"Give one of {known}.")
        if self.kind != "declined" and self.reason is not None:
            wanted, found = "have a reason only where it is declined", f"{shown(self.reason)} for {self.kind}"
            raise Refusal("outcome", wanted, found, f"Leave it out, or record the match as declined: {known}.")
        return self


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
    after: Annotated[int, Field(ge=0, le=_LARGEST_ID)] = 0
    """Only matches recorded after this `match_id`: the `next` of the page before."""
    limit: Annotated[int, Field(ge=1, le=1000)] = 50


class MatchLog(Protocol):
    """Append-only. What `record` returned from is durable."""

    def record(self, entry: LoggedList, components: Mapping[str, Any]) -> None:
        """Write a list and its matches in one transaction.

        Raises:
            LogUnavailable: it could not be made durable; nothing of it is there.
        """

    def get(self, list_id: str) -> LoggedList:
        """The list of that id, exactly as given out.

        Raises:
            NotFound: there is none.
        """

    def lists(self, *, limit: int) -> list[ListSummary]:
        """The newest lists first."""

    def matches(self, query: MatchQuery) -> list[LoggedMatch]:
        """Matches in order of recording, at most `query.limit`."""

    def every_match(self) -> Iterator[LoggedMatch]:
        """All matches in order of recording, without holding them in memory together."""

    def record_outcome(self, match_id: int, kind: str, reason: str | None, by: str) -> Outcome:
        """Write what became of a match, beside what was written before.

        Args:
            match_id: of a match on record.
            kind: introduced, accepted, met or declined.
            reason: one of `REASONS` where it is declined, else nothing.
            by: who records it.

        Raises:
            RequestRefused: the kind or the reason is none that is known, or they do not go together.
            NotFound: there is no such match.
            LogUnavailable: it could not be made durable; nothing of it is there.
        """

    def outcomes(self) -> Iterator[Outcome]:
        """All outcomes in order of recording, without holding them in memory together."""

    def ready(self) -> None:
        """Return if the log can be written.

        Raises:
            LogUnavailable: it cannot.
        """
