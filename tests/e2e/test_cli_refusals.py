"""Refused input: one line that says what is wrong, exit code 1, nothing on record."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest

from tests.e2e.command import NEED, Command, Result, check_refused, run_all

DK = ("--country", "DK")
REFUSED_OPTIONS: dict[str, tuple[tuple[str | bytes, ...], str]] = {
    "blank need": (("--need", " \t", *DK), "say what is looked for"),
    "emoji": (("--need", "🫁🫁🫁", *DK), "say in words"),
    "half a character": (("--need", b"toxicology \xff laboratory", *DK), "text of the need"),
    "half a character in who asks": (("--need", NEED, *DK, "--asked-by", b"\xff"), "asked"),
    "a novel for who asks": (("--need", NEED, *DK, "--asked-by", "a" * 100_000), "asked"),
    "too long": (("--need", "abcdefghi " * 1000 + "x", *DK), "at most 10,000 characters"),
    "unknown country": (("--need", NEED, "--country", "XX"), "'XX'"),
    "country often meant": (("--need", NEED, "--country", "UK"), "Write GB."),
    "unknown language": (("--need", NEED, *DK, "--language", "Danish"), "language of the need"),
    "unknown kind": (("--need", NEED, *DK, "--kind", "wish"), "kind of the need"),
    "unknown category": (("--need", NEED, *DK, "--category", "magic"), "categories of the filters"),
    "unknown policy": (("--need", NEED, *DK, "--policy", "always"), "mode of the policy"),
    "no bonus": (("--need", NEED, *DK, "--beta", "0"), "beta of the policy"),
    "endless bonus": (("--need", NEED, *DK, "--beta", "inf"), "beta of the policy"),
    "floor in words": (("--need", NEED, *DK, "--floor", "most"), "--floor"),
    "floor above itself": (("--need", NEED, *DK, "--floor", "3/2"), "floor of the policy"),
    "floor in other digits": (("--need", NEED, *DK, "--floor", "²/³"), "--floor"),
    "k 0": (("--need", NEED, *DK, "-k", "0"), "k of the request must be at least 1"),
    "k 101": (("--need", NEED, *DK, "-k", "101"), "k of the request must be at most 100"),
    "empty standard input": (DK, "say what is looked for"),
    "missing file": (("--need-file", "missing.txt", *DK), "No such file or directory"),
    "folder for a file": (("--need-file", ".", *DK), "Is a directory"),
}


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Result]]:
    """What came of every entry of both tables; there is no log afterwards."""
    command = Command(tmp_path_factory.mktemp("home"))
    calls = {name: partial(command, "match", *arguments) for name, (arguments, _) in REFUSED_OPTIONS.items()}
    for name, (file, content, _) in REFUSED_FILES.items():
        path = tmp_path_factory.mktemp("needs") / file
        path.write_bytes(content)
        calls[f"file {name}"] = partial(command, "match", "--need-file", path, *(() if path.suffix == ".jsonl" else DK))
    yield run_all(calls)
    assert list(command.home.iterdir()) == []


@pytest.mark.parametrize("name", REFUSED_OPTIONS)
def test_an_option_that_cannot_be_met_is_refused_in_one_line(refused: dict[str, Result], name: str) -> None:
    check_refused(refused[name], REFUSED_OPTIONS[name][1])


def test_an_unknown_region_is_refused_with_the_known_ones(command: Command) -> None:
    check_refused(command("match", "--need", NEED, *DK, "--in-region", "atlantis"), "'atlantis'", "dk-danmark")
    assert command("log", "list", "--json").out == ""


REFUSED_FILES: dict[str, tuple[str, bytes, str]] = {
    "Latin-1": ("need.txt", "Wir suchen ein Labor\nfür Lungenmodelle".encode("latin-1"), "byte 0xFC in line 2"),
    "UTF-16": ("need.txt", "Wir suchen ein Labor".encode("utf-16"), "UTF-8"),
    "empty file": ("need.txt", b"", "say what is looked for"),
    "NUL": ("need.txt", b"toxicology\0laboratory", "NUL"),
    "not JSON": ("needs.jsonl", b'{"text": "toxicology", "country": "NL"}\n\n{"text": \n', "needs.jsonl, line 3"),
    "not an object": ("needs.jsonl", b'["toxicology"]\n', "needs.jsonl, line 1"),
    "blank need": ("needs.jsonl", b'{"text": "toxicology", "country": "NL"}\n{"text": " ", "country": "NL"}\n', "line 2"),
    "no country": ("needs.jsonl", b'{"text": "toxicology"}\n', "country of the need in needs.jsonl, line 1"),
    "unknown field": ("needs.jsonl", b'{"text": "toxicology", "country": "NL", "colour": "red"}\n', "colour"),
    "number for an id": ("needs.jsonl", b'{"text": "toxicology", "country": "NL", "id": 7}\n', "need_id"),
    "no needs": ("needs.jsonl", b"\n\n", "at least one need"),
    "Latin-1 line": ("needs.jsonl", '{"text": "Geräte", "country": "DE"}\n'.encode("latin-1"), "byte 0xE4 in line 1"),
    "nested beyond all depth": ("needs.jsonl", b"[" * 100_000 + b"\n", "line 1"),
}


@pytest.mark.parametrize("name", REFUSED_FILES)
def test_a_file_that_cannot_be_read_is_refused_with_its_line(refused: dict[str, Result], name: str) -> None:
    check_refused(refused[f"file {name}"], REFUSED_FILES[name][2])
