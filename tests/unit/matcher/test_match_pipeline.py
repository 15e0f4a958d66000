from __future__ import annotations

from collections.abc import Callable

import pytest

from matcher.directory import Directory
from matcher.errors import RequestRefused
from matcher.explanation import ExplanationConfig
from matcher.index import ProviderIndex
from matcher.pipeline import Matcher, MatcherConfig, build_matcher
from matcher.ranking import RankingConfig
from matcher.records import MatchList
from matcher.relevance import SIGNALS, RelevanceModel
from matcher.retrieval import RetrievalConfig
from tests.fakes import FakeEncoder, need, provider, request, small_directory


def matcher_of(directory: Directory, encoder: str = "fake-1", config: MatcherConfig | None = None) -> Matcher:
    opened = FakeEncoder(encoder)
    return build_matcher(ProviderIndex.build(directory, opened), opened, config)


def test_the_same_request_has_the_same_answer_every_time(small_matcher: Matcher) -> None:
    first = small_matcher.match(request()).model_dump_json()
    assert [small_matcher.match(request()).model_dump_json() for _ in range(3)] == [first] * 3
    assert matcher_of(small_directory()).match(request()).model_dump_json() == first


def test_a_match_shows_the_provider_as_the_directory_has_it(small_matcher: Matcher) -> None:
    first = small_matcher.match(request()).matches[0]
    known = small_directory().provider("bruno")
    for field in ("provider_id", "name", "category", "country", "city", "region", "url"):
        assert getattr(first, field) == getattr(known, field)
    assert first.probability is not None
    assert 0 < first.probability < 1


def test_ranks_count_from_one(small_matcher: Matcher) -> None:
    assert [match.rank for match in small_matcher.match(request()).matches] == [1, 2]


@pytest.mark.parametrize("k", [1, 2, 3, 100])
def test_the_list_is_never_longer_than_k(small_matcher: Matcher, k: int) -> None:
    assert len(small_matcher.match(request(k=k)).matches) == min(k, 2)


@pytest.mark.parametrize("country", ["NL", "DE", "SE"])
def test_cross_border_is_another_country_and_nothing_else(small_matcher: Matcher, country: str) -> None:
    for match in small_matcher.match(request(need=need(country=country))).matches:
        assert match.cross_border == (match.country != country)


def test_where_nothing_fits_the_list_says_so_and_is_empty() -> None:
    matcher = matcher_of(small_directory(), config=MatcherConfig(ranking=RankingConfig(least_probability=1.0)))
    answer = matcher.match(request())
    assert (answer.verdict, answer.matches) == ("no good match", ())
    assert answer.notes == ("None of 5 candidates answers this need well enough to be acted on.",)
    assert answer.considered.candidates == 5


def test_where_nobody_is_left_the_list_says_why(small_matcher: Matcher) -> None:
    answer = small_matcher.match(request(filters={"countries": ["IT"]}))
    assert (answer.verdict, answer.matches) == ("no good match", ())
    assert answer.notes == ("Nobody is left: of 5 providers 5 do not pass the filters. Widen the filters.",)


def test_the_answer_carries_its_request_and_language(small_matcher: Matcher) -> None:
    asked = request(need=need(text="Wij zoeken een laboratorium voor toxicologie met longmodellen.", language=None))
    answer = small_matcher.match(asked)
    assert answer.request == asked
    assert answer.language == "nl"


def test_a_language_that_is_given_is_not_guessed(small_matcher: Matcher) -> None:
    assert small_matcher.match(request(need=need(language="fi"))).language == "fi"


def test_what_cannot_be_told_is_of_no_language(small_matcher: Matcher) -> None:
    assert small_matcher.match(request(need=need(text="GMP CAR-T", language=None))).language == "und"


def test_an_answer_comes_back_from_json_as_it_was(small_matcher: Matcher) -> None:
    answer = small_matcher.match(request())
    again = MatchList.model_validate_json(answer.model_dump_json())
    assert again.model_dump() == answer.model_dump()
    for match in again.matches:
        assert sum(part.value for part in match.parts) == match.score


def test_a_need_is_encoded_once_with_its_sentences(small_index: ProviderIndex) -> None:
    encoder = FakeEncoder()
    text = "We make an inhaler in Leiden. We look for inhalation toxicology."
    build_matcher(small_index, encoder).match(request(need=need(text=text)))
    assert encoder.calls == [[text, "We make an inhaler in Leiden.", "We look for inhalation toxicology."]]


def test_an_encoded_need_serves_several_requests(small_matcher: Matcher) -> None:
    asked = request()
    encoded = small_matcher.encode(asked.need)
    for policy in ("favour", "neutral", "require"):
        other = request(need=asked.need, policy={"mode": policy})
        assert small_matcher.match_encoded(encoded, other).model_dump() == small_matcher.match(other).model_dump()


def test_another_need_than_the_encoded_one_is_refused(small_matcher: Matcher) -> None:
    encoded = small_matcher.encode(need(text="We look for a patent attorney."))
    with pytest.raises(RequestRefused) as caught:
        small_matcher.match_encoded(encoded, request())
    assert str(caught.value) == "The need of the request must be the one that was encoded. Got another one. Encode it first."


def test_an_equal_need_is_the_encoded_one(small_matcher: Matcher) -> None:
    assert small_matcher.match_encoded(small_matcher.encode(need()), request(need=need())).matches


def test_the_same_words_said_to_be_of_another_language_are_another_need(small_matcher: Matcher) -> None:
    encoded = small_matcher.encode(need(language="en"))
    with pytest.raises(RequestRefused):
        small_matcher.match_encoded(encoded, request(need=need(language="fr")))


OTHER_MODEL = RelevanceModel(-1.0, dict.fromkeys(SIGNALS, 1.0))
CHANGES: dict[str, Callable[[], Matcher]] = {
    "encoder": lambda: matcher_of(small_directory(), "fake-2"),
    "directory": lambda: matcher_of(
        Directory((*small_directory().providers, provider("f", "FR", "New.")), small_directory().evidence)
    ),
    "one word": lambda: matcher_of(
        Directory((*small_directory().providers[:4], provider("erik", "DK", "Patents.")), small_directory().evidence)
    ),
    "retrieval": lambda: matcher_of(small_directory(), config=MatcherConfig(retrieval=RetrievalConfig(best_passages=4))),
    "ranking": lambda: matcher_of(small_directory(), config=MatcherConfig(ranking=RankingConfig(least_probability=0.001))),
    "experience": lambda: matcher_of(small_directory(), config=MatcherConfig(ranking=RankingConfig(experience_counts=0.5))),
    "model": lambda: build_matcher(ProviderIndex.build(small_directory(), FakeEncoder()), FakeEncoder(), model=OTHER_MODEL),
    "explanation": lambda: matcher_of(small_directory(), config=MatcherConfig(explanation=ExplanationConfig(pieces=2))),
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_fingerprint_changes_with_whatever_decides_a_list(small_matcher: Matcher, change: str) -> None:
    assert CHANGES[change]().fingerprint != small_matcher.fingerprint


def test_the_fingerprint_is_the_same_for_the_same_things(small_matcher: Matcher) -> None:
    again = matcher_of(small_directory(), config=MatcherConfig())
    assert again.fingerprint == small_matcher.fingerprint == small_matcher.match(request()).engine
    assert again.components == small_matcher.components
