"""`serve` answers over HTTP to who may ask, keeps the record, and stops when told."""

from __future__ import annotations

import http.client
import json
import signal
import socket
from collections.abc import Iterator
from contextlib import closing

import pytest

from matcher.log import ListQuery, LoggedList
from matcher.shipped import shipped_directory
from service.record.sql_log import SqlMatchLog
from tests.e2e.command import DEADLINE, NEED, Command, check_refused
from tests.e2e.server import Server, new_key


@pytest.fixture
def server(command: Command) -> Iterator[Server]:
    running = Server(command, new_key(command))
    try:
        running.wait_for_address()
        yield running
    finally:
        running.kill()


def test_a_served_need_is_answered_recorded_and_the_server_stops(server: Server, command: Command) -> None:
    assert server.ask("/readyz")[1]["providers"] == len(shipped_directory())
    status, created = server.ask("/v1/match-lists", {"need": {"text": NEED, "country": "DK"}, "k": 3})
    assert status == 201
    assert len(created["answer"]["matches"]) == 3
    assert created["asked_by"] == "Tests' desk"
    assert server.ask(f"/v1/match-lists/{created['list_id']}") == (200, created)
    status, problem = server.ask("/v1/match-lists", {"need": {"text": NEED, "country": "XX"}})
    assert (status, problem["place"]) == (422, "country of the need")

    assert server.stop() in (0, -signal.SIGTERM)
    assert b"Traceback" not in server.said
    assert NEED.encode() not in server.said
    assert server.key.encode() not in server.said
    log = SqlMatchLog(f"sqlite:///{command.home / 'match-log.sqlite3'}")
    assert log.get(created["list_id"]) == LoggedList.model_validate(created)
    assert [one.list_id for one in log.lists(ListQuery(limit=10))] == [created["list_id"]]
    assert log.verify().seq > 2
    log.close()


def test_every_line_of_an_unattended_service_is_json_and_names_its_request(server: Server) -> None:
    server.ask("/v1/providers")
    server.stop()
    lines = [line for line in server.said.decode().splitlines() if not line.startswith(("Crossmatch answers", "Open this"))]
    told = [json.loads(line) for line in lines]
    [request] = [one for one in told if one["event"] == "request"]
    assert (request["route"], request["status"]) == ("/v1/providers", 200)
    assert request["request_id"]


def test_who_has_no_key_is_not_answered(server: Server) -> None:
    server.key = ""
    assert server.ask("/v1/providers")[0] == 401
    assert server.ask("/healthz")[0] == 200


def test_the_link_lets_the_local_user_in_once(server: Server) -> None:
    link = server.wait_for(rb"Open this link, once: http://[^/]+(/open\?token=\S+)")
    host = server.address.removeprefix("http://")

    def get(path: str, **headers: str) -> http.client.HTTPResponse:
        with closing(http.client.HTTPConnection(host, timeout=DEADLINE)) as connection:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            answer.read()
        return answer

    opened = get(link)
    assert (opened.status, opened.getheader("location")) == (303, "/console")
    cookie = str(opened.getheader("set-cookie"))
    assert "HttpOnly" in cookie
    assert get("/v1/providers", Cookie=cookie.partition(";")[0]).status == 200
    assert get(link).status == 403
    assert get("/v1/providers", Cookie=cookie.partition(";")[0], Host="evil.example").status == 421


def test_a_revoked_key_opens_nothing_at_the_next_start(command: Command) -> None:
    key = new_key(command)
    command("keys", "revoke", key.split("_")[1])
    running = Server(command, key)
    try:
        running.wait_for_address()
        assert running.ask("/v1/providers")[0] == 401
    finally:
        running.kill()


def test_an_open_address_needs_a_key_first(command: Command) -> None:
    check_refused(command("serve", "--host", "0.0.0.0", "--port", "0"), "address 0.0.0.0", "crossmatch keys create")
    key = new_key(command)
    running = Server(command, key, "--host", "0.0.0.0")
    try:
        running.wait_for_address(rb"answers at http://0\.0\.0\.0(:\d+)")
        running.address = f"http://127.0.0.1{running.address}"
        assert running.ask("/v1/providers")[0] == 200
        assert b"Open this link" not in running.said
    finally:
        running.kill()


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
