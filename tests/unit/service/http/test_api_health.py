"""`/healthz` says that the process answers, `/readyz` that needs can be answered and recorded."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from fastapi.testclient import TestClient

from matcher.log import ListQuery
from matcher.pipeline import Matcher
from service.desk import Desk
from service.record.sql_log import SqlMatchLog
from tests.unit.service.api import LONG_NEED, app_of, body, key_headers, keyring_of, refusal
from tests.unit.service.full_disk import SmallDisk


def test_a_sound_service_is_alive_and_ready(client: TestClient, small_matcher: Matcher) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    ready = client.get("/readyz")
    assert ready.status_code == 200
    assert ready.json() == {"status": "ready", "engine": small_matcher.fingerprint, "providers": 5}


def test_a_log_without_its_tables_is_not_ready_but_alive(client: TestClient, log: SqlMatchLog, tmp_path: Path) -> None:
    outside = sqlite3.connect(tmp_path / "log.sqlite3")
    with outside:
        for table in ("matches", "match_lists", "engines"):
            outside.execute(f"DROP TABLE {table}")
    outside.close()
    assert "no such table" in refusal(client.get("/readyz"), 507)["found"]
    assert client.get("/healthz").status_code == 200


def test_a_log_that_may_only_be_read_is_not_ready(small_matcher: Matcher, log: SqlMatchLog, tmp_path: Path) -> None:
    headers = key_headers(keyring_of(log))
    read_only = SqlMatchLog(f"sqlite:///file:{tmp_path / 'log.sqlite3'}?mode=ro&uri=true")
    with TestClient(app_of(Desk(small_matcher, read_only)), headers=headers) as client:
        assert "readonly" in refusal(client.post("/v1/match-lists", json=body()), 507)["found"]
        assert "readonly" in refusal(client.get("/readyz"), 507)["found"]
    read_only.close()


def test_a_full_log_gives_no_answer_and_keeps_nothing_half(client: TestClient, log: SqlMatchLog) -> None:
    before = client.post("/v1/match-lists", json=body()).json()
    disk = SmallDisk(log)
    disk.fill()
    document = refusal(client.post("/v1/match-lists", json={"need": LONG_NEED}), 507)
    assert "full" in document["found"]
    assert "not on record" in document["remedy"]
    assert [one.list_id for one in log.lists(ListQuery(limit=10))] == [before["list_id"]]
    assert {one.list_id for one in log.every_match()} == {before["list_id"]}
    disk.free()
    assert client.post("/v1/match-lists", json={"need": LONG_NEED}).status_code == 201
