"""The shipped benchmark: its figures, its integrity, and that it is what the import makes of the raw data."""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

from matcher.cordis import read_cordis
from matcher.evaluation.benchmark import read_benchmark
from matcher.shipped import shipped_benchmark_folder
from service.cli.importing import write_import
from tests.data.shipped_tables import COUNTRIES, DATASETS, RAW, Row, needs_raw_data, read_lines, read_rows, runs, twice

BENCHMARK = DATASETS / "benchmark"
OUTPUTS = ("providers.csv", "evidence.csv", "needs.jsonl", "known_matches.qrels", "exclusions.json")
FROM = dt.date(2024, 7, 1)
E_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.\w+|mailto:", re.I)
TELEPHONE = re.compile(r"\+\d{2}[ \d()/-]{7,}")


@cache
def providers() -> dict[str, Row]:
    return {row["provider_id"]: row for row in read_rows(BENCHMARK / "providers.csv")}


@cache
def evidence() -> list[Row]:
    return read_rows(BENCHMARK / "evidence.csv")


@cache
def needs() -> dict[str, dict[str, object]]:
    return {row["need_id"]: row for row in read_lines(BENCHMARK / "needs.jsonl")}


@cache
def known() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for line in (BENCHMARK / "known_matches.qrels").read_text(encoding="utf-8").splitlines():
        need, zero, provider, grade = line.split(" ")
        assert (zero, grade) == ("0", "1")
        found[need].append(provider)
    return found


def card() -> str:
    return (BENCHMARK / "README.md").read_text(encoding="utf-8")


def answerable(countries: set[str] | None = None) -> int:
    """Needs from mid-2024 on that have a partner in another country with an earlier project."""
    first: dict[str, str] = {}
    for row in evidence():
        first[row["provider_id"]] = min(first.get(row["provider_id"], "9999"), row["date"])
    country = {provider_id: row["country"] for provider_id, row in providers().items()}
    within = set(country.values()) if countries is None else countries
    return sum(
        str(need["asked_on"]) >= FROM.isoformat()
        and need["country"] in within
        and any(
            country[partner] != need["country"] and country[partner] in within and first[partner] < str(need["asked_on"])
            for partner in known()[need_id]
        )
        for need_id, need in needs().items()
    )


def test_the_folder_is_the_one_that_ships() -> None:
    assert shipped_benchmark_folder() == BENCHMARK
    assert {file.name for file in BENCHMARK.iterdir()} == {*OUTPUTS, "README.md"}


def test_it_is_read_as_a_benchmark() -> None:
    benchmark = read_benchmark(shipped_benchmark_folder(), "consortium completion")
    assert (len(benchmark.directory), len(benchmark.directory.evidence), len(benchmark.needs)) == (5_441, 9_657, 1_939)
    assert sum(len(found) for found in benchmark.known.values()) == 25_535
    before, later = benchmark.split(FROM)
    assert len(before.needs) + len(later.needs) == 1_939


def test_its_projects_are_those_of_the_source_that_have_participants() -> None:
    assert len({row["reference"] for row in evidence()}) == 828


def test_574_needs_can_be_answered_across_all_borders_and_135_within_the_five_countries() -> None:
    assert answerable() == 574
    assert answerable(set(COUNTRIES)) == 135


def test_ids_are_unique() -> None:
    assert twice(row["provider_id"] for row in read_rows(BENCHMARK / "providers.csv")) == []
    assert twice(row["evidence_id"] for row in evidence()) == []
    assert twice(str(row["need_id"]) for row in read_lines(BENCHMARK / "needs.jsonl")) == []
    assert twice(f"{need} {provider}" for need, found in known().items() for provider in found) == []


def test_every_id_leads_somewhere() -> None:
    assert {row["provider_id"] for row in evidence()} == set(providers())
    assert set(known()) == set(needs())
    assert {provider for found in known().values() for provider in found} <= set(providers())


def test_a_need_is_of_its_project_and_its_matches_are_in_that_project_too() -> None:
    members: dict[str, set[str]] = defaultdict(set)
    for row in evidence():
        members[row["reference"].rpartition("/")[2]].add(row["provider_id"])
    for need_id, need in needs().items():
        own = f"pic-{need_id.rpartition('-')[2]}"
        assert need_id == f"{need['group']}-{own.removeprefix('pic-')}"
        assert {own, *known()[need_id]} == members[str(need["group"])]
        assert own not in known()[need_id]
        assert need["company"] == providers()[own]["name"]
        assert need["country"] == providers()[own]["country"]


def test_dates_are_days_of_2023_and_2024_and_agree_with_the_years() -> None:
    assert {row["year"] for row in evidence()} == {"2023", "2024"}
    assert [row for row in evidence() if dt.date.fromisoformat(row["date"]).year != int(row["year"])] == []


def test_the_card_states_every_exclusion_with_its_count() -> None:
    exclusions = json.loads((BENCHMARK / "exclusions.json").read_text(encoding="utf-8"))
    assert [reason for reason, count in exclusions.items() if f"| {reason} | {count} |" not in card()] == []


@pytest.mark.parametrize("table", ["providers.csv", "evidence.csv"])
def test_the_card_explains_the_columns(table: str) -> None:
    with (BENCHMARK / table).open(encoding="utf-8", newline="") as stream:
        columns = next(csv.reader(stream))
    general = (DATASETS / "README.md").read_text(encoding="utf-8")
    assert [column for column in columns if f"`{column}`" not in card() + general] == []


@pytest.mark.parametrize("name", OUTPUTS)
def test_the_card_names_every_file(name: str) -> None:
    assert f"`{name}`" in card()


@pytest.mark.parametrize("name", OUTPUTS)
def test_there_is_no_address_of_a_person(name: str) -> None:
    lines = (BENCHMARK / name).read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if E_MAIL.search(line) or TELEPHONE.search(line)] == []


@needs_raw_data
def test_importing_the_raw_data_again_gives_the_same_bytes(tmp_path: Path) -> None:
    write_import(read_cordis(RAW / "cordis"), tmp_path / "again")
    assert sorted(file.name for file in (tmp_path / "again").iterdir()) == sorted(OUTPUTS)
    assert [name for name in OUTPUTS if (tmp_path / "again" / name).read_bytes() != (BENCHMARK / name).read_bytes()] == []


@needs_raw_data
def test_no_objective_of_a_project_is_in_the_needs() -> None:
    rows = read_rows(RAW / "cordis" / "projects.csv")
    objectives = {row["id"]: (row["objective"], row["title"]) for row in rows}
    copied = [
        need_id
        for need_id, need in needs().items()
        if (runs(str(need["text"])) & runs(objectives[str(need["group"])][0])) - runs(objectives[str(need["group"])][1])
    ]
    assert copied == []
