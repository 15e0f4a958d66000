"""`index build` with a directory of one's own, and needs matched in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.command import NEED, Command, Result, check_refused
from tests.e2e.own_directory import PROVIDERS, write_directory


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Command, Result]:
    """The own directory, indexed once for this file: encoding the bank of ordinary needs takes some seconds."""
    folder = tmp_path_factory.mktemp("own")
    command = Command(folder / "home")
    return command, command("index", "build", *write_directory(folder))


def test_building_says_what_was_built_and_where(built: tuple[Command, Result]) -> None:
    command, result = built
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith("3 providers, 2 pieces of evidence, 5 passages\n")
    assert str(command.home / "index") in result.out


@pytest.mark.parametrize(
    ("need", "country", "first"),
    [
        ("Wij zoeken een GLP-laboratorium voor inhalatietoxicologie met longmodellen.", "NL", "lung"),
        ("Wir suchen eine Abfüllanlage für klinische Chargen unseres Impfstoffs.", "DE", "fill"),
    ],
)
def test_needs_are_matched_in_it_across_languages(built: tuple[Command, Result], need: str, country: str, first: str) -> None:
    command, _ = built
    result = command("match", "--need", need, "--country", country, "--json")
    assert (result.code, result.err) == (0, "")
    answer = result.records[0]["answer"]
    assert answer["considered"]["directory"] == 3
    assert answer["matches"][0]["provider_id"] == first


def test_a_refused_directory_leaves_the_index_as_it_was(built: tuple[Command, Result], tmp_path: Path) -> None:
    command, _ = built
    files = write_directory(tmp_path, PROVIDERS.replace("finance", "magic").replace(",BE,", ",XX,"))
    before = {path: path.read_bytes() for path in (command.home / "index").rglob("*") if path.is_file()}
    line = check_refused(command("index", "build", *files), "own-providers.csv, line 3, column country", "1 more problem")
    assert "crossmatch directory check" in line
    after = {path: path.read_bytes() for path in (command.home / "index").rglob("*") if path.is_file()}
    assert after == before
    assert command("match", "--need", NEED, "--country", "NL").code == 0


def test_a_missing_file_is_refused_by_name(bare: Command) -> None:
    check_refused(bare("index", "build", "missing.csv"), "missing.csv", "No such file or directory")
    assert not (bare.home / "index").exists()
