"""What the tests of access share: keys in memory, a clock to turn, an application with the real routes' templates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from fastapi import FastAPI, Request

from matcher.errors import LogUnavailable, NotFound
from service.access.caller import Role
from service.access.keyring import Keyring
from service.access.keys import Key
from service.access.layers import add_access
from service.access.limits import RateLimits
from service.access.local_link import LocalLink
from service.access.rules import RULES
from service.api.problems import add_problem_handlers

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
SERVED_BY_FASTAPI = {"/docs", "/docs/oauth2-redirect", "/redoc", "/openapi.json"}
Headers = Mapping[str, str] | Iterable[tuple[bytes, bytes]]


class Clock:
    """Stands still until it is turned."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def turn(self, **by: float) -> None:
        self.now += timedelta(**by)


class KeysInMemory:
    """A key store that counts how often it is read, and can be out of order."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._rows: dict[str, tuple[Key, str]] = {}
        self.reads = 0
        self.broken = False

    def add(self, key: Key, digest: str) -> None:
        self._rows[key.key_id] = key, digest

    def find(self, key_id: str) -> tuple[Key, str] | None:
        if self.broken:
            raise LogUnavailable("match log", "be readable", "an input/output error", "Look at the disk.")
        self.reads += 1
        return self._rows.get(key_id)

    def keys(self) -> list[Key]:
        return [key for key, _ in self._rows.values()]

    def revoke(self, key_id: str, by: str) -> Key:
        if key_id not in self._rows:
            raise NotFound("key", "exist", repr(key_id), "crossmatch keys list shows them.")
        key, digest = self._rows[key_id]
        if key.revoked_at is None:
            self._rows[key_id] = key.model_copy(update={"revoked_at": self._clock()}), digest
        return self._rows[key_id][0]

    def digests(self) -> list[str]:
        return [digest for _, digest in self._rows.values()]


class Recorded(Keyring):
    """A keyring that remembers the keys it has made, so that a test can look for them where they must not be."""

    def __init__(self, store: KeysInMemory, clock: Clock) -> None:
        super().__init__(store, clock)
        self.texts: list[str] = []

    def create(self, *given: Any, **more: Any) -> tuple[str, Key]:
        text, key = super().create(*given, **more)
        self.texts.append(text)
        return text, key

    def key_for(self, role: Role, region: str | None = None) -> str:
        return self.create(f"the {role}", role, region, by="tests")[0]


def bearer(key: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}"}


def with_routes() -> FastAPI:
    """Every route of the table that the application itself must bring; each answers for whom."""
    app = FastAPI()
    add_problem_handlers(app)
    for method, path in RULES:
        if path not in SERVED_BY_FASTAPI | {"/open"}:
            app.add_api_route(path, _read if method == "GET" else _changed, methods=[method])
    return app


async def _read(request: Request) -> dict[str, Any]:
    if request.headers.get("x-break"):
        raise RuntimeError("broken on purpose")
    caller = getattr(request.state, "caller", None)
    return {"caller": None if caller is None else caller.name}


async def _changed(request: Request, body: dict[str, Any]) -> dict[str, Any]:
    return {**await _read(request), "body": body}


def guarded_app(keyring: Keyring, *, link: LocalLink | None = None, rates: RateLimits | None = None, **more: Any) -> FastAPI:
    app = with_routes()
    # The limits have tests of their own; no other test is to meet them.
    add_access(app, keyring, link=link, rates=rates or RateLimits(1_000_000, 1_000_000), **more)
    return app


def filled(path: str) -> str:
    """A path of that template."""
    named = {"list_id": "L1", "batch_id": "B1", "provider_id": "DE-1"}
    return re.sub(r"{(\w+)}", lambda found: named.get(found[1], "7"), path)
