from __future__ import annotations

import re
from collections import Counter, defaultdict

import pytest

from embeddings.language import LANGUAGES, guess_language
from matcher.directory import plain_name
from matcher.records import CATEGORIES
from matcher.shipped import shipped_needs, shipped_needs_in_all_languages
from tests.data.shipped_tables import (
    COUNTRIES,
    NATIVE,
    folded_words,
    needs,
    ordinary_needs,
    providers,
    regions,
    translations,
    twice,
)

FIELDS = {"id", "kind", "company", "country", "region", "language", "categories", "title", "text"}
ALL_LISTS = {"needs": needs, "need_translations": translations, "ordinary_needs": ordinary_needs}


def test_thirteen_seek_expertise_and_fifteen_a_partner() -> None:
    assert len(needs()) == 28
    assert Counter(need["kind"] for need in needs()) == {"expertise": 13, "collaboration": 15}


def test_ids_are_unique_and_in_order() -> None:
    assert [need["id"] for need in needs()] == [f"need-{number:02d}" for number in range(1, 29)]


def test_every_need_has_the_same_fields() -> None:
    assert [need["id"] for need in needs() if set(need) != FIELDS] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_five_needs(language: str) -> None:
    assert sum(need["language"] == language for need in needs()) >= 5


@pytest.mark.parametrize("country", COUNTRIES)
def test_each_country_has_needs(country: str) -> None:
    assert sum(need["country"] == country for need in needs()) >= 2


def test_every_region_has_a_need() -> None:
    assert {need["region"] for need in needs()} == set(regions())


def test_the_region_is_one_of_the_companys_country() -> None:
    wrong = [need["id"] for need in needs() if regions()[need["region"]]["country"] != need["country"]]
    assert wrong == []


def test_a_need_is_in_english_or_in_a_language_of_its_country() -> None:
    assert [need["id"] for need in needs() if need["language"] not in NATIVE[need["country"]] | {"en"}] == []


def test_categories_sought_are_known_and_all_are_sought_somewhere() -> None:
    sought = [category for need in needs() for category in need["categories"]]
    assert set(sought) == set(CATEGORIES)


def test_every_need_has_60_to_150_words_and_a_title() -> None:
    counts = {need["id"]: len(need["text"].split()) for need in needs()}
    assert {key: count for key, count in counts.items() if not 60 <= count <= 150} == {}
    assert [need["id"] for need in needs() if not need["title"].strip()] == []


def test_a_translation_is_as_long_as_its_need_within_a_third_and_has_a_title() -> None:
    lengths = {need["id"]: len(need["text"]) for need in needs()}
    share = {(row["id"], row["language"]): len(row["text"]) / lengths[row["id"]] for row in translations()}
    assert {key: found for key, found in share.items() if not 3 / 4 <= found <= 4 / 3} == {}
    assert [row["id"] for row in translations() if not row["title"].strip()] == []


@pytest.mark.parametrize("name", ALL_LISTS)
def test_the_stated_language_is_the_one_the_words_are_in(name: str) -> None:
    texts = [(need.get("id") or need["topic"], need["language"], guess_language(need["text"])) for need in ALL_LISTS[name]()]
    assert [one for one in texts if one[1] != one[2]] == []


def test_no_company_is_a_provider_or_occurs_twice() -> None:
    companies = [plain_name(need["company"]) for need in needs()]
    assert all(companies)
    assert twice(companies) == []
    assert set(companies) & {plain_name(row["name"]) for row in providers()} == set()


def test_every_need_is_translated_once_into_each_of_the_other_languages() -> None:
    others = [(need["id"], language) for need in needs() for language in LANGUAGES if language != need["language"]]
    assert [(row["id"], row["language"]) for row in translations()] == others


def test_every_translation_has_the_same_fields() -> None:
    assert [row["id"] for row in translations() if list(row) != ["id", "language", "title", "text"]] == []


def test_no_two_wordings_of_a_need_are_alike() -> None:
    assert twice(" ".join(folded_words(row["text"])) for row in (*needs(), *translations())) == []


def test_a_translation_keeps_the_numbers_of_its_need() -> None:
    def numbers(text: str) -> set[str]:
        joined = re.sub(r"(?<=\d)[.,\s\u202f](?=\d{3}\b)", "", text)
        return set(re.findall(r"\d+", joined))

    original = {need["id"]: numbers(need["text"]) for need in needs()}
    differing = {(row["id"], row["language"]): original[row["id"]] ^ numbers(row["text"]) for row in translations()}
    assert {key: found for key, found in differing.items() if found} == {}


def test_the_project_reads_its_own_needs() -> None:
    read = shipped_needs()
    assert [(need.need_id, need.text) for need in read] == [(row["id"], row["text"]) for row in needs()]
    written = {(row["id"], row["language"]): row["text"] for row in (*needs(), *translations())}
    assert {key: need.text for key, need in shipped_needs_in_all_languages().items()} == written


def test_the_ordinary_needs_are_24_topics_in_five_languages() -> None:
    languages: dict[str, list[str]] = defaultdict(list)
    for row in ordinary_needs():
        languages[row["topic"]].append(row["language"])
    assert len(languages) == 24
    assert {topic: found for topic, found in languages.items() if sorted(found) != list(LANGUAGES)} == {}


def test_no_ordinary_need_is_a_sample_need_or_occurs_twice() -> None:
    ordinary = [" ".join(folded_words(row["text"])) for row in ordinary_needs()]
    samples = {" ".join(folded_words(row["text"])) for row in (*needs(), *translations())}
    assert twice(ordinary) == []
    assert samples & set(ordinary) == set()
