"""The record's disk is full, may only be read, or its database is gone: nothing is answered that is not on record, the
answer says what to do, and once it is done the same process goes on by itself.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from embeddings.cache import CachedEncoder
from matcher.log import ListQuery
from service.record.sql_log import SqlMatchLog
from tests.e2e.command import NEED, Command, check_refused
from tests.e2e.full_disks import Disk, LimitOnFiles, mounted, small_disk
from tests.e2e.served import Answer, Service, home_with_own_directory, new_key, record_of
from tests.postgres import Postgres

_NEED = {"need": {"text": NEED, "country": "DK"}}


@pytest.fixture
def own(real_encoder: CachedEncoder, tmp_path: Path) -> Command:
    """`crossmatch` with a small directory and an empty record."""
    return home_with_own_directory(tmp_path, real_encoder)


@dataclass
class Office:
    """Asks a running service, and knows what it was given."""

    service: Service
    key: str
    auditor: str

    def need(self, once: str = "") -> Answer:
        return self.service.ask("/v1/match-lists", self.key, _NEED, once)

    def given(self, once: str = "") -> dict[str, Any]:
        """A match list."""
        answer = self.need(once)
        assert answer.status == 201, answer
        given: dict[str, Any] = answer.json
        return given

    def ready(self) -> Answer:
        return self.service.ask("/readyz")

    def check_alive(self) -> None:
        assert self.service.ask("/healthz").json == {"status": "ok"}

    def check_readable(self, given: dict[str, Any]) -> None:
        answer = self.service.ask(f"/v1/match-lists/{given['list_id']}", self.key)
        assert (answer.status, answer.json) == (200, given)

    def check_on_record(self, url: str, *given: dict[str, Any]) -> None:
        """These and no others, by the service and by the record itself; and the chain holds."""
        assert self.service.ask("/v1/record", self.auditor).status == 200
        log = SqlMatchLog(url)
        try:
            assert [one.list_id for one in log.lists(ListQuery())] == [one["list_id"] for one in reversed(given)]
            assert [log.get(one["list_id"]).model_dump(mode="json") for one in given] == list(given)
            log.verify()
        finally:
            log.close()


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as opened:
        yield opened


def opened(stack: ExitStack, command: Command) -> Office:
    keys = new_key(command, "advisor"), new_key(command, "evaluator")
    return Office(stack.enter_context(Service(command)), *keys)


def refused(answer: Answer, status: int = 507) -> dict[str, str]:
    """The problem document of a refusal by the record."""
    assert (answer.status, answer.headers["content-type"]) == (status, "application/problem+json"), answer
    document: dict[str, str] = answer.json
    assert document["status"] == status
    assert document["request_id"] == answer.headers["x-request-id"]
    return document


# A full disk


def disk_of(kind: str, stack: ExitStack, folder: Path) -> Disk:
    if kind == "a limit on files":
        if sys.platform != "linux":
            pytest.skip("a limit can be set on another process on Linux only")
        return LimitOnFiles()
    try:
        return stack.enter_context(small_disk(folder))
    except (PermissionError, FileNotFoundError) as error:
        pytest.skip(f"a file system can be mounted by root only: {error}")


@pytest.mark.parametrize("kind", ["a limit on files", "a small disk"])
def test_on_a_full_disk_nothing_is_answered_until_there_is_space(
    kind: str, own: Command, stack: ExitStack, tmp_path: Path
) -> None:
    folder = tmp_path / "disk"
    folder.mkdir()
    disk = disk_of(kind, stack, folder)
    command = own.with_settings(log_url=f"sqlite:///{folder / 'record.sqlite3'}")
    office = opened(stack, command)
    pid = office.service.process.pid
    first = office.given()
    [match] = office.service.ask(f"/v1/matches?list_id={first['list_id']}&limit=1", office.key).json["matches"]
    step = f"/v1/matches/{match['match_id']}/steps", office.key, {"kind": "introduced"}

    disk.fill(pid)
    for answer in (office.need("the same"), office.need(), office.service.ask(*step), office.ready()):
        problem = refused(answer)
        assert str(folder / "record.sqlite3") in problem["place"]
        assert problem["found"] in ("database or disk is full", "disk I/O error")
        assert "Free space" in problem["remedy"]
    office.check_alive()
    office.check_readable(first)

    disk.free(pid)
    assert office.ready().status == 200
    again = office.given("the same")
    assert office.given("the same") == again
    assert office.service.ask(*step).status == 201
    office.check_on_record(record_of(command), first, again)


def test_a_full_disk_at_the_start_is_said_and_nothing_is_served(own: Command, stack: ExitStack, tmp_path: Path) -> None:
    folder = tmp_path / "disk"
    folder.mkdir()
    disk = disk_of("a small disk", stack, folder)
    disk.fill(os.getpid())
    command = own.with_settings(log_url=f"sqlite:///{folder / 'record.sqlite3'}")
    check_refused(command("serve", "--port", "0"), "record.sqlite3 must be writable", "disk is full")
    disk.free(os.getpid())
    office = opened(stack, command)
    office.check_on_record(record_of(command), office.given())


# A record that may only be read


def test_a_record_that_may_only_be_read_is_said_and_nothing_is_served(own: Command, stack: ExitStack) -> None:
    office = opened(stack, own)
    given = office.given()
    assert office.service.stop() == 0
    file = own.home / "match-log.sqlite3"
    read_only = own.with_settings(log_url=f"sqlite:///file:{file}?mode=ro&uri=true")
    check_refused(read_only("serve", "--port", "0"), "must be writable", "readonly database", "give write permission")
    office = opened(stack, own)
    office.check_readable(given)
    office.check_on_record(record_of(own), given, office.given())


def test_a_disk_that_may_only_be_read_is_said_and_nothing_is_served(own: Command, stack: ExitStack, tmp_path: Path) -> None:
    folder = tmp_path / "disk"
    command = own.with_settings(log_url=f"sqlite:///{folder / 'record.sqlite3'}")
    office = opened(stack, command)
    given = office.given()
    assert office.service.stop() == 0
    with ExitStack() as read_only:
        try:
            read_only.enter_context(mounted(folder, "--bind", "-o", "ro", str(folder)))
        except (PermissionError, FileNotFoundError) as error:
            pytest.skip(f"a folder can be mounted by root only: {error}")
        check_refused(command("serve", "--port", "0"), "record.sqlite3 must be writable", "give write permission")
    office = opened(stack, command)
    office.check_on_record(record_of(command), given, office.given())


# A database that goes away and comes back


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    """A PostgreSQL of its own: these tests stop it."""
    with Postgres() as running:
        yield running


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_a_database_that_was_gone_is_used_again_when_it_is_back(
    end: str, server: Postgres, own: Command, stack: ExitStack
) -> None:
    command = own.with_settings(log_url=server.new_database())
    office = opened(stack, command)
    unknown_yet = new_key(command, "organiser")
    first = office.given()

    getattr(server, end)()
    for answer in (office.need("the same"), office.need(), office.ready()):
        problem = refused(answer)
        assert "postgresql" in problem["place"]
        assert "Ask again once the database answers" in problem["remedy"]
    assert "read" in refused(office.service.ask("/v1/match-lists", unknown_yet, _NEED), 503)["required"]
    office.check_alive()

    server.start()
    assert office.ready().status == 200
    office.check_readable(first)
    again = office.given("the same")
    assert office.given("the same") == again
    office.check_on_record(record_of(command), first, again)


def test_a_database_that_may_only_be_read_gives_no_answer_until_it_may_be_written(
    server: Postgres, own: Command, stack: ExitStack
) -> None:
    command = own.with_settings(log_url=server.new_database())
    office = opened(stack, command)
    first = office.given()
    server.execute("ALTER SYSTEM SET default_transaction_read_only = on")
    stack.callback(server.execute, "SELECT pg_reload_conf()")
    stack.callback(server.execute, "ALTER SYSTEM RESET default_transaction_read_only")
    server.execute("SELECT pg_reload_conf()")
    for answer in (office.need("the same"), office.ready()):
        assert "read-only transaction" in refused(answer)["found"]
    office.check_alive()
    office.check_readable(first)

    server.execute("ALTER SYSTEM RESET default_transaction_read_only")
    server.execute("SELECT pg_reload_conf()")
    assert office.ready().status == 200
    office.check_on_record(record_of(command), first, office.given("the same"))
