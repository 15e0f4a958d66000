"""Rows of a Parquet file as they come."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from embeddings.errors import shown
from matcher.errors import Problem
from service.batch.rows import Row, checked_row

_ROWS_AT_ONCE = 1_000


def parquet_rows(file: Path) -> Iterator[Row | Problem]:
    """Rows by the names of the columns; the line is the row's number, from 1."""
    # Only here: pyarrow is large.
    from pyarrow import ArrowException
    from pyarrow.parquet import ParquetFile

    line = 0
    file.open("rb").close()  # an error of the file system is told in its own words
    try:
        with ParquetFile(file) as table:
            for batch in table.iter_batches(batch_size=_ROWS_AT_ONCE):
                for values in batch.to_pylist():
                    line += 1
                    yield checked_row(Row(file.name, line, values))
    except ArrowException as error:
        remedy = "Write it again with a library that can."
        yield Problem(file.name, line, "", "be a Parquet file", shown(str(error), 100), remedy)
