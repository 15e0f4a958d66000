"""A guarded application, and a watch over every test here: no key may stand in an answer or in a line of the log."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from service.access.local_link import LocalLink
from tests.unit.service.access.guarded import Clock, KeysInMemory, Recorded, guarded_app

OpenClient = Callable[..., TestClient]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(clock: Clock) -> KeysInMemory:
    return KeysInMemory(clock)


@pytest.fixture
def keyring(store: KeysInMemory, clock: Clock) -> Recorded:
    return Recorded(store, clock)


@pytest.fixture
def link(clock: Clock) -> LocalLink:
    return LocalLink(clock)


@pytest.fixture
def open_client(keyring: Recorded) -> Iterator[OpenClient]:
    """Opens clients of a guarded application, each of whose answers is searched for keys."""
    opened: list[TestClient] = []

    def open_one(base_url: str = "http://localhost:8000", **more: Any) -> TestClient:
        app = guarded_app(keyring, **more)
        client = TestClient(app, base_url=base_url, raise_server_exceptions=False, follow_redirects=False)
        plain = client.request

        def searched(*given: Any, **named: Any) -> Any:
            response = plain(*given, **named)
            said = f"{response.text} {response.headers}"
            assert not [text for text in keyring.texts if secret_of(text) in said]
            return response

        client.request = searched  # type: ignore[method-assign]
        opened.append(client.__enter__())
        return client

    yield open_one
    for client in opened:
        client.__exit__()


@pytest.fixture
def client(open_client: OpenClient) -> TestClient:
    return open_client()


@pytest.fixture(autouse=True)
def _no_key_is_logged(caplog: pytest.LogCaptureFixture, keyring: Recorded) -> Iterator[None]:
    caplog.set_level(logging.DEBUG)
    yield
    # The client under the tests logs the addresses that it calls; the service must not.
    own = [record for record in caplog.get_records("call") if not record.name.startswith("http")]
    lines = [caplog.handler.format(record) for record in own]
    assert not [line for line in lines for text in keyring.texts if secret_of(text) in line]


def secret_of(text: str) -> str:
    """The part of a key that must not be seen; its id may."""
    return text[len("cm_12345678_") :]
