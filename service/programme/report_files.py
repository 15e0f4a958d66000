"""The report as files: a page, JSON, and a table each."""

from __future__ import annotations

from pathlib import Path

from embeddings.errors import Refusal
from matcher.programme.report_records import ProgrammeReport
from service.programme.report_cells import csv_of
from service.programme.report_tables import tables_of
from service.report.whole_folder import write_together

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
    write_together(contents, folder)
    return list(contents)
