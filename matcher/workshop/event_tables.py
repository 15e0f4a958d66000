"""Which tables of an event's files are which: by the names of files, or of the sheets of a workbook."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from matcher.errors import Problem
from matcher.tables import READERS, Table, read_tables
from matcher.workshop.event_settings import EVENT_FILE

PARTICIPANTS = ("participants", "companies", "providers")
"""In `companies` and `providers` the side need not be told."""
PAIRS = ("wishes", "known", "fixed", "forbidden")
_KINDS = (*PARTICIPANTS, *PAIRS)
_LEFT_OUT = ("outcomes",)
"""Tables that lie in the same folder and are read at another time."""


@dataclass
class Rows:
    """One table, its columns under the names that mean something here."""

    kind: str
    table: Table
    columns: dict[str, str] = field(default_factory=dict)
    """Name → column as it is written: `Need title` is `need_title`."""

    @classmethod
    def of(cls, kind: str, table: Table) -> Rows:
        """With the columns of the table, noting those that have one name."""
        rows = cls(kind, table)
        for column in table.columns:
            name = re.sub(r"[\s-]+", "_", column.strip().casefold())
            if name in rows.columns:
                table.problem(1, column, "appear once in the header", "it twice", "Rename or remove one of them.")
            rows.columns.setdefault(name, column)
        return rows

    def __iter__(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Line and cells by name; spaces around them are gone."""
        for line, row in self.table.rows:
            yield line, {name: row.get(column, "").strip() for name, column in self.columns.items()}

    def written(self, name: str) -> str:
        """The column as the file writes it."""
        return self.columns.get(name, name)

    def problem(self, line: int, name: str, required: str, found: str, remedy: str = "") -> None:
        """Note what is wrong in a cell."""
        self.table.problem(line, self.written(name), required, found, remedy)

    def needs(self, *names: str) -> bool:
        """Whether those columns are there; the missing ones are noted."""
        missing = [name for name in names if name not in self.columns]
        for name in missing:
            found = f"the columns {', '.join(self.table.columns) or 'none'}"
            self.table.problem(1, name, "be a column of the table", found, f"Add the column {name}.")
        return not missing

    def unused(self, known: Sequence[str]) -> list[str]:
        """Columns that mean nothing here, in words."""
        return [f"column not used: {self.table.file}, {column}" for name, column in self.columns.items() if name not in known]


@dataclass
class EventTables:
    """Everything that was found, before it is understood."""

    settings: Path | None = None
    by_kind: dict[str, Rows] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def listed(cell: str, separators: str = ",;/ ") -> list[str]:
    """What a cell lists."""
    return [one.strip() for one in re.split(f"[{separators}\n]", cell) if one.strip()]


def tables_of(files: Sequence[Path]) -> EventTables:
    """The tables of those files, or of the files of a folder; what they may not be is noted.

    Args:
        files: one folder, or single files: `event.toml`; tables named `participants`, `companies`, `providers`, `wishes`,
            `known`, `fixed`, `forbidden` in any form of `matcher.tables`; or a workbook with such sheets.
    """
    found = EventTables()
    for file in _single(files, found):
        if file.suffix.lower() == ".toml":
            if found.settings is not None:
                _refuse(found, file.name, "be the only TOML file of the event", "another one", "Leave one of them out.")
            found.settings = file
            continue
        told = read_tables(file)
        names = [_sheet(table) for table in told]
        if file.stem.casefold() in _KINDS and not set(_KINDS) & set(names):
            names[:1] = [file.stem.casefold()]
        for name, table in zip(names, told, strict=True):
            _add(found, name, table)
    if found.settings is None:
        remedy = f"Write {EVENT_FILE}; crossmatch workshop example shows one."
        _refuse(found, EVENT_FILE, "be there", "no such file", remedy)
    if not any(kind in found.by_kind for kind in PARTICIPANTS) and not found.problems:
        remedy = "Add participants.csv, or companies.csv and providers.csv."
        _refuse(found, "event", "have a file of participants", "none", remedy)
    return found


def _single(files: Sequence[Path], found: EventTables) -> Iterator[Path]:
    for given in files:
        if not given.is_dir():
            yield given
            continue
        try:
            inside = sorted(file for file in given.iterdir() if file.is_file() and not file.name.startswith((".", "~$")))
        except OSError as error:
            _refuse(found, str(given), "be readable", error.strerror or str(error), "Check its permissions.")
            continue
        for file in inside:
            is_table = file.suffix.lower() in READERS and file.stem.casefold() not in _LEFT_OUT
            if is_table or file.name.casefold() == EVENT_FILE:
                yield file


def _sheet(table: Table) -> str:
    """Name of the sheet, or of the file where it has none."""
    sheet = re.search(r"\[(.*)\]$", table.file)
    return (sheet[1] if sheet else Path(table.file).stem).strip().casefold()


def _add(found: EventTables, kind: str, table: Table) -> None:
    if kind not in _KINDS:
        known = ", ".join(_KINDS)
        found.notes.append(f"not read, for its name is none of {known}: {table.file}")
        return
    if kind in found.by_kind:
        there = found.by_kind[kind].table.file
        _refuse(found, table.file, f"be the only table {kind} of the event", f"{there} too", "Leave one of them out.")
        return
    rows = Rows.of(kind, table)
    if not table.columns and not table.problems and kind in PARTICIPANTS:
        table.problem(0, "", "hold a header and rows", "nothing", "Fill it or leave it out.")
    found.by_kind[kind] = rows


def _refuse(found: EventTables, file: str, required: str, got: str, remedy: str) -> None:
    found.problems.append(Problem(file, 0, "", required, got, remedy))
