"""What the tests of the API share: a request that is in order, and the form that every error answer has."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Protocol

from fastapi import FastAPI
from fastapi.testclient import TestClient

from matcher.log import MatchLog
from service.access.keyring import Keyring
from service.api.application import create_app
from service.desk import Desk
from service.record.sql_keys import SqlKeyStore
from service.record.sql_log import SqlMatchLog
from service.settings import Settings

NEED: dict[str, Any] = {"text": "We look for inhalation toxicology with lung models.", "country": "NL"}
LONG_NEED = {**NEED, "text": "Lung models for inhalation toxicology. " * 200}
JSON = {"content-type": "application/json"}
HOLDER = "Advisers' office"


def keyring_of(log: MatchLog) -> Keyring:
    """Keys kept in the same record."""
    assert isinstance(log, SqlMatchLog)
    return Keyring(SqlKeyStore(log))


def key_headers(keyring: Keyring, role: str = "advisor", region: str | None = None, holder: str = HOLDER) -> dict[str, str]:
    """The header of a caller with a new key."""
    text, _ = keyring.create(holder, role, region, by="a test")
    return {"authorization": f"Bearer {text}"}


def app_of(desk: Desk, keyring: Keyring | None = None, **settings: Any) -> FastAPI:
    """The application with these settings; few limits where none are said."""
    chosen = Settings(**{"requests_per_minute": 100_000, **settings})
    return create_app(desk, keyring or keyring_of(desk.log), chosen)


def client_of(desk: Desk, role: str = "advisor", region: str | None = None, **settings: Any) -> TestClient:
    """A client with a key of that role, for all regions if none is said."""
    keyring = keyring_of(desk.log)
    return TestClient(app_of(desk, keyring, **settings), headers=key_headers(keyring, role, region))


class Response(Protocol):
    """An answer of the test client, whichever HTTP library is under it."""

    @property
    def status_code(self) -> int: ...
    @property
    def text(self) -> str: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    def json(self) -> Any: ...


_SENTENCES = re.compile(r"The .+ must (?!input should).+\. Got .+\.", re.DOTALL)
_INTERNALS = ("Traceback", 'File "', ".py", "sqlalche.me", "Error(", "site-packages", "pydantic")


def body(**more: Any) -> dict[str, Any]:
    """A request body: the default need, and more fields beside it."""
    return {"need": NEED, **more}


def with_need(**more: Any) -> bytes:
    """A request body whose need has these fields too."""
    return json.dumps({"need": {**NEED, **more}}).encode()


def refusal(response: Response, status: int) -> dict[str, Any]:
    """The problem document of a refused request, checked for its form."""
    assert response.status_code == status, response.text
    document = problem_document(response)
    assert _SENTENCES.match(document["detail"]), document["detail"]
    return document


def problem_document(response: Response) -> dict[str, Any]:
    """The problem document of any error answer, checked for what every one must have."""
    assert response.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = response.json()
    assert document["status"] == response.status_code
    assert document["title"]
    assert document["detail"]
    assert document["request_id"]
    assert response.headers.get("x-request-id") == document["request_id"]
    for internal in _INTERNALS:
        assert internal not in response.text
    return document
