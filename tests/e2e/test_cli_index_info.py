"""`index info` says what is on the disk, and refuses what is not whole."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.e2e.command import Command, check_refused
from tests.e2e.own_directory import write_directory


@pytest.fixture(scope="module")
def command(tmp_path_factory: pytest.TempPathFactory) -> Command:
    folder = tmp_path_factory.mktemp("own")
    command = Command(folder / "home")
    assert command("index", "build", *write_directory(folder)).code == 0
    return command


def test_it_tells_counts_type_and_recall(command: Command) -> None:
    result = command("index", "info")
    assert (result.code, result.err) == (0, "")
    lines = {line.split("  ")[0].strip(): line for line in result.out.splitlines()}
    assert lines["providers"].split()[-1] == "3"
    assert lines["passages"].split()[-1] == "5"
    assert "Flat (exact: 5 vectors are at most 100,000)" in lines["dense index"]
    assert lines["recall"].split()[-1] == "exact"
    assert "dense.faiss" in result.out


def test_json_agrees_with_what_is_on_the_disk(command: Command) -> None:
    (told,) = command("index", "info", "--json").records
    build = command.home / "index" / "builds" / told["build"]
    files = {str(p.relative_to(build)): p.stat().st_size for p in build.rglob("*") if p.is_file()}
    del files["manifest.json"]
    assert told["files"] == files
    assert told["bytes_on_disk"] == sum(files.values())
    assert (told["dense_bytes"], told["dense_code_bytes"]) == (4 * 5 * 384, 0)
    assert (told["is_exact"], told["recall"], told["other_builds"]) == (True, [], [])
    assert told["built_at"].endswith("+00:00")


def test_without_an_index_the_remedy_is_told(bare: Command) -> None:
    check_refused(bare("index", "info"), "must hold an index", "crossmatch index build")


def test_a_file_cut_short_is_named(command: Command) -> None:
    (told,) = command("index", "info", "--json").records
    file = Path(told["folder"]) / "builds" / told["build"] / "dense.faiss"
    whole = file.read_bytes()
    file.write_bytes(whole[:-1])
    try:
        check_refused(command("index", "info"), "dense.faiss", "crossmatch index build")
    finally:
        file.write_bytes(whole)


def test_what_an_inexact_index_misses_is_told(command: Command) -> None:
    from service.cli.index_info import _lines
    from service.index_status import IndexStatus, RecallAt

    (told,) = command("index", "info", "--json").records
    for sums in ("bytes_on_disk", "lexical_bytes_on_disk"):
        del told[sums]
    recall = (RecallAt(10, 100, 0.9991, 1.0), RecallAt(5_000, 100, 0.9912, 0.9993))
    status = IndexStatus(**{**told, "dense_kind": "IVF2000,SQ8", "is_exact": False, "recall": recall})
    lines = dict(_lines(status))
    assert lines["recall@10"] == "0.999; under a filter that keeps a tenth 1.000"
    assert lines["recall@5,000"] == "0.991; under a filter that keeps a tenth 0.999"
    assert json.dumps(told)
