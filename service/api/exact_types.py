"""Bodies of sums and dates: a value is of the type that the schema says, where pydantic would read one type as another."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from pydantic import BeforeValidator

from embeddings.errors import Refusal, shown
from service.api.body_parts import parts_of, refuse_number_as_moment, refuse_truth_value

_WITHOUT_OFFSET = re.compile(r"\d{4}-\d{2}-\d{2}([Tt _]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?")

_EXAMPLE = "2026-01-31T12:00:00+01:00"


def exactly(*, numbers: Iterable[str] = (), truth_values: Iterable[str] = (), moments: Iterable[str] = ()) -> BeforeValidator:
    """For a body's annotation.

    Args:
        numbers: fields that hold numbers, alone, in a list or by name: `"7"` and `true` are none.
        truth_values: fields that hold truth values: `1` and `"yes"` are none.
        moments: fields that hold a date and time: in a number pydantic sees seconds since 1970.
    """
    of_numbers, of_truth, of_moments = frozenset(numbers), frozenset(truth_values), frozenset(moments)

    def check(value: Any) -> Any:
        for part in parts_of(value):
            if part.name in of_truth:
                if part.value is not None and not isinstance(part.value, bool):
                    raise Refusal(part.name, "be true or false", shown(part.value))
                continue
            refuse_truth_value(part)
            if isinstance(part.value, str) and not of_numbers.isdisjoint((part.name, *part.holders)):
                raise Refusal(part.name, "be a number", shown(part.value), "Write digits without quotes.")
            if part.name in of_moments:
                refuse_number_as_moment(part, _EXAMPLE)
                if not isinstance(part.value, str) or _WITHOUT_OFFSET.fullmatch(part.value):
                    wanted = "be a date and time with its offset from UTC"
                    raise Refusal(part.name, wanted, shown(part.value), f"Write it as in {_EXAMPLE}.")
        return value

    return BeforeValidator(check)
