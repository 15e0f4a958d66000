"""Needs from the rows of a file: each row is a need, or told why it is none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from embeddings.errors import shown
from matcher.errors import Problem
from matcher.records import Need
from matcher.validation import parts_of
from service.batch.rows import Row, read_rows

SEVERAL = ("company_ids", "categories")
"""Fields that hold several values, in one cell separated by semicolons."""
COLUMNS = ("id", *(name for name in Need.model_fields if name != "need_id"))
"""Columns that a file may have, as people name them; `need_id` is known too."""
_KNOWN = {*COLUMNS, "need_id"}


class ReadNeed(NamedTuple):
    """A need of a file."""

    number: int
    """Of its row, from 1; rows that were refused have their number too."""
    row: Row
    need: Need


class RefusedRow(NamedTuple):
    """A row that is no need, or the place from which the file cannot be read."""

    number: int
    row: Row | None
    problems: tuple[Problem, ...]


def needs_of(file: Path, about: Mapping[str, str]) -> Iterator[ReadNeed | RefusedRow]:
    """Needs in order of the file, and the rows between them that are none. Numbers depend on nothing but the file.

    Args:
        file: to read.
        about: fields that hold for every need that does not say otherwise.
    """
    number = 0
    for number, row in enumerate(read_rows(file), start=1):
        if isinstance(row, Problem):
            yield RefusedRow(number, None, (row,))
            continue
        values, problems = _values(row, about)
        if not problems:
            try:
                yield ReadNeed(number, row, Need.model_validate(values))
                continue
            except ValidationError as error:
                problems = [_problem(row, one) for one in error.errors()]
        yield RefusedRow(number, row, tuple(problems))
    if number == 0:
        wanted, remedy = "hold at least one need", f"Write one a row; columns are {', '.join(COLUMNS)}."
        yield RefusedRow(1, None, (Problem(file.name, 0, "", wanted, "none", remedy),))


def _values(row: Row, about: Mapping[str, str]) -> tuple[dict[str, Any], list[Problem]]:
    """Fields of a need, and what is wrong with the cells themselves."""
    values: dict[str, Any] = dict(about)
    problems = []
    for column, cell in row.cells.items():
        if column not in _KNOWN:
            known = f"be one of {', '.join(COLUMNS)}"
            problems.append(Problem(row.file, row.line, column, known, "another column", "Remove it or correct its name."))
        elif column == "id" and "need_id" in row.cells:
            problems.append(Problem(row.file, row.line, column, "be the only id", "need_id too", "Remove one of the two."))
        elif column in SEVERAL:
            values[column] = _several(cell)
        else:
            values["need_id" if column == "id" else column] = _one(cell)
    return values, problems


def _several(cell: Any) -> Any:
    if isinstance(cell, str):
        return [one for part in cell.split(";") if (one := part.strip())]
    return [_one(one) for one in cell] if isinstance(cell, list) else [_one(cell)]


def _one(cell: Any) -> Any:
    """A cell as text; what cannot be one is left as it is, to be refused with its place."""
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat()
    if isinstance(cell, dt.date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell) if isinstance(cell, int | float) else cell


def _problem(row: Row, error: Mapping[str, Any]) -> Problem:
    _, wanted, found, remedy = parts_of(error, "row")
    field = str(error["loc"][0]) if error["loc"] else ""
    column = "id" if field == "need_id" and "need_id" not in row.cells else field
    if error["type"] == "missing":
        found, remedy = "nothing", f"Fill in the column {column}."
    elif error["type"] == "string_type":
        found = shown(error.get("input"))
    return Problem(row.file, row.line, column, wanted, found, remedy)
