from __future__ import annotations

import pytest

from matcher.pipeline import Matcher
from matcher.ranking import RankingConfig
from matcher.relevance import PARTS
from tests.fakes import request
from tests.unit.matcher.candidates import candidates_of, policy, rank

COUNTRIES = ["NL", "DE", "NL", "FR"]


def test_neutral_orders_by_relevance_alone() -> None:
    ranked = rank(COUNTRIES, candidates_of([3.0, 1.0, 2.0, 4.0]), policy("neutral"))
    assert ranked.places.tolist() == [3, 0, 2, 1]
    assert ranked.by_part["border"].tolist() == [0.0, 0.0, 0.0, 0.0]
    assert ranked.scores.tolist() == [1.0, 0.0, -1.0, -2.0]


def test_favour_adds_beta_to_those_across_the_border_only() -> None:
    ranked = rank(COUNTRIES, candidates_of([3.0, 1.5, 2.0, 4.0]), policy(beta=1.0))
    assert ranked.places.tolist() == [3, 0, 1, 2]
    assert ranked.by_part["border"].tolist() == [1.0, 0.0, 1.0, 0.0]


@pytest.mark.parametrize(("beta", "first"), [(1.75, 0), (2.25, 1)])
def test_a_foreign_provider_outranks_a_domestic_one_up_to_beta_better(beta: float, first: int) -> None:
    ranked = rank(["NL", "DE"], candidates_of([3.0, 1.0]), policy(beta=beta))
    assert ranked.places.tolist()[0] == first


def test_at_exactly_beta_the_lower_id_comes_first() -> None:
    assert rank(["NL", "DE"], candidates_of([3.0, 1.0]), policy(beta=2.0)).places.tolist() == [0, 1]
    assert rank(["DE", "NL"], candidates_of([1.0, 3.0]), policy(beta=2.0)).places.tolist() == [0, 1]


def test_ties_stand_in_order_of_provider() -> None:
    ranked = rank(["NL"] * 5, candidates_of([1.0, 2.0, 1.0, 2.0, 1.0]), policy())
    assert ranked.places.tolist() == [1, 3, 0, 2, 4]


def test_the_scores_never_rise_down_the_list() -> None:
    scores = rank(COUNTRIES, candidates_of([0.5, 0.25, 2.5, 0.75]), policy()).scores.tolist()
    assert scores == sorted(scores, reverse=True)


def test_lexical_and_semantic_count_alike() -> None:
    ranked = rank(["NL", "NL"], candidates_of([1.0, 0.0], lexical=[0.0, 2.0]), policy())
    assert ranked.places.tolist() == [1, 0]


def test_those_for_whom_nothing_speaks_are_not_listed() -> None:
    assert rank(COUNTRIES, candidates_of([0.0, 1.0, 0.0, 0.0]), policy()).places.tolist() == [1]


@pytest.mark.parametrize(("least", "count"), [(0.04, 2), (0.5, 2), (0.6, 0)])
def test_nobody_is_listed_unless_somebody_is_probable_enough(least: float, count: int) -> None:
    weighed = candidates_of([3.0, 1.0])  # the better one is as probable as not
    assert len(rank(["NL", "DE"], weighed, policy(), config=RankingConfig(least_probability=least)).places) == count


def test_the_border_bonus_makes_nobody_more_probable() -> None:
    weighed = candidates_of([1.0, 3.0])
    assert rank(["NL", "DE"], weighed, policy(beta=9.0)).probability.tolist()[0] == pytest.approx(0.5)
    assert len(rank(["NL", "DE"], weighed, policy(beta=9.0), config=RankingConfig(least_probability=0.6)).places) == 0


def test_without_candidates_nobody_is_listed() -> None:
    assert len(rank([], candidates_of([]), policy()).places) == 0


@pytest.mark.parametrize("k", [1, 2, 3])
def test_k_cuts_the_list(k: int) -> None:
    assert rank(COUNTRIES, candidates_of([3.0, 1.0, 2.0, 4.0]), policy("neutral"), k).places.tolist() == [3, 0, 2, 1][:k]


def test_the_parts_have_these_names_and_add_up() -> None:
    ranked = rank(["NL", "DE"], candidates_of([1.0, 0.25], lexical=[0.5, 0.125]), policy(beta=1.5))
    parts = {part.name: part.value for part in ranked.parts(0)}
    assert {name: value for name, value in parts.items() if value} == {
        "baseline": -3.0,
        "semantic": 0.25,
        "lexical": 0.125,
        "border": 1.5,
    }
    assert list(parts) == [*PARTS, "border"]
    assert sum(parts.values()) == ranked.scores[0]


def test_the_baseline_moves_every_score_alike() -> None:
    low, high = (rank(["NL", "DE"], candidates_of([1.0, 2.0], baseline=at), policy(), 2) for at in (-5.0, 1.0))
    assert low.places.tolist() == high.places.tolist()
    assert (high.scores - low.scores).tolist() == [6.0, 6.0]


def test_require_lists_nobody_of_the_own_country(small_matcher: Matcher) -> None:
    required = small_matcher.match(request(policy={"mode": "require"}))
    assert [match.provider_id for match in required.matches] == ["bruno"]
    neutral = {match.provider_id: match.score for match in small_matcher.match(request(policy={"mode": "neutral"})).matches}
    assert required.matches[0].score == neutral["bruno"]


def test_the_three_policies_order_the_two_laboratories_as_they_promise(small_matcher: Matcher) -> None:
    neutral = small_matcher.match(request(policy={"mode": "neutral"})).matches
    favour = small_matcher.match(request()).matches
    assert [match.provider_id for match in neutral] == ["aqua", "bruno"]
    assert [match.provider_id for match in favour] == ["bruno", "aqua"]
    assert [match.cross_border for match in favour] == [True, False]
    assert favour[0].score - neutral[1].score == request().policy.beta
