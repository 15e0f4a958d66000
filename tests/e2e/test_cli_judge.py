"""From match lists to judgements: a sheet without names of rankers, a judge's grades, qrels, and how far judges agree."""

from __future__ import annotations

import csv
import json
from functools import partial
from pathlib import Path

import pytest
from openpyxl import load_workbook

from matcher.evaluation.qrels import read_qrels
from matcher.shipped import shipped_directory
from tests.e2e.command import NEED, Command, Result, check_refused, run_all

NEEDS = [
    {"id": "lung", "text": NEED, "country": "DK", "title": "Inhaled vaccine"},
    {"need_id": "seed", "text": "Wir suchen einen Investor für eine Seed-Runde in der Medizintechnik.", "country": "DE"},
]
Row = dict[str, str]


def write_needs(folder: Path, *needs: dict[str, str]) -> Path:
    file = folder / "needs.jsonl"
    file.write_text("".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in needs), encoding="utf-8")
    return file


def rows_of(sheet: Path) -> list[Row]:
    with sheet.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def graded(sheet: Path, copy: Path, grades: list[str]) -> Path:
    """A copy of the sheet with grades in its first rows."""
    rows = rows_of(sheet)
    for row, grade in zip(rows, grades, strict=False):
        row["grade"] = grade
    with copy.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return copy


def test_lists_are_pooled_judged_and_compared(command: Command, tmp_path: Path) -> None:
    needs, sheet, workbook = write_needs(tmp_path, *NEEDS), tmp_path / "sheet.csv", tmp_path / "sheet.xlsx"
    pooled = run_all(
        {
            "sheet": partial(command, "judge", "pool", "--needs", needs, "--depth", "4", "--out", sheet),
            "workbook": partial(command, "judge", "pool", "--needs", needs, "--depth", "4", "--out", workbook),
            "another seed": partial(
                command, "judge", "pool", "--needs", needs, "--depth", "4", "--seed", "7", "--out", tmp_path / "7.csv"
            ),
            "lists": partial(command, "match", "--need-file", needs, "-k", "4", "--json"),
        }
    )
    assert {name: (result.code, result.err) for name, result in pooled.items()} == dict.fromkeys(pooled, (0, ""))

    rows = rows_of(sheet)
    assert f"{len(rows)} pairs of 2 needs to judge in {sheet}\n" in pooled["sheet"].out
    assert "3 exactly what is asked for; 2 clearly useful; 1 worth a call; 0 of no use" in pooled["sheet"].out
    pairs = {(row["need_id"], row["provider_id"]) for row in rows}
    assert len(rows) == len(pairs)
    for record in pooled["lists"].records:
        need_id = record["answer"]["request"]["need"]["need_id"]
        assert {(need_id, match["provider_id"]) for match in record["answer"]["matches"]} <= pairs
    another = rows_of(tmp_path / "7.csv")
    assert another != rows
    assert sorted(another, key=lambda row: row["pair"]) == sorted(rows, key=lambda row: row["pair"])
    directory = shipped_directory()
    for row in rows:
        provider = directory.provider(row["provider_id"])
        assert (row["provider_name"], row["provider_country"]) == (provider.name, provider.country)
        shown = sum(bool(row[f"evidence_{number}"]) for number in (1, 2, 3))
        assert shown == min(3, len(directory.evidence_of(provider.provider_id)))
        assert row["grade"] == ""
    opened = load_workbook(workbook, read_only=True)
    assert [str(cells[0]) for cells in opened.worksheets[0].values] == ["pair", *(row["pair"] for row in rows)]
    opened.close()

    one, other = tmp_path / "one.qrels", tmp_path / "other.qrels"
    first = graded(sheet, tmp_path / "first.csv", ["3", "0", "1", "2"])
    second = graded(sheet, tmp_path / "second.csv", ["3", "0", "2"])
    read = command("judge", "read", first, "--out", one)
    assert (read.code, read.err) == (0, "")
    assert read.out.startswith("4 judgements of ")
    assert "grades: 3 exactly what is asked for 1, 2 clearly useful 1, 1 worth a call 1, 0 of no use 1" in read.out
    assert command("judge", "read", second, "--out", other).code == 0
    expected = {(row["need_id"], row["provider_id"]): grade for row, grade in zip(rows, (3, 0, 1, 2), strict=False)}
    judged = read_qrels(one)
    assert {(need, provider): grade for need in judged for provider, grade in judged[need].items()} == expected

    agreed, unjudged = run_all(
        {
            "agree": partial(command, "judge", "agree", one, other),
            "unjudged": partial(command, "judge", "unjudged", one, "--needs", needs, "-k", "4"),
        }
    ).values()
    assert (agreed.code, agreed.err) == (0, "")
    assert agreed.out.splitlines()[0] == "3 pairs judged by both, 67% with the same grade"
    # By chance 2 of 9 would agree: grades 3 and 0, once each on both sides.
    assert f"Cohen's kappa: {(2 / 3 - 2 / 9) / (1 - 2 / 9):.3f}" in agreed.out
    assert (unjudged.code, unjudged.err) == (0, "")
    assert [line.partition(":")[0] for line in unjudged.out.splitlines()] == ["favour", "neutral", "require"]
    # Nothing of this is an answer to anybody, so nothing is on record but the two lists of `match`.
    assert len(command("log", "list", "--json").records) == 2


def test_the_sample_needs_can_be_pooled(command: Command, tmp_path: Path) -> None:
    result = command("judge", "pool", "--samples", "--depth", "1", "--out", tmp_path / "s.csv")
    assert (result.code, result.err) == (0, "")
    assert len({row["need_id"] for row in rows_of(tmp_path / "s.csv")}) == 28


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    """What is refused before any index is opened; the home stays as it was."""
    folder, command = tmp_path_factory.mktemp("files"), Command(tmp_path_factory.mktemp("home"))
    needs = write_needs(folder, *NEEDS)
    nameless = folder / "nameless.jsonl"
    nameless.write_text(json.dumps({"text": NEED, "country": "DK"}) + "\n", encoding="utf-8")
    doubled = folder / "doubled.jsonl"
    doubled.write_text(needs.read_text(encoding="utf-8") * 2, encoding="utf-8")
    taken, table, good, strange, constant = (folder / name for name in ("taken.csv", "table.csv", "good", "strange", "same"))
    taken.write_text("pair\n", encoding="utf-8")
    table.write_text("name\nx\n", encoding="utf-8")
    good.write_text("n1 0 a 3\n", encoding="utf-8")
    strange.write_text("n1 0 a 7\n", encoding="utf-8")
    constant.write_text("n9 0 a 3\n", encoding="utf-8")
    out = folder / "new.csv"
    results = run_all(
        {
            "no index": partial(command, "judge", "pool", "--needs", needs, "--out", out),
            "another form": partial(command, "judge", "pool", "--needs", needs, "--out", folder / "sheet.pdf"),
            "a sheet that is there": partial(command, "judge", "pool", "--samples", "--out", taken),
            "needs without ids": partial(command, "judge", "pool", "--needs", nameless, "--out", out),
            "needs with one id": partial(command, "judge", "pool", "--needs", doubled, "--out", out),
            "no needs": partial(command, "judge", "pool", "--needs", folder / "missing.jsonl", "--out", out),
            "no sheet": partial(command, "judge", "read", table, "--out", folder / "q"),
            "no such sheet": partial(command, "judge", "read", folder / "missing.csv", "--out", folder / "q"),
            "a grade of seven": partial(command, "judge", "agree", good, strange),
            "nothing in common": partial(command, "judge", "agree", good, constant),
            "another need": partial(command, "judge", "unjudged", good, "--needs", needs),
        }
    )
    assert list(command.home.iterdir()) == []
    assert not out.exists()
    assert taken.read_text(encoding="utf-8") == "pair\n"
    return results


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("no index", "crossmatch index build"),
        ("another form", "end in one of .csv, .xlsx"),
        ("a sheet that is there", "must not exist yet"),
        ("needs without ids", "each have an id of their own. Got 1 without"),
        ("needs with one id", "2 needs called 'lung'"),
        ("no needs", "No such file"),
        ("no sheet", "be a judging sheet"),
        ("no such sheet", "No such file"),
        ("a grade of seven", "line 1 of strange"),
        ("nothing in common", "have a pair in common"),
        ("another need", "be one of the needs. Got 'n1'"),
    ],
)
def test_what_cannot_be_judged_is_refused_in_one_line(refused: dict[str, Result], name: str, words: str) -> None:
    check_refused(refused[name], words)


def test_a_sheet_without_grades_makes_no_qrels(command: Command, tmp_path: Path) -> None:
    sheet, qrels = tmp_path / "sheet.csv", tmp_path / "q"
    needs = write_needs(tmp_path, *NEEDS)
    assert command("judge", "pool", "--needs", needs, "--depth", "1", "--out", sheet).code == 0
    check_refused(
        command("judge", "read", sheet, "--out", qrels), "have at least one grade. Got none. Fill in the column grade."
    )
    assert not qrels.exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("judge", "pool", "--out", "s.csv"), "Give one of --needs and --samples"),
        (("judge", "pool", "--needs", "n.jsonl", "--samples", "--out", "s.csv"), "Give one of --needs and --samples"),
        (("judge", "pool", "--samples"), "--out"),
        (("judge", "pool", "--samples", "--out", "s.csv", "--depth", "0"), "--depth"),
        (("judge", "agree", "one"), "other"),
        (("judge",), "Usage: crossmatch judge"),
    ],
)
def test_a_usage_error_of_judge_ends_with_2(bare: Command, arguments: tuple[str, ...], words: str) -> None:
    result = bare(*arguments)
    assert result.code == 2
    assert words.casefold() in (result.err + result.out).casefold()
    assert "Traceback" not in result.err
