"""Needs come by option, file, standard input or as the shipped samples; the answer is the same."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

from matcher.shipped import shipped_needs
from tests.e2e.command import Command, run_all

DANISH = "Vi søger et GLP-laboratorium til toksikologi for en næsevaccine."


def test_the_same_need_gets_the_same_answer_by_every_way_in(command: Command, tmp_path: Path) -> None:
    plain, marked, lines = tmp_path / "need.txt", tmp_path / "marked.txt", tmp_path / "needs.jsonl"
    plain.write_text(DANISH, encoding="utf-8")
    marked.write_text(f"\n{DANISH}\n", encoding="utf-8-sig")
    lines.write_text(json.dumps({"text": DANISH, "country": "DK"}) + "\n", encoding="utf-8")
    terms = ("--country", "DK", "-k", "3", "--json")
    assert command("log", "list").code == 0
    results = run_all(
        {
            "option": partial(command, "match", "--need", DANISH, *terms),
            "file": partial(command, "match", "--need-file", plain, *terms),
            "file with a mark": partial(command, "match", "--need-file", marked, *terms),
            "lines": partial(command, "match", "--need-file", lines, "-k", "3", "--json"),
            "standard input": partial(command, "match", *terms, stdin=DANISH.encode()),
        }
    )
    assert {name: (result.code, result.err) for name, result in results.items()} == dict.fromkeys(results, (0, ""))
    first, *others = [result.records[0]["answer"] for result in results.values()]
    assert len(first["matches"]) == 3
    assert others == [first] * 4


def test_each_line_of_a_file_is_a_need_with_its_own_country_and_id(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "needs.jsonl"
    rows = [
        {"id": "first", "text": DANISH, "country": "DK"},
        {
            "need_id": "second",
            "text": "Wir suchen einen Investor für eine Seed-Runde in der Medizintechnik.",
            "categories": ["finance"],
        },
    ]
    file.write_text("\n\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n\n", encoding="utf-8")
    result = command("match", "--need-file", file, "--country", "DE", "-k", "2", "--json")
    assert result.code == 0, result.err
    needs = [record["answer"]["request"]["need"] for record in result.records]
    assert [(need["need_id"], need["country"]) for need in needs] == [("first", "DK"), ("second", "DE")]
    second = result.records[1]["answer"]
    assert second["language"] == "de"
    assert {match["category"] for match in second["matches"]} == {"finance"}


def test_a_line_separator_within_a_need_is_part_of_its_text(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "needs.jsonl"
    text = "We look for a toxicology laboratory.\u2028It should know lung models.\u0085Soon."
    file.write_text(json.dumps({"text": text, "country": "NL"}, ensure_ascii=False) + "\n", encoding="utf-8")
    result = command("match", "--need-file", file, "-k", "1", "--json")
    assert result.code == 0, result.err
    assert result.records[0]["answer"]["request"]["need"]["text"] == text


def test_the_samples_are_all_answered_in_order_and_on_record(command: Command) -> None:
    result = command("match", "--samples", "-k", "1", "--json")
    assert (result.code, result.err) == (0, "")
    needs = shipped_needs()
    assert [record["answer"]["request"]["need"]["need_id"] for record in result.records] == [need.need_id for need in needs]
    assert len(needs) == 28
    for record in result.records:
        assert record["answer"]["verdict"] == "matches"
        assert len(record["answer"]["matches"]) == 1
    logged = command("log", "list", "--json").records
    assert [one["list_id"] for one in logged] == [record["list_id"] for record in reversed(result.records)]
    assert {one["matches"] for one in logged} == {1}
