"""Over a socket, byte by byte: whatever comes, the service answers with 4xx or hangs up, and serves whoever comes next."""

from __future__ import annotations

import contextlib
import os
import re
import select
import socket
from collections import Counter
from collections.abc import Iterator

import pytest

from matcher.log import ListQuery
from service.record.sql_log import SqlMatchLog
from tests.e2e.command import DEADLINE, Command
from tests.e2e.raw_requests import NEED, Raw, raw_requests
from tests.e2e.server import Server, new_key

_STATUS = re.compile(rb"^HTTP/1\.1 ([2-5]\d\d) ", re.MULTILINE)
_ASKED = b"GET /healthz HTTP/"


@pytest.fixture
def server(command: Command) -> Iterator[Server]:
    running = Server(command, new_key(command))
    try:
        running.wait_for_address()
        yield running
    finally:
        running.kill()


def status_of(server: Server, raw: Raw) -> int:
    """What is answered first; 0 where the service hangs up instead."""
    host, _, port = server.address.removeprefix("http://").rpartition(":")
    said = b""
    with socket.create_connection((host, int(port)), DEADLINE) as connection, contextlib.suppress(ConnectionError):
        connection.sendall(raw.sent)
        if not raw.is_whole:
            connection.shutdown(socket.SHUT_WR)
        while (found := _STATUS.search(said)) is None and (piece := connection.recv(65_536)):
            said += piece
    return int(found[1]) if (found := _STATUS.search(said)) else 0


def is_harmless(raw: Raw) -> bool:
    """Whether it asks for what is open to all: a header that nobody needs to know changes nothing."""
    return raw.sent.startswith(_ASKED)


def listen(server: Server) -> None:
    """Take what the service has written so far: one that nobody reads would wait."""
    assert server.process.stderr is not None
    while select.select([server.process.stderr], [], [], 0)[0]:
        piece = os.read(server.process.stderr.fileno(), 65_536)
        assert piece, server.said.decode()[-2_000:]
        server.said += piece


def test_whatever_comes_is_refused_and_the_next_is_served(server: Server, command: Command) -> None:
    cases = list(raw_requests(server.key))
    assert len(cases) >= 150
    wrong, statuses = [], Counter[int]()
    for raw in cases:
        status = status_of(server, raw)
        statuses[status] += 1
        if not (400 <= status < 500 or (status == 200 and is_harmless(raw)) or (status == 0 and not raw.is_whole)):
            wrong.append(f"{raw.name}: {status}")
        if server.ask("/healthz") != (200, {"status": "ok"}):
            wrong.append(f"{raw.name}: the next is not served")
        listen(server)
    assert wrong == []
    assert statuses[400] > 50
    assert server.ask("/v1/match-lists", {"need": {"text": "A laboratory for lung models.", "country": "NL"}})[0] == 201
    assert server.stop() in (0, -15)
    for secret in (b"Traceback", NEED[20:60], server.key[12:].encode()):
        assert secret not in server.said
    log = SqlMatchLog(f"sqlite:///{command.home / 'match-log.sqlite3'}")
    assert len(log.lists(ListQuery())) == 1
    assert log.verify().seq == 3
    log.close()
