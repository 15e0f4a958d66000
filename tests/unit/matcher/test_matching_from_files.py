from __future__ import annotations

from pathlib import Path

import pytest

from matcher.directory import load_directory
from matcher.index import ProviderIndex
from matcher.pipeline import build_matcher
from matcher.records import MatchList
from tests.fakes import FakeEncoder, need, request, small_directory
from tests.unit.matcher.directory_files import write_lines


def answer(folder: Path, step: int) -> MatchList:
    """The list from files whose rows are turned round `step` places, and backwards where it is odd."""

    def turned(lines: list[str]) -> list[str]:
        lines = lines[step:] + lines[:step]
        return lines[::-1] if step % 2 else lines

    directory = small_directory()
    providers = [p.model_dump_json(exclude_defaults=True) for p in directory.providers]
    evidence = [e.model_dump_json(exclude_defaults=True) for e in directory.evidence]
    files = [write_lines(folder, "p.jsonl", *turned(providers)), write_lines(folder, "e.jsonl", *turned(evidence))]
    index = ProviderIndex.build(load_directory(files), FakeEncoder())
    return build_matcher(index, FakeEncoder()).match(request(need=need(text="Lung models and a vaccine plant")))


@pytest.mark.parametrize("step", [1, 2, 3])
def test_the_list_does_not_depend_on_the_order_of_rows(tmp_path: Path, step: int) -> None:
    first = answer(tmp_path, 0)
    assert first.matches
    assert answer(tmp_path, step).model_dump() == first.model_dump()
