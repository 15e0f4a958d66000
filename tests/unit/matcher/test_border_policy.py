from __future__ import annotations

import pytest

from matcher.pipeline import Matcher
from matcher.ranking import RankingConfig
from tests.fakes import request
from tests.unit.matcher.candidates import candidates_of, policy, rank, ranking_of

COUNTRIES = ["NL", "DE", "NL", "FR"]


def test_neutral_orders_by_relevance_alone() -> None:
    ranked = rank(COUNTRIES, candidates_of([3.0, 1.0, 2.0, 4.0]), policy("neutral"))
    assert ranked.places.tolist() == [3, 0, 2, 1]
    assert ranked.border.tolist() == [0.0, 0.0, 0.0, 0.0]
    assert ranked.scores.tolist() == [1.0, 0.0, -1.0, -2.0]


def test_favour_adds_beta_to_those_across_the_border_only() -> None:
    ranked = rank(COUNTRIES, candidates_of([3.0, 1.5, 2.0, 4.0]), policy(beta=1.0))
    assert ranked.places.tolist() == [3, 0, 1, 2]
    assert ranked.border.tolist() == [1.0, 0.0, 1.0, 0.0]


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


@pytest.mark.parametrize(("fit", "count"), [([0.1, 0.9], 2), ([0.1, 0.4], 0)])
def test_nobody_is_listed_unless_somebody_has_to_do_with_the_need(fit: list[float], count: int) -> None:
    ranking = ranking_of(["NL", "DE"], RankingConfig(least_fit=0.5))
    assert len(ranking.rank(candidates_of([5.0, 5.0], fit=fit), "NL", policy(), 10).places) == count


def test_without_candidates_nobody_is_listed() -> None:
    assert len(rank([], candidates_of([]), policy()).places) == 0


@pytest.mark.parametrize("k", [1, 2, 3])
def test_k_cuts_the_list(k: int) -> None:
    assert rank(COUNTRIES, candidates_of([3.0, 1.0, 2.0, 4.0]), policy("neutral"), k).places.tolist() == [3, 0, 2, 1][:k]


def test_the_parts_have_these_names_and_add_up() -> None:
    candidates = candidates_of([1.0, 0.25], lexical=[0.5, 0.125])
    ranked = rank(["NL", "DE"], candidates, policy(beta=1.5))
    parts = {part.name: part.value for part in ranked.parts(candidates, 0)}
    assert parts == {"baseline": -3.0, "semantic": 0.25, "lexical": 0.125, "border": 1.5}
    assert sum(parts.values()) == ranked.scores[0]


def test_the_baseline_moves_every_score_alike() -> None:
    candidates = candidates_of([1.0, 2.0])
    low = ranking_of(["NL", "DE"], RankingConfig(baseline=-5.0)).rank(candidates, "NL", policy(), 2)
    high = ranking_of(["NL", "DE"], RankingConfig(baseline=1.0)).rank(candidates, "NL", policy(), 2)
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
    assert favour[0].score - neutral[1].score == 2.0
