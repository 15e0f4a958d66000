from __future__ import annotations

from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.batch import match_many
from matcher.directory import Directory
from matcher.index import ProviderIndex
from matcher.pipeline import Matcher, MatcherConfig, build_matcher
from matcher.ranking import RankingConfig
from matcher.records import MatchRequest
from matcher.retrieval import RetrievalConfig
from tests.fakes import FakeEncoder, evidence, need, provider
from tests.property.worlds import COUNTRIES, WORDS, need_texts, policies, small_matcher

titles = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)


@st.composite
def requests(draw: st.DrawFn) -> MatchRequest:
    text, country = draw(need_texts()), draw(st.sampled_from(COUNTRIES))
    told: dict[str, Any] = {"need": need(text=text, country=country, language=draw(st.sampled_from([None, "en", "de"])))}
    told |= {"policy": draw(policies()), "k": draw(st.integers(1, 6))}
    told["filters"] = {"countries": sorted(draw(st.sets(st.sampled_from(COUNTRIES), max_size=2)))}
    if draw(st.booleans()):
        told["preferences"] = {"diversity": draw(st.sampled_from([0.0, 1.5])), "neighbour": 0.5}
    return MatchRequest.model_validate(told)


@st.composite
def small_worlds(draw: st.DrawFn) -> Matcher:
    """A directory of one to six providers with up to four pieces of evidence each."""
    names = [f"p{number}" for number in range(draw(st.integers(1, 6)))]
    providers = tuple(provider(name, draw(st.sampled_from(COUNTRIES)), draw(titles)) for name in names)
    pieces = [(name, title) for name in names for title in draw(st.lists(titles, max_size=4))]
    items = tuple(evidence(f"e{number}", name, title) for number, (name, title) in enumerate(pieces))
    config = MatcherConfig(
        retrieval=RetrievalConfig(passages_per_need=draw(st.sampled_from([2, 5_000])), best_passages=draw(st.integers(1, 3))),
        ranking=RankingConfig(least_probability=draw(st.sampled_from([0.0, 0.05]))),
    )
    encoder = FakeEncoder()
    return build_matcher(ProviderIndex.build(Directory(providers, items), encoder), encoder, config)


@cache
def alone(request: MatchRequest) -> str:
    return small_matcher().match(request).model_dump_json()


@settings(max_examples=40)
@given(asked=st.lists(requests(), min_size=1, max_size=12))
def test_a_list_is_the_same_whatever_others_are_made_with_it(asked: list[MatchRequest]) -> None:
    together = [answer.model_dump_json() for answer in match_many(small_matcher(), asked)]
    assert together == [alone(one) for one in asked]


@settings(max_examples=40)
@given(world=small_worlds(), asked=st.lists(requests(), min_size=1, max_size=6))
def test_in_any_directory_the_lists_of_a_batch_are_those_of_single_requests(world: Matcher, asked: list[MatchRequest]) -> None:
    together = [answer.model_dump_json() for answer in match_many(world, asked)]
    assert together == [world.match(one).model_dump_json() for one in asked]
