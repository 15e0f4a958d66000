from __future__ import annotations

import csv
import re

import pytest

from tests.data.shipped_tables import DATASETS

CARD = DATASETS / "README.md"
FILES = sorted(file.name for file in DATASETS.iterdir() if file != CARD)


def card() -> str:
    return CARD.read_text(encoding="utf-8")


def test_the_folder_has_a_data_card() -> None:
    assert CARD.is_file()
    assert len(card().split()) > 200


@pytest.mark.parametrize("name", FILES)
def test_the_card_names_every_file(name: str) -> None:
    assert f"`{name}`" in card()


@pytest.mark.parametrize("table", ["providers.csv", "evidence.csv"])
def test_the_card_explains_every_column(table: str) -> None:
    with (DATASETS / table).open(encoding="utf-8", newline="") as stream:
        columns = next(csv.reader(stream))
    assert [column for column in columns if not re.search(rf"`{column}`", card())] == []


def test_the_folder_holds_data_and_its_card_and_nothing_else() -> None:
    assert {(DATASETS / name).suffix for name in FILES if (DATASETS / name).is_file()} <= {".csv", ".jsonl", ".json", ".toml"}
