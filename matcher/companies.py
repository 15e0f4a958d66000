"""One company over all its needs: what it is called may be written in several ways."""

from __future__ import annotations

from matcher.directory import plain_name


def company_key(company: str, country: str) -> str:
    """What needs of one company share: its country and its name without case, accents, legal form and signs.

    Empty where the need does not name its company: of such a need nothing is known beside itself.
    """
    name = plain_name(company)
    return f"{country}:{name}" if name else ""
