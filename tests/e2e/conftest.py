"""A home folder with the real index, copied for each test so that no two share a log."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from matcher.log import LoggedList
from tests.e2e.command import COMPANY, NEED, Command


@pytest.fixture
def command(real_home: Path, tmp_path: Path) -> Command:
    """`crossmatch` with the shipped directory indexed and an empty log."""
    shutil.copytree(real_home / "index", tmp_path / "home" / "index")
    return Command(tmp_path / "home")


@pytest.fixture
def bare(tmp_path: Path) -> Command:
    """`crossmatch` just installed: no index, no log."""
    return Command(tmp_path / "home")


@pytest.fixture(scope="package")
def recorded(real_home: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Command, LoggedList]:
    """A log with two lists, and the first of them: three matches for "Müller & Søn". It is only read."""
    home = tmp_path_factory.mktemp("recorded")
    shutil.copytree(real_home / "index", home / "index")
    command = Command(home)
    terms = ("--json", "-k", "3", "--asked-by", "an advisor", "--company", COMPANY)
    first = command("match", "--need", NEED, "--country", "DK", *terms)
    second = command("match", "--need", NEED, "--country", "NL", "-k", "2")
    assert [(result.code, result.err) for result in (first, second)] == [(0, "")] * 2
    assert len(first.out.splitlines()) == 1
    return command, LoggedList.model_validate_json(first.out)
