"""`crossmatch batch --engine ray` on a cluster of its own: begun for the batch, and gone with it."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest

from embeddings.cache import CachedEncoder
from tests.e2e.command import Command, check_refused
from tests.e2e.served import home_with_own_directory
from tests.unit.service.batch.need_files import read, rows, write

pytest.importorskip("ray", reason="ray, of the test extras, is not installed")


@pytest.fixture(scope="module")
def own(real_encoder: CachedEncoder, tmp_path_factory: pytest.TempPathFactory) -> Command:
    return home_with_own_directory(tmp_path_factory.mktemp("batch-ray"), real_encoder)


def raylets() -> set[int]:
    return {one.pid for one in psutil.process_iter() if one.name() == "raylet" and one.status() != psutil.STATUS_ZOMBIE}


def test_without_an_address_a_cluster_of_this_machine_is_begun_and_ended(own: Command, tmp_path: Path) -> None:
    needs, before = write(tmp_path / "needs.csv", rows(5)), raylets()
    result = own("batch", needs, "--out", tmp_path / "out.parquet", "-k", "2", "--engine", "ray", "--processes", "1")
    assert result.code == 0, result.err
    assert result.out.startswith("5 lists (")
    # Ray itself says nothing, and leaves nothing in the user's home.
    [line] = result.err.splitlines()
    assert line.startswith("5 of 5 needs, ")
    assert not (own.home / ".ray").exists()
    assert {row["need_id"] for row in read(tmp_path / "out.parquet")} == {f"n-{number}" for number in range(5)}
    assert raylets() <= before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["needs.csv", "out.parquet"]


def test_an_address_where_nobody_answers_is_refused(own: Command, tmp_path: Path) -> None:
    needs = write(tmp_path / "needs.csv", rows(2))
    told = own("batch", needs, "--out", tmp_path / "out.csv", "--engine", "ray", "--address", "127.0.0.1:1")
    check_refused(told, "cluster at 127.0.0.1:1", "answer", "HOST:6379")
    told = own("batch", needs, "--out", tmp_path / "out.csv", "--engine", "ray", "--address", "ray://127.0.0.1:10001")
    check_refused(told, "address of the cluster", "be HOST:PORT of its head, or auto")
    assert [path.name for path in tmp_path.iterdir()] == ["needs.csv"]
