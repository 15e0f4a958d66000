"""However the record looks: each way of counting adds up to the same total, and no share leaves 0 to 1."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.indicators import Indicators, indicator_rows, indicators
from matcher.log import MatchHistory
from matcher.rates import Rates
from tests.property.worlds import COUNTRIES
from tests.unit.matcher.histories import history
from tests.unit.matcher.steps import RECORDED, TOLD

RATINGS = ("did not take place", "insufficient interest", "cooperation possible", None)
RESULTS = ("no contact", "negotiating", "agreement reached")
ANYWAY = ("yes", "no", "cannot say")
DAYS = tuple(f"2026-{month:02d}-15" for month in range(3, 13))


@st.composite
def steps(draw: st.DrawFn) -> list[Any]:
    """Any steps in any order, as older records may have them."""
    kinds = draw(st.lists(st.sampled_from(RECORDED), max_size=5))
    told = []
    for kind in kinds:
        values: dict[str, Any] = dict(TOLD.get(kind, {}))
        if kind == "met":
            values["rating"] = draw(st.sampled_from(RATINGS))
        if kind == "outcome":
            values = {"result": draw(st.sampled_from(RESULTS)), "anyway": draw(st.sampled_from(ANYWAY))}
        told.append((kind, draw(st.sampled_from(DAYS)), values))
    return told


@st.composite
def records(draw: st.DrawFn) -> list[MatchHistory]:
    return [
        history(
            match_id,
            *draw(steps()),
            company=draw(st.sampled_from(["", "Lungs BV", "LUNGS", "Cordes SA"])),
            country=draw(st.sampled_from(COUNTRIES)),
            region=draw(st.sampled_from(["", "nl-oost", "be-liege"])),
            provider=draw(st.sampled_from(["bruno", "carla"])),
            provider_country=draw(st.sampled_from(COUNTRIES)),
            category=draw(st.sampled_from(["technology", "finance", "commercial"])),
        )
        for match_id in range(1, draw(st.integers(0, 8)) + 1)
    ]


def figures_of(record: list[MatchHistory]) -> Indicators:
    return indicators(record, [])


@settings(max_examples=50)
@given(record=records())
def test_the_counts_of_each_kind_add_up_to_the_total(record: list[MatchHistory]) -> None:
    figures = figures_of(record)
    counts = figures.cross_border
    for one in (counts.by_region, counts.by_countries, counts.by_category, counts.by_month):
        assert sum(one.values()) == counts.total
        assert all(one.values())
    assert counts.total + figures.domestic <= sum(bool(one.steps) for one in record)
    assert figures.funnel[0].reached == counts.total


@settings(max_examples=50)
@given(record=records())
def test_regions_add_up_and_shares_lie_within_their_interval(record: list[MatchHistory]) -> None:
    figures = figures_of(record)
    for name in Rates.model_fields:
        regional = getattr(figures.rates, name)
        of_regions = regional.by_region.values()
        assert set(regional.by_region) == set(figures.cross_border.by_region)
        assert sum(one.numerator for one in of_regions) == regional.total.numerator
        assert sum(one.denominator for one in of_regions) == regional.total.denominator
        for one in (regional.total, *of_regions):
            assert (one.value is None) == (one.denominator == 0)
            if one.value is not None:
                assert -1e-12 <= one.low <= one.value + 1e-12
                assert one.value - 1e-12 <= one.high <= 1 + 1e-12


@settings(max_examples=50)
@given(record=records())
def test_open_ones_are_among_those_that_came_so_far(record: list[MatchHistory]) -> None:
    figures = figures_of(record)
    assert all(0 <= one.open <= one.reached <= figures.cross_border.total for one in figures.funnel)
    assert sum(one.open for one in figures.funnel) <= figures.cross_border.total
    _, accepted, *later = figures.funnel
    assert all(one.reached <= accepted.reached for one in later)
    assert Indicators.model_validate_json(figures.model_dump_json()) == figures
    assert all(row.value is None or row.value >= 0 for row in indicator_rows(figures) if "days" not in row.section)


@settings(max_examples=50)
@given(record=records(), data=st.data())
def test_the_order_in_which_matches_are_read_decides_nothing(record: list[MatchHistory], data: st.DataObject) -> None:
    assert figures_of(data.draw(st.permutations(record))) == figures_of(record)
