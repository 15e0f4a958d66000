"""The files of a CORDIS download, in the forms they are found in: official (`;`, mixed case) or a plain extract (`,`)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from matcher.errors import DirectoryRefused, Problem
from matcher.tables import Table, read_tables

Rows = list[dict[str, str]]
"""Rows by our own names of the columns; a column that the file lacks is empty."""


@dataclass(frozen=True)
class Source:
    """One file of a download. Names of files and columns are compared without case; the first that is there is taken."""

    files: tuple[str, ...]
    needed: Mapping[str, tuple[str, ...]]
    """Our name of a column → what it is called in the files."""
    welcome: Mapping[str, tuple[str, ...]]
    """Columns that may be missing."""
    may_be_missing: bool = False


SOURCES = {
    "projects": Source(
        files=("project.csv", "projects.csv"),
        needed={"id": ("id",), "title": ("title",), "start": ("startDate",)},
        welcome={"topics": ("topics",), "objective": ("objective",)},
    ),
    "participations": Source(
        files=("organization.csv", "organizations.csv"),
        needed={
            "project": ("projectID",),
            "pic": ("organisationID", "pic"),
            "name": ("name",),
            "sme": ("SME",),
            "activity": ("activityType",),
            "country": ("country",),
            "role": ("role",),
        },
        welcome={"short_name": ("shortName",), "city": ("city",), "url": ("organizationURL",)},
    ),
    "fields": Source(files=("euroSciVoc.csv",), needed={"project": ("projectID",), "path": ("euroSciVocPath",)}, welcome={}),
    "topics": Source(files=("topics.csv",), needed={"topic": ("topic",), "title": ("title",)}, welcome={}, may_be_missing=True),
}


def read_sources(folder: Path, also_needed: Mapping[str, Sequence[str]]) -> dict[str, Rows]:
    """The rows of every source, by its name in `SOURCES`.

    Args:
        folder: of the download, unpacked.
        also_needed: welcome columns that must be there this time, by source.

    Raises:
        DirectoryRefused: a file or column is missing, a row is wider or narrower than its header, a file is not UTF-8 …;
            all problems of all files are named.
    """
    if not folder.is_dir():
        remedy = "Name the folder of the unpacked download."
        raise DirectoryRefused([Problem(str(folder), 0, "", "be a folder with CORDIS' CSV files", "none", remedy)])
    problems: list[Problem] = []
    there = {file.name.casefold(): file for file in sorted(folder.iterdir(), reverse=True) if file.is_file()}
    read: dict[str, Rows] = {}
    for name, source in SOURCES.items():
        file = next((there[known.casefold()] for known in source.files if known.casefold() in there), None)
        if file is not None:
            (table,) = read_tables(file)
            problems += table.problems
            read[name] = _rows(table, source, also_needed.get(name, ()), problems)
        elif source.may_be_missing:
            read[name] = []
        else:
            found = ", ".join(sorted(other.name for name, other in there.items() if name.endswith(".csv"))) or "no CSV file"
            remedy = "Unpack the whole download there."
            problems.append(Problem(" or ".join(source.files), 0, "", "be in the folder", found, remedy))
    if problems:
        raise DirectoryRefused(problems)
    return read


def _rows(table: Table, source: Source, also_needed: Sequence[str], problems: list[Problem]) -> Rows:
    """The table's rows under our names; columns that must be there and are not go to `problems`."""
    there = {column.casefold(): column for column in reversed(table.columns)}
    column_of: dict[str, str] = {}
    for ours, known in {**source.needed, **source.welcome}.items() if table.columns else ():
        column = next((there[name.casefold()] for name in known if name.casefold() in there), None)
        if column is not None:
            column_of[ours] = column
        elif ours in source.needed or ours in also_needed:
            found, wanted = f"the columns {', '.join(table.columns)}", " or ".join(known)
            problems.append(Problem(table.file, 1, wanted, "be a column of the table", found, f"Add the column {known[0]}."))
    if not table.columns and not table.problems:
        problems.append(Problem(table.file, 0, "", "hold a header and rows", "nothing", "Download it again."))
    names = [*source.needed, *source.welcome]
    return [{name: row[column_of[name]].strip() if name in column_of else "" for name in names} for _, row in table.rows]


def day_of(text: str) -> dt.date | None:
    """A day written as `2024-12-01` (a time behind it is left out) or `01/12/2024`, day first; `None` if it is none."""
    slashes = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text)
    try:
        if slashes:
            day, month, year = (int(part) for part in slashes.groups())
            return dt.date(year, month, day)
        return dt.date.fromisoformat(text[:10])
    except ValueError:
        return None


def is_true(text: str) -> bool:
    """Whether a cell says yes; an empty one does not."""
    return text.casefold() in ("true", "1", "yes", "y")
