"""What answers and log lines must not tell: what other regions have, where the record lies, anybody's key."""

from __future__ import annotations

import logging
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.exc import OperationalError

from matcher.errors import LogUnavailable
from matcher.pipeline import Matcher
from service.desk import Desk
from service.record.sql_log import SqlMatchLog
from tests.unit.service.api import app_of, body, client_of, key_headers, keyring_of, refusal

NOBODYS = "0" * 8 + "-0000-4000-8000-" + "0" * 12


@pytest.fixture
def liege(small_desk: Desk) -> Iterator[TestClient]:
    with client_of(small_desk, "advisor", "be-liege") as opened:
        yield opened


def told(client: TestClient, method: str, path: str, known: str) -> dict[str, object]:
    """A refusal without what every one has of its own, and without the id that was asked for."""
    document = refusal(client.request(method, path, json={"kind": "introduced"}), 404)
    kept = {name: value for name, value in document.items() if name not in ("instance", "request_id")}
    return {name: re.sub(rf"\b{known}\b", "ID", str(value)) for name, value in kept.items()}


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/v1/match-lists/{}"), ("GET", "/v1/match-lists/{}/replay"), ("POST", "/v1/match-lists/{}/erasure")],
)
def test_a_list_of_another_region_is_refused_as_one_that_there_is_not(
    client: TestClient, liege: TestClient, method: str, path: str
) -> None:
    there = client.post("/v1/match-lists", json=body()).json()["list_id"]
    assert told(liege, method, path.format(there), there) == told(liege, method, path.format(NOBODYS), NOBODYS)


@pytest.mark.parametrize(("method", "path"), [("GET", "/v1/matches/{}"), ("POST", "/v1/matches/{}/steps")])
def test_a_match_of_another_region_is_refused_as_one_that_there_is_not(
    client: TestClient, liege: TestClient, method: str, path: str
) -> None:
    client.post("/v1/match-lists", json=body())
    assert told(liege, method, path.format(1), "1") == told(liege, method, path.format(999), "999")


def test_where_the_record_lies_is_told_to_the_log_and_to_nobody_else(
    client: TestClient, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with sqlite3.connect(tmp_path / "log.sqlite3") as outside:
        outside.execute("DROP TABLE engines")
    outside.close()
    answer = client.get("/readyz", headers={"authorization": ""})
    document = refusal(answer, 507)
    assert document["place"] == "match log"
    assert str(tmp_path) not in answer.text
    assert str(tmp_path) in caplog.text


class Unreachable(SqlMatchLog):
    """A record whose server says where it is while it refuses."""

    def ready(self) -> None:
        said = 'connection to server at "10.1.2.3", port 5432 failed: FATAL: password authentication failed for user "cross"'
        raise self.database._unavailable("be writable", OperationalError("", {}, Exception(said)))


def test_what_a_database_server_says_of_itself_is_not_passed_on(small_matcher: Matcher, tmp_path: Path) -> None:
    log = Unreachable(f"sqlite:///{tmp_path / 'other.sqlite3'}")
    with pytest.raises(LogUnavailable, match=r"10\.1\.2\.3"):
        log.ready()
    with TestClient(app_of(Desk(small_matcher, log))) as client:
        answer = client.get("/readyz")
    assert refusal(answer, 507)["found"] == "an error that the service's log tells"
    assert not [told for told in ("10.1.2.3", "cross", str(tmp_path)) if told in answer.text.replace("crossmatch", "")]
    log.close()


def test_a_key_that_is_sent_as_something_else_is_not_kept(small_desk: Desk, tmp_path: Path) -> None:
    headers = key_headers(keyring_of(small_desk.log))
    key = headers["authorization"].removeprefix("Bearer ")
    with TestClient(app_of(small_desk), headers=headers) as client:
        answer = client.post("/v1/match-lists", json=body(), headers={"x-request-id": key})
        assert answer.status_code == 201
        assert key not in answer.text + str(answer.headers)
        document = refusal(client.post("/v1/match-lists", json=body(), headers={"idempotency-key": key}), 422)
        assert document["place"] == "Idempotency-Key"
        assert client.get("/v1/match-lists").json()["lists"][0]["asked_by"]
    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir() if file.is_file())
    assert key[12:].encode() not in kept


def test_what_a_caller_says_of_where_it_comes_from_is_not_logged(small_desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    with TestClient(app_of(small_desk), client=("\x9b31m" + "x" * 5_000, 50_000)) as client, caplog.at_level(logging.INFO):
        assert client.get("/v1/providers").status_code == 401
    [line] = [record.getMessage() for record in caplog.records if record.name == "crossmatch.access"]
    assert line.startswith("401 for unknown: The request must carry a key.")
