"""Bodies whose records were made for files: over HTTP a value is of the type that the schema says, not what it could mean."""

from __future__ import annotations

import math
from typing import Any

from pydantic import BeforeValidator

from embeddings.errors import Refusal, shown
from service.api.body_parts import parts_of, refuse_number_as_moment, refuse_truth_value

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
    for part in parts_of(value):
        if (part.holders[-1] if part.holders else "", part.name) in _TRUTH_VALUES:
            if isinstance(part.value, int | float | str) and not isinstance(part.value, bool):
                raise Refusal(part.name, "be true or false", shown(part.value))
            continue
        refuse_truth_value(part)
        if part.name in _MOMENTS:
            refuse_number_as_moment(part, "2026-01-31T12:00:00Z")
        elif isinstance(part.value, float) and not math.isfinite(part.value):
            raise Refusal(part.name or "value", "be a finite number", shown(part.value), "Write digits, for instance 1.5.")
    return value


PLAIN = BeforeValidator(_check)
"""Of a body's part: 1 is no truth value, true no number, a number no moment, and what is not finite no number."""
