from __future__ import annotations

import pytest

from matcher.gaps.unmet import Why, judged
from tests.unit.matcher.gaps.asked_needs import asked, bank

REFERENCE = bank(0.2, 0.2, 0.2).reference


@pytest.mark.parametrize(
    ("probabilities", "belongs", "why"),
    [
        ((0.2,), 1.0, None),
        ((0.19,), 1.0, "under the line"),
        ((0.1, 0.11), 1.0, None),
        ((0.04,) * 10, 1.0, "no good match"),
        ((0.05,) * 10, 1.0, None),
        ((), 1.0, "no good match"),
        ((0.9,), 0.49, "unlike the directory"),
        ((0.9,), 0.5, None),
        ((0.01,), 0.1, "unlike the directory"),
    ],
)
def test_why_a_need_is_unmet(probabilities: tuple[float, ...], belongs: float, why: Why | None) -> None:
    (found,) = judged([asked("one", probabilities=probabilities, belongs=belongs)], REFERENCE, 0.05)
    assert (found.why, found.is_unmet) == (why, why is not None)
    assert found.line == pytest.approx(0.2)


def test_each_need_is_held_against_the_line_of_its_language() -> None:
    reference = bank(0.2, 0.4, 0.6, language="fr").reference
    found = judged([asked("fr", probabilities=(0.31,), language="fr")], reference, 0.05)
    assert reference.line("fr") == pytest.approx(0.3)
    assert not found[0].is_unmet


def test_needs_without_a_good_match_are_never_near_the_line() -> None:
    found = judged([asked("one", probabilities=(0.04,) * 5)], REFERENCE, 0.05)
    assert not found[0].near_line


def test_the_order_is_kept() -> None:
    found = judged([asked("b"), asked("a")], REFERENCE, 0.05)
    assert [one.asked.key for one in found] == ["b", "a"]
