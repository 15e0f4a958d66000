"""The forms in which match lists are written: CSV, JSON lines, Excel workbook, Parquet. All are written as a stream."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any, NamedTuple

from embeddings.errors import Refusal, shown
from matcher.log import LoggedList
from service.batch.flat import COLUMNS, Flat, flat_rows

MOST_WORKBOOK_ROWS = 1_048_576
"""Excel's own limit, the header included."""
_ROWS_AT_ONCE = 10_000


class Form(NamedTuple):
    """How lists are written to a file."""

    line_of: Callable[[int, LoggedList], str]
    """One line of JSON for the list of that row: what is kept until all lists are there."""
    write: Callable[[Path, Iterable[str]], None]
    """Writes the file from these lines, in order."""


def form_of(out: Path) -> Form:
    """The form that a file's ending asks for.

    Raises:
        Refusal: its ending names none.
    """
    form = FORMS.get(out.suffix.lower())
    if form is None:
        wanted = f"end in one of {', '.join(FORMS)}"
        raise Refusal(f"option --out {out}", wanted, shown(out.suffix), "Choose one of these forms.")
    return form


def check_length(out: Path, needs: int, k: int) -> None:
    """Return if a file of this form can hold the lists of so many needs.

    Raises:
        Refusal: an Excel workbook would have too many rows.
    """
    if out.suffix.lower() == ".xlsx" and needs * k + 1 > MOST_WORKBOOK_ROWS:
        wanted = f"have at most {MOST_WORKBOOK_ROWS:,} rows, as Excel can"
        found = f"{needs:,} needs with lists of {k}: up to {needs * k + 1:,} rows"
        raise Refusal(f"workbook {out}", wanted, found, "Write .csv or .parquet, or ask for shorter lists with -k.")


def _whole_line(number: int, entry: LoggedList) -> str:
    return entry.model_dump_json()


def _flat_line(number: int, entry: LoggedList) -> str:
    return json.dumps(flat_rows(number, entry), ensure_ascii=False, separators=(",", ":"))


def _flat(lines: Iterable[str]) -> Iterator[Flat]:
    return chain.from_iterable(map(json.loads, lines))


def _write_jsonl(file: Path, lines: Iterable[str]) -> None:
    with file.open("w", encoding="utf-8", newline="\n") as stream:
        stream.writelines(f"{line}\n" for line in lines)


def _write_csv(file: Path, lines: Iterable[str]) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(_flat(lines))


def _write_workbook(file: Path, lines: Iterable[str]) -> None:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("matches")

    def as_cell(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub(" ", value))
        # Text that begins with an equals sign would else be taken for a formula.
        cell.data_type = "s"
        return cell

    sheet.append(list(COLUMNS))
    for row in _flat(lines):
        sheet.append([as_cell(value) for value in row])
    workbook.save(file)


def _write_parquet(file: Path, lines: Iterable[str]) -> None:
    # Only here: pyarrow is large.
    import pyarrow as pa
    from pyarrow.parquet import ParquetWriter

    kinds = {str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_()}
    schema = pa.schema([(name, kinds[kind]) for name, kind in COLUMNS.items()])
    rows = _flat(lines)
    with ParquetWriter(file, schema, compression="zstd") as writer:
        while some := list(islice(rows, _ROWS_AT_ONCE)):
            columns = zip(*some, strict=True)
            arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
            writer.write_batch(pa.record_batch(arrays, schema=schema))


FORMS: dict[str, Form] = {
    ".csv": Form(_flat_line, _write_csv),
    ".jsonl": Form(_whole_line, _write_jsonl),
    ".xlsx": Form(_flat_line, _write_workbook),
    ".parquet": Form(_flat_line, _write_parquet),
}
