"""Bad files of every kind that the command line reads: each is refused in one form, and never with another exception."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from embeddings.errors import Refusal
from matcher.log import Once
from service.desk import Desk
from tests.contract.bad_files import Reader, readers
from tests.fakes import need, request

_FORM = re.compile(r"The .+ must .+\. Got .+\.", re.DOTALL)
_KINDS = (
    "providers.csv",
    "evidence.csv",
    "providers.jsonl",
    "one.jsonl",
    "book.xlsx",
    "needs.jsonl",
    "need.jsonl",
    "sheet.csv",
    "sheet.xlsx",
    "model.json",
    "backup.sqlite3",
)
FEWEST = 1_500


@pytest.fixture
def kinds(tmp_path: Path, small_desk: Desk) -> dict[str, Reader]:
    once = Once(caller="a test", key="k", request="r")
    small_desk.answer(request(need=need(company="Lung BV")), asked_by="a test", once=once)
    folder = tmp_path / "made"
    folder.mkdir()
    made = {one.file: one for one in readers(folder, small_desk.log)}  # type: ignore[arg-type]
    assert tuple(made) == _KINDS
    return made


def read(reader: Reader, content: bytes, folder: Path) -> Refusal | None:
    """The refusal; nothing where the file is read."""
    file = folder / reader.file
    file.write_bytes(content)
    try:
        assert reader.read(file) is not None
    except Refusal as refusal:
        return refusal
    return None


@pytest.mark.parametrize("kind", _KINDS)
def test_a_bad_file_is_refused_and_nothing_else_happens(kinds: dict[str, Reader], kind: str, tmp_path: Path) -> None:
    reader, refused, wrong = kinds[kind], 0, []
    cases = list(reader.damage(reader.good))
    assert read(reader, reader.good, tmp_path) is None
    for name, content in cases:
        try:
            refusal = read(reader, content, tmp_path)
        except Exception as error:
            wrong.append(f"{name}: {type(error).__name__}: {error}"[:300])
            continue
        if refusal is not None:
            refused += 1
            said = str(refusal)
            if not _FORM.match(said) or len(said) > 2_000 or "Traceback" in said:
                wrong.append(f"{name}: says {said[:500]}")
    assert wrong == []
    # Of a few nobody can tell: a letter more in a title is a title.
    assert refused > len(cases) / 4


def test_there_are_enough_of_them(kinds: dict[str, Reader]) -> None:
    assert sum(len(list(reader.damage(reader.good))) for reader in kinds.values()) >= FEWEST
