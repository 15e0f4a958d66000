"""Canonical JSON is that of RFC 8785, whichever way it is written."""

from __future__ import annotations

from typing import Any

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from service.record.chain import canonical

TEXT = st.text(st.characters(codec="utf-8"), max_size=12)
NUMBERS = st.integers(1 - 2**53, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=10,
)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(VALUES)
def test_it_is_what_the_reference_writes(value: Any) -> None:
    assert canonical(value) == rfc8785.dumps(value).decode()


@pytest.mark.parametrize(
    "value",
    [0.0, -0.0, 1.0, 1e-7, 9.5e-5, 1e-4, 0.1 + 0.2, 1e16, 1.5e21, 2**53 - 1, -1.25, True, "\x1f\x7f\u2028\\", {"é": 1, "z": 2}],
)
def test_numbers_and_signs_that_languages_write_differently_are_written_as_the_reference_does(value: Any) -> None:
    assert canonical({"a": [value]}) == rfc8785.dumps({"a": [value]}).decode()


@pytest.mark.parametrize("value", [2**53, -(2**60), float("nan"), float("inf"), "half \udcff", {1: 2}, {"a": object()}])
def test_what_has_no_canonical_form_is_refused_as_the_reference_does(value: Any) -> None:
    with pytest.raises(ValueError) as told:  # noqa: PT011 - what it says is compared below
        rfc8785.dumps([value])
    with pytest.raises(type(told.value)) as caught:
        canonical([value])
    assert str(caught.value) == str(told.value)
