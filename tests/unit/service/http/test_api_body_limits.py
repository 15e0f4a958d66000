"""How much of a body is read, for how long, and how much is said of what is wrong with it."""

from __future__ import annotations

import asyncio
import json

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from starlette.types import Message

from service.api.body_limit import BodyLimit
from tests.unit.service.api import JSON, NEED, body, refusal


@pytest.mark.parametrize("length", ["9" * 21, "9" * 5_000])
def test_a_length_beyond_all_numbers_is_too_large(client: TestClient, length: str) -> None:
    answer = client.post("/v1/match-lists", content=json.dumps(body()), headers={**JSON, "content-length": length})
    assert refusal(answer, 413)["detail"].startswith("The body must have at most 200,000 bytes. Got more.")


@pytest.mark.parametrize("length", ["²", "٣"])
def test_a_length_in_other_digits_is_none(client: TestClient, length: str) -> None:
    headers = {**JSON, "content-length": length.encode()}
    assert client.post("/v1/match-lists", content=json.dumps(body()), headers=headers).status_code == 201


async def _answer_to(pieces: list[Message], patience_s: float) -> tuple[list[Message], int]:
    """What is sent to a caller who says no more after these, and how often the application came to its end."""
    sent: list[Message] = []
    finished = 0

    async def app(scope: object, receive: object, send: object) -> None:
        nonlocal finished
        await Request(scope, receive, send).body()  # type: ignore[arg-type]
        finished += 1

    async def receive() -> Message:
        if pieces:
            return pieces.pop(0)
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/x", "headers": [], "app": FastAPI()}
    await BodyLimit(app, 10, patience_s)(scope, receive, send)
    return sent, finished


@pytest.mark.parametrize(
    ("pieces", "status"),
    [
        ([], 408),
        ([b"abc"], 408),
        ([b"a"] * 5, 408),
        ([b"a" * 11], 413),
    ],
)
def test_who_does_not_finish_is_told_so_and_hung_up_on(pieces: list[bytes], status: int) -> None:
    coming: list[Message] = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
    (start, answer), finished = asyncio.run(_answer_to(coming, patience_s=0.02))
    assert finished == 0
    assert start["status"] == status
    assert (b"connection", b"close") in start["headers"]
    assert json.loads(answer["body"])["status"] == status


def test_a_body_of_nothing_but_mistakes_gets_an_answer_of_ordinary_size(client: TestClient) -> None:
    extra = {f"x{number}": 1 for number in range(10_000)}
    answer = client.post("/v1/match-lists", json={"need": {**NEED, **extra}})
    assert len(refusal(answer, 422)["problems"]) == 100
    assert len(answer.content) < 20_000


@pytest.mark.parametrize("field", ["categories", "countries", "excluded_countries", "regions", "excluded_providers"])
def test_a_list_of_too_many_values_is_refused_before_any_is_looked_at(client: TestClient, field: str) -> None:
    answer = client.post("/v1/match-lists", json=body(filters={field: [1] * 1_001}))
    document = refusal(answer, 422)
    assert [one["required"] for one in document["problems"]] == ["have at most 1,000 values"]
    assert document["found"] == "1,001"


def test_the_name_of_an_unknown_field_is_shown_but_never_at_length(client: TestClient) -> None:
    answer = client.post("/v1/match-lists", json={"need": {**NEED, "k" * 100_000: 1}})
    assert refusal(answer, 422)["place"] == f"{'k' * 59}… of the need"
    assert len(answer.content) < 2_000


def test_a_repeat_is_told_as_one_even_under_the_same_request_id(client: TestClient) -> None:
    headers = {"idempotency-key": "order-9", "x-request-id": "call-9"}
    first, second = (client.post("/v1/match-lists", json=body(), headers=headers) for _ in range(2))
    assert first.content == second.content
    assert "idempotency-replayed" not in first.headers
    assert second.headers["idempotency-replayed"] == "true"


def test_an_erased_need_does_not_come_back_under_its_key(client: TestClient) -> None:
    headers = {"idempotency-key": "order-10"}
    made = client.post("/v1/match-lists", json=body(), headers=headers).json()
    assert client.post(f"/v1/match-lists/{made['list_id']}/erasure").status_code == 200
    document = refusal(client.post("/v1/match-lists", json=body(), headers=headers), 422)
    assert "a need that was erased" in document["found"]
    assert len(client.get("/v1/match-lists").json()["lists"]) == 1
