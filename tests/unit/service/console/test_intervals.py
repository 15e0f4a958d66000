"""Differences as drawings: on one scale, zero in the middle."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from service.console.intervals import WIDTH, intervals

ENDS = st.lists(st.floats(-2, 2), min_size=3, max_size=3).map(sorted)


def difference(ends: list[float]) -> dict[str, float]:
    return dict(zip(("low", "mean", "high"), ends, strict=True))


@given(st.lists(ENDS, max_size=4))
def test_order_and_side_of_zero_are_kept_and_nothing_runs_off(found: list[list[float]]) -> None:
    drawn = intervals([difference(ends) for ends in found])
    assert len(drawn) == len(found)
    for ends, one in zip(found, drawn, strict=True):
        places = [one.low, one.mean, one.high]
        assert places == sorted(places)
        assert all(0 <= place <= WIDTH for place in places)
        assert all((place - WIDTH / 2) * end >= 0 for place, end in zip(places, ends, strict=True))


def test_all_share_one_scale() -> None:
    wide, narrow = intervals([difference([-0.2, 0.0, 0.2]), difference([0.05, 0.1, 0.1])])
    assert (wide.mean, narrow.high - WIDTH / 2) == (WIDTH / 2, round((wide.high - WIDTH / 2) / 2, 1))


def test_no_difference_at_all_lies_on_zero() -> None:
    (one,) = intervals([difference([0.0, 0.0, 0.0])])
    assert (one.low, one.mean, one.high) == (WIDTH / 2,) * 3
