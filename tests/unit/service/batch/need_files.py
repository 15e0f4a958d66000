"""Files of needs in every form, and what a watcher of a batch heard."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FORMS = (".csv", ".xlsx", ".jsonl", ".parquet")
STORIES = (
    "We look for inhalation toxicology with lung models.",
    "We make an inhaler in Leiden. We look for a vaccine filling line for clinical batches.",
    "We need a patent attorney for biotech inventions. Soon.",
    "Venture capital for a heart valve company, seed round.",
)


def rows(count: int, **more: Any) -> list[dict[str, Any]]:
    """Needs of small companies, each with an id and its own words."""
    return [
        {
            "id": f"n-{number}",
            "text": f"{STORIES[number % len(STORIES)]} Ours is number {number}.",
            "country": ("NL", "DE", "FR")[number % 3],
            "company": f"Company {number}",
            "categories": "technology;commercial" if number % 5 == 0 else "",
            **more,
        }
        for number in range(count)
    ]


def write(file: Path, table: Sequence[dict[str, Any]]) -> Path:
    """The rows in the form that the file's ending names."""
    columns = list(dict.fromkeys(column for row in table for column in row))
    if file.suffix in (".csv", ".tsv"):
        with file.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, columns, delimiter="\t" if file.suffix == ".tsv" else ",", lineterminator="\n")
            writer.writeheader()
            writer.writerows(table)
    elif file.suffix == ".jsonl":
        file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in table), encoding="utf-8")
    elif file.suffix == ".xlsx":
        from openpyxl import Workbook

        workbook = Workbook()
        assert workbook.active is not None
        workbook.active.append(columns)
        for row in table:
            workbook.active.append([row.get(column) for column in columns])
        workbook.save(file)
    else:
        import pyarrow as pa
        import pyarrow.parquet as pq

        pq.write_table(pa.table({column: [row.get(column) for row in table] for column in columns}), file)
    return file


def read(file: Path) -> list[dict[str, Any]]:
    """The rows of a file of match lists in one of the flat forms, empty cells as `None`."""
    if file.suffix == ".csv":
        with file.open(encoding="utf-8", newline="") as stream:
            return [{name: cell or None for name, cell in row.items()} for row in csv.DictReader(stream)]
    if file.suffix == ".xlsx":
        from openpyxl import load_workbook

        header, *cells = load_workbook(file).active.iter_rows(values_only=True)
        return [dict(zip(header, row, strict=True)) for row in cells]
    import pyarrow.parquet as pq

    return [{name: None if cell == "" else cell for name, cell in row.items()} for row in pq.read_table(file).to_pylist()]


@dataclass
class Heard:
    """What `service.batch.run.Watcher` is told."""

    rows: list[int] = field(default_factory=list)
    done: list[tuple[int, int]] = field(default_factory=list)
    stop_after: int | None = None
    """Lists on record after which the batch is ended, as by whoever interrupts it."""

    def checked(self, rows: int) -> None:
        self.rows.append(rows)

    def matched(self, done: int, needs: int) -> None:
        self.done.append((done, needs))
        if self.stop_after is not None and done >= self.stop_after:
            raise KeyboardInterrupt
