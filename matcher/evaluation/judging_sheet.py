"""A sheet that a judge fills in, as CSV or XLSX: a row a pooled pair, with what is needed to judge it.

The judge sees the need and the provider and writes a grade; who found the provider is not on the sheet. The grades:

    3  exactly what is asked for
    2  clearly useful
    1  worth a call
    0  of no use

A row without a grade is not judged, so a sheet may come back half-filled.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from embeddings.errors import Refusal, shown
from matcher.directory import Directory
from matcher.evaluation.pooling import PooledPair
from matcher.evaluation.qrels import GRADES, GRADES_IN_WORDS, QrelsRefused, as_grade
from matcher.evaluation.whole_file import whole_file
from matcher.records import Evidence, Need
from matcher.tables import Table, read_tables

PIECES = 3
"""Pieces of evidence shown for a provider."""

COLUMNS = (
    "pair",
    "need_id",
    "need_title",
    "need_text",
    "company_country",
    "provider_id",
    "provider_name",
    "provider_country",
    "provider_category",
    "provider_summary",
    *(f"evidence_{number}" for number in range(1, PIECES + 1)),
    "grade",
    "remark",
)
FORMS = (".csv", ".xlsx")

EvidenceChoice = Callable[[PooledPair], Sequence[Evidence]]
"""What is shown of a provider for a need. It must not depend on who found the provider, or the sheet is no longer blind."""

_READ = ("pair", "need_id", "provider_id", "grade")
_FORMULA = re.compile(r"'*[=+\-@\t\r\n]")
_CONTROL = re.compile(r"[\x00-\x1f]")
_WIDTHS = {"need_text": 70, "provider_summary": 50, "provider_name": 28, "need_title": 28, "grade": 8, "remark": 30}
_EVIDENCE_WIDTH, _OTHER_WIDTH = 40, 14


def check_new_sheet(file: Path) -> None:
    """Refuse a place where no sheet may be written; a sheet that is there may have grades in it.

    Raises:
        Refusal: the file ends in something else than `.csv` or `.xlsx`, or exists.
    """
    if file.suffix.lower() not in FORMS:
        raise Refusal(f"sheet {file}", f"end in one of {', '.join(FORMS)}", shown(file.suffix), "Rename it.")
    if file.exists():
        remedy = "Choose another name, or move that one away."
        raise Refusal(f"sheet {file}", "not exist yet", "one that may have grades in it", remedy)


def write_sheet(
    file: Path,
    pairs: Sequence[PooledPair],
    needs: Mapping[str, Need],
    directory: Directory,
    evidence_of: EvidenceChoice | None = None,
) -> None:
    """Write a sheet with empty grades, all or nothing, in the order of the pairs.

    Args:
        file: ends in `.csv` (UTF-8 with a mark, which spreadsheets ask for) or `.xlsx`; must not exist.
        pairs: from `matcher.evaluation.pooling.pool`.
        needs: by id; one for each need of the pairs.
        directory: has every provider of the pairs.
        evidence_of: what to show of a provider, at most three pieces; its newest evidence if left out.

    Raises:
        Refusal: as `check_new_sheet`; there are no pairs, a need is not among those given, or an id would not come back.
        NotFound: a provider is not in the directory.
    """
    check_new_sheet(file)
    if not pairs:
        raise Refusal("pool of a judging sheet", "hold at least one pair", "none", "Pool rankers that find something.")
    choice = evidence_of or (lambda pair: newest(directory.evidence_of(pair.provider_id)))
    rows = [[_guarded(cell) for cell in _row(pair, needs, directory, choice)] for pair in pairs]
    with whole_file(file) as beside:
        (_write_csv if file.suffix.lower() == ".csv" else _write_xlsx)(beside, rows)


def read_sheet(file: Path) -> dict[str, dict[str, int]]:
    """Need → provider → grade, of the rows that have one. Columns that a judge added are passed over.

    Raises:
        QrelsRefused: the first place, by line and column, that is not as it must be: the file is no judging sheet, a grade
            is none, a pair is not the one of its need and provider, or is there twice.
    """
    qrels: dict[str, dict[str, int]] = {}
    seen: dict[PooledPair, str] = {}
    for table in _sheets(file):
        for line, row in table.rows:
            place = f"sheet {table.file}, line {line}"
            pair = _pair(row, f"{place}, column pair")
            if pair in seen:
                found = f"{pair.pair_id} again (first in {seen[pair]})"
                raise QrelsRefused(f"{place}, column pair", "be there once", found, "Remove one of the two rows.")
            seen[pair] = place
            grade = _grade(row, f"{place}, column grade")
            if grade is not None:
                qrels.setdefault(pair.need_id, {})[pair.provider_id] = grade
    if not seen:
        raise QrelsRefused(f"sheet {file.name}", "hold at least one pair", "none", "Is it the sheet that was given out?")
    return qrels


def rows_of_sheet(file: Path) -> list[dict[str, str]]:
    """The rows of a sheet as they were written, one a pair, in their order; for whoever shows them one by one.

    Raises:
        QrelsRefused: as `read_sheet`.
    """
    read_sheet(file)
    rows = [row for table in _sheets(file) for _, row in table.rows]
    return [{column: _unguarded(row.get(column, "")) for column in COLUMNS} for row in rows]


def _pair(row: Mapping[str, str], place: str) -> PooledPair:
    """The row's pair, whose id shows that need and provider are still those that were written."""
    pair = PooledPair(*(_unguarded(row[column]).strip() for column in ("need_id", "provider_id")))
    told = row["pair"].strip()
    if told != pair.pair_id:
        wanted = f"be the pair of its need {shown(pair.need_id)} and provider {shown(pair.provider_id)}"
        remedy = "Copy pair, need_id and provider_id from the sheet as it was written, and enter them as text."
        raise QrelsRefused(place, wanted, shown(told), remedy)
    return pair


def _grade(row: Mapping[str, str], place: str) -> int | None:
    written = row["grade"].strip()
    grade = as_grade(written)
    if grade is None and written:
        wanted = "be a whole number from 0 to 3, or empty"
        raise QrelsRefused(place, wanted, shown(written), f"{GRADES_IN_WORDS}; empty is not judged.")
    return grade


def newest(evidence: Iterable[Evidence]) -> list[Evidence]:
    """The newest pieces, at most as many as a sheet shows; of one year, and without a year, in order of id."""
    return sorted(evidence, key=lambda item: (-(item.year or 0), item.evidence_id))[:PIECES]


def _row(pair: PooledPair, needs: Mapping[str, Need], directory: Directory, choice: EvidenceChoice) -> list[str]:
    """Cells in order of `COLUMNS`."""
    if pair.need_id not in needs:
        raise Refusal(
            "needs of a judging sheet", "hold every need of the pool", f"none called {shown(pair.need_id)}", "Add it."
        )
    for name, identifier in (("need", pair.need_id), ("provider", pair.provider_id)):
        if _CONTROL.search(identifier):
            remedy = "Give it another id: a workbook would lose them, and the grade with them."
            raise Refusal(f"id of a {name}", "have no control characters", shown(identifier), remedy)
    need, provider = needs[pair.need_id], directory.provider(pair.provider_id)
    evidence = [_in_words(item) for item in choice(pair)[:PIECES]]
    about = (provider.name, provider.country, provider.category, provider.summary)
    return [
        pair.pair_id,
        *(pair.need_id, need.title, need.text, need.country),
        *(pair.provider_id, *about),
        *(evidence + [""] * (PIECES - len(evidence))),
        *("", ""),
    ]


def _in_words(item: Evidence) -> str:
    dated = ", ".join(filter(None, (item.kind, str(item.year or ""), item.role)))
    return " ".join(filter(None, (f"{item.title} ({dated}).", item.topics and f"{item.topics}.", item.reference)))


def _guarded(text: str) -> str:
    """Text that no spreadsheet takes for a formula: an apostrophe before what begins like one.

    See OWASP, "CSV Injection" (https://owasp.org/www-community/attacks/CSV_Injection). Text that begins with apostrophes
    and then like a formula gets one more, so that reading gives back exactly what was written.
    """
    return f"'{text}" if _FORMULA.match(text) else text


def _unguarded(text: str) -> str:
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def _write_csv(file: Path, rows: list[list[str]]) -> None:
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows([COLUMNS, *rows])


def _write_xlsx(file: Path, rows: list[list[str]]) -> None:
    from openpyxl import Workbook
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "judging"
    for row in [COLUMNS, *rows]:
        # XML cannot carry control characters.
        sheet.append([ILLEGAL_CHARACTERS_RE.sub(" ", cell) for cell in row])
    for number, column in enumerate(COLUMNS, start=1):
        width = _EVIDENCE_WIDTH if column.startswith("evidence_") else _WIDTHS.get(column, _OTHER_WIDTH)
        sheet.column_dimensions[get_column_letter(number)].width = width
    for cells in sheet.iter_rows():
        for cell in cells:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "B2"
    meanings = "\n".join(f"{grade} {meaning}" for grade, meaning in GRADES.items())
    choice = DataValidation(type="list", formula1=f'"{",".join(str(grade) for grade in GRADES)}"', allow_blank=True)
    choice.promptTitle, choice.prompt = "Grade", f"{meanings}\nempty: not judged"
    choice.showInputMessage = choice.showErrorMessage = True
    letter = get_column_letter(COLUMNS.index("grade") + 1)
    choice.add(f"{letter}2:{letter}{len(rows) + 1}")
    sheet.add_data_validation(choice)
    workbook.save(file)
    workbook.close()


def _sheets(file: Path) -> list[Table]:
    """The tables of the file that are judging sheets; other sheets of a workbook are the judge's own."""
    tables = read_tables(file)
    sheets = [table for table in tables if "pair" in table.columns] or tables
    for table in sheets:
        for problem in table.problems:
            raise QrelsRefused(f"sheet {problem.place}", problem.required, problem.found, problem.remedy)
        missing = [column for column in _READ if column not in table.columns]
        if missing:
            found = f"the columns {shown(', '.join(table.columns))}" if table.columns else "nothing"
            wanted = f"be a judging sheet, with the columns {', '.join(_READ)}"
            raise QrelsRefused(f"sheet {table.file}, line 1", wanted, found, f"Give back the column {missing[0]}.")
    return sheets
