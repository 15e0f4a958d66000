"""Bodies whose records were made for files: over HTTP a value is of the type that the schema says, not what it could mean."""

from __future__ import annotations

import math
from typing import Any

from pydantic import BeforeValidator

from embeddings.errors import Refusal, shown

_OF_A_MEETING = ("cross_border", "wished", "fixed")
_TRUTH_VALUES = frozenset(
    {
        *(("", "fair"), ("event", "fair"), ("quality", "stopped")),
        *((holder, name) for holder in ("meetings", "meeting") for name in _OF_A_MEETING),
    }
)
"""Of an event and of a planned event: what holds it, and its name. Elsewhere `cross_border` counts, and `fixed` is a list."""
_MOMENTS = frozenset({"starts", "ends", "made_at"})


def _check(value: Any) -> Any:
    """Not by recursion: a body may be as deep as its reader allows."""
    left: list[tuple[str, str, Any]] = [("", "", value)]
    while left:
        holder, name, one = left.pop()
        if isinstance(one, dict):
            left += ((name, key, part) for key, part in one.items())
        elif isinstance(one, list):
            left += ((holder, name, part) for part in one)
        elif (holder, name) in _TRUTH_VALUES:
            if isinstance(one, int | float | str) and not isinstance(one, bool):
                raise Refusal(name, "be true or false", shown(one))
        elif isinstance(one, bool):
            raise Refusal(name or "value", "not be a truth value", shown(one), "Write the value itself.")
        elif name in _MOMENTS:
            _check_moment(name, one)
        elif isinstance(one, float) and not math.isfinite(one):
            raise Refusal(name or "value", "be a finite number", shown(one), "Write digits, for instance 1.5.")
    return value


def _check_moment(name: str, value: Any) -> None:
    """In a number pydantic sees seconds since 1970."""
    try:
        float(value)
    except (TypeError, ValueError):
        return
    raise Refusal(name, "be a date and time", shown(value), "Write it as in 2026-01-31T12:00:00Z.")


PLAIN = BeforeValidator(_check)
"""Of a body's part: 1 is no truth value, true no number, a number no moment, and what is not finite no number."""
