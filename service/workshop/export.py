"""Everything that an organiser hands out, in one folder."""

from __future__ import annotations

import shutil
import uuid
from pathlib import Path

from embeddings.errors import Refusal
from service.workshop.booklet import booklet
from service.workshop.calendars import calendars, zipped
from service.workshop.programme import Programme
from service.workshop.workbook import outcome_form, workbook

CALENDARS = "calendars"
FORM = "outcomes.xlsx"


def export(programme: Programme, folder: Path, *, replace: bool = False) -> list[str]:
    """Write workbook, booklet, calendars and, of a final plan, the form for what becomes of the meetings.

    All are made beside the folder and moved in when they are whole. A form that is there already stays: somebody may have
    filled it in. There is none of a draft: its rows could be of meetings that never take place, and it would stay.

    Args:
        programme: of the plan.
        folder: made if it is not there.
        replace: whether an earlier export in the folder is replaced.

    Returns:
        What was written, in words.

    Raises:
        Refusal: the folder is a file, cannot be written, or holds something and nothing is to be replaced.
    """
    try:
        return _export(programme, folder, replace=replace)
    except OSError as error:
        raise Refusal(f"folder {folder}", "be writable", error.strerror or str(error), "Choose another place.") from error


def _export(programme: Programme, folder: Path, *, replace: bool) -> list[str]:
    _check_folder(folder, replace=replace)
    files = calendars(programme)
    beside = folder.parent / f".{folder.name}.{uuid.uuid4().hex[:12]}"
    (beside / CALENDARS).mkdir(parents=True)
    try:
        (beside / "plan.xlsx").write_bytes(workbook(programme))
        (beside / "booklet.html").write_text(booklet(programme), encoding="utf-8", newline="\n")
        (beside / f"{CALENDARS}.zip").write_bytes(zipped(files))
        for name, content in files.items():
            (beside / CALENDARS / name).write_bytes(content)
        kept = (folder / FORM).exists()
        if not kept and not programme.is_draft:
            (beside / FORM).write_bytes(outcome_form(programme))
        folder.mkdir(parents=True, exist_ok=True)
        for made in sorted(beside.iterdir()):
            _move(made, folder / made.name)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return [
        "plan.xlsx: who meets whom by company, by provider and by table",
        "booklet.html: a page for each participant, to print",
        f"{CALENDARS}/ and {CALENDARS}.zip: {len(files)} calendars, {'tentative' if programme.is_draft else 'confirmed'}",
        _told_of_form(programme, kept=kept),
    ]


def _told_of_form(programme: Programme, *, kept: bool) -> str:
    if kept:
        later = "" if programme.planned.version == 1 else "; move it away to have one of this version's meetings"
        return f"{FORM}: was there already and stays as it is{later}"
    return f"{FORM}: " + ("comes with the final plan" if programme.is_draft else "to fill in after the event")


def _check_folder(folder: Path, *, replace: bool) -> None:
    if folder.exists() and not folder.is_dir():
        raise Refusal(f"folder {folder}", "be a folder", "a file", "Name a folder.")
    if not replace and folder.is_dir() and any(folder.iterdir()):
        remedy = "Name another folder, or replace the export in it with --force."
        raise Refusal(f"folder {folder}", "be empty or new", "one with files in it", remedy)


def _move(made: Path, place: Path) -> None:
    """Calendars go as a whole: those of an earlier plan would tell of meetings that there are no more."""
    if place.is_dir():
        shutil.rmtree(place)
    made.replace(place)
