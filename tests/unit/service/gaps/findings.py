"""Findings for pages and tables: two gaps and an anecdote in two languages."""

from __future__ import annotations

from typing import Any

from matcher.gaps.analysis import find_gaps
from matcher.gaps.asked import AskedNeed
from matcher.gaps.findings import GapAnalysis, Skipped
from matcher.gaps.one_gap import GapConfig
from tests.unit.matcher.gaps.asked_needs import asked, bank, direction, near

NASTY = '<script>alert("x & y")</script> $\\frac{1}{2}$'
ORDINARY = bank(0.5, 0.6, 0.7)


def needs() -> list[AskedNeed]:
    home, abroad = near("aqua", 0.4, "NL", name=NASTY), near("bruno", 0.2)
    cells = [
        asked(
            f"c{place}",
            direction(0),
            abroad=(abroad,),
            anywhere=(home, abroad),
            text="CAR-T cells",
            title=NASTY,
            region="nl-oost",
        )
        for place in range(6)
    ]
    funds = [
        asked(f"f{place}", direction(3), (0.01,), text="A seed round", fields=("finance",), region=NASTY, language="da")
        for place in range(5)
    ]
    met = [asked(f"m{place}", direction(5), (0.9,), region="nl-oost") for place in range(5)]
    return [*cells, *funds, *met, asked("alone", direction(7), ())]


def findings(**more: Any) -> GapAnalysis:
    config = GapConfig(shows_titles=more.pop("shows_titles", True))
    return find_gaps(needs(), ORDINARY, config, source="the tests", skipped=Skipped(erased=1, repeated=2), **more)


def nothing() -> GapAnalysis:
    return find_gaps([], ORDINARY, GapConfig(), source="the tests")
