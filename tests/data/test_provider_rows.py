from __future__ import annotations

import re
from collections import Counter
from urllib.parse import urlsplit

import pytest

from matcher.directory import plain_name
from tests.data.shipped_tables import COUNTRIES, evidence, providers, twice

COLUMNS = [
    *("provider_id", "name", "category", "country", "city", "region", "nuts", "latitude", "longitude"),
    *("url", "source_ids", "summary", "summary_language"),
]
SHORT_NAME = 7
"""Letters of a name that may be all capitals, legal form aside: an acronym is spelt so."""


def is_web_address(text: str) -> bool:
    parts = urlsplit(text)
    host = parts.netloc
    dotted = re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,}", host)
    return parts.scheme in ("http", "https") and dotted is not None and not re.search(r"\s", text)


def test_there_are_224_technology_15_finance_and_72_commercial_providers() -> None:
    assert len(providers()) == 311
    assert Counter(row["category"] for row in providers()) == {"technology": 224, "finance": 15, "commercial": 72}


def test_the_columns_are_the_known_ones() -> None:
    assert list(providers()[0]) == COLUMNS


def test_the_rows_are_in_order_of_id() -> None:
    ids = [row["provider_id"] for row in providers()]
    assert ids == sorted(ids)


def test_ids_are_unique() -> None:
    assert twice(row["provider_id"] for row in providers()) == []


def test_names_are_unique_even_without_case_accents_and_legal_form() -> None:
    assert twice(plain_name(row["name"]) for row in providers()) == []


def test_source_identifiers_are_unique_and_name_their_scheme() -> None:
    sources = [row["source_ids"] for row in providers()]
    assert twice(sources) == []
    assert [source for source in sources if not re.fullmatch(r"pic:\d{9}|investors:\S.*", source)] == []


def test_only_the_five_countries_occur() -> None:
    assert {row["country"] for row in providers()} == set(COUNTRIES)


@pytest.mark.parametrize("country", COUNTRIES)
def test_each_country_has_twenty_technology_providers_and_an_investor(country: str) -> None:
    found = Counter(row["category"] for row in providers() if row["country"] == country)
    assert found["technology"] >= 20
    assert found["finance"] >= 1


def test_every_provider_has_evidence() -> None:
    spoken_for = {row["provider_id"] for row in evidence()}
    assert [row["name"] for row in providers() if row["provider_id"] not in spoken_for] == []


def test_no_name_is_shouted_unless_it_is_short() -> None:
    def shouted(name: str) -> bool:
        return name.isupper() and len(plain_name(name).removesuffix(" eric")) > SHORT_NAME

    assert shouted("EXAMPLEFIRM B.V.")

    assert [row["name"] for row in providers() if shouted(row["name"])] == []


def test_a_town_begins_with_a_capital_and_has_no_number() -> None:
    town = re.compile(r"('s-)?[A-ZÅÆØÉ][^\d]*")
    assert [row["city"] for row in providers() if not town.fullmatch(row["city"]) or row["city"].isupper()] == []


def test_every_address_is_a_web_address_or_empty() -> None:
    wrong = [(row["provider_id"], row["url"]) for row in providers() if row["url"] and not is_web_address(row["url"])]
    assert wrong == []


def test_two_providers_do_not_share_an_address() -> None:
    assert twice(row["url"] for row in providers() if is_web_address(row["url"])) == []


def test_no_cell_begins_or_ends_with_a_blank_or_holds_a_line_break() -> None:
    wrong = [
        (row["provider_id"], column, cell)
        for row in providers()
        for column, cell in row.items()
        if cell != " ".join(cell.split())
    ]
    assert wrong == []
