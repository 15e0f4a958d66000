"""A batch that fits into one answer: matched and put on record in one go."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime

from matcher.batch import match_many
from matcher.batch_log import Batch, BatchOpening
from matcher.batch_terms import BatchTerms
from matcher.log import LoggedList, Once
from matcher.records import Need
from service.batch.at_desk import batches_of, contacts_of_each
from service.batch.lists import NeedsDigest, list_id
from service.desk import Desk


def answer_batch(
    desk: Desk, needs: Sequence[Need], terms: BatchTerms, *, asked_by: str, request_id: str, once: Once | None = None
) -> Batch:
    """Match all needs under the same terms. All lists are on record when this returns, or none is.

    The list of the nth need has the id `service.batch.lists.list_id(batch_id, n)`, counted from 1.

    Args:
        desk: whose index is matched against and whose record is written to.
        needs: at least one.
        terms: for all of them.
        asked_by: for the record.
        request_id: names the call in every log.
        once: the same request under the same key gets the batch that it got before.

    Raises:
        RequestRefused: the terms cannot be.
        KeyReused: the key of `once` came before with another request.
        LogUnavailable: the lists could not be recorded and are therefore not given out.
    """
    batches = batches_of(desk)
    if once is not None and (before := batches.given_before(once)) is not None:
        return before
    matcher, digest = desk.matcher, NeedsDigest()
    for need in needs:
        digest.add(need)
    opening = BatchOpening(
        batch_id=str(uuid.uuid4()),
        opened_at=datetime.now(UTC),
        opened_by=asked_by,
        source="",
        digest=digest.told,
        needs=len(needs),
        refused=0,
        engine=matcher.fingerprint,
    )
    off_lists = desk.off_lists()
    answers = match_many(matcher, map(terms.request, needs), lambda requests: contacts_of_each(desk, requests), off_lists)
    entries = [
        LoggedList(
            list_id=list_id(opening.batch_id, number),
            request_id=request_id,
            created_at=datetime.now(UTC),
            asked_by=asked_by,
            answer=answer,
            batch=opening.batch_id,
        )
        for number, answer in enumerate(answers, start=1)
    ]
    batch = batches.whole(opening, entries, matcher.components, once)
    if desk.observer is not None and batch.opening.batch_id == opening.batch_id:
        for entry in entries:
            desk.observer.given_out(entry)
    return batch
