from __future__ import annotations

from embeddings.language import LANGUAGES
from matcher.shipped import shipped_directory, shipped_needs, shipped_needs_in_all_languages, shipped_regions


def test_the_28_needs_have_an_id_a_language_and_a_country_each() -> None:
    needs = shipped_needs()
    assert [need.need_id for need in needs] == [f"need-{number:02}" for number in range(1, 29)]
    assert all(need.language and need.title and need.country for need in needs)


def test_a_translation_differs_from_its_need_in_its_words_only() -> None:
    wording = {"language", "title", "text"}
    in_all_languages = shipped_needs_in_all_languages()
    for need in shipped_needs():
        versions = [in_all_languages[need.need_id, language] for language in LANGUAGES]
        assert [version.language for version in versions] == [*LANGUAGES]
        assert need in versions
        assert len({version.text for version in versions}) == len(LANGUAGES)
        assert [version.model_dump(exclude=wording) for version in versions] == [need.model_dump(exclude=wording)] * 5


def test_the_needs_in_all_languages_are_in_order_and_no_others() -> None:
    expected = [(need.need_id, language) for need in shipped_needs() for language in LANGUAGES]
    assert list(shipped_needs_in_all_languages()) == expected


def test_the_shipped_directory_loads_without_a_column_ignored() -> None:
    directory = shipped_directory()
    assert directory.ignored_columns == ()
    assert list(directory.providers) == sorted(directory.providers, key=lambda provider: provider.provider_id)


def test_the_eight_regions_are_in_order_and_every_provider_belongs_to_one_or_none() -> None:
    regions = [region.region_id for region in shipped_regions()]
    assert regions == sorted(regions)
    assert len(regions) == 8
    assert {provider.region for provider in shipped_directory().providers} <= {*regions, ""}
