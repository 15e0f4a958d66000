from __future__ import annotations

from pathlib import Path

import pytest

from service.batch import run
from tests.unit.service.batch.need_files import rows, write
from tests.unit.service.batch.running import COUNT


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several parts of a batch even where it is small."""
    monkeypatch.setattr(run, "RECORDED_AT_ONCE", 4)
    monkeypatch.setattr(run, "_ENCODED_AT_ONCE", 2)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write(tmp_path / "needs.csv", rows(COUNT))
