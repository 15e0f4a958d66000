"""Judging sheets of the small directory, and what a judge does to them."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from pathlib import Path

from openpyxl import Workbook, load_workbook

from matcher.evaluation.judging_sheet import write_sheet
from matcher.evaluation.pooling import PooledPair
from tests.fakes import need, small_directory

PAIRS = [PooledPair("n2", "bruno"), PooledPair("n1", "aqua"), PooledPair("n1", "dion")]
NEEDS = {"n1": need(title="Lung models"), "n2": need('Vi søger et laboratorium, "gerne" i Tyskland.\nHurtigt.', "DK")}

Row = dict[str, str]


def new_sheet(folder: Path, form: str = ".csv") -> Path:
    file = folder / f"sheet{form}"
    write_sheet(file, PAIRS, NEEDS, small_directory())
    return file


def rows_of(file: Path) -> list[Row]:
    if file.suffix == ".csv":
        with file.open(encoding="utf-8-sig", newline="") as stream:
            return list(csv.DictReader(stream))
    workbook = load_workbook(file)
    header, *rows = workbook.worksheets[0].iter_rows(values_only=True)
    workbook.close()
    return [{str(name): str(cell or "") for name, cell in zip(header, row, strict=True)} for row in rows]


def write_rows(file: Path, rows: list[Row]) -> Path:
    """Written by another program: no byte order mark, no formats."""
    if file.suffix == ".csv":
        with file.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        return file
    workbook = Workbook()
    for row in [list(rows[0]), *(list(row.values()) for row in rows)]:
        workbook.worksheets[0].append(row)
    workbook.save(file)
    workbook.close()
    return file


def edited(file: Path, change: Callable[[list[Row]], object]) -> Path:
    """The sheet after the judge changed its rows."""
    rows = rows_of(file)
    change(rows)
    return write_rows(file, rows)


def graded(file: Path, grades: Mapping[str, str]) -> Path:
    """The sheet with grades written in, by provider."""

    def write(rows: list[Row]) -> None:
        for row in rows:
            row["grade"] = grades.get(row["provider_id"], "")

    return edited(file, write)
