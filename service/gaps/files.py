"""The findings as files: a page, JSON, and two tables."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from embeddings.errors import Refusal
from matcher.gaps.findings import GapAnalysis
from service.gaps.rows import GapRow, RegionRow, gap_rows, region_rows
from service.report.whole_folder import write_together

PAGE, JSON, GAPS, REGIONS = "gaps.html", "gaps.json", "gaps.csv", "regions.csv"


def check_folder(folder: Path) -> None:
    """Refuse what is no folder, before anything is worked out.

    Raises:
        Refusal: there is a file in its place.
    """
    if folder.exists() and not folder.is_dir():
        raise Refusal(f"option --out {folder}", "be a folder", "a file", "Name a folder.")


def write_findings(found: GapAnalysis, page: str, folder: Path) -> None:
    """Write all files into the folder, which is made if it is not there. They are made beside it and moved in when whole.

    Args:
        found: the findings.
        page: from `service.gaps.page.gap_page`.
        folder: other files in it are left alone.

    Raises:
        Refusal: the folder cannot be written.
    """
    contents = {
        PAGE: page,
        JSON: found.model_dump_json(indent=1) + "\n",
        GAPS: _csv(GapRow._fields, gap_rows(found)),
        REGIONS: _csv(RegionRow._fields, region_rows(found)),
    }
    write_together(contents, folder)


def _csv(columns: Iterable[str], rows: Iterable[tuple[Any, ...]]) -> str:
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return written.getvalue()
