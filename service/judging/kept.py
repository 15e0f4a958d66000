"""Judging sheets that the service keeps, and the grades of each judge: a line each, so that nothing said is ever lost."""

from __future__ import annotations

import hashlib
import json
import os
import random
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

from embeddings.errors import shown
from matcher.errors import NotFound, RequestRefused
from matcher.evaluation.judging_sheet import FORMS, rows_of_sheet
from matcher.evaluation.qrels import GRADES
from matcher.records import Moment, Record
from service.kept_folders import KeptFolders

_ABOUT, _ROWS = "about.json", "rows.json"

Grades = dict[str, int]
"""Pair → grade."""


class SheetAbout(Record):
    """Whose a sheet is."""

    name: str
    sent_at: Moment
    sent_by: str
    pairs: int


@dataclass(frozen=True)
class KeptSheet:
    """A sheet, and where it is kept."""

    sheet_id: str
    folder: Path
    about: SheetAbout


class KeptSheets:
    """One folder a sheet, below that of the service."""

    def __init__(self, folder: Path) -> None:
        self._folders = KeptFolders(folder)
        self._lock = Lock()

    def add(self, name: str, content: bytes, by: str) -> str:
        """Keep a sheet; its id. Grades that it has already are left behind: each judge begins blind.

        Raises:
            Refusal: it is no judging sheet; the first place that is wrong is named.
        """
        suffix = Path(name).suffix.lower()
        if suffix not in FORMS:
            raise RequestRefused("sheet", f"end in one of {', '.join(FORMS)}", shown(name), "crossmatch judge pool writes one.")

        def fill(folder: Path) -> None:
            file = folder / f"sheet{suffix}"
            file.write_bytes(content)
            rows = rows_of_sheet(file)
            about = SheetAbout(name=Path(name).name[:200], sent_at=datetime.now(UTC), sent_by=by, pairs=len(rows))
            (folder / _ROWS).write_text(json.dumps(rows), encoding="utf-8")
            (folder / _ABOUT).write_text(about.model_dump_json(), encoding="utf-8")

        return self._folders.add(fill)

    def all(self) -> list[KeptSheet]:
        """The newest first."""
        found = map(self._kept, self._folders.all())
        return sorted(found, key=lambda one: one.about.sent_at, reverse=True)

    def get(self, sheet_id: str) -> KeptSheet:
        """One of them.

        Raises:
            NotFound: there is none.
        """
        folder = self._folders.folder(sheet_id)
        if folder is None:
            raise NotFound("judging sheet", "be one that is kept here", shown(sheet_id), "The page of judging lists them.")
        return self._kept(folder)

    def rows(self, sheet: KeptSheet, judge: str) -> list[dict[str, str]]:
        """Its pairs in this judge's own order: two judges tire at different places."""
        rows: list[dict[str, str]] = json.loads((sheet.folder / _ROWS).read_text(encoding="utf-8"))
        random.Random(f"{sheet.sheet_id} {judge}").shuffle(rows)  # noqa: S311 - an order, no secret
        # Pairs of one need stay together: nobody wants to read a need ten times.
        first = {row["need_id"]: place for place, row in reversed(list(enumerate(rows)))}
        return sorted(rows, key=lambda row: first[row["need_id"]])

    def say(self, sheet: KeptSheet, judge: str, pair: str, grade: int) -> None:
        """Put a grade down; a later one of the same pair takes its place.

        Raises:
            Refusal: it is no grade, or the sheet has no such pair.
        """
        if grade not in GRADES:
            raise RequestRefused("grade", "be a whole number from 0 to 3", str(grade), "Choose one of the four.")
        if all(row["pair"] != pair for row in self.rows(sheet, judge)):
            raise RequestRefused("pair", "be one of the sheet", shown(pair), "Open the page anew.")
        line = json.dumps({"pair": pair, "grade": grade, "at": datetime.now(UTC).isoformat()}) + "\n"
        file = self._file(sheet, judge)
        if not file.is_file():
            file.with_suffix(".name").write_text(judge, encoding="utf-8")
        with self._lock, file.open("a", encoding="utf-8") as stream:
            stream.write(line)
            stream.flush()
            os.fsync(stream.fileno())

    def grades(self, sheet: KeptSheet, judge: str) -> Grades:
        """What a judge said."""
        return self._read(self._file(sheet, judge))

    def judges(self, sheet: KeptSheet) -> dict[str, Grades]:
        """Judge → what was said."""
        found = {}
        for file in sorted(sheet.folder.glob("judge-*.jsonl")):
            name = file.with_suffix(".name")
            if name.is_file():
                found[name.read_text(encoding="utf-8")] = self._read(file)
        return found

    def qrels(self, sheet: KeptSheet, grades: Grades) -> dict[str, dict[str, int]]:
        """Need → provider → grade."""
        found: dict[str, dict[str, int]] = {}
        for row in self.rows(sheet, ""):
            if row["pair"] in grades:
                found.setdefault(row["need_id"], {})[row["provider_id"]] = grades[row["pair"]]
        return found

    @staticmethod
    def _kept(folder: Path) -> KeptSheet:
        return KeptSheet(folder.name, folder, SheetAbout.model_validate_json((folder / _ABOUT).read_text(encoding="utf-8")))

    @staticmethod
    def _file(sheet: KeptSheet, judge: str) -> Path:
        # By a digest: a name may hold what no file's name can. It stands in a file beside.
        return sheet.folder / f"judge-{hashlib.sha256(judge.encode()).hexdigest()[:16]}.jsonl"

    @staticmethod
    def _read(file: Path) -> Grades:
        grades: Grades = {}
        if file.is_file():
            for line in file.read_text(encoding="utf-8").splitlines():
                try:
                    told = json.loads(line)
                except ValueError:
                    continue  # half a line, from a kill
                grades[told["pair"]] = told["grade"]
        return grades
