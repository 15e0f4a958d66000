"""What a company says of itself, read from a file."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from matcher.programme.sme import size_of
from service.cli.programme.applicant_file import (
    EXAMPLE,
    LARGEST_FILE,
    ApplicantRefused,
    applicant_from,
    read_applicant,
)


def problems(text: str | bytes, file: str = "a.toml") -> list[tuple[int, str, str]]:
    """Line, column and what was required of everything that is wrong."""
    with pytest.raises(ApplicantRefused) as error:
        applicant_from(file, text if isinstance(text, bytes) else text.encode())
    return [(one.line, one.column, one.required) for one in error.value.problems]


def changed(**changes: str) -> str:
    """The example with other values, by what stands there."""
    text = EXAMPLE
    for old, new in changes.items():
        line = next(line for line in text.splitlines() if line.startswith(f"{old} = "))
        text = text.replace(line, f"{old} = {new}", 1)
    return text


def test_the_example_is_in_order_and_its_sums_are_to_the_cent(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(EXAMPLE, encoding="utf-8")
    found = read_applicant(tmp_path / "a.toml")
    assert found.de_minimis == 1_250_000
    assert [one.turnover for one in found.accounts] == [135_000_000, 162_000_000]
    assert found.relations[0].accounts[0].headcount == 6
    assert size_of(found).is_sme is True


@pytest.mark.parametrize("file", ["a.json", "standard input"])
def test_the_same_as_json_is_the_same_company(file: str) -> None:
    text = json.dumps(tomllib.loads(EXAMPLE))
    assert applicant_from(file, text.encode()) == applicant_from("a.toml", EXAMPLE.encode())


def test_every_mistake_is_named_with_its_line_and_field() -> None:
    text = changed(de_minimis="12_500.005", is_new='"no"', headcount="-1", kind='"friend"', share="101")
    assert problems(text + "colour = 3\n") == [
        (5, "de_minimis", "be in euros with at most two decimals"),
        (7, "is_new", "be true or false"),
        (12, "accounts[1].headcount", "be at least 0"),
        (25, "relation[1].kind", "be one of 'linked', 'partner' or 'public body'"),
        (26, "relation[1].share", "be at most 100"),
        (34, "relation[1].accounts[1].colour", "be a known field"),
    ]


WRONG: dict[str, tuple[str | bytes, str, str]] = {
    "no toml": ("accounts = [", "", "be well-formed TOML"),
    "no utf-8": (b'name = "\xff"', "", "be UTF-8"),
    "a year twice": (changed(year="2025"), "accounts", "tell each year once"),
    "a partner of too much": (changed(share="51"), "relation[1]", "be at most 50 percent where it is a partner"),
    "a linked one that is exempt": (changed(kind='"linked"', exempt="true"), "relation[1]", "not be exempt"),
    "a truth value as a number": (changed(headcount="true"), "accounts[1].headcount", "be something else than true"),
    "one table": ("[accounts]\nyear = 2025\n", "accounts", "be a list of tables"),
    "no turnover": ("[[accounts]]\nyear = 2025\nheadcount = 1\nbalance_sheet = 1\n", "accounts[1].turnover", "be given"),
    "a sum that is none": (changed(turnover='"much"'), "accounts[1].turnover", "be in euros"),
    "fields of the service": ('{"relations": []}', "relations", "be a known field"),
    "no table": ("1, 2", "", "be well-formed TOML"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_told_with_its_place(name: str) -> None:
    text, column, required = WRONG[name]
    told = [one for one in problems(text) if one[1] == column]
    assert told
    assert told[0][2].startswith(required)


@pytest.mark.parametrize(
    ("text", "column", "required"),
    [
        ("[]", "", "be an object with named fields"),
        ("{", "", "be well-formed JSON"),
        ("[" * 100_000, "", "be well-formed JSON"),
        (b"\xff", "", "be UTF-8"),
        ('{"accounts": 3}', "accounts", "be a list of tables"),
        ('{"accounts": [3]}', "accounts[1]", "be a table"),
        ('{"relation": [{"kind": "linked", "accounts": [{}]}]}', "relation[1].accounts[1].year", "be given"),
        ('{"de_minimis": NaN}', "de_minimis", "be in euros"),
        ('{"de_minimis": true}', "de_minimis", "be in euros"),
    ],
)
def test_json_that_is_wrong_is_told_with_its_place(text: Any, column: str, required: str) -> None:
    told = [one for one in problems(text, "a.json") if one[1] == column]
    assert told
    assert told[0][2].startswith(required)


def test_a_file_that_is_not_there_or_too_large_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ApplicantRefused, match="be readable"):
        read_applicant(tmp_path / "nowhere.toml")
    with pytest.raises(ApplicantRefused, match="be readable"):
        read_applicant(tmp_path)
    assert problems("#" * (LARGEST_FILE + 1))[0][2] == "have at most 1,000,000 bytes"
