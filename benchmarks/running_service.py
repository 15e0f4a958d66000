"""`crossmatch serve` as a process of its own, and keys to it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psutil

from service.access.caller import Role
from service.access.keyring import Keyring
from service.record.sql_keys import SqlKeyStore
from service.record.sql_log import SqlMatchLog

CORES = 2
_UNLIMITED = "10000000"
_CROSSMATCH = Path(sys.executable).parent / "crossmatch"


@contextmanager
def running_service(home: Path) -> Iterator[tuple[psutil.Process, int]]:
    """The service on two cores, and its port.

    Args:
        home: a `CROSSMATCH_HOME` with an index.
    """
    environment = os.environ | {"CROSSMATCH_HOME": str(home), "CROSSMATCH_REQUESTS_PER_MINUTE": _UNLIMITED}
    all_cores = os.sched_getaffinity(0)
    # A process and its threads have the cores of who started it.
    os.sched_setaffinity(0, sorted(all_cores)[:CORES])
    try:
        with (home / "said").open("w") as said:
            process = psutil.Popen(
                [_CROSSMATCH, "serve", "--port", "0"], env=environment, stdin=subprocess.DEVNULL, stderr=said
            )
    finally:
        os.sched_setaffinity(0, all_cores)
    try:
        yield process, _port(process, home / "said")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def new_key(home: Path, role: Role) -> str:
    """A key of that role, for all regions."""
    with closing(record_of(home)) as log:
        return Keyring(SqlKeyStore(log)).create(f"Benchmark {role}", role, None, by="benchmark")[0]


def record_of(home: Path) -> SqlMatchLog:
    """The record of the service, opened beside it."""
    return SqlMatchLog(f"sqlite:///{home / 'match-log.sqlite3'}")


def _port(process: psutil.Popen, said: Path) -> int:
    while process.poll() is None:
        if found := re.search(r"answers at http://127\.0\.0\.1:(\d+)", said.read_text()):
            return int(found[1])
    raise SystemExit(f"The service did not start: {said.read_text()}")
