"""Bodies of sums and dates: a value is of the type that the schema says, where pydantic would read one type as another."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from pydantic import BeforeValidator

from embeddings.errors import Refusal, shown

_WITHOUT_OFFSET = re.compile(r"\d{4}-\d{2}-\d{2}([Tt _]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?")


def exactly(*, numbers: Iterable[str] = (), truth_values: Iterable[str] = (), moments: Iterable[str] = ()) -> BeforeValidator:
    """For a body's annotation.

    Args:
        numbers: fields that hold numbers, alone, in a list or by name: `"7"` and `true` are none.
        truth_values: fields that hold truth values: `1` and `"yes"` are none.
        moments: fields that hold a date and time: in a number pydantic sees seconds since 1970.
    """
    of_numbers, of_truth, of_moments = frozenset(numbers), frozenset(truth_values), frozenset(moments)

    def check(value: Any) -> Any:
        # Not by recursion: a body may be as deep as its reader allows.
        left: list[tuple[frozenset[str], str, Any]] = [(frozenset(), "", value)]
        while left:
            holders, name, one = left.pop()
            if isinstance(one, dict):
                left += ((holders | {name}, key, part) for key, part in one.items())
            elif isinstance(one, list):
                left += ((holders, name, part) for part in one)
            elif name in of_truth:
                if one is not None and not isinstance(one, bool):
                    raise Refusal(name, "be true or false", shown(one))
            elif isinstance(one, bool):
                raise Refusal(name or "value", "not be a truth value", shown(one), "Write the value itself.")
            elif isinstance(one, str) and (name in of_numbers or holders & of_numbers):
                raise Refusal(name, "be a number", shown(one), "Write digits without quotes.")
            elif name in of_moments:
                _check_moment(name, one)
        return value

    return BeforeValidator(check)


def _check_moment(name: str, value: Any) -> None:
    try:
        float(value)
    except (TypeError, ValueError):
        if not isinstance(value, str) or _WITHOUT_OFFSET.fullmatch(value):
            remedy = "Write it as in 2026-01-31T12:00:00+01:00."
            raise Refusal(name, "be a date and time with its offset from UTC", shown(value), remedy) from None
        return
    raise Refusal(name, "be a date and time", shown(value), "Write it as in 2026-01-31T12:00:00+01:00.")
