from __future__ import annotations

import html
import re
from collections import Counter

from embeddings.language import LANGUAGES
from matcher.directory import plain_name
from tests.data.shipped_tables import category_of, evidence, providers, twice
from tests.data.test_provider_rows import is_web_address

COLUMNS = ["evidence_id", "provider_id", "kind", "title", "topics", "year", "role", "reference", "language"]
ROLES = {
    "project": {"coordinator", "participant", "associatedPartner", "thirdParty"},
    "investment": {"investor"},
    "service": {"provider", "investor"},
}
CATALOGUES = re.compile(
    r"https://cordis\.europa\.eu/project/id/\d{6,9}|https://www\.ihi\.europa\.eu/projects-results/project-factsheets#.+"
)


def test_the_columns_are_the_known_ones() -> None:
    assert list(evidence()[0]) == COLUMNS


def test_the_rows_are_in_order_of_id_and_ids_are_unique() -> None:
    ids = [row["evidence_id"] for row in evidence()]
    assert ids == sorted(ids)
    assert twice(ids) == []


def test_every_piece_of_evidence_has_its_provider_and_its_id_says_which() -> None:
    known = {row["provider_id"] for row in providers()}
    assert [row["evidence_id"] for row in evidence() if row["provider_id"] not in known] == []
    assert [row["evidence_id"] for row in evidence() if not row["evidence_id"].startswith(f"{row['provider_id']}-")] == []


def test_kinds_are_known_and_so_are_the_roles_of_each_kind() -> None:
    assert {row["kind"] for row in evidence()} == set(ROLES)
    assert [(row["evidence_id"], row["role"]) for row in evidence() if row["role"] not in ROLES[row["kind"]]] == []


def test_technology_has_projects_finance_investments_and_a_service_commercial_one_service() -> None:
    kinds: dict[str, Counter[str]] = {row["provider_id"]: Counter() for row in providers()}
    for row in evidence():
        kinds[row["provider_id"]][row["kind"]] += 1
    wrong = []
    for provider_id, category in category_of().items():
        found = kinds[provider_id]
        fits = {
            "technology": set(found) == {"project"},
            "finance": found["service"] == 1 and found["investment"] >= 1 and not found["project"],
            "commercial": found["service"] == 1 and not found["investment"],
        }
        if not fits[category]:
            wrong.append((provider_id, category, dict(found)))
    assert wrong == []


def test_years_are_from_2000_to_2026_or_empty() -> None:
    years = {row["evidence_id"]: row["year"] for row in evidence()}
    assert {key: year for key, year in years.items() if year and not (year.isdigit() and 2000 <= int(year) <= 2026)} == {}


def test_projects_of_cordis_have_their_year() -> None:
    projects = [row for row in evidence() if row["kind"] == "project" and "cordis.europa.eu" in row["reference"]]
    assert [row["evidence_id"] for row in projects if not row["year"]] == []


def test_every_reference_can_be_looked_up_on_the_web() -> None:
    wrong = [(row["evidence_id"], row["reference"]) for row in evidence() if not is_web_address(row["reference"])]
    assert wrong == []


def test_a_projects_reference_is_its_page_in_a_public_catalogue() -> None:
    projects = [row for row in evidence() if row["kind"] == "project"]
    assert [row["evidence_id"] for row in projects if not CATALOGUES.fullmatch(row["reference"])] == []


def test_no_provider_has_two_projects_at_one_reference() -> None:
    projects = [f"{row['provider_id']} {row['reference']}" for row in evidence() if row["kind"] == "project"]
    assert twice(projects) == []


def test_titles_are_not_empty_and_have_no_markup() -> None:
    assert [row["evidence_id"] for row in evidence() if not row["title"].strip()] == []
    texts = [row[column] for row in evidence() for column in ("title", "topics")]
    assert [text for text in texts if html.unescape(text) != text or re.search(r"</?[a-z]+>|\ufffd|Ã[^\w\s]|â€", text)] == []


def test_no_long_title_is_shouted() -> None:
    def shouted(title: str) -> bool:
        letters = [c for c in title if c.isalpha()]
        return len(letters) > 30 and sum(c.isupper() for c in letters) > 0.8 * len(letters)

    assert [row["title"] for row in evidence() if shouted(row["title"])] == []


def test_an_investment_names_a_company_and_not_only_a_legal_form() -> None:
    investments = [row for row in evidence() if row["kind"] == "investment"]
    assert [(row["evidence_id"], row["title"]) for row in investments if not plain_name(row["title"])] == []


def test_no_investor_has_the_same_company_twice() -> None:
    investments = [f"{row['provider_id']} {plain_name(row['title'])}" for row in evidence() if row["kind"] == "investment"]
    assert twice(investments) == []


def test_languages_are_known() -> None:
    assert {row["language"] for row in evidence()} <= set(LANGUAGES)


def test_topics_are_neither_empty_nor_repeated_between_semicolons() -> None:
    wrong = []
    for row in evidence():
        topics = row["topics"].split("; ") if row["topics"] else []
        if any(not topic.strip() for topic in topics) or twice(topics):
            wrong.append((row["evidence_id"], row["topics"]))
    assert wrong == []


def test_no_cell_begins_or_ends_with_a_blank_or_holds_a_line_break() -> None:
    wrong = [
        (row["evidence_id"], column, cell)
        for row in evidence()
        for column, cell in row.items()
        if cell != " ".join(cell.split())
    ]
    assert wrong == []
