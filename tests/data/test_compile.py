from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from matcher.directory import load_directory
from tests.data.shipped_tables import DATASETS, RAW, ROOT, Row, needs_raw_data, read_rows
from tests.data.tiny_raw import CHOICES, SUMMARY, write_hand, write_raw

SCRIPT = ROOT / "scripts" / "compile_directory.py"
OUTPUTS = ("providers.csv", "evidence.csv", "regions.csv")


def load_script(hand: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("compile_directory", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.HAND = hand  # type: ignore[attr-defined]  # a module of its own, made for this test
    return module


@pytest.fixture
def script(tmp_path: Path) -> ModuleType:
    return load_script(write_hand(tmp_path / "hand"))


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tiny")
    load_script(write_hand(folder / "hand")).main([str(write_raw(folder / "raw")), str(folder / "out")])
    return folder / "out"


def provider(folder: Path, provider_id: str) -> Row:
    return next(row for row in read_rows(folder / "providers.csv") if row["provider_id"] == provider_id)


def evidence_of(folder: Path, provider_id: str) -> dict[str, Row]:
    return {row["evidence_id"]: row for row in read_rows(folder / "evidence.csv") if row["provider_id"] == provider_id}


@needs_raw_data
def test_the_shipped_directory_is_what_the_script_makes_of_the_raw_data_byte_for_byte(tmp_path: Path) -> None:
    subprocess.run([sys.executable, str(SCRIPT), str(RAW), str(tmp_path)], check=True, cwd=tmp_path, capture_output=True)
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted(OUTPUTS)
    assert [name for name in OUTPUTS if (tmp_path / name).read_bytes() != (DATASETS / name).read_bytes()] == []


def test_the_shipped_regions_are_the_hand_made_ones() -> None:
    assert (DATASETS / "regions.csv").read_bytes() == (SCRIPT.parent / "directory" / "regions.csv").read_bytes()


def test_every_choice_and_nothing_else_becomes_a_provider(compiled: Path) -> None:
    ids = [row["provider_id"] for row in read_rows(compiled / "providers.csv")]
    assert ids == ["inv-fjord-capital", "pic-111111111", "pic-222222222"]


def test_a_provider_has_its_hand_made_words_and_its_carried_over_facts(compiled: Path) -> None:
    row = provider(compiled, "pic-111111111")
    assert (float(row.pop("latitude")), float(row.pop("longitude"))) == pytest.approx((52.16, 4.49), abs=0.05)
    assert row == {
        "provider_id": "pic-111111111",
        "name": "Laboratorium Leiden BV",
        "category": "technology",
        "country": "NL",
        "city": "Leiden",
        "region": "nl-west",
        "nuts": "NL33",
        "url": "https://www.lab-leiden.example/Home",
        "source_ids": "pic:111111111",
        "summary": SUMMARY,
        "summary_language": "en",
    }


def test_a_technology_provider_has_its_life_science_projects_and_its_imi_projects(compiled: Path) -> None:
    found = evidence_of(compiled, "pic-111111111")
    assert list(found) == ["pic-111111111-101000001", "pic-111111111-imi-breathe"]
    cordis, imi = found.values()
    assert cordis == {
        "evidence_id": "pic-111111111-101000001",
        "provider_id": "pic-111111111",
        "kind": "project",
        "title": "Lung organoids for safer inhaled medicines & vaccines",
        "topics": "pneumology; toxicology",
        "year": "2023",
        "role": "coordinator",
        "reference": "https://cordis.europa.eu/project/id/101000001",
        "language": "en",
    }
    assert (imi["title"], imi["topics"], imi["year"]) == ("Better breathing", "Asthma; Biomarkers", "")
    assert imi["reference"].endswith("#BREATHE+")


def test_a_commercial_provider_has_every_project_and_its_service(compiled: Path) -> None:
    found = evidence_of(compiled, "pic-222222222")
    assert list(found) == ["pic-222222222-101000002", "pic-222222222-service"]
    project, service = found.values()
    assert (project["title"], project["topics"]) == (
        "Shared grants office for harbours",
        "European innovation ecosystems",
    )
    assert (service["kind"], service["title"], service["role"]) == ("service", "Funding: grants, found and won", "provider")


def test_an_address_that_is_only_a_scheme_is_no_address(compiled: Path) -> None:
    assert provider(compiled, "pic-222222222")["url"] == ""
    references = {row["reference"] for row in evidence_of(compiled, "pic-222222222").values()}
    assert references == {"https://cordis.europa.eu/project/id/101000002"}


def test_an_investor_has_its_terms_and_its_companies_once_each(compiled: Path) -> None:
    found = list(evidence_of(compiled, "inv-fjord-capital").values())
    assert [row["title"] for row in found if row["kind"] == "service"] == ["Venture Capital: Seed, Series A"]
    assert [row["topics"] for row in found if row["kind"] == "service"] == ["Medical Devices; Diagnostics"]
    companies = [row["title"] for row in found if row["kind"] == "investment"]
    assert companies[0] == "Alpha Heart"
    assert companies.count("Zeta Diagnostics") == 1
    assert {row["reference"] for row in found} == {"http://www.fjord.example"}


def test_a_legal_form_behind_a_comma_is_no_company_of_its_own(compiled: Path) -> None:
    titles = [row["title"] for row in evidence_of(compiled, "inv-fjord-capital").values()]
    assert [title for title in titles if title.strip(".") in ("Inc", "Ltd", "LLC")] == []
    assert any(title.startswith("Beta Bio") for title in titles)


def test_a_village_stands_where_its_neighbour_stands(compiled: Path) -> None:
    row = provider(compiled, "inv-fjord-capital")
    assert (row["city"], row["nuts"], row["region"]) == ("Rødby Ferry", "DK01", "dk-all")
    assert float(row["latitude"]) == pytest.approx(55.68, abs=0.05)


def test_no_objective_is_carried_over(compiled: Path) -> None:
    written = "".join((compiled / name).read_text(encoding="utf-8") for name in OUTPUTS)
    assert "made-up objective" not in written


def test_what_is_compiled_is_a_directory_without_mistakes(compiled: Path) -> None:
    directory = load_directory([compiled / "providers.csv", compiled / "evidence.csv"])
    assert len(directory) == 3
    assert directory.ignored_columns == ()


def test_the_same_inputs_give_the_same_bytes_whatever_the_order_of_the_choices(
    script: ModuleType, compiled: Path, tmp_path: Path
) -> None:
    write_hand(tmp_path / "hand", CHOICES[::-1])
    script.main([str(write_raw(tmp_path / "raw")), str(tmp_path / "again")])
    for name in OUTPUTS:
        assert (tmp_path / "again" / name).read_bytes() == (compiled / name).read_bytes()


def test_a_town_that_is_nowhere_is_named(script: ModuleType, tmp_path: Path) -> None:
    write_hand(tmp_path / "hand", [{**CHOICES[1], "city": "Leidne aan Zee"}])
    with pytest.raises(SystemExit, match="Leidne aan Zee"):
        script.main([str(write_raw(tmp_path / "raw")), str(tmp_path / "out")])
    assert not (tmp_path / "out").exists()


def test_without_a_folder_the_script_says_how_it_is_called(script: ModuleType) -> None:
    with pytest.raises(SystemExit, match="RAW_FOLDER"):
        script.main([])


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("www.Example.EU/", "https://www.example.eu"),
        ("HTTP://Example.eu/A/b", "http://example.eu/A/b"),
        ("https://example.eu and more", "https://example.eu"),
        ("", ""),
        ("  ", ""),
        ("http://", ""),
        ("https:///", ""),
    ],
)
def test_a_web_address_is_cleaned(script: ModuleType, raw: str, clean: str) -> None:
    assert script.web_address(raw) == clean
