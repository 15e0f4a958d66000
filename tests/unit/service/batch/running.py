"""Batches over the small desk, and what two of them have in common."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from matcher.log import ListQuery, LoggedList
from service.batch.run import Order, run_batch
from service.desk import Desk
from service.settings import Settings
from tests.unit.service.batch.need_files import Heard, read

COUNT = 23
"""Needs of a batch, unless a test says otherwise."""


def batch(desk: Desk, file: Path, out: str = "out.csv", heard: Heard | None = None, **more: Any) -> Path:
    order = Order(file=file, out=file.parent / out, **more)
    run_batch(order, desk, Settings(), heard or Heard())
    return order.out


def stopped(desk: Desk, file: Path, after: int, out: str = "out.csv", **more: Any) -> None:
    with pytest.raises(KeyboardInterrupt):
        batch(desk, file, out, Heard(stop_after=after), **more)


def lists_of(desk: Desk) -> list[LoggedList]:
    return [desk.log.get(one.list_id) for one in reversed(desk.log.lists(ListQuery(limit=10_000)))]


def comparable(file: Path) -> list[dict[str, Any]]:
    """What two batches of the same needs have in common."""
    if file.suffix == ".jsonl":
        return [LoggedList.model_validate_json(line).answer.model_dump() for line in file.read_text().splitlines()]
    return [{name: value for name, value in row.items() if name != "list_id"} for row in read(file)]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if "log.sqlite3" not in path.name)
