from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from limits.storage import MemoryStorage
from starlette.types import Receive, Scope, Send

import service.access.limits
from service.access.limits import ConcurrencyLimit, RateLimits
from service.access.local_link import LocalLink
from service.access.refusals import NotAdmitted
from tests.unit.service.access.conftest import OpenClient
from tests.unit.service.access.guarded import Recorded, bearer, guarded_app
from tests.unit.service.api import refusal

A_DAY = 86_400
"""So long that no test meets its end."""


def statuses(client: TestClient, times: int, **more: Any) -> list[int]:
    return [client.get("/v1/matches", **more).status_code for _ in range(times)]


def allowed(check: Callable[[str], None], who: str) -> bool:
    try:
        check(who)
    except NotAdmitted:
        return False
    return True


def test_a_key_has_so_many_requests_and_others_have_theirs(open_client: OpenClient, keyring: Recorded) -> None:
    client = open_client(rates=RateLimits(per_key=3, seconds=A_DAY))
    busy, calm = bearer(keyring.key_for("advisor")), bearer(keyring.key_for("advisor"))
    assert statuses(client, 5, headers=busy) == [200, 200, 200, 429, 429]
    assert statuses(client, 3, headers=calm) == [200] * 3


def test_too_many_requests_are_told_when_to_come_back(open_client: OpenClient, keyring: Recorded) -> None:
    client = open_client(rates=RateLimits(per_key=1, seconds=A_DAY))
    key = bearer(keyring.key_for("advisor"))
    client.get("/v1/matches", headers=key)
    response = client.get("/v1/matches", headers=key)
    document = refusal(response, 429)
    assert 1 <= int(response.headers["retry-after"]) <= A_DAY
    assert document["required"] == f"be at most 1 in {A_DAY} seconds"
    assert response.headers["retry-after"] in document["remedy"]


def test_what_a_role_may_not_do_counts_too(open_client: OpenClient, keyring: Recorded) -> None:
    client = open_client(rates=RateLimits(per_key=2, seconds=A_DAY))
    key = bearer(keyring.key_for("evaluator"))
    assert [client.post("/v1/match-lists", json={}, headers=key).status_code for _ in range(3)] == [403, 403, 429]


def test_the_local_user_is_limited_as_a_key_is(open_client: OpenClient, link: LocalLink) -> None:
    client = open_client(link=link, rates=RateLimits(per_key=2, seconds=A_DAY))
    client.get(link.issue())
    assert statuses(client, 3) == [200, 200, 429]


def test_an_address_has_so_many_failed_attempts(open_client: OpenClient, keyring: Recorded) -> None:
    client = open_client(rates=RateLimits(failures=3, seconds=A_DAY))
    assert statuses(client, 2) + statuses(client, 3, headers=bearer("cm_nonsense")) == [401, 401, 401, 429, 429]
    response = client.get("/v1/matches")
    assert "from this address" in refusal(response, 429)["place"]
    assert int(response.headers["retry-after"]) >= 1
    # One broken script behind a proxy must not shut out those with a key.
    assert statuses(client, 1, headers=bearer(keyring.key_for("advisor"))) == [200]


def test_attempts_that_come_too_often_write_no_further_log_lines(
    open_client: OpenClient, caplog: pytest.LogCaptureFixture
) -> None:
    statuses(open_client(rates=RateLimits(failures=3, seconds=A_DAY)), 20)
    assert len([record for record in caplog.records if record.name == "crossmatch.access"]) == 3


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/docs", "/openapi.json"])
def test_public_routes_know_no_limit_of_requests(open_client: OpenClient, path: str) -> None:
    client = open_client(rates=RateLimits(per_key=1, failures=1, seconds=A_DAY))
    statuses(client, 3)
    assert [client.get(path).status_code for _ in range(5)] == [200] * 5


@pytest.mark.parametrize(
    ("first", "second", "together"),
    [
        ("10.0.0.1", "10.0.0.2", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("10.0.0.1", "::ffff:10.0.0.1", True),
        ("fe80::1%eth0", "fe80::2%eth0", True),
        ("testclient", "unknown", False),
    ],
)
def test_who_can_choose_its_address_is_counted_by_network(first: str, second: str, together: bool) -> None:
    rates = RateLimits(failures=1, seconds=A_DAY)
    assert allowed(rates.check_failure, first)
    assert allowed(rates.check_failure, second) is not together


def test_addresses_without_end_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service.access.limits, "_MOST_ADDRESSES", 100)
    rates = RateLimits(failures=1, seconds=A_DAY)
    for number in range(1_000):
        rates.check_failure(f"10.0.{number // 250}.{number % 250}")
    storage = rates._failures.storage
    assert isinstance(storage, MemoryStorage)
    assert len(storage.expirations) <= 101


def test_after_the_time_that_is_said_there_is_room_again() -> None:
    rates = RateLimits(per_key=2, seconds=1)
    deadline = time.monotonic() + 30
    while allowed(rates.check_call, "abcdefgh"):
        assert time.monotonic() < deadline
    while not allowed(rates.check_call, "abcdefgh"):
        assert time.monotonic() < deadline
        time.sleep(0.05)


class Slow:
    """An application that answers when it is told to."""

    def __init__(self) -> None:
        self.may_answer = asyncio.Event()
        self.begun = asyncio.Semaphore(0)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == "/fails":
            raise RuntimeError("broken on purpose")
        if scope["path"].startswith("/slow"):
            self.begun.release()
            await self.may_answer.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"done"})


async def _crowd() -> None:
    slow = Slow()
    transport = httpx.ASGITransport(ConcurrencyLimit(slow, at_once=2), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        first = [asyncio.create_task(client.get("/slow")) for _ in range(2)]
        for _ in first:
            await slow.begun.acquire()
        for path in ("/v1/matches", "/readyz", "/healthz/", "/healthzz"):
            response = await client.get(path)
            assert (response.status_code, response.headers["retry-after"]) == (503, "1")
            assert response.headers["content-type"] == "application/problem+json"
            assert response.json()["required"] == "be at most 2 at a time"
        assert (await client.get("/healthz")).status_code == 200
        slow.may_answer.set()
        assert [(await one).status_code for one in first] == [200, 200]
        assert (await client.get("/v1/matches")).status_code == 200


def test_requests_over_the_limit_are_told_at_once_and_health_always_answers() -> None:
    asyncio.run(_crowd())


async def _places_given_back() -> None:
    slow = Slow()
    transport = httpx.ASGITransport(ConcurrencyLimit(slow, at_once=1))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        for _ in range(3):
            with pytest.raises(RuntimeError, match="on purpose"):
                await client.get("/fails")
        given_up = asyncio.create_task(client.get("/slow"))
        await slow.begun.acquire()
        given_up.cancel()
        with pytest.raises(asyncio.CancelledError):
            await given_up
        assert (await client.get("/v1/matches")).status_code == 200


def test_a_place_is_free_again_after_an_error_and_after_a_caller_has_gone() -> None:
    asyncio.run(_places_given_back())


async def _places_kept(app: FastAPI) -> None:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        assert (await client.get("/readyz")).status_code == 503
        assert (await client.get("/v1/matches")).status_code == 401
        assert (await client.get("/healthz")).status_code == 200


def test_who_is_not_let_in_takes_nobodys_place(keyring: Recorded) -> None:
    asyncio.run(_places_kept(guarded_app(keyring, at_once=0)))
