"""What a match list says of the listed, said of whomever one asks."""

from __future__ import annotations

import numpy as np

from matcher.index import ProviderIndex
from matcher.pipeline import Matcher, MatcherConfig, build_matcher
from matcher.records import MOST_MATCHES, BorderPolicy, MatchRequest
from matcher.retrieval import RetrievalConfig
from matcher.shipped import shipped_needs
from tests.fakes import FakeEncoder, need, small_directory


def everybody(matcher: Matcher) -> np.ndarray:
    return np.arange(len(matcher.index), dtype=np.int64)


def test_listed_providers_have_the_probability_of_the_list(real_matcher: Matcher) -> None:
    for one in shipped_needs()[:3]:
        asked = one.model_copy(update={"categories": ()})
        policy = BorderPolicy(mode="neutral")
        listed = real_matcher.match(MatchRequest(need=asked, policy=policy, k=MOST_MATCHES)).matches
        found = real_matcher.probabilities(real_matcher.encode(asked), everybody(real_matcher))
        rows = real_matcher.index.rows_of(match.provider_id for match in listed)
        assert [match.probability for match in listed] == found[rows].tolist()
        assert len(listed) == MOST_MATCHES
        assert (found > 0).all()


def test_it_does_not_matter_who_else_is_asked_about(real_matcher: Matcher) -> None:
    encoded = real_matcher.encode(shipped_needs()[0])
    whole = real_matcher.probabilities(encoded, everybody(real_matcher))
    some = np.array([300, 7, 7, 12])
    assert real_matcher.probabilities(encoded, some).tolist() == whole[some].tolist()


def test_who_is_not_among_the_nearest_has_its_probability_too(small_index: ProviderIndex, fake_encoder: FakeEncoder) -> None:
    narrow = build_matcher(small_index, fake_encoder, MatcherConfig(retrieval=RetrievalConfig(passages_per_need=2)))
    found = narrow.probabilities(narrow.encode(need()), everybody(narrow))
    listed = narrow.match(MatchRequest(need=need())).matches
    assert 0 < len(listed) < len(found)
    assert [match.probability for match in listed] == found[small_index.rows_of(one.provider_id for one in listed)].tolist()
    assert (found > 0).all()


def test_the_company_itself_counts_nothing(small_matcher: Matcher) -> None:
    own = need(company="Bruno Institute")
    found = small_matcher.probabilities(small_matcher.encode(own), everybody(small_matcher))
    assert found.tolist().count(0.0) == 1
    assert found[small_matcher.index.rows_of(["bruno"])[0]] == 0.0


def test_reasons_are_those_of_the_list(small_matcher: Matcher) -> None:
    request = MatchRequest(need=need(text="We look for inhalation toxicology with lung models in Germany."))
    listed = {match.provider_id: match for match in small_matcher.match(request).matches}
    encoded = small_matcher.encode(request.need)
    ids = [provider.provider_id for provider in small_directory().providers]
    found = dict(zip(ids, small_matcher.reasons(encoded, small_matcher.index.rows_of(ids)), strict=True))
    assert set(listed) <= set(found)
    assert listed["bruno"].because
    for provider_id, match in listed.items():
        assert (found[provider_id].evidence, found[provider_id].because) == (match.evidence, match.because)
