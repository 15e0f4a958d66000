"""Looking through a directory: words, facets, and what each further choice would leave."""

from __future__ import annotations

import gc
from typing import Any

import pytest

from matcher import directory_search
from matcher.directory import Directory
from matcher.directory_search import FACETS, Conditions, DirectorySearch, folded, search_of
from matcher.index import ProviderIndex
from matcher.records import Provider
from matcher.shipped import shipped_directory
from tests.fakes import FakeEncoder
from tests.unit.matcher.pieces import piece


def provider(provider_id: str, name: str, category: str, country: str, **values: Any) -> Provider:
    return Provider(provider_id=provider_id, name=name, category=category, country=country, **values)


@pytest.fixture(scope="module")
def directory() -> Directory:
    return Directory(
        providers=(
            provider("a", "Zeta Onkologie", "technology", "DE", city="Köln", region="de-nrw"),
            provider("b", "Alpha", "technology", "BE", city="Liège", region="be-liege", summary="Lung models for everybody."),
            provider("c", "beta", "finance", "BE", region="be-liege"),
            provider("d", "Ærø Biotek", "technology", "DK", city="København"),
        ),
        evidence=(piece(1, "Cancer", "a"), piece(2, "Cancer; Vaccines", "b"), piece(3, "Vaccines", "c")),
    )


@pytest.fixture(scope="module")
def search(directory: Directory) -> DirectorySearch:
    return DirectorySearch(directory)


def names(search: DirectorySearch, **conditions: str) -> list[str]:
    return [one.name for one in search.find(Conditions(**conditions)).providers]


def test_without_conditions_everybody_is_found_by_name_whatever_its_case_and_accents(search: DirectorySearch) -> None:
    assert names(search) == ["Ærø Biotek", "Alpha", "beta", "Zeta Onkologie"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("liege", ["Alpha"]),
        ("LIÈGE", ["Alpha"]),
        ("kobenhavn", ["Ærø Biotek"]),
        ("Koln", ["Zeta Onkologie"]),
        ("aero", ["Ærø Biotek"]),
        ("lung liège", ["Alpha"]),
        ("lung köln", []),
        ("vaccin", ["Alpha", "beta"]),
        ("   ", ["Ærø Biotek", "Alpha", "beta", "Zeta Onkologie"]),
    ],
)
def test_each_word_must_be_somewhere_whatever_its_accents(search: DirectorySearch, words: str, found: list[str]) -> None:
    assert names(search, words=words) == found


def test_conditions_of_several_facets_all_hold(search: DirectorySearch) -> None:
    assert names(search, field="cancer") == ["Alpha", "Zeta Onkologie"]
    assert names(search, field="cancer", country="BE") == ["Alpha"]
    assert names(search, field="infections and vaccines", category="finance", region="be-liege") == ["beta"]
    assert names(search, field="cancer", category="finance") == []
    assert names(search, country="XX") == []


def test_a_count_takes_the_other_facets_into_account_but_not_its_own(search: DirectorySearch) -> None:
    found = search.find(Conditions(field="cancer", country="BE"))
    assert found.counts["country"] == {"BE": 1, "DE": 1}
    assert found.counts["field"] == {"cancer": 1, "infections and vaccines": 2}
    assert found.counts["category"] == {"technology": 1}
    assert found.without == {"category": 1, "field": 2, "country": 2, "region": 1}


def test_whoever_has_no_region_and_no_field_is_counted_under_none(search: DirectorySearch) -> None:
    found = search.find(Conditions(country="DK"))
    assert (found.counts["region"], found.counts["field"]) == ({}, {})
    assert found.without["region"] == found.without["field"] == 1


def test_fields_of_a_provider_are_told(search: DirectorySearch) -> None:
    assert search.fields("b") == ("infections and vaccines", "cancer")
    assert search.fields("d") == ()


@pytest.mark.parametrize(
    "conditions",
    [
        Conditions(),
        Conditions(words="lung"),
        Conditions(field="cancer", country="BE"),
        Conditions(words="data", category="commercial", region="nl-oost"),
        Conditions(category="finance", field="cancer", country="FR", region="fr-lille"),
    ],
)
def test_every_count_is_what_choosing_that_value_finds(conditions: Conditions) -> None:
    search = DirectorySearch(shipped_directory())
    found = search.find(conditions)
    for facet in FACETS:
        others = {"words": conditions.words, **{one: conditions.chosen(one) for one in FACETS if one != facet}}
        assert found.without[facet] == len(search.find(Conditions(**others)).providers)
        for value, count in found.counts[facet].items():
            assert count == len(search.find(Conditions(**{**others, facet: value})).providers), (facet, value)


def test_words_do_not_reach_from_one_text_into_the_next(search: DirectorySearch) -> None:
    # The name ends where the town begins.
    assert names(search, words="alphaliege") == []


def test_folding_leaves_letters_and_digits() -> None:
    assert folded("Straße 7, Łódź, Œuvre") == "strasse 7, lodz, oeuvre"


def test_the_search_of_an_index_is_made_once_and_kept_no_longer_than_it(directory: Directory) -> None:
    before = len(directory_search._KEPT)
    index = ProviderIndex.build(directory, FakeEncoder())
    assert search_of(index) is search_of(index)
    assert len(directory_search._KEPT) == before + 1
    del index
    gc.collect()
    assert len(directory_search._KEPT) <= before
