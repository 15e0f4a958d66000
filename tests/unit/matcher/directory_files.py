"""Directory files with something wrong in them, and what the refusal says of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from openpyxl import Workbook

from matcher.directory import load_directory
from matcher.errors import DirectoryRefused, Problem

HEADER = "provider_id,name,category,country"
EVIDENCE_HEADER = "evidence_id,provider_id,kind,title"
ROW = "p1,One,technology,NL"


def write(folder: Path, name: str, content: str | bytes) -> Path:
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def write_lines(folder: Path, name: str, *lines: str) -> Path:
    return write(folder, name, "".join(f"{line}\n" for line in lines))


def write_workbook(folder: Path, name: str, sheets: dict[str, Sequence[Sequence[object]]]) -> Path:
    workbook = Workbook()
    workbook.remove(workbook.active)
    for title, rows in sheets.items():
        sheet = workbook.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    workbook.save(folder / name)
    workbook.close()
    return folder / name


def problems_of(*files: Path) -> tuple[Problem, ...]:
    """What is wrong with a directory; fails when nothing is."""
    with pytest.raises(DirectoryRefused) as caught:
        load_directory(files)
    return caught.value.problems


def only_problem(*files: Path) -> Problem:
    (problem,) = problems_of(*files)
    return problem
