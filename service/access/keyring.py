"""Makes keys and tells who stands behind one, without reading the database at each request."""

from __future__ import annotations

import hmac
from collections import OrderedDict
from datetime import UTC, datetime, timedelta
from threading import Lock

from matcher.validation import checked
from service.access.caller import Caller
from service.access.keys import USUAL_LIFE, Clock, Key, KeyRefused, KeyStore, digest_of, id_of, new_key

STAYS_KNOWN = timedelta(seconds=5)
"""How long a key that was found is not looked up again: a key revoked by another process opens nothing after that time."""

_MOST_KNOWN = 1_000
"""Keys kept in memory; beyond it the one read longest ago is forgotten."""

_NO_DIGEST = "0" * 64
"""Compared with where the id is unknown, so that an unknown id is answered as a wrong secret is."""


def now_in_utc() -> datetime:
    """The time."""
    return datetime.now(UTC)


class Keyring:
    """All keys, over the store that keeps them. May be used by several threads."""

    def __init__(self, store: KeyStore, clock: Clock = now_in_utc) -> None:
        self._store = store
        self._clock = clock
        self._known: OrderedDict[str, tuple[datetime, Key, str]] = OrderedDict()
        self._lock = Lock()

    def create(
        self, holder: str, role: str, region: str | None, *, by: str, expires_at: datetime | None = None
    ) -> tuple[str, Key]:
        """A new key: its text, which cannot be shown a second time, and what is kept of it.

        Args:
            holder: whom it is for.
            role: one of `caller.ROLES`.
            region: the region it may see; `None` is all of them.
            by: who makes it.
            expires_at: a year from now where it is not said.

        Raises:
            RequestRefused: one of these cannot be so.
            LogUnavailable: the record cannot be written.
        """
        made, now = new_key(), self._clock()
        told = {"key_id": made.key_id, "holder": holder, "role": role, "region": region, "created_at": now, "created_by": by}
        key = checked(Key, {**told, "expires_at": now + USUAL_LIFE if expires_at is None else expires_at}, "key")
        self._store.add(key, made.digest)
        return made.text, key

    def keys(self) -> list[Key]:
        """All keys, in order of making."""
        return self._store.keys()

    def revoke(self, key_id: str, by: str) -> Key:
        """The key, which opens nothing from now on (elsewhere: after `STAYS_KNOWN`).

        Raises:
            NotFound: there is no key of that id.
            LogUnavailable: the record cannot be written.
        """
        key = self._store.revoke(key_id, by)
        with self._lock:
            self._known.pop(key_id, None)
        return key

    def caller_of(self, presented: str) -> Caller:
        """Who stands behind a key. May read the database.

        Raises:
            KeyRefused: it has not the form of a key, is unknown, expired or revoked.
            LogUnavailable: the record cannot be read.
        """
        key_id = id_of(presented)
        return self._judged(presented, self._remembered(key_id) or self._read(key_id))

    def known_caller(self, presented: str) -> Caller | None:
        """Who stands behind a key, from memory alone; `None` where only the database can tell.

        Raises:
            KeyRefused: as `caller_of`.
        """
        found = self._remembered(id_of(presented))
        return None if found is None else self._judged(presented, found)

    def holder_of(self, key_id: str) -> Caller:
        """Who stands behind the key of that id, of which it was shown before that it is had. May read the database.

        Raises:
            KeyRefused: it is gone, expired or revoked.
            LogUnavailable: the record cannot be read.
        """
        return self._valid(self._remembered(key_id) or self._read(key_id))

    def _judged(self, presented: str, found: tuple[Key, str] | None) -> Caller:
        stored = _NO_DIGEST if found is None else found[1]
        fits = hmac.compare_digest(digest_of(presented).encode(), stored.encode())
        return self._valid(found if fits else None)

    def _valid(self, found: tuple[Key, str] | None) -> Caller:
        if found is None:
            remedy = "Copy it again, or have one made with crossmatch keys create."
            raise KeyRefused("key", "be one that this service knows", "an unknown one", remedy)
        key = found[0]
        if key.state(self._clock()) != "valid":
            ended = (
                f"expired on {key.expires_at:%Y-%m-%d}"
                if key.revoked_at is None
                else f"was revoked on {key.revoked_at:%Y-%m-%d}"
            )
            remedy = "Have a new one made with crossmatch keys create."
            raise KeyRefused("key", "be valid", f"one that {ended}", remedy)
        return Caller(name=key.holder, roles=frozenset({key.role}), region=key.region, key_id=key.key_id)

    def _remembered(self, key_id: str) -> tuple[Key, str] | None:
        with self._lock:
            known = self._known.get(key_id)
        # A clock that was set back must not make a revoked key live longer.
        if known is None or not timedelta(0) <= self._clock() - known[0] < STAYS_KNOWN:
            return None
        return known[1:]

    def _read(self, key_id: str) -> tuple[Key, str] | None:
        # Taken before reading: what is revoked meanwhile is forgotten no later than promised.
        asked_at = self._clock()
        found = self._store.find(key_id)
        if found is not None:
            with self._lock:
                self._known[key_id] = (asked_at, *found)
                self._known.move_to_end(key_id)
                if len(self._known) > _MOST_KNOWN:
                    self._known.popitem(last=False)
        return found
