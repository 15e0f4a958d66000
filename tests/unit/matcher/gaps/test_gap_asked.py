from __future__ import annotations

import pytest

from matcher.gaps.asked import ask
from matcher.index import ProviderIndex
from matcher.pipeline import Matcher, MatcherConfig, build_matcher
from matcher.ranking import RankingConfig
from tests.fakes import FakeEncoder, need
from tests.unit.matcher.gaps.asked_needs import asked, near


@pytest.fixture
def matcher(small_index: ProviderIndex, fake_encoder: FakeEncoder) -> Matcher:
    config = MatcherConfig(ranking=RankingConfig(least_probability=0.0))
    return build_matcher(small_index, fake_encoder, config)


def test_abroad_are_other_countries_and_anywhere_is_everybody(matcher: Matcher) -> None:
    found = ask(matcher, matcher.encode(need(country="NL")), "one", k=10)
    assert {one.country for one in found.abroad} <= {"DE", "BE", "FR", "DK"}
    assert "aqua" in {one.provider_id for one in found.anywhere}
    assert {one.provider_id for one in found.abroad} == {one.provider_id for one in found.anywhere if one.country != "NL"}
    assert [one.probability for one in found.anywhere] == sorted((one.probability for one in found.anywhere), reverse=True)


def test_only_the_first_abroad_count(matcher: Matcher) -> None:
    encoded = matcher.encode(need("Lung models on a chip, and a vaccine filling line for clinical batches", country="NL"))
    everybody, first = (ask(matcher, encoded, "one", k=k) for k in (10, 1))
    assert first.abroad == everybody.abroad[:1]
    assert first.expected < everybody.expected
    assert first.anywhere == everybody.anywhere


def test_a_need_without_a_good_match_has_a_list_all_the_same(matcher: Matcher, small_matcher: Matcher) -> None:
    hopeless = need("Toxicology of wedding bands", country="NL")
    found = ask(matcher, matcher.encode(hopeless), "one", k=10)
    assert found.abroad
    assert small_matcher.components["config"]["ranking"]["least_probability"] > 0


def test_the_categories_of_the_list_replace_those_of_the_need(matcher: Matcher) -> None:
    encoded = matcher.encode(need(country="NL", categories=("technology",)))
    own = ask(matcher, encoded, "one", k=10)
    other = ask(matcher, encoded, "one", k=10, categories=("finance",))
    assert (own.fields, {one.category for one in own.anywhere}) == (("technology",), {"technology"})
    assert other.fields == ("finance",)
    assert {one.category for one in other.anywhere} <= {"finance"}
    assert ask(matcher, matcher.encode(need()), "one", k=10).fields == ("any",)


def test_the_expected_number_adds_up_probabilities_given_that_the_need_belongs() -> None:
    assert asked("one", probabilities=(0.5, 0.25)).expected == pytest.approx(0.75)
    # Odds of 1 are half those of 2: a need that belongs for sure would have 2/3.
    assert asked("one", probabilities=(0.5,), belongs=0.5).expected == pytest.approx(2 / 3)
    assert asked("one", probabilities=()).expected == 0.0
    assert asked("one", probabilities=(1.0,), belongs=0.0).expected == pytest.approx(1.0)


def test_the_best_abroad_is_the_largest_probability() -> None:
    assert asked("one", abroad=(near("a", 0.1), near("b", 0.4))).best_abroad == 0.4
    assert asked("one", probabilities=()).best_abroad == 0.0
