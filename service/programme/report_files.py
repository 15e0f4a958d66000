"""The report as files: a page, JSON, and a table each."""

from __future__ import annotations

import shutil
import uuid
from pathlib import Path

from embeddings.errors import Refusal
from matcher.programme.report_records import ProgrammeReport
from service.programme.report_cells import csv_of
from service.programme.report_tables import tables_of

PAGE, JSON = "report.html", "report.json"


def check_folder(folder: Path) -> None:
    """Refuse what is no folder, before anything is worked out.

    Raises:
        Refusal: there is a file in its place.
    """
    if folder.exists() and not folder.is_dir():
        raise Refusal(f"option --out {folder}", "be a folder", "a file", "Name a folder.")


def write_report(report: ProgrammeReport, page: str, folder: Path) -> list[str]:
    """Write all files into the folder, which is made if it is not there. They are made beside it and moved in when whole.

    Args:
        report: the figures.
        page: from `service.programme.report_page.report_page`.
        folder: other files in it are left alone.

    Returns:
        The names of the files.

    Raises:
        Refusal: the folder cannot be written.
    """
    contents = {PAGE: page, JSON: report.model_dump_json(indent=1) + "\n"}
    for name, table in tables_of(report).items():
        contents[f"{name}.csv"] = csv_of(table, simulated=report.simulated)
    folder = folder.resolve()  # a link stays one
    beside = folder.parent / f".{folder.name}.{uuid.uuid4().hex[:12]}"
    try:
        beside.mkdir(parents=True)
        for name, content in contents.items():
            (beside / name).write_text(content, encoding="utf-8", newline="\n")
        folder.mkdir(exist_ok=True)
        for name in contents:
            (beside / name).replace(folder / name)
    except OSError as error:
        raise Refusal(f"folder {folder}", "be writable", error.strerror or str(error), "Choose another place.") from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return list(contents)
