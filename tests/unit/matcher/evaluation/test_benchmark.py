from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from matcher.errors import BenchmarkRefused, DirectoryRefused, Problem
from matcher.evaluation.benchmark import Benchmark, read_benchmark

PROVIDERS = """provider_id,name,category,country
lab,Lab,technology,DE
sme,Sme,technology,NL
new,New,technology,DK
"""
EVIDENCE = """evidence_id,provider_id,kind,title,date
e1,lab,project,Lungs,2023-01-01
e2,new,project,Ships,2023-06-01
"""
NEEDS: tuple[dict[str, Any], ...] = (
    {"need_id": "1-sme", "text": "lungs", "country": "NL", "asked_on": "2023-01-01", "group": "1"},
    {"need_id": "1-new", "text": "lungs", "country": "DK", "asked_on": "2023-01-01", "group": "1"},
    {"need_id": "2-sme", "text": "ships", "country": "NL", "asked_on": "2024-07-01", "group": "2"},
)
KNOWN = "1-sme 0 lab 1\n1-sme 0 new 2\n1-new 0 lab 1\n2-sme 0 new 0\n"

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(
        *, providers: str = PROVIDERS, evidence: str = EVIDENCE, needs: tuple[Any, ...] = NEEDS, known: str | bytes = KNOWN
    ) -> Path:
        (tmp_path / "providers.csv").write_text(providers, encoding="utf-8")
        (tmp_path / "evidence.csv").write_text(evidence, encoding="utf-8")
        lines = [one if isinstance(one, str) else json.dumps(one) for one in needs]
        (tmp_path / "needs.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        (tmp_path / "known_matches.qrels").write_bytes(known if isinstance(known, bytes) else known.encode())
        return tmp_path

    return written


@pytest.fixture
def benchmark(write: Write) -> Benchmark:
    return read_benchmark(write(), "tiny")


def problems_of(folder: Path) -> tuple[Problem, ...]:
    with pytest.raises(BenchmarkRefused) as caught:
        read_benchmark(folder)
    return caught.value.problems


def only_problem(folder: Path) -> str:
    (problem,) = problems_of(folder)
    return str(problem)


def ids(benchmark: Benchmark) -> list[str]:
    return [need.need_id for need in benchmark.needs]


def test_a_benchmark_is_read_from_its_four_files(benchmark: Benchmark) -> None:
    assert benchmark.name == "tiny"
    assert ids(benchmark) == ["1-new", "1-sme", "2-sme"]
    assert len(benchmark.directory) == 3
    assert benchmark.known == {"1-sme": {"lab": 1, "new": 2}, "1-new": {"lab": 1}, "2-sme": {"new": 0}}
    assert benchmark.groups == {"1-sme": "1", "1-new": "1", "2-sme": "2"}


def test_it_is_called_after_its_folder_if_nothing_is_said(write: Write) -> None:
    folder = write()
    assert read_benchmark(folder).name == folder.name


def test_a_need_may_have_no_known_match(write: Write) -> None:
    assert read_benchmark(write(known="1-sme 0 lab 1\n\n")).known == {"1-sme": {"lab": 1}, "1-new": {}, "2-sme": {}}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("9-x 0 lab 1", "column need_id: must be a need of needs.jsonl. Got '9-x'. Correct the id or add the need."),
        ("2-sme 0 ghost 1", "column provider_id: must be a provider of providers.csv. Got 'ghost'. Correct the id or add it."),
        ("2-sme 0 lab", "must have four cells: need_id, 0, provider_id, grade. Got 3. Separate them by blanks."),
        ("2-sme 0 lab 1 x", "must have four cells: need_id, 0, provider_id, grade. Got 5. Separate them by blanks."),
        ("2-sme 0 lab 1.5", "column grade: must be a whole number, 0 or more. Got '1.5'. Write digits, for instance 1."),
        ("2-sme 0 lab -1", "column grade: must be a whole number, 0 or more. Got '-1'. Write digits, for instance 1."),
        ("2-sme 0 lab ²", "column grade: must be a whole number, 0 or more. Got '²'. Write digits, for instance 1."),
        ("2-sme 0 new 1", "column provider_id: must be named once for a need. Got 'new' again. Keep one of the lines."),
    ],
)
def test_a_wrong_known_match_is_named_by_its_line(write: Write, line: str, said: str) -> None:
    found = only_problem(write(known=f"{KNOWN}{line}\n"))
    assert found.removeprefix("known_matches.qrels, line 5").lstrip(":, ") == said


@pytest.mark.parametrize(
    ("need", "said"),
    [
        ({"need_id": "1-sme"}, "column need_id: must be unique. Got '1-sme' again. Give each need its own id."),
        ({"need_id": ""}, "column need_id: must be given. Got nothing. Give each need its own id."),
        (
            {"asked_on": None},
            "column asked_on: must be given for each need. Got nothing. Add the day the need was put, as in 20",
        ),
        ({"asked_on": "soon"}, "column asked_on: must be a day as in 2026-01-31. Got 'soon'. Write year, month and day."),
        (
            {"group": None},
            "column group: must be given for each need. Got nothing. Add it as text: the project, or the need_id",
        ),
        ({"group": 7}, "column group: must be given for each need. Got 7. Add it as text: the project, or the need_id"),
        ({"country": "UK"}, "column country: must be a country by its two ISO 3166 letters. Got 'UK'. Write GB."),
        ({"wish": "x"}, "column wish: must be a known field. Got an unknown one. Remove it or correct its name."),
    ],
)
def test_a_wrong_need_is_named_by_its_line(write: Write, need: dict[str, Any], said: str) -> None:
    added = {**NEEDS[0], "need_id": "3-sme"} | need
    found = only_problem(write(needs=(*NEEDS, added)))
    assert found.removeprefix("needs.jsonl, line 4, ").startswith(said)


@pytest.mark.parametrize("line", ["{", '["1-sme"]', "lungs"])
def test_a_line_that_is_no_object_is_named(write: Write, line: str) -> None:
    found = only_problem(write(needs=(*NEEDS, line)))
    assert found.startswith("needs.jsonl, line 4: must be one JSON object a line. Got '")


def test_a_need_that_could_not_be_read_is_not_missed_again(write: Write) -> None:
    (problem,) = problems_of(write(needs=(NEEDS[0] | {"country": "XX"}, *NEEDS[1:])))
    assert problem.column == "country"


def test_evidence_without_a_date_is_refused_by_its_line(write: Write) -> None:
    found = only_problem(write(evidence=EVIDENCE.replace(",2023-06-01", ",")))
    assert found == (
        "evidence.csv, line 3, column date: must be given for each piece of evidence. Got nothing. "
        "Add the day it began, as in 2026-01-31: what came after a need may not speak for it."
    )


def test_evidence_of_a_table_without_dates_is_all_refused(write: Write) -> None:
    undated = "\n".join(line.rpartition(",")[0] for line in EVIDENCE.splitlines())
    assert [(one.file, one.line, one.column) for one in problems_of(write(evidence=undated))] == [
        ("evidence.csv", 2, "date"),
        ("evidence.csv", 3, "date"),
    ]


def test_problems_of_all_files_come_together(write: Write) -> None:
    folder = write(
        evidence=EVIDENCE.replace(",2023-06-01", ","), needs=(*NEEDS, {**NEEDS[0], "group": "9"}), known="1-sme lab\n"
    )
    assert [one.file for one in problems_of(folder)] == ["evidence.csv", "needs.jsonl", "known_matches.qrels"]
    with pytest.raises(BenchmarkRefused, match=r"^The evidence\.csv, line 3, column date must be .+ \(2 more problems\)$"):
        read_benchmark(folder)


def test_a_directory_that_is_wrong_is_refused_as_such(write: Write) -> None:
    with pytest.raises(DirectoryRefused, match=r"providers\.csv, line 2, column country"):
        read_benchmark(write(providers=PROVIDERS.replace("DE", "XX")))


def test_no_needs_are_no_benchmark(write: Write) -> None:
    assert only_problem(write(needs=(), known="")) == (
        "needs.jsonl: must hold at least one need. Got none. Import a source that has some."
    )


def test_no_known_matches_are_no_benchmark(write: Write) -> None:
    assert only_problem(write(known="")) == (
        "known_matches.qrels: must hold at least one known match. Got none. Import a source that has some."
    )


@pytest.mark.parametrize("name", ["needs.jsonl", "known_matches.qrels"])
def test_a_missing_file_is_named(write: Write, name: str) -> None:
    folder = write()
    (folder / name).unlink()
    assert only_problem(folder) == (f"{name}: must be readable. Got No such file or directory. Make it with crossmatch import.")


def test_bytes_that_are_no_text_are_named_by_their_line(write: Write) -> None:
    found = only_problem(write(known=KNOWN.encode() + b"caf\xe9 0 lab 1\n"))
    assert found == "known_matches.qrels, line 5: must be UTF-8. Got byte 0xE9. Save the file as UTF-8."


def test_a_byte_order_mark_is_passed_over(write: Write) -> None:
    assert read_benchmark(write(known=b"\xef\xbb\xbf" + KNOWN.encode())).known["1-sme"] == {"lab": 1, "new": 2}


def test_restricted_to_countries_only_what_is_there_stays(benchmark: Benchmark) -> None:
    part = benchmark.restricted_to(["NL", "DK"])
    assert [one.provider_id for one in part.directory.providers] == ["new", "sme"]
    assert [item.evidence_id for item in part.directory.evidence] == ["e2"]
    assert part.known == {"1-sme": {"new": 2}, "1-new": {}, "2-sme": {"new": 0}}
    alone = benchmark.restricted_to({"NL"})
    assert (ids(alone), alone.known, alone.groups) == (
        ["1-sme", "2-sme"],
        {"1-sme": {}, "2-sme": {}},
        {"1-sme": "1", "2-sme": "2"},
    )


@pytest.mark.parametrize(
    ("countries", "said"),
    [
        ((), "The part in no country of the benchmark tiny must hold at least one provider. Got none."),
        (("FR", "BE"), "The part in BE, FR of the benchmark tiny must hold at least one provider. Got none."),
        (("DE",), "The part in DE of the benchmark tiny must hold at least one need. Got none."),
    ],
)
def test_countries_that_leave_nothing_are_refused(benchmark: Benchmark, countries: tuple[str, ...], said: str) -> None:
    with pytest.raises(BenchmarkRefused) as caught:
        benchmark.restricted_to(countries)
    assert str(caught.value).startswith(said)


def test_between_takes_the_first_day_and_not_the_last(benchmark: Benchmark) -> None:
    part = benchmark.between(dt.date(2023, 1, 1), dt.date(2024, 7, 1))
    assert ids(part) == ["1-new", "1-sme"]
    assert set(part.known) == set(part.groups) == {"1-new", "1-sme"}
    assert part.directory == benchmark.directory
    assert ids(benchmark.between(dt.date(2023, 1, 2), dt.date(2024, 7, 2))) == ["2-sme"]
    with pytest.raises(BenchmarkRefused, match="part from 2023-01-02 to before 2024-07-01 of the benchmark tiny"):
        benchmark.between(dt.date(2023, 1, 2), dt.date(2024, 7, 1))


def test_a_split_puts_the_day_itself_into_the_second_half(benchmark: Benchmark) -> None:
    before, later = benchmark.split(dt.date(2024, 7, 1))
    assert (ids(before), ids(later)) == (["1-new", "1-sme"], ["2-sme"])


@pytest.mark.parametrize(
    ("day", "half"), [(dt.date(2023, 1, 1), "part before 2023-01-01"), (dt.date(2024, 7, 2), "part from 2024-07-02 on")]
)
def test_a_split_with_an_empty_half_names_it(benchmark: Benchmark, day: dt.date, half: str) -> None:
    with pytest.raises(BenchmarkRefused) as caught:
        benchmark.split(day)
    assert str(caught.value) == (
        f"The {half} of the benchmark tiny must hold at least one need. Got none. Choose other countries or days."
    )
