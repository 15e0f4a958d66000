"""Browser sessions of people who signed in with a key.

A session stands for its key: whoever revokes the key ends the session with it. Only digests are kept, in memory: a restart
ends them all, and nothing that lets anybody in lies on a disk.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import OrderedDict
from datetime import datetime
from threading import Lock

from service.access.keyring import now_in_utc
from service.access.keys import Clock
from service.access.local_link import SESSION_LIFE

_MOST = 10_000
"""Sessions at a time; beyond it the oldest ends."""


class Sessions:
    """May be used by several threads."""

    def __init__(self, clock: Clock = now_in_utc) -> None:
        self._clock = clock
        self._lock = Lock()
        self._sessions: OrderedDict[str, tuple[str, datetime]] = OrderedDict()

    def open(self, key_id: str) -> str:
        """The secret of a new session of that key, for the cookie."""
        secret = secrets.token_urlsafe(32)
        with self._lock:
            self._sessions[_digest(secret)] = (key_id, self._clock() + SESSION_LIFE)
            if len(self._sessions) > _MOST:
                self._sessions.popitem(last=False)
        return secret

    def key_of(self, secret: str) -> str | None:
        """Id of the key that the session stands for; `None` where there is none, or it has ended."""
        # Looked up by digest: how long that takes tells nothing of the secret.
        with self._lock:
            found = self._sessions.get(_digest(secret)) if secret else None
        return None if found is None or self._clock() >= found[1] else found[0]

    def close(self, secret: str) -> None:
        """End it."""
        with self._lock:
            self._sessions.pop(_digest(secret), None)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
