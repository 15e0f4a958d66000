from __future__ import annotations

from dataclasses import replace

import pytest

from matcher.errors import NotFound
from tests.fakes import small_directory


def test_a_provider_is_found_by_its_id() -> None:
    assert small_directory().provider("carla").country == "BE"


@pytest.mark.parametrize("provider_id", ["zelda", "", "AQUA", "aqua ", "a\0"])
def test_an_unknown_id_is_not_found(provider_id: str) -> None:
    with pytest.raises(NotFound) as caught:
        small_directory().provider(provider_id)
    assert str(caught.value).startswith(f"The provider must be in the directory. Got {provider_id!r}.")


def test_an_unknown_id_has_no_evidence_either() -> None:
    with pytest.raises(NotFound):
        small_directory().evidence_of("zelda")


def test_evidence_comes_in_order_of_id() -> None:
    assert [item.evidence_id for item in small_directory().evidence_of("aqua")] == ["a1", "a2"]


def test_the_length_of_a_directory_is_its_number_of_providers() -> None:
    assert len(small_directory()) == 5


def test_ignored_columns_do_not_make_two_directories_different() -> None:
    first = small_directory()
    second = replace(first, ignored_columns=("p.csv: phone",))
    assert second == first
    assert second.fingerprint == first.fingerprint
