"""The record's disk is full, may only be read, or its database is gone: nothing is answered that is not on record, the
answer says what to do, and once it is done the same process goes on by itself.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from embeddings.cache import CachedEncoder
from tests.e2e.command import Command, check_refused
from tests.e2e.full_disks import Disk, LimitOnFiles, mounted, small_disk
from tests.e2e.office import ONE_NEED, Office, open_office, refused
from tests.e2e.served import Service, home_with_own_directory, new_key, record_of
from tests.postgres import Postgres

SAME = "key-of-the-same-request"
FOUND = ("database or disk is full", "disk I/O error", "an error that the service's log tells")


@pytest.fixture
def own(real_encoder: CachedEncoder, tmp_path: Path) -> Command:
    """`crossmatch` with a small directory and an empty record."""
    return home_with_own_directory(tmp_path, real_encoder)


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as opened:
        yield opened


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
    office = open_office(stack, command)
    pid = office.service.process.pid
    first = office.given()
    [match] = office.service.ask(f"/v1/matches?list_id={first['list_id']}&limit=1", office.key).json["matches"]
    step = f"/v1/matches/{match['match_id']}/steps", office.key, {"kind": "introduced"}

    disk.fill(pid)
    for answer in (office.need(SAME), office.need(), office.service.ask(*step), office.ready()):
        problem = refused(answer)
        assert problem["place"] == "match log"
        assert problem["found"] in FOUND
        assert "Free space" in problem["remedy"]
    office.check_alive()
    office.check_readable(first)
    office.check_told(folder / "record.sqlite3")

    disk.free(pid)
    assert office.ready().status == 200
    again = office.given(SAME)
    assert office.given(SAME) == again
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
    office = open_office(stack, command)
    office.check_on_record(record_of(command), office.given())


# A record that may only be read


def test_a_record_that_may_only_be_read_is_read_and_nothing_else(own: Command, stack: ExitStack) -> None:
    office = open_office(stack, own)
    given = office.given()
    read_only = own.with_settings(log_url=f"sqlite:///file:{own.home / 'match-log.sqlite3'}?mode=ro&uri=true")
    reader = Office(stack.enter_context(Service(read_only)), office.key, office.auditor)
    for answer in (reader.need(SAME), reader.need(), reader.ready()):
        problem = refused(answer)
        assert problem["found"] == "attempt to write a readonly database"
        assert "give write permission" in problem["remedy"]
    reader.check_alive()
    reader.check_readable(given)
    office.check_on_record(record_of(own), given, office.given(SAME))


def test_a_disk_that_may_only_be_read_is_said_and_nothing_is_served(own: Command, stack: ExitStack, tmp_path: Path) -> None:
    folder = tmp_path / "disk"
    command = own.with_settings(log_url=f"sqlite:///{folder / 'record.sqlite3'}")
    office = open_office(stack, command)
    given = office.given()
    assert office.service.stop() == 0
    with ExitStack() as read_only:
        try:
            read_only.enter_context(mounted(folder, "--bind", "-o", "ro", str(folder)))
        except (PermissionError, FileNotFoundError) as error:
            pytest.skip(f"a folder can be mounted by root only: {error}")
        check_refused(command("serve", "--port", "0"), "record.sqlite3 must be writable", "give write permission")
    office = open_office(stack, command)
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
    office = open_office(stack, command)
    unknown_yet = new_key(command, "organiser")
    first = office.given()

    stack.callback(lambda: server.running or server.start())
    getattr(server, end)()
    for answer in (office.need(SAME), office.need(), office.ready()):
        problem = refused(answer)
        assert problem["place"] == "match log"
        assert "Ask again once the database answers" in problem["remedy"]
    assert "read" in refused(office.service.ask("/v1/match-lists", unknown_yet, ONE_NEED), 503)["required"]
    office.check_alive()
    office.check_told(server.folder)

    server.start()
    assert office.ready().status == 200
    office.check_readable(first)
    again = office.given(SAME)
    assert office.given(SAME) == again
    office.check_on_record(record_of(command), first, again)


def test_a_database_that_may_only_be_read_gives_no_answer_until_it_may_be_written(
    server: Postgres, own: Command, stack: ExitStack
) -> None:
    command = own.with_settings(log_url=server.new_database())
    office = open_office(stack, command)
    first = office.given()
    server.execute("ALTER SYSTEM SET default_transaction_read_only = on")
    stack.callback(server.execute, "SELECT pg_reload_conf()")
    stack.callback(server.execute, "ALTER SYSTEM RESET default_transaction_read_only")
    server.execute("SELECT pg_reload_conf()")
    for answer in (office.need(SAME), office.ready()):
        assert "read-only transaction" in refused(answer)["found"]
    office.check_alive()
    office.check_readable(first)

    server.execute("ALTER SYSTEM RESET default_transaction_read_only")
    server.execute("SELECT pg_reload_conf()")
    assert office.ready().status == 200
    office.check_on_record(record_of(command), first, office.given(SAME))
