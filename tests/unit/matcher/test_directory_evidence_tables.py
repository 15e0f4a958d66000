from __future__ import annotations

from pathlib import Path

import pytest

from matcher.directory import load_directory
from matcher.errors import DirectoryRefused

PROVIDERS = "provider_id,name,category,country\np1,One,technology,NL\n"
WITHOUT_IDS = "provider_id,kind,title\n"


def write(folder: Path, **contents: str) -> list[Path]:
    files = []
    for name, content in contents.items():
        files.append(folder / f"{name}.csv")
        files[-1].write_text(content, encoding="utf-8")
    return files


def test_evidence_without_its_title_column_is_told_as_evidence(tmp_path: Path) -> None:
    with pytest.raises(DirectoryRefused) as refused:
        load_directory(write(tmp_path, providers=PROVIDERS, evidence="evidence_id,provider_id,kind\ne1,p1,project\n"))
    assert [(problem.file, problem.column) for problem in refused.value.problems] == [("evidence.csv", "title")]


def test_an_empty_file_beside_good_ones_is_named(tmp_path: Path) -> None:
    with pytest.raises(DirectoryRefused, match=r"The evidence\.csv must hold a header and rows\. Got nothing\."):
        load_directory(write(tmp_path, providers=PROVIDERS, evidence=""))


def test_a_header_without_providers_is_no_directory(tmp_path: Path) -> None:
    with pytest.raises(DirectoryRefused, match="hold providers"):
        load_directory(write(tmp_path, providers=PROVIDERS.splitlines()[0]))


def test_evidence_without_ids_is_the_same_in_whatever_order_its_files_come(tmp_path: Path) -> None:
    providers, first, second = write(
        tmp_path, providers=PROVIDERS, a=f"{WITHOUT_IDS}p1,project,A\n", b=f"{WITHOUT_IDS}p1,project,B\n"
    )
    one, other = load_directory([providers, first, second]), load_directory([second, first, providers])
    assert len(one.evidence) == 2
    assert one.fingerprint == other.fingerprint


def test_the_same_evidence_twice_without_ids_is_kept_twice(tmp_path: Path) -> None:
    files = write(tmp_path, providers=PROVIDERS, evidence=f"{WITHOUT_IDS}p1,project,A\np1,project,A\n")
    assert [item.title for item in load_directory(files).evidence] == ["A", "A"]
