"""Told to stop while it works, the service answers what it has accepted, closes its record and ends in order."""

from __future__ import annotations

import http.client
import json
import signal
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from embeddings.cache import CachedEncoder
from matcher.log import ListQuery
from service.record.sql_log import SqlMatchLog
from tests.e2e.command import Command
from tests.e2e.load_clients import NEEDS
from tests.e2e.served import Connection, Service, home_with_own_directory, new_key, record_of
from tests.postgres import Postgres, until

CLIENTS = 6


@pytest.fixture(params=["sqlite", "postgresql"])
def own(request: pytest.FixtureRequest, real_encoder: CachedEncoder, postgres: Postgres, tmp_path: Path) -> Command:
    command = home_with_own_directory(tmp_path, real_encoder)
    return command if request.param == "sqlite" else command.with_settings(log_url=postgres.new_database())


def ask_until_it_hangs_up(port: int, key: str, given: list[bytes]) -> None:
    """Needs, one after the other. Some have a text of their own: those are still being encoded when the signal comes."""
    with closing(Connection(port, key)) as connection:
        number = 0
        while True:
            number += 1
            text = NEEDS[number % len(NEEDS)] + (f" Number {number}." if number % 4 == 0 else "")
            content = json.dumps({"need": {"text": text, "country": "DK"}}).encode()
            try:
                answer = connection.ask("/v1/match-lists", content)
            except TimeoutError:
                raise
            except (OSError, http.client.HTTPException):
                return
            assert answer.status == 201, answer
            given.append(answer.body)


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_everything_that_was_accepted_is_answered_and_nothing_is_lost(told: signal.Signals, own: Command) -> None:
    key = new_key(own, "advisor")
    given: list[bytes] = []
    with Service(own) as service, ThreadPoolExecutor(CLIENTS) as pool:
        work = [pool.submit(ask_until_it_hangs_up, service.port, key, given) for _ in range(CLIENTS)]
        until(lambda: len(given) > 5 * CLIENTS or any(one.done() for one in work), "some answers")
        code = service.stop(told)
        for one in work:
            one.result()
    assert code == (0 if told is signal.SIGTERM else 130)
    assert b"Traceback" not in service.said
    check_record(record_of(own), given)


def check_record(url: str, given: list[bytes]) -> None:
    """What is on record was answered, all of it: who got no answer was not accepted."""
    log = SqlMatchLog(url)
    try:
        lists = {one.list_id: log.get(one.list_id).model_dump_json().encode() for one in log.lists(ListQuery(limit=10_000))}
        assert sorted(lists.values()) == sorted(given)
        log.verify()
    finally:
        log.close()


def test_a_service_that_stopped_in_order_leaves_one_file(real_encoder: CachedEncoder, tmp_path: Path) -> None:
    own = home_with_own_directory(tmp_path, real_encoder)
    key = new_key(own, "advisor")
    with Service(own) as service:
        answer = service.ask("/v1/match-lists", key, {"need": {"text": NEEDS[0], "country": "DK"}})
        assert answer.status == 201
        assert service.stop() == 0
    assert [file.name for file in own.home.glob("match-log*")] == ["match-log.sqlite3"]
