"""How many match lists a second are made durable, and what waiting for the disk has to do with it."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from matcher.log import LoggedList
from matcher.pipeline import Matcher
from matcher.records import MatchList, MatchRequest
from matcher.shipped import shipped_needs
from service.desk import Desk
from service.record.sql_log import SqlMatchLog
from tests.postgres import Postgres

THREADS = (1, 8, 32)
_APPENDS = 400
_BLOCK = b"\0" * 4096
_KINDS = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@dataclass(frozen=True)
class Rate:
    """One measurement."""

    what: str
    database: str
    threads: int
    lists_a_second: float
    cpu_ms: float
    """Processor time of this process for one list."""


def file_system(folder: Path) -> str:
    """Kind of the file system that a folder lies on, by /proc/mounts."""
    found, kind = "", "unknown"
    for line in Path("/proc/mounts").read_text().splitlines():
        _, place, name, *_ = line.split()
        if folder.resolve().is_relative_to(place) and len(place) >= len(found):
            found, kind = place, name
    return kind


def fsync_seconds(folder: Path) -> list[float]:
    """Seconds from the end of an append of 4 kB to its being on the disk: what nothing durable can be faster than."""
    file, found = folder / "appended", []
    with file.open("ab", buffering=0) as appended:
        for _ in range(_APPENDS):
            appended.write(_BLOCK)
            began = time.perf_counter()
            os.fsync(appended.fileno())
            found.append(time.perf_counter() - began)
    file.unlink()
    return found


def rates(matcher: Matcher, folder: Path, seconds: float) -> list[Rate]:
    """Every rate, each on a new record; the records are proved at the end.

    Args:
        matcher: with the encodings of the sample needs in memory.
        folder: where the SQLite files come to lie.
        seconds: of each measurement.
    """
    requests = [MatchRequest(need=need) for need in shipped_needs()]
    answers = [matcher.match(request) for request in requests]
    found = []
    for database in _KINDS:
        for what in ("record", "desk"):
            for threads in THREADS:
                with _new_log(database, folder) as log:
                    desk = Desk(matcher, log)

                    def recorded(number: int, log: SqlMatchLog = log) -> None:
                        log.record(_entry(answers, number), matcher.components)

                    def answered(number: int, desk: Desk = desk) -> None:
                        desk.answer(requests[number % len(requests)], asked_by="benchmark")

                    rate, cpu = _rate(recorded if what == "record" else answered, threads, seconds)
                    log.verify()
                found.append(Rate(what, _KINDS[database], threads, rate, 1000 * cpu))
    return found


def in_fsyncs(rate: Rate, fsyncs: list[float]) -> float:
    """What one list takes, in waits for the disk: below 1 where several lists share one."""
    return 1 / rate.lists_a_second / median(fsyncs)


def _entry(answers: Sequence[MatchList], number: int) -> LoggedList:
    return LoggedList(
        list_id=str(uuid.uuid4()),
        request_id="benchmark",
        created_at=datetime.now(UTC),
        asked_by="benchmark",
        answer=answers[number % len(answers)],
    )


def _rate(call: Callable[[int], None], threads: int, seconds: float) -> tuple[float, float]:
    """Calls a second by so many threads, and the processor seconds of one call."""
    call(0)  # the engine is put on record once
    counts = [0] * threads
    cpu, began = time.process_time(), time.perf_counter()
    end = began + seconds

    def work(thread: int) -> None:
        while time.perf_counter() < end:
            call(counts[thread] * threads + thread)
            counts[thread] += 1

    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(work, thread) for thread in range(threads)]:
            done.result()
    took = time.perf_counter() - began
    return sum(counts) / took, (time.process_time() - cpu) / sum(counts)


@contextmanager
def _new_log(database: str, folder: Path) -> Iterator[SqlMatchLog]:
    if database == "sqlite":
        file = folder / f"record-{uuid.uuid4()}.sqlite3"
        with closing(SqlMatchLog(f"sqlite:///{file}")) as log:
            yield log
        file.unlink()
        return
    # One server for each: what one has left to write does not slow the next.
    with Postgres(durable=True) as server, closing(SqlMatchLog(server.new_database())) as log:
        yield log
