"""A batch is killed (SIGKILL) at moments nobody chose, and started again with the same command.

Nothing is on record twice, the chain holds after every kill, nobody is left behind, and the output is that of an unbroken run.
`KILL_SEED` repeats a run's moments, which are printed.
"""

from __future__ import annotations

import os
import random
import secrets
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest
from sqlalchemy import select

from embeddings.cache import CachedEncoder
from matcher.log import ListQuery
from service.record.sql_batches import SqlBatches
from service.record.sql_log import SqlMatchLog
from service.record.tables import batches
from tests.e2e.command import DEADLINE, Command
from tests.e2e.served import home_with_own_directory, record_of
from tests.postgres import until
from tests.unit.service.batch.need_files import read, write

TIMES = int(os.environ.get("KILL_TIMES", "6"))
SEED = int(os.environ.get("KILL_SEED", "0")) or secrets.randbelow(2**32)
NEEDS = 1_000
SUBJECTS = (
    "lung models",
    "vaccine filling",
    "venture capital",
    "aerosols",
    "clinical batches",
    "medical devices",
    "toxicology",
)


def small_needs() -> list[dict[str, Any]]:
    """Short ones, so that there are many in a few seconds."""
    return [
        {"id": f"n-{n}", "text": f"{SUBJECTS[n % 7]} {SUBJECTS[n // 7 % 7]} {n % 5}", "country": ("NL", "DE")[n % 2]}
        for n in range(NEEDS)
    ]


@dataclass
class Killed:
    """What there was after each kill, and what there is at the end."""

    command: Command
    folder: Path
    on_record: list[int] = field(default_factory=list)
    """Lists, after each kill."""
    verified: list[int] = field(default_factory=list)
    """Entries, after each kill."""
    left_behind: list[psutil.Process] = field(default_factory=list)

    @property
    def out(self) -> Path:
        return self.folder / "out.csv"

    @property
    def is_finished(self) -> bool:
        """The output is there and nothing is worked on any more."""
        return self.out.exists() and not (self.folder / ".out.csv.batch").exists()

    def run(self, out: Path) -> subprocess.Popen[bytes]:
        arguments = ("batch", self.folder / "needs.csv", "--out", out, "-k", "3", "--processes", "2")
        return self.command.popen(*arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def run_to_the_end(self, out: Path) -> None:
        process = self.run(out)
        said = process.communicate(timeout=DEADLINE)
        assert process.returncode == 0, said

    def lists(self) -> int:
        log = SqlMatchLog(record_of(self.command))
        try:
            return sum(batch.lists for batch in [SqlBatches(log).get(name) for name in _batches(log)])
        finally:
            log.close()

    def kill(self, after: int, moment: float) -> None:
        """Kill it so many seconds after it has put so many more lists on record, or sooner where it ends."""
        before = self.lists()
        process = self.run(self.out)
        until(lambda: process.poll() is not None or self.lists() >= min(before + after, NEEDS), "lists on record")
        threading.Event().wait(moment)
        family = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
        process.kill()
        process.communicate(timeout=DEADLINE)
        self.left_behind += psutil.wait_procs(family, timeout=DEADLINE)[1]
        log = SqlMatchLog(record_of(self.command))
        self.verified.append(log.verify().seq)
        log.close()
        self.on_record.append(self.lists())


def _batches(log: SqlMatchLog) -> set[str]:
    with log.database.reading() as connection:
        return set(connection.execute(select(batches.c.batch_id)).scalars())


@pytest.fixture(scope="module")
def killed(real_encoder: CachedEncoder, tmp_path_factory: pytest.TempPathFactory) -> Killed:
    folder = tmp_path_factory.mktemp("resumed")
    write(folder / "needs.csv", small_needs())
    unbroken = Killed(home_with_own_directory(folder / "one", real_encoder), folder)
    unbroken.run_to_the_end(folder / "unbroken.csv")
    found = Killed(home_with_own_directory(folder / "two", real_encoder), folder)
    moments = random.Random(SEED)
    while len(found.on_record) < TIMES and not found.is_finished:
        # Now and then before there is anything new, mostly amid it; the first one early, so that there is much left to do.
        after, latest = (moments.choice([0, 1, 1, 1]), moments.choice([0.1, 0.2, 1.0])) if found.on_record else (1, 0.2)
        found.kill(after, moments.uniform(0.0, latest))
    if not found.is_finished:
        found.run_to_the_end(found.out)
    print(f"seed {SEED}: lists on record after each kill: {found.on_record}")
    return found


@pytest.fixture(scope="module")
def log(killed: Killed) -> Iterator[SqlMatchLog]:
    opened = SqlMatchLog(record_of(killed.command))
    yield opened
    opened.close()


def test_the_output_is_that_of_an_unbroken_run(killed: Killed) -> None:
    tables = [[{**row, "list_id": None} for row in read(file)] for file in (killed.folder / "unbroken.csv", killed.out)]
    assert tables[0] == tables[1]
    assert {row["need_id"] for row in tables[0]} == {f"n-{number}" for number in range(NEEDS)}
    left = sorted(path.name for path in killed.folder.iterdir())
    assert left == ["needs.csv", "one", "out.csv", "two", "unbroken.csv"]


def test_nothing_is_on_record_twice(killed: Killed, log: SqlMatchLog) -> None:
    lists = log.lists(ListQuery(limit=10_000))
    assert [one.need_id for one in reversed(lists)] == [f"n-{number}" for number in range(NEEDS)]
    assert len({one.batch for one in lists}) == 1


def test_the_chain_held_after_every_kill_and_the_batch_only_grew(killed: Killed, log: SqlMatchLog) -> None:
    assert killed.on_record == sorted(killed.on_record)
    assert killed.verified == sorted(killed.verified)
    [batch_id] = {one.batch for one in log.lists(ListQuery(limit=10_000))}
    batch = SqlBatches(log).get(str(batch_id))
    assert batch.closing is not None
    assert batch.closing.lists == batch.opening.needs == NEEDS
    assert log.verify().seq == NEEDS + 3


def test_there_were_kills_with_some_lists_on_record_and_some_not(killed: Killed) -> None:
    assert any(0 < lists < NEEDS for lists in killed.on_record)


def test_no_process_is_left_behind(killed: Killed) -> None:
    assert killed.left_behind == []
