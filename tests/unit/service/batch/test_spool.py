"""Lines that are kept are those of the lists on record, whatever a kill has left."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.batch.spool import Spool


def content(file: Path) -> list[str]:
    with Spool(file) as spool:
        return list(spool.lines())


@pytest.fixture
def file(tmp_path: Path) -> Path:
    with Spool(tmp_path / "lists.jsonl") as spool:
        spool.add([(1, '["a"]'), (2, '["b\tc"]')])
        spool.add([(4, '["é"]')])
    return tmp_path / "lists.jsonl"


def test_lines_come_back_in_order(file: Path) -> None:
    assert content(file) == ['["a"]', '["b\tc"]', '["é"]']
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("numbers", "missing", "kept"),
    [
        ([1, 2, 4], [], 3),
        ([1, 2], [], 2),
        ([], [], 0),
        ([1, 2, 4, 5, 7], [5, 7], 3),
        ([1, 3, 4], [3, 4], 1),
        ([2, 4], [2, 4], 0),
        ([12, 2], [12, 2], 0),
    ],
)
def test_what_is_not_on_record_is_dropped_and_what_is_missing_named(
    file: Path, numbers: list[int], missing: list[int], kept: int
) -> None:
    before = content(file)
    with Spool(file) as spool:
        assert list(spool.missing(numbers)) == missing
        spool.add((number, f"new {number}") for number in missing)
    assert content(file) == before[:kept] + [f"new {number}" for number in missing]


@pytest.mark.parametrize("cut", [1, 3, 9, 14])
def test_half_a_line_is_none(file: Path, cut: int) -> None:
    file.write_bytes(file.read_bytes()[:-cut])
    with Spool(file) as spool:
        missing = list(spool.missing([1, 2, 4]))
        spool.add((number, f"new {number}") for number in missing)
    assert len(content(file)) == 3
    assert missing == [1, 2, 4][3 - len(missing) :]
    assert missing


def test_a_file_of_something_else_is_begun_anew(tmp_path: Path) -> None:
    file = tmp_path / "lists.jsonl"
    file.write_bytes(b"\xff\x00 something else\n\n")
    with Spool(file) as spool:
        assert list(spool.missing([1])) == [1]
        spool.add([(1, "a")])
    assert content(file) == ["a"]
