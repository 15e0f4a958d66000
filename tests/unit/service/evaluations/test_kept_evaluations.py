"""Evaluations that are kept: made whole or not at all, once each, and read as they stand in the folder."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from matcher.errors import NotFound
from matcher.evaluation.comparison import NotComparable
from service.evaluation import write_evaluation
from service.evaluations.figures import main_figures
from service.evaluations.kept import KeptEvaluations, compared
from tests.unit.service.evaluations.tiny_evaluation import better, tiny_evaluation


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return tiny_evaluation(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def kept(tmp_path: Path) -> KeptEvaluations:
    return KeptEvaluations(tmp_path / "home" / "evaluations")


def written(content: dict[str, Any]) -> bytes:
    return json.dumps(content).encode()


def test_there_are_none_before_there_is_a_folder(kept: KeptEvaluations) -> None:
    assert kept.all() == []
    with pytest.raises(NotFound, match="evaluation"):
        kept.get("none")


def test_what_was_kept_is_there_with_who_sent_it(kept: KeptEvaluations, content: dict[str, Any]) -> None:
    one = kept.get(kept.add(" spring\n.json", written(content), "An evaluator"))
    assert (one.name, one.by, one.broken) == ("spring .json", "An evaluator", "")
    assert one.figures == main_figures(content, "spring.json")
    assert kept.content(one) == content
    assert kept.all() == KeptEvaluations(kept.root).all() == [one]


def test_the_newest_comes_first(kept: KeptEvaluations, content: dict[str, Any]) -> None:
    first = kept.add("one.json", written(content), "")
    second = kept.add("two.json", written(better(content)), "")
    assert [one.evaluation_id for one in kept.all()] == [second, first]
    assert kept.add("one again.json", written(content), "") == first


def test_nothing_is_left_of_what_is_refused(kept: KeptEvaluations, content: dict[str, Any]) -> None:
    for refused in (b"[]", written(content | {"cuts": [{**content["cuts"][0], "rankers": {}}]})):
        with pytest.raises(NotComparable, match=r"'other\.json'"):
            kept.add("other.json", refused, "")
    assert not kept.root.exists()


def test_what_the_command_wrote_anew_is_read_anew(kept: KeptEvaluations, content: dict[str, Any]) -> None:
    kept.root.mkdir(parents=True)
    write_evaluation(content, "first", kept.root / "spring")
    before = kept.get("spring")
    assert (before.name, before.by, kept.report(before)) == ("spring", "", "first")
    write_evaluation(better(content), "second", kept.root / "spring")
    os.utime(kept.root / "spring" / "evaluation.json", (2_000_000_000, 2_000_000_000))
    after = kept.get("spring")
    assert after.figures is not None
    assert after.figures.model == "cafe0123cafe0123"
    assert kept.report(after) == "second"


def test_what_cannot_be_read_says_why(kept: KeptEvaluations) -> None:
    (kept.root / "broken").mkdir(parents=True)
    (kept.root / "broken" / "evaluation.json").write_text('{"format": Infinity}', encoding="utf-8")
    one = kept.get("broken")
    assert one.figures is None
    assert "Infinity, which is no number" in one.broken
    with pytest.raises(NotComparable, match="'broken'"):
        kept.report(one)


@pytest.mark.parametrize("name", [".new-x", "..", "a/b", "", "a" * 101])
def test_other_folders_are_none_of_them(kept: KeptEvaluations, content: dict[str, Any], name: str) -> None:
    kept.root.mkdir(parents=True)
    write_evaluation(content, "", kept.root.parent)
    write_evaluation(content, "", kept.root / ".new-x")
    with pytest.raises(NotFound):
        kept.get(name)
    assert kept.all() == []


def test_two_are_compared_in_the_cuts_that_both_have(content: dict[str, Any]) -> None:
    fewer = content | {"cuts": content["cuts"][1:]}
    for one, other in ((content, fewer), (fewer, content)):
        assert [cut["name"] for cut in compared(one, other, "x")["cuts"]] == [content["cuts"][1]["name"]]
    with pytest.raises(NotComparable, match="cuts of x"):
        compared(content | {"cuts": content["cuts"][:1]}, fewer, "x")
