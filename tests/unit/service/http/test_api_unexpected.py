"""An error nobody thought of: a problem document that tells nothing of the inside."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from matcher.log import LoggedList, MatchLog, Once
from matcher.pipeline import Matcher
from matcher.records import MatchRequest
from service.desk import Desk
from tests.unit.service.api import app_of, body, key_headers, keyring_of, problem_document


class BrokenDesk(Desk):
    """Fails at every need with a secret in the message."""

    def answer(self, request: MatchRequest, *, asked_by: str, request_id: str = "", once: Once | None = None) -> LoggedList:
        raise RuntimeError("secret password at /etc/somewhere.py")


@pytest.fixture
def broken(small_matcher: Matcher, log: MatchLog) -> Iterator[TestClient]:
    keyring = keyring_of(log)
    app = app_of(BrokenDesk(small_matcher, log), keyring)
    with TestClient(app, raise_server_exceptions=False, headers=key_headers(keyring)) as opened:
        yield opened


def test_an_unexpected_error_tells_nothing_but_its_request_id(broken: TestClient) -> None:
    answer = broken.post("/v1/match-lists", json=body(), headers={"x-request-id": "call-9"})
    assert answer.status_code == 500
    document = problem_document(answer)
    assert "secret" not in answer.text
    assert document["request_id"] == "call-9"
    assert "call-9" in document["detail"]


def test_an_unexpected_error_is_in_the_services_own_log(broken: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, logger="crossmatch"):
        broken.post("/v1/match-lists", json=body(), headers={"x-request-id": "call-9"})
    entry = next(one for one in caplog.records if one.name == "crossmatch")
    assert entry.__dict__["request_id"] == "call-9"
    assert entry.exc_info is not None
    assert "secret password" in str(entry.exc_info[1])


def test_the_service_goes_on_after_an_unexpected_error(broken: TestClient) -> None:
    broken.post("/v1/match-lists", json=body())
    assert broken.get("/healthz").status_code == 200
