from __future__ import annotations

from typing import Any

import pytest

from matcher.gaps.findings import ThemeKind
from matcher.gaps.nearest import NearRegion
from matcher.gaps.themes import GapInNumbers, theme_of

STUTTGART, WALLONIA, LILLE = (
    NearRegion(region=region, country=region[:2].upper(), provider="P", probability=0.1, abroad_for=1)
    for region in ("de-stuttgart", "be-liege", "fr-lille")
)


def gap(**more: Any) -> GapInNumbers:
    values: dict[str, Any] = {
        "needs": 6,
        "companies": 4,
        "finance": 0,
        "unlike": 0,
        "in_question": 0.0,
        "k": 10,
        "at_home": 0,
        "recruit": (STUTTGART, WALLONIA, LILLE),
    }
    return GapInNumbers(**values | more)


@pytest.mark.parametrize(
    ("numbers", "kind"),
    [
        ({"needs": 4}, "wait"),
        ({"companies": 2}, "wait"),
        ({"needs": 5, "companies": 3}, "recruit"),
        ({"unlike": 3}, "recruit"),
        ({"unlike": 4, "finance": 6, "in_question": 9.0}, "ask first"),
        ({"finance": 3}, "recruit"),
        ({"finance": 4, "in_question": 9.0}, "pitch event"),
        ({"in_question": 3.0}, "webinar"),
        ({"in_question": 2.5}, "recruit"),
    ],
)
def test_the_theme_follows_from_the_numbers(numbers: dict[str, Any], kind: ThemeKind) -> None:
    assert theme_of(gap(**numbers)).kind == kind


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ({"needs": 3, "companies": 3}, "3 needs: an anecdote, not a gap."),
        ({"needs": 1, "companies": 1}, "1 need: an anecdote, not a gap."),
        ({"companies": 1}, "6 needs of 1 company: an anecdote, not a gap."),
        ({"finance": 5}, "6 needs of 4 companies, 5 of them for finance: let the companies pitch to investors."),
        ({"in_question": 4.5}, "For a typical one 4.5 of the first 10 providers abroad come into question"),
        ({"unlike": 5}, "5 of them are unlike all that the directory is for"),
        ({}, "nobody abroad comes into question for a typical one: recruit before inviting."),
        ({"in_question": 1.0}, "only 1 provider abroad comes into question"),
        ({"at_home": 2}, "For 2 of 6 the nearest provider of all is at home: what lacks is one abroad."),
    ],
)
def test_the_reason_is_told_in_words(numbers: dict[str, Any], words: str) -> None:
    assert words in theme_of(gap(**numbers)).reason


def test_the_two_nearest_regions_are_named_and_none_where_there_is_none() -> None:
    assert theme_of(gap()).reason.endswith(" Providers of de-stuttgart and be-liege come nearest.")
    assert theme_of(gap(recruit=())).reason.endswith("recruit before inviting.")
