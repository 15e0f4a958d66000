"""Rows of outcomes: what became of the matches in the log. `service.sql_log` opens the transactions."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection, insert, select

from embeddings.errors import shown
from matcher.errors import NotFound
from matcher.log import Outcome
from matcher.validation import checked
from service.tables import matches, outcomes

_LARGEST_ID = 2**63 - 1


def checked_outcome(match_id: int, kind: str, reason: str | None, by: str) -> Outcome:
    """An outcome of this moment that is not on record yet; its id is 0.

    Raises:
        RequestRefused: kind, reason or name is not as it must be.
    """
    values = {"match_id": match_id, "kind": kind, "reason": reason, "recorded_by": by}
    return checked(Outcome, {**values, "outcome_id": 0, "recorded_at": datetime.now(UTC)}, "outcome")


def add_outcome(connection: Connection, outcome: Outcome) -> Outcome:
    """Add its row; the outcome with its id.

    Raises:
        NotFound: no match has that id.
    """
    # A number that no database can hold would fail in the driver; it names no match either.
    known = 0 < outcome.match_id <= _LARGEST_ID
    if not known or connection.execute(select(matches.c.id).where(matches.c.id == outcome.match_id)).scalar() is None:
        remedy = "crossmatch log export shows each match_id."
        raise NotFound("match", "be in the match log", shown(outcome.match_id), remedy)
    row = {
        "match": outcome.match_id,
        "recorded_at": outcome.recorded_at.replace(tzinfo=None),
        "recorded_by": outcome.recorded_by,
        "kind": outcome.kind,
        "reason": outcome.reason,
    }
    key = connection.execute(insert(outcomes).values(row)).inserted_primary_key
    assert key is not None
    return outcome.model_copy(update={"outcome_id": key[0]})


def outcomes_after(connection: Connection, outcome_id: int, limit: int) -> list[Outcome]:
    """The next `limit` outcomes in order of recording, after the one of that id."""
    chosen = select(outcomes).where(outcomes.c.id > outcome_id).order_by(outcomes.c.id).limit(limit)
    return [
        Outcome(
            outcome_id=row.id,
            match_id=row.match,
            recorded_at=row.recorded_at.replace(tzinfo=UTC),
            recorded_by=row.recorded_by,
            kind=row.kind,
            reason=row.reason,
        )
        for row in connection.execute(chosen)
    ]
