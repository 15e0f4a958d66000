"""The PostgreSQL of the tests does what the tests that use it rely on."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
import sqlalchemy as sa

from tests.postgres import DEADLINE, Postgres, failover_url, is_gone, until

ROOT = Path(__file__).parents[2]


@pytest.fixture
def own() -> Iterator[Postgres]:
    """A durable server that a test may kill."""
    with Postgres() as server:
        yield server


class Writers:
    """Threads that each write one row after another until the server is gone, and keep what was acknowledged."""

    def __init__(self, server: Postgres, number: int) -> None:
        self._server = server
        self._enough = threading.Semaphore(0)
        self._threads = [threading.Thread(target=self._write, args=(writer,)) for writer in range(number)]
        self.acknowledged: set[tuple[int, int]] = set()
        self.errors: list[psycopg.Error] = []
        server.execute("CREATE TABLE said (writer int, number int)")
        for thread in self._threads:
            thread.start()

    def _write(self, writer: int) -> None:
        try:
            with psycopg.connect(self._server.conninfo(), autocommit=True) as connection:
                for number in range(1_000_000):
                    connection.execute("INSERT INTO said VALUES (%s, %s)", [writer, number])
                    self.acknowledged.add((writer, number))
                    self._enough.release()
        except psycopg.Error as error:
            self.errors.append(error)

    def wait_for(self, rows: int) -> None:
        for _ in range(rows):
            assert self._enough.acquire(timeout=DEADLINE), self.errors

    def end(self) -> None:
        for thread in self._threads:
            thread.join(DEADLINE)
        assert len(self.errors) == len(self._threads)
        assert all(isinstance(error, psycopg.OperationalError) for error in self.errors)


def on_record(server: Postgres) -> set[tuple[int, ...]]:
    return set(server.execute("SELECT writer, number FROM said"))


def test_fresh_databases_are_empty_and_separate(postgres: Postgres) -> None:
    first, second = (sa.create_engine(postgres.new_database(), poolclass=sa.NullPool) for _ in range(2))
    with first.begin() as connection:
        connection.execute(sa.text("CREATE TABLE kept (text text)"))
    assert sa.inspect(first).get_table_names() == ["kept"]
    assert sa.inspect(second).get_table_names() == []


def test_a_new_database_can_be_the_copy_of_another(postgres: Postgres) -> None:
    url = postgres.new_database()
    name = sa.make_url(url).database
    assert name is not None
    postgres.execute("CREATE TABLE kept AS SELECT 'Åarhus' AS text", database=name)
    copied = sa.create_engine(postgres.new_database(template=name), poolclass=sa.NullPool)
    with copied.connect() as connection:
        assert connection.scalar(sa.text("SELECT text FROM kept")) == "Åarhus"


def test_a_dropped_database_is_gone_even_while_somebody_is_connected(postgres: Postgres) -> None:
    url = postgres.new_database()
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        postgres.drop_database(url)
        with pytest.raises(sa.exc.OperationalError):
            connection.execute(sa.text("SELECT 1"))
    engine.dispose()
    assert postgres.execute("SELECT 1 FROM pg_database WHERE datname = %s", [sa.make_url(url).database]) == []


def test_what_is_committed_outlives_a_stop(postgres: Postgres) -> None:
    url = postgres.new_database()
    database = sa.make_url(url).database
    assert database is not None
    postgres.execute("CREATE TABLE kept AS SELECT 7 AS number", database=database)
    postgres.stop()
    assert not postgres.running
    with pytest.raises(psycopg.OperationalError):
        postgres.execute("SELECT 1")
    postgres.start()
    assert postgres.url(database) == url
    assert postgres.execute("SELECT number FROM kept", database=database) == [(7,)]


def test_what_was_acknowledged_outlives_a_kill_and_nothing_else_is_there(own: Postgres) -> None:
    assert own.execute("SHOW fsync") == [("on",)]
    writers = Writers(own, 4)
    open_end = psycopg.connect(own.conninfo())
    open_end.execute("INSERT INTO said VALUES (-1, -1)")
    writers.wait_for(100)
    address = own.url()
    own.kill()
    writers.end()
    open_end.close()
    own.start()
    assert own.url() == address
    found = on_record(own)
    assert writers.acknowledged <= found
    # A row may be committed whose acknowledgement got lost in the crash: one a writer at most.
    assert len(found - writers.acknowledged) <= 4
    assert (-1, -1) not in found
    own.execute("INSERT INTO said VALUES (9, 9)")


def test_what_the_primary_acknowledged_is_on_the_promoted_standby(own: Postgres) -> None:
    with Postgres.standby_of(own) as standby:
        engine = sa.create_engine(failover_url("postgres", own, standby), poolclass=sa.NullPool)
        writers = Writers(own, 4)
        writers.wait_for(100)
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            standby.execute("INSERT INTO said VALUES (9, 9)")
        own.kill()
        writers.end()
        standby.promote()
        found = on_record(standby)
        assert writers.acknowledged <= found
        assert len(found - writers.acknowledged) <= 4
        with engine.begin() as connection:
            connection.execute(sa.text("INSERT INTO said VALUES (9, 9)"))
        assert (9, 9) in on_record(standby)


def test_a_commit_waits_for_the_standby(own: Postgres) -> None:
    own.execute("CREATE TABLE kept (number int)")
    with Postgres.standby_of(own) as standby:
        standby.stop()
        with psycopg.connect(own.conninfo(), autocommit=True) as connection:
            waiting = threading.Thread(target=connection.execute, args=("INSERT INTO kept VALUES (1)",))
            waiting.start()
            state = "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
            until(lambda: own.execute(state) != [], "the commit to wait")
            standby.start()
            waiting.join(DEADLINE)
            assert not waiting.is_alive()
        assert own.execute("SELECT number FROM kept") == [(1,)]


def test_no_server_outlives_the_process_that_started_it() -> None:
    code = """if True:
        import sys
        from tests.postgres import Postgres
        server = Postgres(durable=False)
        print(server.folder, flush=True)
        sys.stdin.read()
    """
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as session:
        assert session.stdout is not None
        folder = Path(session.stdout.readline().decode().strip())
        postmaster = psutil.Process(int((folder / "data" / "postmaster.pid").read_text().split()[0]))
        assert postmaster.name() == "postgres"
        session.kill()
    until(lambda: not folder.exists(), "the folder of the server to be gone")
    assert is_gone(postmaster)


def test_a_server_that_was_killed_leaves_no_shared_memory() -> None:
    with Postgres() as server:
        server.kill()
        segment = (server.data / "postmaster.pid").read_text().splitlines()[6].split()[1]
        assert segment in shared_memory()
    assert segment not in shared_memory()
    assert not server.folder.exists()


def shared_memory() -> list[str]:
    listed = subprocess.run(["ipcs", "-m"], capture_output=True, text=True, check=True)
    return listed.stdout.split()
