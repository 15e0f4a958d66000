"""Who leaves the directory while a batch is on its way is in no part of it that comes after."""

from __future__ import annotations

from pathlib import Path

import pytest

from matcher.upkeep import NewProviderStep
from service.desk import Desk
from service.record.sql_log import SqlMatchLog
from service.record.sql_upkeep import SqlUpkeep
from tests.unit.service.batch.running import COUNT, batch, lists_of, stopped


@pytest.mark.parametrize("processes", [None, 0])
def test_each_part_looks_anew(small_desk: Desk, log: SqlMatchLog, file: Path, processes: int | None) -> None:
    stopped(small_desk, file, after=8, processes=processes)
    done = len(lists_of(small_desk))
    left = NewProviderStep(provider_id="bruno", kind="left")
    SqlUpkeep(log).step(left, "a partner", region="de-nrw", in_files=True)
    batch(small_desk, file, processes=processes)
    lists = lists_of(small_desk)
    assert len(lists) == COUNT
    with_bruno = ["bruno" in {match.provider_id for match in one.answer.matches} for one in lists]
    assert any(with_bruno[:done])
    assert not any(with_bruno[done:])
    assert any(one.answer.considered.off_lists for one in lists[done:])
    log.verify()
