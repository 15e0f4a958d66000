from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.records import BorderPolicy
from tests.fakes import need, request
from tests.property.worlds import COUNTRIES, World, betas, need_texts, small_matcher, worlds

NEUTRAL = BorderPolicy(mode="neutral")


@given(world=worlds(), beta=betas)
def test_favouring_keeps_the_order_among_the_foreign_and_among_the_domestic(world: World, beta: float) -> None:
    before, after = world.ranked(NEUTRAL), world.ranked(BorderPolicy(beta=beta))
    for side in (True, False):
        kept = [
            [place for place, foreign in zip(ranked.places.tolist(), world.is_foreign(ranked), strict=True) if foreign is side]
            for ranked in (before, after)
        ]
        assert kept[0] == kept[1]


@given(world=worlds(), smaller=betas, larger=betas, k=st.integers(1, 30))
def test_a_larger_beta_never_lowers_the_number_of_foreign_ones(world: World, smaller: float, larger: float, k: int) -> None:
    smaller, larger = sorted((smaller, larger))
    counts = [
        sum(world.is_foreign(world.ranked(policy, k)))
        for policy in (NEUTRAL, BorderPolicy(beta=smaller), BorderPolicy(beta=larger))
    ]
    assert counts == sorted(counts)


@given(world=worlds(), beta=betas)
def test_the_border_part_is_beta_for_the_foreign_and_nothing_for_the_domestic(world: World, beta: float) -> None:
    ranked = world.ranked(BorderPolicy(beta=beta))
    for foreign, border in zip(world.is_foreign(ranked), ranked.by_part["border"].tolist(), strict=True):
        assert abs(border - beta) < 1e-6 if foreign else border == 0.0


@given(world=worlds(), beta=betas)
def test_neutral_and_favour_list_the_same_providers(world: World, beta: float) -> None:
    assert set(world.ranked(NEUTRAL).places.tolist()) == set(world.ranked(BorderPolicy(beta=beta)).places.tolist())


@settings(max_examples=60)
@given(text=need_texts(), country=st.sampled_from(COUNTRIES))
def test_require_lists_foreign_ones_only_and_changes_no_score(text: str, country: str) -> None:
    asked = need(text=text, country=country)
    neutral = small_matcher().match(request(need=asked, policy=NEUTRAL, k=100)).matches
    required = small_matcher().match(request(need=asked, policy={"mode": "require"}, k=100))
    assert all(match.cross_border and match.country != country for match in required.matches)
    if required.matches:
        foreign = [(match.provider_id, match.score) for match in neutral if match.cross_border]
        assert [(match.provider_id, match.score) for match in required.matches] == foreign
