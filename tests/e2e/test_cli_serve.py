"""`serve` answers over HTTP, keeps the record, and stops when told."""

from __future__ import annotations

import json
import os
import re
import select
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from matcher.log import LoggedList
from matcher.shipped import shipped_directory
from service.sql_log import SqlMatchLog
from tests.e2e.command import DEADLINE, NEED, Command

_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Server:
    """A running `crossmatch serve` on a free port."""

    def __init__(self, command: Command) -> None:
        self.process = command.popen("serve", "--port", "0", stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.said = b""
        self.address = ""

    def wait_for_address(self, words: bytes = rb"answers at (http://127\.0\.0\.1:\d+)") -> None:
        """Read what the server says until it names its address."""
        assert self.process.stderr is not None
        until = time.monotonic() + DEADLINE
        while (found := re.search(words, self.said)) is None:
            assert select.select([self.process.stderr], [], [], until - time.monotonic())[0], self.said
            piece = os.read(self.process.stderr.fileno(), 65536)
            assert piece, f"the server ended: {self.said.decode()}"
            self.said += piece
        self.address = found[1].decode()

    def ask(self, path: str, content: Any = None) -> tuple[int, Any]:
        """Status and JSON of one request; POST where there is content."""
        data = None if content is None else json.dumps(content).encode()
        request = urllib.request.Request(self.address + path, data, {"content-type": "application/json"})
        try:
            with _DIRECT.open(request, timeout=DEADLINE) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)

    def stop(self) -> int:
        """The exit code after SIGTERM."""
        self.process.send_signal(signal.SIGTERM)
        self.said += self.process.communicate(timeout=DEADLINE)[1]
        return self.process.returncode


@pytest.fixture
def server(command: Command) -> Iterator[Server]:
    running = Server(command)
    try:
        running.wait_for_address()
        yield running
    finally:
        running.process.kill()
        running.process.communicate()


def test_a_served_need_is_answered_recorded_and_the_server_stops(server: Server, command: Command) -> None:
    assert server.ask("/readyz")[1]["providers"] == len(shipped_directory())
    status, created = server.ask("/v1/match-lists", {"need": {"text": NEED, "country": "DK"}, "k": 3})
    assert status == 201
    assert len(created["answer"]["matches"]) == 3
    assert server.ask(f"/v1/match-lists/{created['list_id']}") == (200, created)
    status, problem = server.ask("/v1/match-lists", {"need": {"text": NEED, "country": "XX"}})
    assert (status, problem["place"]) == (422, "country of the need")

    assert server.stop() in (0, -signal.SIGTERM)
    assert b"Traceback" not in server.said
    assert NEED.encode() not in server.said
    log = SqlMatchLog(f"sqlite:///{command.home / 'match-log.sqlite3'}")
    assert log.get(created["list_id"]) == LoggedList.model_validate(created)
    assert [one.list_id for one in log.lists(limit=10)] == [created["list_id"]]
    log.close()


def test_a_caller_with_too_long_a_body_hears_why(server: Server) -> None:
    for _ in range(5):
        status, problem = server.ask("/v1/match-lists", {"need": {"text": "a" * 1_000_000, "country": "DK"}})
        assert (status, problem["title"]) == (413, "The body is too large")
    assert server.ask("/healthz")[0] == 200


def test_a_port_that_is_taken_is_told_and_nothing_is_served(command: Command) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        result = command("serve", "--port", str(taken.getsockname()[1]))
    assert result.code == 1
    assert "address already in use" in result.err
    assert "Traceback" not in result.err
