"""What a batch takes from the desk: its record of batches, and whom the companies know."""

from __future__ import annotations

from collections.abc import Sequence

from matcher.contacts import Contact
from matcher.records import MatchRequest
from service.desk import Desk
from service.record.sql_batches import SqlBatches
from service.record.sql_log import SqlMatchLog


def batches_of(desk: Desk) -> SqlBatches:
    """The batches in the desk's record."""
    assert isinstance(desk.log, SqlMatchLog)
    return SqlBatches(desk.log)


def contacts_of_each(desk: Desk, requests: Sequence[MatchRequest]) -> list[tuple[Contact, ...]]:
    """Whom each company knows already. One question for all, and one more for each of the few of which anything is known."""
    needs = [request.need for request in requests]
    known = batches_of(desk).known_companies([(need.company, need.country) for need in needs])
    return [desk.contacts(request) if is_known else () for request, is_known in zip(requests, known, strict=True)]
