"""`directory check`: every mistake by line and column, or what the directory holds."""

from __future__ import annotations

from pathlib import Path

from matcher.shipped import shipped_directory, shipped_directory_files
from tests.e2e.command import Command
from tests.e2e.own_directory import EVIDENCE, PROVIDERS, write_directory


def test_the_shipped_directory_has_no_mistakes(bare: Command) -> None:
    result = bare("directory", "check", *shipped_directory_files())
    assert (result.code, result.err) == (0, "")
    directory = shipped_directory()
    assert result.out.startswith(f"{len(directory)} providers, {len(directory.evidence)} pieces of evidence, no mistakes\n")
    assert "country: BE " in result.out


def test_a_directory_of_ones_own_is_counted(bare: Command, tmp_path: Path) -> None:
    result = bare("directory", "check", *write_directory(tmp_path, PROVIDERS.replace("city", "town")))
    assert result.code == 0
    assert "3 providers, 2 pieces of evidence, no mistakes" in result.out
    assert "category: finance 1, technology 2" in result.out
    assert "column not used: own-providers.csv: town" in result.out


def test_every_mistake_is_named_by_file_line_and_column(bare: Command, tmp_path: Path) -> None:
    providers = PROVIDERS.replace("technology,DE", "magic,XX").replace("seed,", "fill,")
    evidence = EVIDENCE.replace(",2023,", ",soon,")
    result = bare("directory", "check", *write_directory(tmp_path, providers, evidence))
    assert (result.code, result.out) == (1, "")
    lines = result.err.splitlines()
    assert [line.split(": ")[0] for line in lines[:-1]] == [
        "own-providers.csv, line 2, column category",
        "own-providers.csv, line 2, column country",
        "own-providers.csv, line 4, column provider_id",
        "own-evidence.csv, line 2, column year",
    ]
    assert lines[-1] == "4 problems. Nothing was changed."
    for line in lines[:-1]:
        assert "must" in line
        assert "Got" in line
        assert "must input should" not in line


def test_evidence_about_nobody_is_a_mistake(bare: Command, tmp_path: Path) -> None:
    result = bare("directory", "check", *write_directory(tmp_path, evidence=EVIDENCE.replace("fill,", "ghost,")))
    assert result.code == 1
    assert result.err.splitlines()[0].startswith("own-evidence.csv, line 3, column provider_id: must be a provider")
    assert result.err.splitlines()[1] == "1 problem. Nothing was changed."


def test_files_that_are_no_tables_are_named(bare: Command, tmp_path: Path) -> None:
    latin, broken, odd = tmp_path / "latin.csv", tmp_path / "broken.xlsx", tmp_path / "odd.pdf"
    latin.write_bytes(PROVIDERS.encode("latin-1", errors="replace"))
    broken.write_bytes(b"no workbook")
    odd.write_bytes(b"%PDF")
    result = bare("directory", "check", latin, broken, odd, tmp_path / "missing.csv")
    assert result.code == 1
    assert "Traceback" not in result.err
    lines = result.err.splitlines()
    for file, words in (
        ("latin.csv, line 4", "UTF-8"),
        ("broken.xlsx", "Excel"),
        ("odd.pdf", ".csv"),
        ("missing.csv", "No such"),
    ):
        assert any(line.startswith(file) and words in line for line in lines), result.err
