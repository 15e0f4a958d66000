from __future__ import annotations

import pytest

from matcher.errors import RequestRefused
from matcher.filters import Allowed, allowed_providers
from matcher.index import ProviderIndex
from tests.fakes import need, request

EVERYONE = {"aqua", "bruno", "carla", "dion", "erik"}


def left(index: ProviderIndex, **more: object) -> set[str]:
    allowed = allowed_providers(index, request(**more))
    check_counts(allowed)
    return {index.provider_at(row).provider_id for row in allowed.mask.nonzero()[0].tolist()}


def check_counts(allowed: Allowed) -> None:
    told = allowed.considered
    assert told.own_organisation + told.filtered_out + told.domestic_left_out + told.candidates == told.directory == 5
    assert told.candidates == int(allowed.mask.sum())


def test_without_filters_everyone_may_be_listed(small_index: ProviderIndex) -> None:
    assert left(small_index) == EVERYONE


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"categories": ["technology"]}, {"aqua", "bruno", "carla"}),
        ({"categories": ["finance", "commercial"]}, {"dion", "erik"}),
        ({"countries": ["DE", "FR"]}, {"bruno", "dion"}),
        ({"countries": ["nl"]}, {"aqua"}),
        ({"countries": ["IT"]}, set()),
        ({"excluded_countries": ["NL", "DK"]}, {"bruno", "carla", "dion"}),
        ({"regions": ["nl-oost", "be-liege"]}, {"aqua", "carla"}),
        ({"excluded_providers": ["carla"]}, EVERYONE - {"carla"}),
        ({"excluded_providers": ["zelda"]}, EVERYONE),
        ({"countries": ["DE", "NL"], "excluded_countries": ["NL"]}, {"bruno"}),
        ({"categories": ["technology"], "countries": ["NL", "BE", "FR"], "excluded_providers": ["aqua"]}, {"carla"}),
        ({"categories": ["finance"], "countries": ["DK"]}, set()),
    ],
)
def test_filters_alone_and_together_leave_those_that_pass_all(
    small_index: ProviderIndex, filters: dict[str, object], expected: set[str]
) -> None:
    assert left(small_index, filters=filters) == expected


def test_the_categories_of_the_need_are_a_filter(small_index: ProviderIndex) -> None:
    assert left(small_index, need=need(categories=("finance",))) == {"dion"}


def test_the_categories_of_the_filters_come_before_those_of_the_need(small_index: ProviderIndex) -> None:
    assert left(small_index, need=need(categories=("finance",)), filters={"categories": ["commercial"]}) == {"erik"}


def test_require_leaves_the_own_country_out(small_index: ProviderIndex) -> None:
    assert left(small_index, policy={"mode": "require"}) == EVERYONE - {"aqua"}
    assert left(small_index, need=need(country="DE"), policy={"mode": "require"}) == EVERYONE - {"bruno"}


@pytest.mark.parametrize("mode", ["favour", "neutral"])
def test_the_other_policies_leave_nobody_out(small_index: ProviderIndex, mode: str) -> None:
    assert left(small_index, policy={"mode": mode}) == EVERYONE


def test_the_company_itself_is_never_listed_and_the_list_says_so(small_index: ProviderIndex) -> None:
    own = need(company="AQUA Institute B.V.")
    assert left(small_index, need=own) == EVERYONE - {"aqua"}
    allowed = allowed_providers(small_index, request(need=own))
    assert allowed.considered.own_organisation == 1
    assert allowed.notes == ("The company itself is in the directory and was left out.",)


def test_each_provider_that_is_left_out_is_counted_once(small_index: ProviderIndex) -> None:
    # aqua is the company itself, in the own country, and does not pass the filter.
    asked = request(need=need(company_ids=("aqua",)), filters={"countries": ["DE"]}, policy={"mode": "require"})
    allowed = allowed_providers(small_index, asked)
    told = allowed.considered
    assert (told.own_organisation, told.filtered_out, told.domestic_left_out, told.candidates) == (1, 3, 0, 1)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"filters": {"countries": ["IT"]}}, "5 do not pass the filters"),
        (
            {"filters": {"countries": ["NL"]}, "policy": {"mode": "require"}},
            "1 are in the company's own country, which the policy",
        ),
        ({"filters": {"countries": ["NL"]}, "need": need(company_ids=("aqua",))}, "1 is the company itself"),
    ],
)
def test_the_notes_say_why_nobody_is_left(small_index: ProviderIndex, more: dict[str, object], words: str) -> None:
    note = allowed_providers(small_index, request(**more)).notes[-1]
    assert note.startswith("Nobody is left: of 5 providers ")
    assert words in note
    assert note.endswith("Widen the filters.")


def test_where_somebody_is_left_there_is_nothing_to_explain(small_index: ProviderIndex) -> None:
    assert allowed_providers(small_index, request(filters={"countries": ["DE"]})).notes == ()


def test_an_unknown_region_is_refused_with_the_known_ones(small_index: ProviderIndex) -> None:
    with pytest.raises(RequestRefused) as caught:
        left(small_index, filters={"regions": ["nl-oost", "nl-west"]})
    assert str(caught.value) == (
        "The regions of the filters must be regions of the directory. Got 'nl-west'. "
        "Known regions: be-liege, de-nrw, fr-lille, nl-oost."
    )


def test_an_unknown_provider_to_be_excluded_is_noted(small_index: ProviderIndex) -> None:
    notes = allowed_providers(small_index, request(filters={"excluded_providers": ["aqua", "zelda"]})).notes
    assert notes == ("Some of the providers to be excluded are not in the directory.",)


def test_an_unknown_provider_is_noted_beside_a_doubled_one(small_index: ProviderIndex) -> None:
    filters = {"excluded_providers": ["aqua", "aqua", "zelda"]}
    assert allowed_providers(small_index, request(filters=filters)).notes


def test_a_provider_excluded_twice_is_no_unknown_one(small_index: ProviderIndex) -> None:
    assert allowed_providers(small_index, request(filters={"excluded_providers": ["aqua", "aqua"]})).notes == ()
