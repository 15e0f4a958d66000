"""`import cordis`: a public download becomes a directory and a benchmark, whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from matcher.cordis import read_cordis
from matcher.evaluation.benchmark import read_benchmark
from tests.e2e.command import Command, check_refused
from tests.unit.matcher.cordis_folder import NEW, PARTICIPATIONS, SME, participation, write_download, write_extract

FILES = ["evidence.csv", "exclusions.json", "known_matches.qrels", "needs.jsonl", "providers.csv"]


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    return write_download(tmp_path / "raw")


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


def beside(tmp_path: Path) -> set[str]:
    """What lies beside the folders of the test: nothing half-made may."""
    return {path.name for path in tmp_path.iterdir()} - {"raw", "out", "home", "other"}


def test_what_is_written_is_a_benchmark_of_what_was_read(bare: Command, raw: Path, tmp_path: Path) -> None:
    result = bare("import", "cordis", raw, "--out", tmp_path / "out")
    assert (result.code, result.err) == (0, "")
    assert list(contents(tmp_path / "out")) == FILES
    imported, benchmark = read_cordis(raw), read_benchmark(tmp_path / "out")
    assert (benchmark.directory.providers, benchmark.directory.evidence) == (imported.providers, imported.evidence)
    assert benchmark.directory.ignored_columns == ()
    assert benchmark.needs == tuple(past.need for past in imported.needs)
    assert benchmark.groups == {past.need.need_id: past.project_id for past in imported.needs}
    assert benchmark.known == {need: dict.fromkeys(found, 1) for need, found in imported.known.items()}
    assert json.loads((tmp_path / "out" / "exclusions.json").read_text()) == imported.exclusions
    assert beside(tmp_path) == set()


def test_the_files_are_in_the_usual_forms(bare: Command, raw: Path, tmp_path: Path) -> None:
    assert bare("import", "cordis", raw, "--out", tmp_path / "out").code == 0
    lines = {name: content.decode().splitlines() for name, content in contents(tmp_path / "out").items()}
    assert lines["providers.csv"][0] == "provider_id,name,category,country,city,url,source_ids"
    assert lines["evidence.csv"][0].endswith(",reference,language,date")
    assert lines["known_matches.qrels"][0] == f"101000001-{SME} 0 pic-999000001 1"
    first = json.loads(lines["needs.jsonl"][0])
    assert (first["need_id"], first["asked_on"], first["group"]) == (f"101000001-{SME}", "2023-01-01", "101000001")


def test_both_forms_of_the_source_give_the_same_bytes(bare: Command, raw: Path, tmp_path: Path) -> None:
    write_extract(tmp_path / "other")
    assert bare("import", "cordis", raw, "--out", tmp_path / "out").code == 0
    assert bare("import", "cordis", tmp_path / "other", "--out", tmp_path / "other" / "out").code == 0
    assert contents(tmp_path / "out") == contents(tmp_path / "other" / "out")


def test_counts_and_exclusions_are_printed(bare: Command, tmp_path: Path) -> None:
    ghost = participation("101000001", "9", name="Some Institute", country="ZZ")
    write_extract(tmp_path / "raw", participations=[*PARTICIPATIONS, ghost])
    result = bare("import", "cordis", tmp_path / "raw", "--out", tmp_path / "out")
    assert "\x1b" not in result.out
    counts = {" ".join(line.split()[:-1]): line.split()[-1] for line in result.out.splitlines() if line.strip()}
    assert counts["providers"] == "4"
    assert counts["pieces of evidence"] == "7"
    assert (counts["needs"], counts["needs without a partner"], counts["known matches"]) == ("4", "1", "6")
    assert counts["left out: organisations of unknown countries"] == "1"
    assert counts["left out: participations listed twice"] == "0"


def test_objectives_are_carried_over_only_when_asked_for(bare: Command, raw: Path, tmp_path: Path) -> None:
    assert bare("import", "cordis", raw, "--out", tmp_path / "out").code == 0
    assert b"We grow lungs" not in b"".join(contents(tmp_path / "out").values())
    assert bare("import", "cordis", raw, "--out", tmp_path / "out", "--objectives", "--force").code == 0
    assert b"We grow lungs" in contents(tmp_path / "out")["needs.jsonl"]


def test_a_folder_with_files_is_replaced_only_by_force(bare: Command, raw: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "notes.txt").write_text("mine")
    (tmp_path / "out" / "providers.csv").write_text("old")
    before = contents(tmp_path / "out")
    check_refused(bare("import", "cordis", raw, "--out", tmp_path / "out"), "--out", "empty folder", "--force")
    assert contents(tmp_path / "out") == before
    assert bare("import", "cordis", raw, "--out", tmp_path / "out", "--force").code == 0
    after = contents(tmp_path / "out")
    assert sorted(after) == sorted([*FILES, "notes.txt"])
    assert after["notes.txt"] == b"mine"
    assert after["providers.csv"] != b"old"


def test_an_empty_folder_is_filled(bare: Command, raw: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    assert bare("import", "cordis", raw, "--out", tmp_path / "out").code == 0
    assert list(contents(tmp_path / "out")) == FILES


def test_a_file_is_no_folder(bare: Command, raw: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    check_refused(bare("import", "cordis", raw, "--out", tmp_path / "out", "--force"), "must be a folder", "a file")
    assert (tmp_path / "out").read_text() == "mine"


def test_every_mistake_is_named_and_nothing_is_written(bare: Command, tmp_path: Path) -> None:
    write_extract(tmp_path / "raw", participations=[{**row, "pic": ""} for row in PARTICIPATIONS])
    file = tmp_path / "raw" / "organizations.csv"
    file.write_text(file.read_text().replace("SME,", "size,", 1))
    (tmp_path / "raw" / "euroscivoc.csv").unlink()
    result = bare("import", "cordis", tmp_path / "raw", "--out", tmp_path / "out")
    assert (result.code, result.out) == (1, "")
    lines = result.err.splitlines()
    assert lines[0].startswith(
        "organizations.csv, line 1, column SME: must be a column of the table. Got the columns projectID,"
    )
    assert lines[1].startswith("euroSciVoc.csv: must be in the folder. Got organizations.csv, projects.csv.")
    assert lines[2] == "2 problems. Nothing was written."
    assert not (tmp_path / "out").exists()
    assert beside(tmp_path) == set()


def test_a_disk_that_refuses_leaves_nothing_behind(bare: Command, raw: Path, tmp_path: Path) -> None:
    (tmp_path / "other").write_text("no folder")
    check = bare("import", "cordis", raw, "--out", tmp_path / "other" / "out")
    assert (check.code, check.out) == (1, "")
    assert check.err.startswith("crossmatch: ")
    assert "Traceback" not in check.err
    assert beside(tmp_path) == set()


def test_what_was_imported_is_a_directory_without_mistakes(bare: Command, raw: Path, tmp_path: Path) -> None:
    bare("import", "cordis", raw, "--out", tmp_path / "out")
    result = bare("directory", "check", tmp_path / "out" / "providers.csv", tmp_path / "out" / "evidence.csv")
    assert result.out.startswith("4 providers, 7 pieces of evidence, no mistakes\n")


def test_a_terminal_gets_a_table_of_its_own_width(bare: Command, raw: Path, tmp_path: Path) -> None:
    result = bare.in_terminal("import", "cordis", str(raw), "--out", str(tmp_path / "out"), columns=70)
    assert result.code == 0
    assert "known matches" in result.out
    assert (tmp_path / "out" / "providers.csv").read_text().count(f"pic-{NEW}") == 1


def test_without_a_folder_to_write_it_says_how_it_is_called(bare: Command, raw: Path) -> None:
    result = bare("import", "cordis", raw)
    assert result.code == 2
    assert "--out" in result.err
