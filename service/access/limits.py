"""How often one may ask, and how many are answered at once."""

from __future__ import annotations

import ipaddress
import math
import time

from limits import RateLimitItem, RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from starlette.types import ASGIApp, Receive, Scope, Send

from embeddings.errors import Refusal
from service.access.refusals import NotAdmitted

_MOST_ADDRESSES = 100_000
"""Addresses counted at a time. A flood from more of them is not slowed by counting, and must not fill the memory."""

_ALWAYS_ANSWERED = "/healthz"
"""Who supervises the process must not take a busy one for a dead one and end it. `/readyz` may say that it is busy."""


def _counter() -> SlidingWindowCounterRateLimiter:
    # Not the moving window: in memory it never forgets whom it has counted (limits 5.8).
    return SlidingWindowCounterRateLimiter(MemoryStorage())


class RateLimits:
    """Requests a key, and failed attempts an address, within a sliding minute. Counted in this process.

    An address over its limit hears 429 instead of 401. A valid key is let in all the same: 256 random bits are not
    guessed at any speed, and behind a proxy one broken script must not shut out everybody with its address.
    """

    def __init__(self, per_key: int = 600, failures: int = 60, seconds: int = 60) -> None:
        self._per_key = RateLimitItemPerSecond(per_key, seconds)
        self._per_address = RateLimitItemPerSecond(failures, seconds)
        self._calls, self._failures = _counter(), _counter()

    def check_call(self, who: str) -> None:
        """Count one request of this caller.

        Raises:
            NotAdmitted: 429, it has had its requests.
        """
        if not self._calls.hit(self._per_key, who):
            wait = _wait(self._calls, self._per_key, who)
            raise _too_often(self._per_key, "requests with this key", wait)

    def check_failure(self, address: str) -> None:
        """Count one attempt without a valid key.

        Raises:
            NotAdmitted: 429, that address has had its attempts.
        """
        storage = self._failures.storage
        if isinstance(storage, MemoryStorage) and len(storage.expirations) > _MOST_ADDRESSES:
            self._failures = _counter()
        group = _network(address)
        if not self._failures.hit(self._per_address, group):
            wait = _wait(self._failures, self._per_address, group)
            raise _too_often(self._per_address, "attempts without a valid key from this address", wait)


def _wait(counter: SlidingWindowCounterRateLimiter, item: RateLimitItem, who: str) -> int:
    """Whole seconds until there is room again."""
    return max(1, math.ceil(counter.get_window_stats(item, who).reset_time - time.time()))


def _too_often(item: RateLimitItem, what: str, wait: int) -> NotAdmitted:
    wanted = f"be at most {item.amount:,} in {item.get_expiry()} seconds"
    refusal = Refusal(f"number of {what}", wanted, "more", f"Wait {wait} seconds.")
    return NotAdmitted(429, "Too many requests", refusal, {"Retry-After": str(wait)})


def _network(address: str) -> str:
    """What one client can choose its address from: of IPv6 a network of 64 bits."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return address
    return str(parsed.ipv4_mapped or ipaddress.IPv6Network((int(parsed) >> 64 << 64, 64)))


class ConcurrencyLimit:
    """ASGI middleware. Requests over the limit are told so at once, instead of waiting in a queue that only grows."""

    def __init__(self, app: ASGIApp, at_once: int = 64) -> None:
        self._app = app
        self._at_once = at_once
        self._running = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or refuse it."""
        if scope["type"] != "http" or scope["path"].removeprefix(scope.get("root_path", "")) == _ALWAYS_ANSWERED:
            await self._app(scope, receive, send)
            return
        if self._running >= self._at_once:
            wanted = f"be at most {self._at_once:,} at a time"
            refusal = Refusal("number of requests in progress", wanted, "one more", "Ask again in a second.")
            answer = NotAdmitted(503, "The service is busy", refusal, {"Retry-After": "1"}).answer(scope)
            await answer(scope, receive, send)
            return
        self._running += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._running -= 1
