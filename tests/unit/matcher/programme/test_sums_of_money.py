from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.errors import Refusal
from matcher.programme.money import LARGEST_SUM, cents_of, in_euros

SUMS = st.integers(0, LARGEST_SUM - 1)


@given(SUMS)
def test_what_is_told_reads_back_as_the_same_cents(cents: int) -> None:
    assert cents_of(in_euros(cents).removesuffix(" EUR").replace(",", "")) == cents


@given(SUMS)
def test_a_number_of_euros_keeps_its_cents(cents: int) -> None:
    assert cents_of(cents / 100) == cents


@pytest.mark.parametrize(
    ("written", "cents"), [(7000, 700_000), (0, 0), (499.5, 49_950), ("499.50", 49_950), (" 0.01 ", 1), ("7", 700)]
)
def test_sums_are_read_as_people_write_them(written: Any, cents: int) -> None:
    assert cents_of(written) == cents


@pytest.mark.parametrize(
    "written", [0.005, "1.005", -1, "-1", "7,000", "1.", ".5", "", "a lot", True, None, 1e16, float("nan"), "٧", "1e3", [7]]
)
def test_anything_else_is_refused_with_the_way_to_write_it(written: Any) -> None:
    with pytest.raises(Refusal, match=r"must be in euros with at most two decimals\. Got .* Write digits"):
        cents_of(written)


@pytest.mark.parametrize(("cents", "told"), [(700_000, "7,000.00 EUR"), (5, "0.05 EUR"), (-12_345, "-123.45 EUR")])
def test_sums_are_told_with_thousands_and_cents(cents: int, told: str) -> None:
    assert in_euros(cents) == told
