"""The link that a service on this machine shows at its start, and the browser session that it opens.

As Jupyter does: who started the service sees the link, opens it, and needs no key. The link works once, so that it is
worth nothing in a terminal's history. Scripts on the same machine use a key as everywhere else: `crossmatch keys create`.
A session is known by its cookie. Browsers send that to every port of the machine, so it protects against other web pages,
not against another program of the same user, which could read the database's file just as well.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from threading import Lock

from embeddings.errors import Refusal
from service.access.keyring import now_in_utc
from service.access.keys import Clock

LINK_LIFE = timedelta(minutes=10)
SESSION_LIFE = timedelta(hours=12)
"""A working day; then the service is started again, or a key is used."""

_TOKEN_BYTES = 32


class LinkRefused(Refusal):
    """A link that opens nothing: used, too old, or of another start of the service. Its token is never repeated."""


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


class LocalLink:
    """One link at a time, and the sessions opened with it. Only digests are kept, in memory: a restart ends them all."""

    def __init__(self, clock: Clock = now_in_utc) -> None:
        self._clock = clock
        self._lock = Lock()
        self._token: bytes = b""
        self._used = True
        self._ends_at = clock()
        self._sessions: dict[bytes, datetime] = {}

    def issue(self) -> str:
        """Path and query of a new link, `/open?token=…`. An earlier one no longer works."""
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        with self._lock:
            self._token, self._used, self._ends_at = _digest(token), False, self._clock() + LINK_LIFE
        return f"/open?token={token}"

    def open(self, token: str) -> str:
        """The session's secret, for the cookie, in exchange for the token, once.

        Raises:
            LinkRefused: not the token of the newest link, or used, or too old.
        """
        now = self._clock()
        with self._lock:
            if not hmac.compare_digest(_digest(token), self._token):
                remedy = "Copy the whole link that the service showed at its last start."
                raise LinkRefused("link", "be the one that this service showed at its start", "another", remedy)
            # A browser that opened it has its session; to anybody else it may have leaked.
            remedy = "The browser that opened it needs no other: go to /docs. For a new link start the service again."
            if self._used:
                raise LinkRefused("link", "be used once", "one that was used already", remedy)
            if now >= self._ends_at:
                wanted = f"be used within {LINK_LIFE.seconds // 60} minutes"
                raise LinkRefused("link", wanted, "an older one", "Start the service again for a new link.")
            self._used = True
            session = secrets.token_urlsafe(_TOKEN_BYTES)
            self._sessions = {one: ends_at for one, ends_at in self._sessions.items() if now < ends_at}
            self._sessions[_digest(session)] = now + SESSION_LIFE
        return session

    def is_session(self, secret: str) -> bool:
        """Whether this is the secret of a session that has not ended."""
        digest, now = _digest(secret), self._clock()
        with self._lock:
            sessions = list(self._sessions.items())
        return any(hmac.compare_digest(digest, one) and now < ends_at for one, ends_at in sessions)
