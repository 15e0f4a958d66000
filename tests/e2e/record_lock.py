"""Whether a service holds the lock of its record at this moment: whoever does is in the middle of a write."""

from __future__ import annotations

from pathlib import Path

from tests.postgres import Postgres

_WRITE_LOCK = "120"
"""Byte of SQLite's shared memory file that is locked by who writes (WAL_WRITE_LOCK, https://www.sqlite.org/walformat.html)."""


def holds_sqlite(pid: int, record: Path) -> bool:
    """By the kernel's list of locks; never where there is no such list."""
    shared_memory, locks = Path(f"{record}-shm"), Path("/proc/locks")
    if not (locks.exists() and shared_memory.exists()):
        return False
    inode = str(shared_memory.stat().st_ino)
    for line in locks.read_text().splitlines():
        # "7: POSIX  ADVISORY  WRITE 1234 fe:00:5678 120 120"; who waits for one has an arrow after the number.
        _, kind, _, access, owner, place, first, last = line.replace("->", "").split()
        lock = kind, access, owner, place.rpartition(":")[2], first, last
        if lock == ("POSIX", "WRITE", str(pid), inode, _WRITE_LOCK, _WRITE_LOCK):
            return True
    return False


def holds_postgres(server: Postgres, url: str) -> bool:
    """By the server's list of locks. Nobody but the service may be connected to that database."""
    name = url.partition("?")[0].rpartition("/")[2]
    locks = (
        "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database WHERE locktype = 'advisory' AND granted"
    )
    return server.execute(f"{locks} AND datname = %s", [name]) != [(0,)]
