"""A PostgreSQL that cannot be reached or written says so, and the log goes on by itself when it can again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import make_url

from matcher.errors import LogUnavailable
from matcher.log import ListQuery
from service.record.sql_log import SqlMatchLog
from tests.postgres import Postgres
from tests.unit.service.entries import COMPONENTS, entry
from tests.unit.service.record.outside import Outside


@pytest.fixture
def with_password(postgresql_url: str) -> Iterator[SqlMatchLog]:
    """The server asks for none, so that any will do."""
    url = make_url(postgresql_url).set(password="open-sesame")
    log = SqlMatchLog(url.render_as_string(hide_password=False))
    yield log
    log.close()


@contextmanager
def stopped(server: Postgres) -> Iterator[None]:
    server.stop()
    try:
        yield
    finally:
        server.start()


def test_a_server_that_is_stopped_is_named_without_password_and_the_log_goes_on_after_its_start(
    postgres: Postgres, with_password: SqlMatchLog
) -> None:
    log = with_password
    log.record(entry("before", ("aqua", "NL")), COMPONENTS)
    with stopped(postgres):
        for call in (lambda: log.record(entry("meanwhile"), COMPONENTS), log.ready, log.verify, lambda: log.get("before")):
            with pytest.raises(LogUnavailable) as caught:
                call()
            message = str(caught.value)
            assert f"host=%2Ftmp%2F{postgres.folder.name}" in message
            assert "postgres:***@" in message
            assert "open-sesame" not in message + repr(caught.value.__cause__)
            assert "Ask again once the database answers." in message
    log.record(entry("after", ("bruno", "DE")), COMPONENTS)
    assert [one.list_id for one in log.lists(ListQuery())] == ["after", "before"]
    assert log.verify().seq == 3


def test_a_record_cannot_be_opened_while_the_server_is_stopped(postgres: Postgres, postgresql_url: str) -> None:
    with stopped(postgres), pytest.raises(LogUnavailable, match=r"must be writable\. Got connection .*failed: "):
        SqlMatchLog(postgresql_url)
    SqlMatchLog(postgresql_url).close()


def test_connections_that_the_server_drops_are_replaced(postgres: Postgres, postgresql_log: SqlMatchLog) -> None:
    for number in range(3):
        postgresql_log.record(entry(f"l-{number}"), COMPONENTS)
        name = str(make_url(postgresql_log.database.url).database)
        postgres.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
    assert len(postgresql_log.lists(ListQuery())) == 3


def test_a_connection_lost_in_the_midst_leaves_nothing(postgres: Postgres, postgresql_log: SqlMatchLog) -> None:
    Outside(postgresql_log.database.url).run(
        "CREATE FUNCTION leave() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$"
    )
    Outside(postgresql_log.database.url).run("CREATE TRIGGER leave BEFORE INSERT ON matches EXECUTE FUNCTION leave()")
    with pytest.raises(LogUnavailable, match="terminating connection"):
        postgresql_log.record(entry("one", ("aqua", "NL")), COMPONENTS)
    Outside(postgresql_log.database.url).run("DROP FUNCTION leave CASCADE")
    assert postgresql_log.lists(ListQuery()) == []
    postgresql_log.record(entry("two", ("aqua", "NL")), COMPONENTS)
    assert postgresql_log.verify().seq == 2


def test_a_record_that_may_only_be_read_takes_no_list_and_is_not_ready(postgresql_log: SqlMatchLog) -> None:
    postgresql_log.record(entry("one", ("aqua", "NL")), COMPONENTS)
    url = make_url(postgresql_log.database.url).update_query_dict({"options": "-c default_transaction_read_only=on"})
    read_only = SqlMatchLog(url.render_as_string())
    for call in (read_only.ready, lambda: read_only.record(entry("two"), COMPONENTS)):
        with pytest.raises(LogUnavailable, match=r"must be writable\..* read-only transaction"):
            call()
    assert [one.list_id for one in read_only.lists(ListQuery())] == ["one"]
    read_only.close()
