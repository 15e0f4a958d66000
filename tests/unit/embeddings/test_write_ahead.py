"""A new database that many open at once opens for all of them."""

from __future__ import annotations

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from embeddings import write_ahead as module
from embeddings.write_ahead import write_ahead


def opened(file: Path) -> str:
    connection = sqlite3.connect(file, isolation_level=None)
    try:
        write_ahead(connection)
        connection.execute("CREATE TABLE IF NOT EXISTS t (x INTEGER)")
        return str(connection.execute("PRAGMA journal_mode").fetchone()[0])
    finally:
        connection.close()


def test_many_at_once(tmp_path: Path) -> None:
    threads, databases = 8, 30
    start = threading.Barrier(threads, timeout=60)

    def work(_: int) -> list[str]:
        modes = []
        for number in range(databases):
            start.wait()
            modes.append(opened(tmp_path / f"{number}.sqlite3"))
        return modes

    with ThreadPoolExecutor(threads) as pool:
        assert list(pool.map(work, range(threads))) == [["wal"] * databases] * threads


def test_waits_for_a_writer_of_the_old_kind(tmp_path: Path) -> None:
    file = tmp_path / "one.sqlite3"
    writer = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    writer.execute("CREATE TABLE t (x INTEGER)")
    writer.execute("BEGIN EXCLUSIVE")
    end = threading.Timer(0.3, lambda: writer.execute("COMMIT"))
    end.start()
    assert opened(file) == "wal"
    end.join()
    writer.close()


def test_gives_up_in_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE_S", 0)
    file = tmp_path / "one.sqlite3"
    writer = sqlite3.connect(file, isolation_level=None)
    writer.execute("BEGIN EXCLUSIVE")
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        opened(file)
    writer.close()


def test_what_is_no_database_is_refused_at_once(tmp_path: Path) -> None:
    file = tmp_path / "one.sqlite3"
    file.write_bytes(b"not a database, but long enough to be looked at" * 20)
    with pytest.raises(sqlite3.DatabaseError, match="not a database"):
        opened(file)
