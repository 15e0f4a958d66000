"""Evaluations that the service keeps: a folder each, as an evaluator sent it or as `crossmatch evaluate` left it there."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from embeddings.errors import Refusal, shown
from matcher.errors import NotFound
from matcher.records import Moment, Record
from service.kept_folders import KeptFolders

if TYPE_CHECKING:
    from service.evaluations.figures import MainFigures

_ABOUT, _JSON, _PAGE = "about.json", "evaluation.json", "evaluation.html"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_MOST_ROWS = 500
"""Of what is drawn row by row: the benchmark has some thirty countries."""
_DRAWN = ("ablation", "border", "experience", "by_country")

Content = dict[str, Any]
"""What `evaluation.json` holds."""


class EvaluationAbout(Record):
    """Whose an evaluation is, where somebody sent it."""

    name: str
    sent_at: Moment
    sent_by: str
    sha256: str
    """Of what was sent."""


@dataclass(frozen=True)
class KeptEvaluation:
    """An evaluation, and where it is kept."""

    evaluation_id: str
    folder: Path
    name: str
    at: datetime
    """When it was sent, or written there."""
    by: str
    """Who sent it; empty where the command wrote it there."""
    figures: MainFigures | None
    broken: str = ""
    """Why it cannot be read, where it cannot."""


class KeptEvaluations:
    """One folder an evaluation, below that of the service. What `crossmatch evaluate --out` writes there is shown too."""

    def __init__(self, folder: Path) -> None:
        self.root = folder
        self._folders = KeptFolders(folder)
        self._lock = Lock()
        self._seen: dict[tuple[Path, int, int], tuple[MainFigures | None, str]] = {}
        """Folder, moment and size of its file → what it says: a list of many is not read anew for each page."""

    def add(self, name: str, written: bytes, by: str) -> str:
        """Keep an evaluation, with its report; its id. The same file again is the one that is there.

        Args:
            name: under which it is listed; that of the file if it is left empty.
            written: what the file holds.
            by: who sends it.

        Raises:
            NotComparable: it is no evaluation, or no report can be made of it; what is wrong is named.
        """
        from service.evaluation import evaluation_of

        name = " ".join(name.split())[:200] or _JSON
        digest = hashlib.sha256(written).hexdigest()
        content = evaluation_of(written, shown(name))
        with self._lock:
            there = next((one.name for one in self._all() if (about := _about(one)) and about.sha256 == digest), None)
            if there is not None:
                return there
            report = _report(content, shown(name))
            about = EvaluationAbout(name=name, sent_at=datetime.now(UTC), sent_by=by, sha256=digest)

            def fill(folder: Path) -> None:
                (folder / _JSON).write_bytes(written)
                (folder / _PAGE).write_text(report, encoding="utf-8")
                (folder / _ABOUT).write_text(about.model_dump_json(), encoding="utf-8")

            return self._folders.add(fill)

    def all(self) -> list[KeptEvaluation]:
        """The newest first; what cannot be read among them, with the reason."""
        return sorted(map(self._kept, self._all()), key=lambda one: one.at, reverse=True)

    def get(self, evaluation_id: str) -> KeptEvaluation:
        """One of them.

        Raises:
            NotFound: there is none.
        """
        folder = self.root / evaluation_id
        if not _is_one(folder):
            remedy = "The page of evaluations lists them."
            raise NotFound("evaluation", "be one that is kept here", shown(evaluation_id), remedy)
        return self._kept(folder)

    def content(self, kept: KeptEvaluation) -> Content:
        """What its file holds.

        Raises:
            NotComparable: it cannot be read.
        """
        return _read(kept.folder, kept.name)

    def report(self, kept: KeptEvaluation, against: KeptEvaluation | None = None) -> str:
        """The page that `crossmatch evaluate` writes.

        Args:
            kept: of this one.
            against: compared with that one in it.

        Raises:
            NotComparable: it cannot be read or drawn, or the two are of different benchmarks.
        """
        if against is not None:
            content = self.content(kept)
            return _report(content | {"comparison": compared(content, self.content(against), against.name)}, kept.name)
        page = kept.folder / _PAGE
        return page.read_text(encoding="utf-8") if page.is_file() else _report(self.content(kept), kept.name)

    def _all(self) -> list[Path]:
        return [one for one in self.root.iterdir() if _is_one(one)] if self.root.is_dir() else []

    def _kept(self, folder: Path) -> KeptEvaluation:
        told = (folder / _JSON).stat()
        about = _about(folder)
        name = folder.name if about is None else about.name
        key = folder, told.st_mtime_ns, told.st_size
        if key not in self._seen:
            self._seen[key] = _figures(folder, name)
        at = datetime.fromtimestamp(told.st_mtime, UTC) if about is None else about.sent_at
        return KeptEvaluation(folder.name, folder, name, at, "" if about is None else about.sent_by, *self._seen[key])


def compared(one: Content, other: Content, name: str) -> Content:
    """The first against the second, in the cuts that both have; see `matcher.evaluation.comparison.compare`.

    Raises:
        NotComparable: they are of different benchmarks, or have no cut in common.
    """
    from matcher.evaluation.comparison import compare

    theirs = {cut["name"] for cut in other["cuts"]}
    common = [cut for cut in one["cuts"] if cut["name"] in theirs]
    return compare(one | {"cuts": common or one["cuts"]}, other, name)


def _is_one(folder: Path) -> bool:
    return _NAME.fullmatch(folder.name) is not None and (folder / _JSON).is_file()


def _about(folder: Path) -> EvaluationAbout | None:
    file = folder / _ABOUT
    return EvaluationAbout.model_validate_json(file.read_bytes()) if file.is_file() else None


def _read(folder: Path, name: str) -> Content:
    from matcher.evaluation.comparison import NotComparable
    from service.evaluation import evaluation_of

    try:
        written = (folder / _JSON).read_bytes()
    except OSError as error:
        remedy = "Let the service read it."
        raise NotComparable(f"file {shown(name)}", "be readable", error.strerror or str(error), remedy) from error
    return evaluation_of(written, shown(name))


def _figures(folder: Path, name: str) -> tuple[MainFigures | None, str]:
    from service.evaluations.figures import main_figures

    try:
        return main_figures(_read(folder, name), shown(name)), ""
    except Refusal as refusal:
        return None, str(refusal)


def _report(content: Mapping[str, Any], name: str) -> str:
    """Draw the page; that takes seconds, and is refused where figures are missing."""
    # Only here: plots take a second to load.
    from service.evaluations.figures import lacking, main_figures
    from service.report.page import evaluation_page

    main_figures(content, name)
    try:
        if any(len(cut[part]) > _MOST_ROWS for cut in content["cuts"] for part in _DRAWN):
            raise ValueError(f"more than {_MOST_ROWS} in one table")
        return evaluation_page(dict(content))
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise lacking(name, error) from error
