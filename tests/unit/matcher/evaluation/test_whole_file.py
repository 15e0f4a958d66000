from __future__ import annotations

from pathlib import Path

import pytest

from matcher.evaluation.whole_file import whole_file


def test_nothing_is_seen_until_all_is_written(tmp_path: Path) -> None:
    file = tmp_path / "answers.csv"
    file.write_text("old")
    with whole_file(file) as beside:
        beside.write_text("new")
        assert file.read_text() == "old"
        assert beside.suffix == ".csv"
    assert file.read_text() == "new"
    assert list(tmp_path.iterdir()) == [file]


def test_of_a_failure_nothing_stays_behind(tmp_path: Path) -> None:
    file = tmp_path / "answers.csv"

    def fail() -> None:
        with whole_file(file) as beside:
            beside.write_text("half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_a_link_stays_a_link_and_rights_are_those_of_any_new_file(tmp_path: Path) -> None:
    target, link, plain = tmp_path / "target", tmp_path / "link", tmp_path / "plain"
    target.write_text("old")
    link.symlink_to(target)
    plain.write_text("")
    with whole_file(link) as beside:
        beside.write_text("new")
    assert link.is_symlink()
    assert target.read_text() == "new"
    assert target.stat().st_mode == plain.stat().st_mode
