"""Sums of money: whole cents, so that nothing is ever rounded."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from embeddings.errors import Refusal, shown

LARGEST_SUM = 10**15
"""Cents; ten million million euros, and far below what a database's whole numbers end at."""
_WRITTEN = re.compile(r"(\d{1,13})(?:\.(\d{1,2}))?", re.ASCII)


def cents_of(value: Any) -> int:
    """Cents of a sum as people write it: `7000`, `499.5`, `"499.50"`.

    Raises:
        Refusal: it is negative, has more than two decimals, or is no number.
    """
    written = repr(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
    found = _WRITTEN.fullmatch(written.strip()) if isinstance(written, str) else None
    if found is None:
        remedy = "Write digits, and cents after a point: 7000 or 499.50."
        raise Refusal("sum of money", "be in euros with at most two decimals", shown(str(value)), remedy)
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))


def in_euros(cents: int) -> str:
    """A sum as it is told: `7,000.00 EUR`."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100:,}.{abs(cents) % 100:02} EUR"


Cents = Annotated[int, Field(ge=0, le=LARGEST_SUM)]
"""A sum in whole cents."""
Euros = Annotated[int, BeforeValidator(cents_of), Field(ge=0, le=LARGEST_SUM)]
"""Written in euros, held in cents."""
