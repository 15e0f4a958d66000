"""`index build` with another directory while the service answers, then SIGHUP: nobody is refused, and the new one is in use."""

from __future__ import annotations

import json
import re
import signal
import sqlite3
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from embeddings.cache import CachedEncoder
from service.record.sql_log import SqlMatchLog
from tests.e2e.command import Command
from tests.e2e.load_clients import NEEDS
from tests.e2e.own_directory import PROVIDERS, write_directory
from tests.e2e.served import Connection, Service, home_with_own_directory, new_key, record_of
from tests.postgres import until

CLIENTS = 4
ONE_MORE = PROVIDERS + 'cell,Celgroei Gent,technology,BE,Gent,"Cell culture and aseptic filling for vaccine developers.",en\n'


@pytest.fixture
def own(real_encoder: CachedEncoder, pytestconfig: pytest.Config, tmp_path: Path) -> Command:
    """A service that looks for a new index only when it is told to. What was encoded once is not encoded again."""
    command = home_with_own_directory(tmp_path / "first", real_encoder).with_settings(reload_seconds="3600")
    known = pytestconfig.cache.mkdir("vectors") / "passages.sqlite3"
    with closing(sqlite3.connect(known)) as source, closing(sqlite3.connect(command.home / "passage-vectors.sqlite3")) as copy:
        source.backup(copy)
    return command


class Asking:
    """Clients that ask until they are told to stop, and are never refused."""

    def __init__(self, service: Service, key: str) -> None:
        self._service, self._key = service, key
        self._enough = threading.Event()
        self.given: list[Mapping[str, Any]] = []

    def work(self, client: int) -> None:
        with closing(Connection(self._service.port, self._key)) as connection:
            while not self._enough.is_set():
                need = {"text": NEEDS[len(self.given) % len(NEEDS)], "country": "DK", "need_id": str(client)}
                answer = connection.ask("/v1/match-lists", json.dumps({"need": need}).encode())
                assert answer.status == 201, answer
                self.given.append(answer.json)

    @property
    def engines(self) -> list[str]:
        """By which each list was made, in order of answering."""
        return [one["answer"]["engine"] for one in self.given]

    def stop(self) -> None:
        self._enough.set()


def figure(metrics: bytes, name: str) -> str:
    found = re.search(rf"^{name}(?:{{.*}})? (\S+)$", metrics.decode(), re.MULTILINE)
    assert found is not None, name
    return found[1]


def test_an_index_built_under_load_is_taken_into_use_and_no_request_fails(own: Command, tmp_path: Path) -> None:
    advisor, evaluator = new_key(own, "advisor"), new_key(own, "evaluator")
    files = write_directory(tmp_path, ONE_MORE)
    with Service(own) as service, ThreadPoolExecutor(CLIENTS) as pool:
        before = service.ask("/readyz").json
        asking = Asking(service, advisor)
        work = [pool.submit(asking.work, client) for client in range(CLIENTS)]

        def asked_on(holds: bool) -> bool:
            return holds or any(one.done() for one in work)

        try:
            until(lambda: asked_on(len(asking.given) >= CLIENTS), "the first answers")
            built = own("index", "build", *files)
            assert built.code == 0, built
            assert service.ask("/readyz").json == before
            service.process.send_signal(signal.SIGHUP)
            until(lambda: asked_on(service.ask("/readyz").json != before), "the new index")
            seen = len(asking.given)
            until(lambda: asked_on(len(asking.given) >= seen + 3 * CLIENTS), "answers by the new index")
        finally:
            asking.stop()
        for one in work:
            one.result()
        after, metrics = service.ask("/readyz").json, service.ask("/metrics", evaluator).body
        assert service.stop() == 0

    assert (before["providers"], after["providers"]) == (3, 4)
    assert f'engine="{after["engine"]}"' in metrics.decode()
    assert before["engine"] not in metrics.decode()
    assert (float(figure(metrics, "crossmatch_index_providers")), float(figure(metrics, "crossmatch_index_is_newest"))) == (
        4,
        1,
    )
    check_answers(asking, before["engine"], after["engine"])
    check_record(record_of(own), asking)


def check_answers(asking: Asking, before: str, after: str) -> None:
    """Every list was made by one of the two as a whole; the last ones by the new one."""
    assert {asking.engines[0], asking.engines[-1]} == {before, after}
    assert set(asking.engines) == {before, after}
    for one in asking.given:
        answer = one["answer"]
        assert answer["considered"]["directory"] == (3 if answer["engine"] == before else 4)
    assert any(match["provider_id"] == "cell" for one in asking.given[-CLIENTS:] for match in one["answer"]["matches"])


def check_record(url: str, asking: Asking) -> None:
    log = SqlMatchLog(url)
    try:
        for one in asking.given:
            assert log.get(one["list_id"]).model_dump(mode="json") == one
        for engine in set(asking.engines):
            assert log.components(engine)["directory"]
        log.verify()
    finally:
        log.close()
