"""Other processes match exactly as this one does, and never outlive the batch."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

from matcher.listing import Asked
from matcher.pipeline import Matcher
from matcher.records import MatchRequest
from matcher.shipped import shipped_needs
from service.batch.refusals import BatchRefused
from service.batch.workers import Done, Task, Workers, carry_out, result_of
from service.settings import Settings

BATCH = str(uuid.uuid4())
PARTS = 4


def tasks(matcher: Matcher) -> list[Task]:
    needs = shipped_needs()
    size = len(needs) // PARTS
    asked = [Asked(matcher.encode(need), MatchRequest(need=need, k=3)) for need in needs]
    at = datetime(2026, 3, 1, tzinfo=UTC)
    return [
        Task(BATCH, ".csv", list(range(start + 1, start + size + 1)), asked[start : start + size], "a test", at)
        for start in range(0, len(needs), size)
    ]


def without_salt(done: Done) -> tuple[object, ...]:
    return [one._replace(salt="") for one in done.lists], done.lines


@pytest.fixture(scope="module")
def workers(real_matcher: Matcher, real_home: Path) -> Iterator[Workers]:
    with Workers(real_matcher, Settings(home=real_home), 2) as started:
        yield started


def test_what_other_processes_make_is_what_this_one_makes(workers: Workers, real_matcher: Matcher) -> None:
    given = tasks(real_matcher)
    begun = [workers.submit(task) for task in given]
    assert [without_salt(result_of(one)) for one in begun] == [without_salt(carry_out(real_matcher, task)) for task in given]


def test_without_processes_a_task_is_carried_out_at_once(real_matcher: Matcher, real_home: Path) -> None:
    [task, *_] = tasks(real_matcher)
    with Workers(real_matcher, Settings(home=real_home), 0) as none:
        begun = none.submit(task)
        assert begun.done()
        assert without_salt(result_of(begun)) == without_salt(carry_out(real_matcher, task))


def test_a_process_that_is_gone_is_told_with_what_to_do(real_matcher: Matcher, real_home: Path) -> None:
    [task, *_] = tasks(real_matcher)
    with Workers(real_matcher, Settings(home=real_home), 1) as started:
        result_of(started.submit(task))
        killed = [child for child in psutil.Process().children() if "--multiprocessing-fork" in child.cmdline()]
        for child in killed:
            child.kill()
        for _ in range(2):
            with pytest.raises(BatchRefused, match="process that matches must live as long as the batch"):
                result_of(started.submit(task))


def test_another_index_than_the_batchs_is_not_matched_against(
    real_matcher: Matcher, real_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [task, *_] = tasks(real_matcher)
    monkeypatch.setattr(real_matcher, "fingerprint", "another")
    with Workers(real_matcher, Settings(home=real_home), 1) as started:
        begun = started.submit(task)
        with pytest.raises(BatchRefused, match=r"must stay as it is while a batch goes on\. Got another one"):
            result_of(begun)


def test_an_index_that_is_gone_is_told_in_its_own_words(real_matcher: Matcher, tmp_path: Path) -> None:
    [task, *_] = tasks(real_matcher)
    with Workers(real_matcher, Settings(home=tmp_path), 1) as started:
        begun = started.submit(task)
        with pytest.raises(BatchRefused, match="must hold an index"):
            result_of(begun)
