from __future__ import annotations

import pytest

from matcher.gaps.nearest import nearest_providers, nearest_regions
from tests.unit.matcher.gaps.asked_needs import asked, near

HOME, ABROAD, SECOND = near("aqua", 0.6, "NL"), near("bruno", 0.4, "DE"), near("berta", 0.3, "DE")
FAR = near("carla", 0.2, "BE")


def test_providers_are_ordered_by_their_mean_over_all_needs() -> None:
    needs = [asked("a", anywhere=(HOME, ABROAD)), asked("b", anywhere=(ABROAD, FAR), country="FR")]
    found = nearest_providers(needs)
    assert [(one.provider_id, one.abroad_for) for one in found] == [("bruno", 2), ("aqua", 1), ("carla", 2)]
    assert [one.probability for one in found] == pytest.approx([0.4, 0.3, 0.1])


def test_of_equals_the_id_decides() -> None:
    needs = [asked("a", anywhere=(near("zeta", 0.2), near("alpha", 0.2)))]
    assert [one.provider_id for one in nearest_providers(needs)] == ["alpha", "zeta"]


def test_only_the_first_are_shown() -> None:
    needs = [asked("a", anywhere=tuple(near(f"p{place}", 0.5 - place / 100) for place in range(9)))]
    assert [one.provider_id for one in nearest_providers(needs)] == ["p0", "p1", "p2"]


def test_a_region_is_as_near_as_its_best_provider_abroad() -> None:
    needs = [asked("a", anywhere=(HOME, ABROAD, SECOND, FAR)), asked("b", anywhere=(SECOND, FAR))]
    first, second = nearest_regions(needs)
    assert (first.region, first.country, first.provider, first.abroad_for) == ("de-one", "DE", "Bruno", 2)
    assert first.probability == pytest.approx((0.4 + 0.3) / 2)
    assert (second.region, second.probability) == ("be-one", pytest.approx(0.2))


def test_a_region_at_home_cannot_recruit_for_its_own_needs() -> None:
    assert nearest_regions([asked("a", anywhere=(HOME,))]) == ()
    mixed = nearest_regions([asked("a", anywhere=(HOME,)), asked("b", anywhere=(HOME,), country="DE")])
    assert [(one.region, one.abroad_for) for one in mixed] == [("nl-one", 1)]
    assert mixed[0].probability == pytest.approx(0.3)


def test_where_providers_name_no_region_the_country_stands_for_it() -> None:
    found = nearest_regions([asked("a", anywhere=(near("x", 0.2, "DK", region=""), near("y", 0.1, "DK", region="")))])
    assert [(one.region, one.provider) for one in found] == [("DK", "X")]


def test_nobody_near_is_nobody() -> None:
    assert nearest_providers([asked("a", probabilities=())]) == ()
    assert nearest_regions([asked("a", probabilities=())]) == ()
