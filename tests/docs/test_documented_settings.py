from __future__ import annotations

import re
from pathlib import Path

import pytest

from service.settings import Settings
from tests.docs.pages import PAGES, README, ROOT

NOT_OF_THE_SERVICE = {"CROSSMATCH_RAW_DATA"}
"""Read by tests or scripts only."""
ROW = re.compile(r"^\| *`(CROSSMATCH_\w+)` *\|(.+)\|(.+)\|$", re.M)


def names() -> set[str]:
    return {f"CROSSMATCH_{field.upper()}" for field in Settings.model_fields}


def rows() -> dict[str, str]:
    """Setting → its default, as the table says."""
    return {name: default.strip() for name, _, default in ROW.findall(README.read_text(encoding="utf-8"))}


def test_the_table_of_the_readme_has_every_setting_and_no_other() -> None:
    assert set(rows()) == names()


@pytest.mark.parametrize("field", [name for name, info in Settings.model_fields.items() if isinstance(info.default, int)])
def test_the_table_states_the_default_number(field: str) -> None:
    stated = re.sub(r"\D", "", rows()[f"CROSSMATCH_{field.upper()}"])
    assert stated == str(Settings.model_fields[field].default)


def test_the_table_states_the_default_encoder() -> None:
    assert rows()["CROSSMATCH_ENCODER"] == f"`{Settings.model_fields['encoder'].default}`"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_page_names_a_setting_that_does_not_exist(page: Path) -> None:
    named = set(re.findall(r"CROSSMATCH_[A-Z_]+[A-Z]", page.read_text(encoding="utf-8")))
    assert named - names() - NOT_OF_THE_SERVICE - others() == set()


def others() -> set[str]:
    """What tests and benchmarks read from the environment."""
    files = [*(ROOT / "tests").rglob("*.py"), *(ROOT / "benchmarks").rglob("*.py"), *(ROOT / "scripts").rglob("*.py")]
    return {
        name for file in files for name in re.findall(r"environ\S*?\W\"(CROSSMATCH_\w+)\"", file.read_text(encoding="utf-8"))
    }
