from __future__ import annotations

from datetime import UTC, datetime

from matcher.programme.rules import Programme
from matcher.shipped import shipped_directory, shipped_programme, shipped_regions


def test_its_regions_are_those_of_the_directory() -> None:
    regions = shipped_programme().regions
    told = [(one.region_id, one.name, one.country, one.partner, one.catchment) for one in regions]
    assert told == [(one.region_id, one.name, one.country, one.partner, one.catchment) for one in shipped_regions()]
    assert {one.region for one in shipped_directory().providers} <= {one.region_id for one in regions} | {""}


def test_each_region_gives_its_hundred_thousand_euros_in_four_calls() -> None:
    programme = shipped_programme()
    for region in programme.regions:
        given = [call.budgets[region.region_id] for call in programme.calls]
        assert given == [2_800_000, 2_800_000, 2_800_000, 1_600_000]
        assert sum(given) == region.budget == 10_000_000


def test_its_incentives_are_the_documented_ones() -> None:
    told = {one.name: (one.form, one.amount) for one in shipped_programme().incentives}
    assert told == {
        "Collaboration": ("lump sum", 700_000),
        "Insight": ("lump sum", 400_000),
        "Meet & Greet": ("costs up to", 50_000),
    }


def test_its_calls_follow_each_other_and_the_fourth_closes_in_may_2014() -> None:
    calls = shipped_programme().calls
    times = [moment for call in calls for moment in (call.opens, call.closes)]
    assert times == sorted(times)
    assert calls[0].opens > datetime(2012, 4, 1, tzinfo=UTC)
    assert (calls[3].closes.year, calls[3].closes.month) == (2014, 5)


def test_it_says_that_it_is_simulated_and_stays_the_same_when_stored() -> None:
    programme = shipped_programme()
    assert programme.simulated
    assert Programme.model_validate_json(programme.model_dump_json()) == programme
