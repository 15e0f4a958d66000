"""Where the shipped directory, regions and sample needs lie: in the source tree's `datasets/` or inside the wheel."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from matcher.directory import Directory, load_directory
from matcher.programme.programme_file import read_programme
from matcher.programme.rules import Programme
from matcher.records import Need
from matcher.validation import checked


def shipped_folder() -> Path:
    """The folder with `providers.csv`, `evidence.csv`, `regions.csv`, `programme.toml` and `needs.jsonl`."""
    package = Path(__file__).resolve().parent
    inside_wheel = package / "shipped_data"
    return inside_wheel if inside_wheel.is_dir() else package.parent / "datasets"


def shipped_directory_files() -> list[Path]:
    """The files of the shipped directory."""
    return [shipped_folder() / "providers.csv", shipped_folder() / "evidence.csv"]


def shipped_directory() -> Directory:
    """The shipped directory, read and checked."""
    return load_directory(shipped_directory_files())


def shipped_benchmark_folder() -> Path:
    """The benchmark "consortium completion", for `matcher.evaluation.benchmark.read_benchmark`."""
    return shipped_folder() / "benchmark"


def ordinary_needs_file() -> Path:
    """The bank of ordinary needs (`matcher.ordinary`)."""
    return shipped_folder() / "ordinary_needs.jsonl"


def off_topic_needs_file() -> Path:
    """The bank of requests from other worlds (`matcher.closeness`)."""
    return shipped_folder() / "off_topic_needs.jsonl"


def shipped_model_file() -> Path:
    """The relevance model that is fitted on the shipped benchmark (`matcher.relevance`)."""
    return shipped_folder() / "relevance.json"


def outlines_file() -> Path:
    """Outlines of the countries of the programme and around it, in degrees."""
    return shipped_folder() / "outlines.json"


def shipped_programme_file() -> Path:
    """The rules of the programme, for `matcher.programme.programme_file.read_programme`."""
    return shipped_folder() / "programme.toml"


def shipped_programme() -> Programme:
    """The rules of the programme, read and checked."""
    return read_programme(shipped_programme_file())


def shipped_needs() -> list[Need]:
    """The 28 sample needs, in order of id."""
    lines = (shipped_folder() / "needs.jsonl").read_text(encoding="utf-8").splitlines()
    return [_need(json.loads(line)) for line in lines]


def shipped_needs_in_all_languages() -> dict[tuple[str, str], Need]:
    """Each sample need in each of the five languages, by need id and language, in order of both.

    Everything but the wording is the need's own.
    """
    needs = {need.need_id: need for need in shipped_needs()}
    lines = (shipped_folder() / "need_translations.jsonl").read_text(encoding="utf-8").splitlines()
    found = {(need.need_id, str(need.language)): need for need in needs.values()}
    for row in map(json.loads, lines):
        wording = {key: row[key] for key in ("language", "title", "text")}
        found[row["id"], row["language"]] = needs[row["id"]].model_copy(update=wording)
    return dict(sorted(found.items()))


def shipped_judgements() -> dict[str, dict[str, int]]:
    """Need → provider → grade, 1 to 3: what was judged useful for the sample needs."""
    grades: dict[str, dict[str, int]] = {}
    with (shipped_folder() / "judgements.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            grades.setdefault(row["need_id"], {})[row["provider_id"]] = int(row["grade"])
    return grades


def _need(row: dict[str, object]) -> Need:
    values = {("need_id" if key == "id" else key): value for key, value in row.items()}
    return checked(Need, values, "need")


@dataclass(frozen=True)
class Region:
    """One of the programme's regions: its partner vets providers and serves companies of its catchment."""

    region_id: str
    name: str
    country: str
    partner: str
    """Empty where the partner is not documented."""
    catchment: tuple[str, ...]
    """NUTS codes; a place belongs to the region whose code begins its own."""


@cache
def shipped_regions() -> tuple[Region, ...]:
    """The eight regions, in order of id."""
    with (shipped_folder() / "regions.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Region(row["region_id"], row["name"], row["country"], row["partner"], tuple(row["catchment"].split(";")))
            for row in csv.DictReader(file)
        )
