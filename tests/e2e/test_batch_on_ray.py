"""A batch on three raylets: one joins and one is killed, then the batch is stopped, then the whole cluster goes.

Each time no need is lost, no list is on record twice, and the output is that of one machine. One cluster serves all of it,
because it takes longest to begin.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from embeddings.cache import CachedEncoder
from matcher.log import ListQuery, LoggedList
from service.batch import run
from service.batch.ray_index import place_of
from service.batch.refusals import BatchRefused
from service.batch.run import Order, run_batch
from service.desk import open_desk
from service.record.sql_batches import SqlBatches
from service.record.sql_log import SqlMatchLog
from service.settings import Settings
from tests.e2e.served import home_with_own_directory
from tests.unit.service.batch.need_files import Heard, read, write

pytest.importorskip("ray", reason="ray, of the test extras, is not installed")

from tests.ray_cluster import RayCluster

NEEDS, PART = 160, 8
SUBJECTS = (
    "lung models",
    "vaccine filling",
    "venture capital",
    "aerosols",
    "clinical batches",
    "medical devices",
    "toxicology",
)


def small_needs(count: int = NEEDS) -> list[dict[str, Any]]:
    """Short ones, so that there are many in a few seconds."""
    return [
        {"id": f"n-{n}", "text": f"{SUBJECTS[n % 7]} {SUBJECTS[n // 7 % 7]} {n % 5}", "country": ("NL", "DE")[n % 2]}
        for n in range(count)
    ]


@dataclass
class Once(Heard):
    """Does something as soon as so many lists are on record."""

    after: int = 0
    what: Callable[[], None] = lambda: None
    on_record: list[int] = field(default_factory=list)

    def matched(self, done: int, needs: int) -> None:
        super().matched(done, needs)
        if done >= self.after and not self.on_record:
            self.on_record.append(done)
            self.what()


@dataclass
class Story:
    """What happened on one cluster."""

    folder: Path
    encoder: CachedEncoder
    cluster: RayCluster
    homes: dict[str, Settings] = field(default_factory=dict)
    batches: dict[str, str] = field(default_factory=dict)
    killed: Once = field(default_factory=Once)
    """Heard while a machine was killed."""
    gone: Once = field(default_factory=Once)
    """Heard while the cluster went."""
    refusal: str = ""

    def out(self, name: str) -> Path:
        return self.folder / f"{name}.parquet"

    def run(self, name: str, heard: Heard, cluster: str | None) -> None:
        if name not in self.homes:
            self.homes[name] = Settings(home=home_with_own_directory(self.folder / name, self.encoder).home)
        order = Order(self.folder / "needs.csv", self.out(name), cluster=cluster, processes=0 if cluster is None else None)
        desk = open_desk(self.homes[name])
        assert isinstance(desk.log, SqlMatchLog)
        try:
            self.batches[name] = run_batch(order, desk, self.homes[name], heard).opening.batch_id
        finally:
            desk.log.close()

    def tell(self) -> None:
        """Alone; one joins as the other is killed; stopped and started again; all of it gone; gone on without it."""
        there = self.cluster.address
        self.run("alone", Heard(), None)
        self.killed = Once(after=PART, what=self.replace_machine)
        self.run("killed", self.killed, there)
        with pytest.raises(KeyboardInterrupt):
            self.run("stopped", Heard(stop_after=PART), there)
        self.gone = Once(after=3 * PART, what=self.cluster.end)
        with pytest.raises(BatchRefused) as caught:
            self.run("stopped", self.gone, there)
        self.refusal = str(caught.value)
        self.run("stopped", Heard(), None)

    def replace_machine(self) -> None:
        """From then on only who joined can do the rest."""
        self.cluster.add_machine()
        self.cluster.kill_machine(0)

    def lists(self, name: str) -> list[LoggedList]:
        log = SqlMatchLog(self.homes[name].match_log_url)
        try:
            return [log.get(one.list_id) for one in reversed(log.lists(ListQuery(limit=10_000)))]
        finally:
            log.close()

    def check_whole(self, name: str) -> None:
        """Every need has one list on record, in order of the rows, under one batch that is closed; the chain holds."""
        lists = self.lists(name)
        assert [one.answer.request.need.need_id for one in lists] == [f"n-{number}" for number in range(NEEDS)]
        assert {one.batch for one in lists} == {self.batches[name]}
        log = SqlMatchLog(self.homes[name].match_log_url)
        closing = SqlBatches(log).get(self.batches[name]).closing
        assert closing is not None
        assert closing.lists == NEEDS
        assert log.verify().seq == NEEDS + 3
        log.close()

    def check_same(self, name: str) -> None:
        """The lists and the output are those of one machine, but for ids."""
        assert [one.answer.model_dump() for one in self.lists(name)] == [one.answer.model_dump() for one in self.lists("alone")]
        tables = [[{**row, "list_id": None} for row in read(self.out(one))] for one in (name, "alone")]
        assert tables[0] == tables[1]


@pytest.fixture(scope="module")
def story(real_encoder: CachedEncoder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    folder = tmp_path_factory.mktemp("on-ray")
    write(folder / "needs.csv", small_needs())
    # Sockets lie in it, and their names may be a hundred characters long.
    short = tempfile.TemporaryDirectory(prefix="r-", dir="/tmp", ignore_cleanup_errors=True)
    with pytest.MonkeyPatch.context() as patched, short, RayCluster(Path(short.name), machines=1) as cluster:
        patched.setattr(run, "_ENCODED_AT_ONCE", PART)
        for name, value in cluster.environment.items():
            patched.setenv(name, value)
        told = Story(folder, real_encoder, cluster)
        told.tell()
        yield told


def test_a_machine_that_is_killed_costs_no_need_and_no_second_list_and_one_that_joins_does_the_rest(story: Story) -> None:
    assert 0 < story.killed.on_record[0] < NEEDS
    story.check_whole("killed")


def test_the_answers_are_those_of_one_machine(story: Story) -> None:
    story.check_same("killed")


def test_progress_is_told_part_by_part_and_only_grows(story: Story) -> None:
    done = [count for count, _ in story.killed.done]
    assert done == list(range(0, NEEDS + 1, PART))


def test_it_goes_on_where_it_was_stopped(story: Story) -> None:
    assert story.gone.done[0] == (PART, NEEDS)


def test_a_cluster_that_goes_away_is_refused_with_what_to_do_and_what_is_on_record_stays(story: Story) -> None:
    assert story.refusal.startswith("The cluster must live as long as the batch. Got ")
    assert "goes on where it stood" in story.refusal
    assert "ray.log" in story.refusal
    assert 3 * PART <= story.gone.done[-1][0] < NEEDS


def test_it_is_gone_on_with_without_ray_too(story: Story) -> None:
    story.check_whole("stopped")
    story.check_same("stopped")
    assert sorted(path.name for path in story.folder.iterdir() if path.is_file()) == [
        "alone.parquet",
        "killed.parquet",
        "needs.csv",
        "stopped.parquet",
    ]


def test_nothing_is_left_where_the_index_was_unpacked(story: Story) -> None:
    assert not place_of(story.batches["killed"]).exists()
