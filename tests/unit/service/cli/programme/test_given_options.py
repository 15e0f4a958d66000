"""Sums, points and signatures as they are given to a command."""

from __future__ import annotations

import pytest

from matcher.errors import RequestRefused
from service.cli.programme.options import cents, check_region, points, signature
from tests.unit.matcher.programme.small_programme import small_programme


@pytest.mark.parametrize(
    ("written", "found"), [("7000", 700_000), ("499.50", 49_950), ("499.5", 49_950), (" 0.01 ", 1), ("0", 0)]
)
def test_sums_are_read_as_people_write_them(written: str, found: int) -> None:
    assert cents(written) == found


@pytest.mark.parametrize("written", ["499.505", "-1", "1,000", "7 000", "7000 EUR", "", "1e3", "٣", "9" * 14, "nan"])
def test_what_is_no_sum_is_refused_with_the_option(written: str) -> None:
    with pytest.raises(RequestRefused, match=r"option --amount must"):
        cents(written)


def test_points_are_read_by_criterion() -> None:
    assert points(["fit=4", " plan = 10 "]) == {"fit": 4, "plan": 10}


@pytest.mark.parametrize("written", ["fit", "fit=", "=4", "fit=four", "fit=-1", "fit=4.5", "fit=1000", "fit=²"])
def test_what_is_no_score_is_refused(written: str) -> None:
    with pytest.raises(RequestRefused, match=r"option --score must"):
        points([written])


def test_a_criterion_comes_once() -> None:
    with pytest.raises(RequestRefused, match="fit twice"):
        points(["fit=4", "fit=5"])


def test_a_signature_is_short() -> None:
    assert signature(" office ") == "office"
    with pytest.raises(RequestRefused, match="at most 200 characters"):
        signature("x" * 201)


def test_a_region_is_one_of_the_programmes() -> None:
    check_region(small_programme(), None)
    check_region(small_programme(), "east")
    with pytest.raises(RequestRefused, match="Known are: east, south"):
        check_region(small_programme(), "west")
