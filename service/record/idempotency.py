"""The same request twice is carried out once. Kept beside the record, not in it: after a while nobody asks again."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from embeddings.errors import shown
from matcher.errors import KeyReused
from matcher.log import Once
from service.record.chain import commitment
from service.record.tables import entries, idempotency

KEPT = timedelta(days=7)
"""How long a key is remembered: far longer than anyone tries again, and not for ever, because it says who asked when."""

_ERASED = ""
"""Stands for a request whose need was erased."""


def entry_under(connection: Connection, once: Once) -> int | None:
    """Number of the entry that was made under that key; `None` where the key is new.

    Raises:
        KeyReused: it was made by another request, or by one whose need was erased since.
    """
    own = (idempotency.c.caller == once.caller) & (idempotency.c.key == once.key)
    # Who is too old may still be there until the next is remembered.
    row = connection.execute(select(idempotency).where(own, idempotency.c.created_at >= _oldest_kept())).one_or_none()
    if row is None:
        return None
    if row.request == _ERASED:
        found = f"{shown(once.key)}, which stood for a need that was erased"
        raise KeyReused("Idempotency-Key", "stand for a request that is still on record", found, "Take a new key.")
    if row.request != commitment(row.salt, once.request):
        found = f"{shown(once.key)} with another request"
        raise KeyReused("Idempotency-Key", "stand for one request only", found, "Take a new key for a new request.")
    return int(row.entry)


def remember(connection: Connection, once: Once, entry: int) -> None:
    """From now on the key stands for that entry. Keys that are too old are forgotten here too."""
    connection.execute(delete(idempotency).where(idempotency.c.created_at < _oldest_kept()))
    salt = secrets.token_hex(32)
    row = {"caller": once.caller, "key": once.key, "salt": salt, "request": commitment(salt, once.request)}
    connection.execute(insert(idempotency).values(**row, entry=entry, created_at=_now()))


def forget(connection: Connection, match_list: int) -> None:
    """Forget the requests that made that list and its notes: their hashes could confirm a guess at the words.

    Their keys stay taken: who tries again, not knowing of the erasure, must not put the words on record once more.
    """
    made = select(entries.c.seq).where(entries.c.match_list == match_list, entries.c.kind.in_(("match list", "note")))
    connection.execute(update(idempotency).where(idempotency.c.entry.in_(made)).values(request=_ERASED, salt=_ERASED))


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def _oldest_kept() -> datetime:
    return _now() - KEPT
