"""How many companies are behind some needs, for sure: not every need names its company."""

from __future__ import annotations

from collections.abc import Iterable

from matcher.gaps.asked import AskedNeed


def different_companies(needs: Iterable[AskedNeed]) -> int:
    """How many companies there are at least.

    A need that does not name its company may be of any company of its country, so it counts only where its country has no
    other.
    """
    named, nameless = set(), set()
    for asked in needs:
        if asked.company:
            named.add(asked.company)
        else:
            nameless.add(asked.need.country)
    countries = {key.partition(":")[0] for key in named}
    return len(named) + len(nameless - countries)
