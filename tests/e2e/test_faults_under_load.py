"""The record fails while several clients ask, and comes back: who insists gets one list a request, and no other is there."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from embeddings.cache import CachedEncoder
from matcher.log import ListQuery
from service.record.sql_log import SqlMatchLog
from tests.e2e.command import Command
from tests.e2e.full_disks import LimitOnFiles
from tests.e2e.load_clients import NEEDS
from tests.e2e.served import Connection, Service, home_with_own_directory, new_key, record_of
from tests.postgres import Postgres, until

CLIENTS, EACH = 4, 25


@pytest.fixture
def own(real_encoder: CachedEncoder, tmp_path: Path) -> Command:
    return home_with_own_directory(tmp_path, real_encoder)


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as opened:
        yield opened


@dataclass
class Insisting:
    """Clients that ask again, under the same key, until they are answered."""

    service: Service
    key: str
    given: dict[str, dict[str, Any]] = field(default_factory=dict)
    refused: list[int] = field(default_factory=list)

    def work(self, client: int) -> None:
        with closing(Connection(self.service.port, self.key)) as connection:
            for number in range(EACH):
                once = f"{client}-{number}"
                need = {"text": NEEDS[number % len(NEEDS)], "country": "NL", "need_id": once}
                content = json.dumps({"need": need}).encode()
                until(lambda c=content, o=once: self._answered(connection, c, o), "an answer")  # type: ignore[misc]

    def _answered(self, connection: Connection, content: bytes, once: str) -> bool:
        answer = connection.ask("/v1/match-lists", content, once)
        if answer.status == 201:
            self.given[once] = answer.json
            return True
        # The record cannot be written, or the key cannot be looked up in it.
        assert answer.status in (507, 503), answer
        self.refused.append(answer.status)
        return False


def survive(command: Command, fail: Callable[[Service], None], mend: Callable[[Service], None]) -> None:
    """Let the record fail in the middle of the load, and mend it once every client has heard of it."""
    key = new_key(command, "advisor")
    with Service(command) as service, ThreadPoolExecutor(CLIENTS) as pool:
        clients = Insisting(service, key)
        work = [pool.submit(clients.work, client) for client in range(CLIENTS)]
        until(lambda: len(clients.given) >= CLIENTS or any(one.done() for one in work), "the first answers")
        fail(service)
        until(lambda: len(clients.refused) >= CLIENTS or any(one.done() for one in work), "the first refusals")
        mend(service)
        for one in work:
            one.result()
        assert service.ask("/readyz").status == 200
    check_record(record_of(command), clients)


def check_record(url: str, clients: Insisting) -> None:
    assert clients.refused
    assert len(clients.given) == CLIENTS * EACH
    log = SqlMatchLog(url)
    try:
        assert Counter(one.need_id for one in log.lists(ListQuery(limit=10_000))) == Counter(clients.given.keys())
        for given in clients.given.values():
            assert log.get(given["list_id"]).model_dump(mode="json") == given
        log.verify()
    finally:
        log.close()


def test_a_disk_that_is_full_for_a_while_loses_and_doubles_nothing(own: Command) -> None:
    disk = LimitOnFiles()
    survive(own, lambda service: disk.fill(service.process.pid), lambda service: disk.free(service.process.pid))


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_a_database_that_ends_and_is_started_again_loses_and_doubles_nothing(end: str, own: Command, stack: ExitStack) -> None:
    server = stack.enter_context(Postgres())
    command = own.with_settings(log_url=server.new_database())
    survive(command, lambda _: getattr(server, end)(), lambda _: server.start())
