from __future__ import annotations

from pathlib import Path

import pytest

from embeddings.errors import Refusal
from matcher.evaluation.qrels import QrelsRefused, read_qrels, write_qrels


def written(folder: Path, content: str | bytes) -> Path:
    file = folder / "judge.qrels"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def test_four_columns_with_any_white_space_between_them_are_read(tmp_path: Path) -> None:
    file = written(tmp_path, "n1 0 aqua 3\n\nn1\t0\tbruno\t0\r\n  n2   Q0 carla 1")
    assert read_qrels(file) == {"n1": {"aqua": 3, "bruno": 0}, "n2": {"carla": 1}}


def test_a_byte_order_mark_is_not_part_of_the_first_need(tmp_path: Path) -> None:
    assert read_qrels(written(tmp_path, "n1 0 aqua 3\n".encode("utf-8-sig"))) == {"n1": {"aqua": 3}}


def test_a_judgement_that_is_there_twice_with_one_grade_is_one(tmp_path: Path) -> None:
    assert read_qrels(written(tmp_path, "n1 0 aqua 3\nn1 0 aqua 3\n")) == {"n1": {"aqua": 3}}


def test_known_needs_and_providers_are_taken(tmp_path: Path) -> None:
    file = written(tmp_path, "n1 0 aqua 3\n")
    assert read_qrels(file, known_needs={"n1", "n2"}, known_providers=["aqua"]) == {"n1": {"aqua": 3}}


REFUSED: dict[str, tuple[str | bytes, tuple[str, ...]]] = {
    "three columns": ("n1 0 aqua 3\nn1 0 aqua\n", ("The line 2 of judge.qrels must", "four columns", "Got 3: 'n1 0 aqua'")),
    "five columns": ("n1 0 aqua 3 yes\n", ("line 1 of judge.qrels", "Got 5")),
    "a comma": ("n1,0,aqua,3\n", ("line 1", "Got 1")),
    "grade 4": ("n1 0 aqua 4\n", ("The grade in line 1", "whole number from 0 to 3. Got '4'. 3 exactly what is asked for;")),
    "negative grade": ("\nn1 0 aqua -1\n", ("line 2", "'-1'")),
    "half a grade": ("n1 0 aqua 2.5\n", ("'2.5'",)),
    "a grade in other digits": ("n1 0 aqua ²\n", ("'²'",)),
    "a grade in words": ("n1 0 aqua good\n", ("'good'",)),
    "a pair with two grades": (
        "n1 0 aqua 3\nn2 0 aqua 1\nn1 0 aqua 2\n",
        ("line 3", "grade 2 for 'n1' and 'aqua', which line 1 gives 3"),
    ),
    "an empty file": ("", ("The file judge.qrels must hold at least one judgement. Got none.",)),
    "blank lines": ("\n \n\t\n", ("at least one judgement",)),
    "Latin-1": ("n1 0 aqua 3\nn1 0 Mühle 3\n".encode("latin-1"), ("line 2 of judge.qrels must be UTF-8. Got byte 0xFC",)),
    "Latin-1 after a mark": (b"\xef\xbb\xbfn1 0 aqua 3\nn1 0 M\xfc 3\n", ("line 2", "byte 0xFC")),
    "UTF-16": ("n1 0 aqua 3\n".encode("utf-16"), ("line 1", "be UTF-8")),
    "unknown need": ("n1 0 aqua 3\nn9 0 aqua 3\n", ("The need in line 2", "one of the needs. Got 'n9'. Correct the id")),
    "unknown provider": ("n1 0 zoe 3\n", ("The provider in line 1", "be in the directory. Got 'zoe'. Correct the id")),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_as_it_must_be_is_refused_with_its_line(name: str, tmp_path: Path) -> None:
    content, words = REFUSED[name]
    with pytest.raises(QrelsRefused) as caught:
        read_qrels(written(tmp_path, content), known_needs={"n1", "n2"}, known_providers={"aqua"})
    for word in words:
        assert word in str(caught.value)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(QrelsRefused, match="No such file"):
        read_qrels(tmp_path / "none.qrels")


def test_qrels_are_written_in_order(tmp_path: Path) -> None:
    write_qrels(tmp_path / "q", {"n2": {"b": 1}, "n1": {"b": 0, "a": 3}, "n0": {}})
    assert (tmp_path / "q").read_bytes() == b"n1 0 a 3\nn1 0 b 0\nn2 0 b 1\n"


@pytest.mark.parametrize(
    ("qrels", "words"),
    [
        ({"n1": {"aqua": 4}}, "grade of 'aqua' for 'n1' must be a whole number from 0 to 3. Got 4."),
        ({"n1": {"a b": 1}}, "id of a provider must have no white space in it. Got 'a b'."),
        ({"": {"a": 1}}, "id of a need must have no white space"),
        ({}, "at least one judgement"),
        ({"n1": {}}, "at least one judgement"),
    ],
)
def test_what_cannot_be_written_leaves_the_old_file_as_it_was(
    tmp_path: Path, qrels: dict[str, dict[str, int]], words: str
) -> None:
    file = written(tmp_path, "n1 0 aqua 3\n")
    with pytest.raises(QrelsRefused) as caught:
        write_qrels(file, {"n0": {"first": 1}, **qrels} if any(qrels.values()) else qrels)
    assert words in str(caught.value)
    assert [path.name for path in tmp_path.iterdir()] == ["judge.qrels"]
    assert read_qrels(file) == {"n1": {"aqua": 3}}


def test_a_place_that_cannot_be_written_to_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    for place in (tmp_path / "folder", tmp_path / "missing" / "q", written(tmp_path, "n1 0 a 1\n") / "q"):
        with pytest.raises(Refusal, match="must be writable"):
            write_qrels(place, {"n1": {"aqua": 3}})
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["folder", "judge.qrels"]
