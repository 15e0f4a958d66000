"""A database that cannot be the shared store says so, and one that is lost leaves nothing half-written."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager

import numpy as np
import psycopg
import pytest
from sqlalchemy import make_url

from matcher.index import ProviderIndex
from service.store.errors import StoreUnavailable
from service.store.shared_store import SharedStore
from tests.fakes import FakeEncoder
from tests.postgres import Postgres, until
from tests.unit.service.store.conftest import Run
from tests.unit.service.store.test_shared_store import SCHEMA, tables

WAITING = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


@pytest.mark.parametrize(
    "url",
    ["sqlite:///store.sqlite3", "mysql://host/database", "nonsense", "postgresql+nodriver://host/database", ""],
)
def test_an_address_of_no_postgresql_is_refused(url: str) -> None:
    wanted = r"The setting store_url must be the address of a PostgreSQL database\. Got '.*'\. For instance postgresql://"
    with pytest.raises(StoreUnavailable, match=wanted):
        SharedStore(url)


def test_the_replicas_address_is_named_by_its_own_setting() -> None:
    with pytest.raises(StoreUnavailable, match=r"The setting store_read_url must be the address of a PostgreSQL database"):
        SharedStore("postgresql://host/database", "sqlite://")


def test_a_server_that_is_not_there_is_named_without_password() -> None:
    store = SharedStore("postgresql://somebody:open-sesame@127.0.0.1:1/database")
    for call in (lambda: store.open(FakeEncoder()), store.named_build):
        with pytest.raises(StoreUnavailable, match=r"must be readable\. Got connection failed: .* Ask again once") as caught:
            call()
        assert "somebody:***@127.0.0.1" in str(caught.value)
        assert "open-sesame" not in str(caught.value) + repr(caught.value.__cause__)
    store.close()


def test_a_database_without_pgvector_is_refused(
    postgres: Postgres, store_url: str, small_index: ProviderIndex, run: Run
) -> None:
    """Where it is installed on the server the owner of a database may take it into use; this user owns nothing."""
    name = f"user_of_{make_url(store_url).database}"
    postgres.execute(psycopg.sql.SQL("CREATE ROLE {} LOGIN").format(psycopg.sql.Identifier(name)))
    as_user = make_url(store_url).set(username=name).render_as_string(hide_password=False)
    with closing(SharedStore(as_user)) as store:
        wanted = (
            r"must have the extension pgvector 0\.8 or newer\. Got none\. Install it on the server, .* CREATE EXTENSION vector"
        )
        with pytest.raises(StoreUnavailable, match=wanted):
            store.write(small_index)
    assert run("SELECT to_regnamespace('crossmatch_index')") == [(None,)]
    postgres.execute(psycopg.sql.SQL("DROP ROLE {}").format(psycopg.sql.Identifier(name)))


def test_a_pgvector_that_cannot_go_on_searching_is_refused(store: SharedStore, small_index: ProviderIndex, run: Run) -> None:
    run("CREATE EXTENSION vector")
    run("UPDATE pg_extension SET extversion = '0.7.4' WHERE extname = 'vector'")
    with pytest.raises(
        StoreUnavailable, match=r"must have the extension pgvector 0\.8 or newer\. Got 0\.7\.4\. Install a newer"
    ):
        store.write(small_index)


@contextmanager
def locked(postgres: Postgres, url: str, what: str) -> Iterator[psycopg.Connection[object]]:
    """Somebody else holds that table, so that a statement on it waits."""
    with psycopg.connect(postgres.conninfo(str(make_url(url).database))) as connection:
        connection.execute(f"LOCK TABLE {what} IN ACCESS EXCLUSIVE MODE")
        yield connection
        connection.rollback()


def cut_off_while_waiting(run: Run, call: Callable[[], object]) -> StoreUnavailable:
    """Begin, wait until the database waits within it, and end the connection from outside; the refusal it leaves."""
    with ThreadPoolExecutor(1) as other:
        begun: Future[object] = other.submit(call)
        until(lambda: run(WAITING) != [], "the call to wait")
        run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = %s", run(WAITING)[0][0])
        error = begun.exception(timeout=60)
    assert isinstance(error, StoreUnavailable)
    return error


def test_a_connection_lost_while_building_leaves_the_build_before_it(
    postgres: Postgres, store: SharedStore, store_url: str, small_index: ProviderIndex, run: Run
) -> None:
    store.write(small_index)
    before = store.named_build(), tables(run), run(f"SELECT count(*) FROM {SCHEMA}.files")
    # The row that names the build in use is written last, when all the rest is there.
    with psycopg.connect(postgres.conninfo(str(make_url(store_url).database))) as other:
        other.execute(f"SELECT * FROM {SCHEMA}.current FOR UPDATE")
        refused = cut_off_while_waiting(run, lambda: store.write(small_index))
        other.rollback()
    assert "must be writable. Got terminating connection" in str(refused)
    assert (store.named_build(), tables(run), run(f"SELECT count(*) FROM {SCHEMA}.files")) == before
    assert run(f"SELECT count(*) FROM {SCHEMA}.builds") == [(1,)]
    assert len(store.open(FakeEncoder())) == 5
    store.write(small_index)
    assert store.named_build() != before[0]


def test_a_connection_lost_while_building_for_the_first_time_leaves_nothing(
    store: SharedStore, small_index: ProviderIndex, run: Run
) -> None:
    run("CREATE EXTENSION vector")
    cut_at_copy = (
        "CREATE FUNCTION cut() RETURNS event_trigger LANGUAGE plpgsql AS "
        "$$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); END $$"
    )
    run(cut_at_copy)
    run("CREATE EVENT TRIGGER cut ON ddl_command_end WHEN TAG IN ('CREATE INDEX') EXECUTE FUNCTION cut()")
    with pytest.raises(StoreUnavailable, match=r"must be writable\. Got terminating connection"):
        store.write(small_index)
    run("DROP EVENT TRIGGER cut")
    assert run("SELECT to_regnamespace('crossmatch_index')") == [(None,)]
    store.write(small_index)
    assert len(store.open(FakeEncoder())) == 5


def test_a_connection_lost_while_searching_is_told_and_the_next_search_is_answered(
    postgres: Postgres, store: SharedStore, store_url: str, small_index: ProviderIndex, run: Run
) -> None:
    store.write(small_index)
    dense = store.open(FakeEncoder()).dense
    query = dense.vectors(np.array([2]))
    for call in (lambda: dense.search(query, 3), lambda: dense.vectors(np.array([1]))):
        with locked(postgres, store_url, f"{SCHEMA}.passages_{store.named_build()[:12]}"):
            refused = cut_off_while_waiting(run, call)
        assert "must be readable. Got " in str(refused)
        assert dense.search(query, 1)[0].ids.tolist() == [2]


def test_connections_that_the_server_drops_between_searches_are_replaced(
    store: SharedStore, small_index: ProviderIndex, run: Run
) -> None:
    store.write(small_index)
    dense = store.open(FakeEncoder()).dense
    query = dense.vectors(np.array([2]))
    others = "datname = current_database() AND pid <> pg_backend_pid()"
    for _ in range(2):
        run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")
        assert dense.search(query, 1)[0].ids.tolist() == [2]


def test_two_who_build_at_once_wait_for_each_other(store: SharedStore, small_index: ProviderIndex, run: Run) -> None:
    both = threading.Barrier(2)

    def build() -> str:
        both.wait()
        return str(store.write(small_index)["build"])

    with ThreadPoolExecutor(2) as at_once:
        built = {one.result() for one in [at_once.submit(build), at_once.submit(build)]}
    assert {str(build) for (build,) in run(f"SELECT build FROM {SCHEMA}.builds")} == built
    assert store.named_build()[:12] in built
    assert len(store.open(FakeEncoder())) == 5


def test_a_reader_sees_the_old_build_until_the_new_one_is_whole(
    postgres: Postgres, store: SharedStore, store_url: str, small_index: ProviderIndex, run: Run
) -> None:
    store.write(small_index)
    before = store.named_build()
    with psycopg.connect(postgres.conninfo(str(make_url(store_url).database))) as other, ThreadPoolExecutor(1) as builder:
        other.execute(f"SELECT * FROM {SCHEMA}.current FOR UPDATE")
        building = builder.submit(store.write, small_index)
        until(lambda: run(WAITING) != [], "the build to be written but for its name")
        assert store.named_build() == before
        assert len(store.open(FakeEncoder())) == 5
        other.rollback()
        assert building.result(timeout=60)["build"] == store.named_build()[:12]
