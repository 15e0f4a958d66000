"""Raw open data of two projects, three organisations and one investor, and the choices made among them."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

Cells = Sequence[Mapping[str, str]]

PROJECTS = [
    {
        "id": "101000001",
        "title": "LUNG ORGANOIDS FOR SAFER INHALED MEDICINES &amp; VACCINES.",
        "startDate": "2023-05-01",
        "legalBasis": "HORIZON.2.1",
        "objective": "A made-up objective that must not be carried over.",
    },
    {
        "id": "101000002",
        "title": "Shared  grants office for\n harbours",
        "startDate": "2024-01-01",
        "legalBasis": "HORIZON.3.2",
        "objective": "Another one.",
    },
]
TOPICS = [
    {"projectID": "101000001", "euroSciVocPath": "/medical and health sciences/basic medicine/toxicology"},
    {"projectID": "101000001", "euroSciVocPath": "/medical and health sciences/clinical medicine/pneumology"},
]
PARTS = [
    {"projectID": "101000001", "pic": "111111111", "name": "LABORATORIUM LEIDEN BV", "country": "NL", "role": "coordinator"},
    {"projectID": "101000002", "pic": "111111111", "name": "LABORATORIUM LEIDEN BV", "country": "NL", "role": "participant"},
    {"projectID": "101000002", "pic": "222222222", "name": "HAVEN RAAD", "country": "BE", "role": "participant"},
    {"projectID": "101000002", "pic": "333333333", "name": "NIET GEKOZEN", "country": "NL", "role": "participant"},
]
URLS = {"111111111": "www.one-project-of-many.example", "222222222": "http://", "333333333": ""}
IMI_PROJECTS = [{"acronym": "BREATHE+", "title": "Better breathing", "keywords": "Asthma;  Biomarkers ;"}]
IMI_PARTS = [{"acronym": "BREATHE+", "pic": "111111111"}]
INVESTORS = [
    {
        "name": "Fjord Capital",
        "website": "http://www.Fjord.example/",
        "offices": "Copenhagen (Denmark), Oslo (Norway)",
        "investment_stages": "Seed, Series A",
        "investment_markets": "Medical Devices, Diagnostics",
        "portfolio_companies": "Zeta Diagnostics, Alpha Heart, Zeta Diagnostics, Beta Bio, Inc.",
        "investor_type": "Venture Capital",
    }
]
SUMMARY = "A summary written for this test."
CHOICES = [
    {"key": "222222222", "category": "commercial", "service": "funding", "name": "Havenraad", "city": "Gent", "country": "BE"},
    {"key": "111111111", "category": "technology", "name": "Laboratorium Leiden BV", "city": "Leiden", "country": "NL"},
    {"key": "Fjord Capital", "category": "finance", "name": "Fjord Capital", "city": "Rødby Ferry", "country": "DK"},
]


def write(file: Path, rows: Cells) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(dict.fromkeys(column for row in rows for column in row)), restval="")
        writer.writeheader()
        writer.writerows(rows)


def write_raw(folder: Path) -> Path:
    write(folder / "cordis" / "projects.csv", PROJECTS)
    write(folder / "cordis" / "euroscivoc.csv", TOPICS)
    write(folder / "cordis" / "organizations.csv", [{**row, "organizationURL": URLS[row["pic"]]} for row in PARTS])
    write(folder / "imi" / "projects.csv", IMI_PROJECTS)
    write(folder / "imi" / "participations.csv", IMI_PARTS)
    write(
        folder / "imi" / "organizations.csv",
        [{"pic": "111111111", "name": "LAB", "url": "", "country": "NL", "city": "LEIDEN"}],
    )
    write(folder / "investors" / "investors.csv", INVESTORS)
    return folder


def write_hand(folder: Path, choices: Cells = CHOICES) -> Path:
    write(folder / "choices.csv", [{"service": "", **row, "summary": SUMMARY, "summary_language": "en"} for row in choices])
    write(folder / "services.csv", [{"service": "funding", "title": "Funding: grants, found and won"}])
    write(folder / "towns.csv", [{"town": "Rødby Ferry", "country": "DK", "located_at": "København"}])
    write(folder / "urls.csv", [{"pic": "111111111", "url": "www.Lab-Leiden.example/Home/", "why": "the lab's own"}])
    nuts = [("NL", "11", "NL33"), ("BE", "VLG", "BE2"), ("DK", "17", "DK01")]
    write(folder / "nuts.csv", [{"country": c, "geonames_admin1": a, "nuts": n} for c, a, n in nuts])
    regions = [("be-north", "BE", "BE1;BE2"), ("dk-all", "DK", "DK01"), ("nl-west", "NL", "NL32;NL33")]
    write(folder / "regions.csv", [{"region_id": r, "country": c, "catchment": k} for r, c, k in regions])
    return folder
