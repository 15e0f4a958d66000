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
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest

from embeddings.cache import CachedEncoder
from matcher.log import ListQuery
from service.record.sql_batches import SqlBatches
from service.record.sql_log import SqlMatchLog
from tests.e2e.command import DEADLINE, Command
from tests.e2e.served import home_with_own_directory, record_of
from tests.unit.service.batch.need_files import read, write

TIMES = int(os.environ.get("KILL_TIMES", "6"))
SEED = int(os.environ.get("KILL_SEED", "0")) or secrets.randbelow(2**32)
NEEDS = 700
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
    unbroken: Path
    seconds: float
    """That the unbroken run took."""
    on_record: list[int] = field(default_factory=list)
    """Lists, after each kill."""
    verified: list[int] = field(default_factory=list)
    left_behind: list[psutil.Process] = field(default_factory=list)
    early_output: int = 0

    @property
    def out(self) -> Path:
        return self.folder / "out.csv"

    def run(self, out: Path) -> subprocess.Popen[bytes]:
        arguments = ("batch", self.folder / "needs.csv", "--out", out, "-k", "3", "--processes", "2")
        return self.command.popen(*arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def kill_at(self, moment: float) -> bool:
        """Kill it after so many seconds; false where it was finished by then."""
        process = self.run(self.out)
        threading.Event().wait(moment)
        if process.poll() is not None:
            process.communicate()
            return False
        family = psutil.Process(process.pid).children(recursive=True)
        process.kill()
        process.communicate(timeout=DEADLINE)
        self.left_behind += psutil.wait_procs(family, timeout=DEADLINE)[1]
        self.early_output += self.out.exists()
        log = SqlMatchLog(record_of(self.command))
        self.verified.append(log.verify().seq)
        self.on_record.append(len(log.lists(ListQuery(limit=10_000))))
        log.close()
        return True


@pytest.fixture(scope="module")
def killed(real_encoder: CachedEncoder, tmp_path_factory: pytest.TempPathFactory) -> Killed:
    folder = tmp_path_factory.mktemp("resumed")
    write(folder / "needs.csv", small_needs())
    command = home_with_own_directory(folder / "one", real_encoder)
    began = time.monotonic()
    found = Killed(command, folder, folder / "unbroken.csv", 0.0)
    process = found.run(found.unbroken)
    said = process.communicate(timeout=DEADLINE)
    assert process.returncode == 0, said
    found.seconds = time.monotonic() - began
    found.command = home_with_own_directory(folder / "two", real_encoder)
    moments = random.Random(SEED)
    kills = 0
    # The first kill comes early; a later run has less to do, and may be finished before it is killed.
    while kills < TIMES and found.kill_at(moments.uniform(0.05, 0.9 if kills else 0.4) * found.seconds):
        kills += 1
    if not found.out.exists():
        process = found.run(found.out)
        said = process.communicate(timeout=DEADLINE)
        assert process.returncode == 0, said
    print(f"seed {SEED}: {kills} kills in runs of {found.seconds:.1f} s; on record after each: {found.on_record}")
    return found


@pytest.fixture(scope="module")
def log(killed: Killed) -> Iterator[SqlMatchLog]:
    opened = SqlMatchLog(record_of(killed.command))
    yield opened
    opened.close()


def test_the_output_is_that_of_an_unbroken_run(killed: Killed) -> None:
    tables = [[{**row, "list_id": None} for row in read(file)] for file in (killed.unbroken, killed.out)]
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


def test_there_were_kills_and_no_output_before_it_was_whole(killed: Killed) -> None:
    assert killed.verified
    assert killed.early_output == 0


def test_no_process_is_left_behind(killed: Killed) -> None:
    assert killed.left_behind == []
