from __future__ import annotations

import math

import pytest

from embeddings.errors import Refusal
from matcher.gaps.reference import Ordinary, Reference
from tests.unit.matcher.gaps.asked_needs import asked


def ordinary(subject: str, language: str, expected: float) -> Ordinary:
    return Ordinary(subject, asked(f"{subject} {language}", probabilities=(expected,), language=language))


def test_the_line_is_the_lower_quartile_of_each_language() -> None:
    values = [ordinary(f"s{n}", "en", value) for n, value in enumerate((0.1, 0.2, 0.3, 0.4, 0.5))]
    values += [ordinary(f"s{n}", "fr", value / 2) for n, value in enumerate((0.1, 0.2, 0.3, 0.4, 0.5))]
    reference = Reference.of(values)
    assert reference.lines == pytest.approx({"en": 0.2, "fr": 0.1})
    assert reference.line("fr") == pytest.approx(0.1)


def test_a_language_that_the_bank_does_not_have_gets_the_line_of_all() -> None:
    reference = Reference.of([ordinary("a", "en", 0.4), ordinary("a", "fr", 0.2)])
    assert reference.line("pl") == reference.overall == pytest.approx(0.25)


def test_the_spread_is_what_one_need_differs_from_itself_in_another_language() -> None:
    """Both languages have the same line, so that of `b` remains: a factor of four."""
    values = [ordinary("a", "en", 0.2), ordinary("a", "fr", 0.2), ordinary("b", "en", 0.2), ordinary("b", "fr", 0.2)]
    assert Reference.of(values).spread == pytest.approx(0.0)
    values = [ordinary("a", "en", 0.2), ordinary("a", "fr", 0.8), ordinary("b", "en", 0.8), ordinary("b", "fr", 0.2)]
    # Two values a factor of four apart have the deviation ln 4 / √2.
    assert Reference.of(values).spread == pytest.approx(math.log(4) / math.sqrt(2))


def test_near_the_line_is_within_the_spread_on_either_side() -> None:
    values = [ordinary("a", "en", 0.2), ordinary("a", "fr", 0.8), ordinary("b", "en", 0.8), ordinary("b", "fr", 0.2)]
    reference = Reference.of(values)
    line, factor = reference.line("en"), math.exp(reference.spread)
    assert reference.is_near(line, "en")
    assert reference.is_near(line * factor * 0.99, "en")
    assert reference.is_near(line / factor * 1.01, "en")
    assert not reference.is_near(line * factor * 1.01, "en")
    assert not reference.is_near(0.0, "en")


def test_a_bank_in_one_language_has_no_spread() -> None:
    assert Reference.of([ordinary("a", "en", 0.2), ordinary("b", "en", 0.4)]).spread == 0.0


def test_without_ordinary_needs_there_is_no_line() -> None:
    with pytest.raises(Refusal, match="must hold at least one ordinary need"):
        Reference.of([])
