"""Rows of a CSV file as they come."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from matcher.errors import Problem
from matcher.tables import LARGEST_CELL
from service.batch.rows import Header, Row
from service.batch.text_lines import NoText, text_lines


def csv_rows(file: Path) -> Iterator[Row | Problem]:
    """Rows of a table whose first line that is not blank is the header; the delimiter is comma, semicolon or tab."""
    lines, skipped, first = text_lines(file), 0, ""
    try:
        for first in lines:
            if first.strip():
                break
            skipped += 1
    except NoText as refused:
        yield refused.problem
        return
    delimiter = max(",;\t", key=first.count)
    # A cell of more would be gathered for as long as its quotes are not closed.
    csv.field_size_limit(10 * LARGEST_CELL)
    reader = csv.reader(chain([first], lines), delimiter=delimiter, strict=True)
    header: Header | None = None
    while True:
        line = skipped + reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except NoText as refused:
            yield refused.problem
            return
        except csv.Error as error:
            remedy = "Close the quotes of the row that begins here."
            yield Problem(file.name, line, "", "be well-formed CSV", str(error), remedy)
            return
        if not any(cell.strip() for cell in cells):
            continue  # a blank line, or the empty rows that spreadsheets append
        if header is None:
            header = Header(file.name, line, cells)
            wrong = header.problem()
            if wrong is not None:
                yield wrong
                return
        else:
            yield header.row(line, cells, delimiter)
