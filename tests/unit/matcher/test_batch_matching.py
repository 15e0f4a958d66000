"""A list does not depend on which others are made with it, to the last digit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from matcher.batch import ENCODED_AT_ONCE, chunks, match_encoded_many, match_many
from matcher.contacts import Contact
from matcher.directory import Directory
from matcher.errors import RequestRefused
from matcher.index import ProviderIndex
from matcher.pipeline import Asked, Matcher, MatcherConfig, build_matcher
from matcher.records import MatchList, MatchRequest
from matcher.retrieval import RetrievalConfig
from matcher.shipped import shipped_needs_in_all_languages
from tests.fakes import FakeEncoder, evidence, need, provider, request, small_directory

TERMS: dict[str, dict[str, Any]] = {
    "usual": {},
    "long": {"k": 60, "policy": {"mode": "neutral"}},
    "only abroad": {"policy": {"mode": "require"}, "filters": {"categories": ["finance"]}},
    "floor": {"policy": {"beta": 2.0, "floor": {"at_least": 3, "of_first": 5}}, "filters": {"excluded_countries": ["DE"]}},
    "preferences": {"preferences": {"diversity": 2.0, "neighbour": 1.0, "nearness": 0.3, "shared_language": 0.5}},
}
STORIES = (
    "We make an inhaler in Leiden. Our chemists are proud of it. We look for inhalation toxicology with lung models.",
    "We look for a vaccine filling line in Belgium",
    "Nous cherchons un investisseur. Nous sommes à Lille.",
    "GMP CAR-T",
    "We need a patent attorney for biotech inventions in Denmark. Erik Institute would be right. Soon.",
    "Zzzz yyyy xxxx.",
)


def in_json(answers: Sequence[Any]) -> list[str]:
    return [answer.model_dump_json() for answer in answers]


def stories(**more: Any) -> list[MatchRequest]:
    asked = [need(text=text, language=None, country=country) for text in STORIES for country in ("NL", "DE", "SE")]
    return [request(need=one, **more) for one in asked]


@pytest.mark.parametrize("terms", TERMS)
def test_all_sample_needs_in_five_languages_get_the_lists_they_get_alone(real_matcher: Matcher, terms: str) -> None:
    asked = [MatchRequest.model_validate({"need": one, **TERMS[terms]}) for one in shipped_needs_in_all_languages().values()]
    assert len(asked) == 140
    assert in_json(list(match_many(real_matcher, asked))) == in_json([real_matcher.match(one) for one in asked])


def test_terms_may_differ_from_request_to_request(real_matcher: Matcher) -> None:
    needs = list(shipped_needs_in_all_languages().values())[:40]
    every = list(TERMS.values())
    asked = [MatchRequest.model_validate({"need": one, **every[number % len(every)]}) for number, one in enumerate(needs)]
    assert in_json(list(match_many(real_matcher, asked))) == in_json([real_matcher.match(one) for one in asked])


def test_whom_a_company_knows_is_told_on_its_own_list(small_matcher: Matcher) -> None:
    bruno = Contact(provider_id="bruno", words="met on 2026-03-01")
    asked = stories(filters={"known_contacts": "leave out"}) + stories()

    def contacts(some: Sequence[MatchRequest]) -> list[tuple[Contact, ...]]:
        return [(bruno,) if one.need.country == "NL" else () for one in some]

    together = list(match_many(small_matcher, asked, contacts))
    alone = [small_matcher.match(one, own) for one, own in zip(asked, contacts(asked), strict=True)]
    assert in_json(together) == in_json(alone)
    assert any(match.contact for answer in together for match in answer.matches)
    assert any(answer.considered.known_contacts for answer in together)


@pytest.mark.parametrize("passages", [1, 3, 6])
def test_a_directory_with_more_passages_than_are_looked_at_is_no_exception(passages: int) -> None:
    encoder = FakeEncoder()
    config = MatcherConfig(retrieval=RetrievalConfig(passages_per_need=passages))
    matcher = build_matcher(ProviderIndex.build(small_directory(), encoder), encoder, config)
    asked = stories()
    assert in_json(list(match_many(matcher, asked))) == in_json([matcher.match(one) for one in asked])


def test_earlier_projects_with_the_company_are_its_own(small_matcher: Matcher) -> None:
    joint = {"reference": "https://example.org/joint", "year": 2022}
    providers = provider("firm", "NL", "Small firm."), provider("old", "DE", "Lung institute."), provider("new", "DE", "Lungs.")
    pieces = evidence("f1", "firm", "Inhalation", **joint), evidence("o1", "old", "Inhalation", **joint)
    encoder = FakeEncoder()
    matcher = build_matcher(ProviderIndex.build(Directory(providers, pieces), encoder), encoder)
    firm = need(text="We look for a lung institute.", company="Firm Institute", company_ids=("firm",))
    asked = [request(need=one) for one in (need(text="We look for lungs."), firm, need(text="A lung institute. Inhalation."))]
    together = list(match_many(matcher, asked))
    assert in_json(together) == in_json([matcher.match(one) for one in asked])
    assert [any(match.because for match in answer.matches) for answer in together] == [False, True, False]


def test_needs_whom_nobody_answers_are_among_the_others(small_matcher: Matcher) -> None:
    asked = [*stories(), request(filters={"countries": ["IT"]}), *stories(filters={"countries": ["FR"]})]
    together = list(match_many(small_matcher, asked))
    assert in_json(together) == in_json([small_matcher.match(one) for one in asked])
    assert {answer.verdict for answer in together} == {"matches", "no good match"}


def test_a_list_does_not_depend_on_how_many_are_made_at_a_time(real_matcher: Matcher) -> None:
    needs = list(shipped_needs_in_all_languages().values())[::7]
    asked = [Asked(real_matcher.encode(one), MatchRequest(need=one)) for one in needs]
    alone = in_json([real_matcher.match_encoded(one.encoded, one.request) for one in asked])
    for size in (2, 3, 20):
        assert in_json([answer for some in chunks(asked, size) for answer in real_matcher.match_each(some)]) == alone
    assert in_json(match_encoded_many(real_matcher, asked)) == alone


def test_no_request_gives_no_list(small_matcher: Matcher) -> None:
    assert list(match_many(small_matcher, [])) == []
    assert match_encoded_many(small_matcher, []) == []


def test_requests_are_read_as_lists_are_taken(small_matcher: Matcher) -> None:
    read = []

    def requests() -> Iterator[MatchRequest]:
        for number in range(3 * ENCODED_AT_ONCE):
            read.append(number)
            yield request(need=need(text=f"We look for lung model {number}."))

    answers = match_many(small_matcher, requests())
    next(answers)
    assert len(read) == ENCODED_AT_ONCE
    assert sum(1 for _ in answers) == 3 * ENCODED_AT_ONCE - 1


def test_texts_are_encoded_together_in_order_of_length_and_none_twice(small_index: ProviderIndex) -> None:
    encoder = FakeEncoder()
    same = "We look for inhalation toxicology in Leiden."
    asked = [
        request(need=need(text=text))
        for text in (f"{same} We are few people in that town.", same, f"Very many models of a human lung. {same}")
    ]
    list(match_many(build_matcher(small_index, encoder), asked))
    [texts] = encoder.calls
    assert len(texts) == len(set(texts)) == 5
    assert [len(text) for text in texts] == sorted(len(text) for text in texts)


def test_a_region_that_nobody_belongs_to_is_refused(small_matcher: Matcher) -> None:
    with pytest.raises(RequestRefused, match="regions of the filters"):
        list(match_many(small_matcher, stories(filters={"regions": ["atlantis"]})))


def test_a_large_directory_is_matched_in_smaller_blocks(small_matcher: Matcher, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    match_each = small_matcher.match_each

    def watched(asked: Sequence[Asked]) -> list[MatchList]:
        sizes.append(len(asked))
        return match_each(asked)

    monkeypatch.setattr(small_matcher, "match_each", watched)
    monkeypatch.setattr("matcher.batch._NUMBERS_AT_ONCE", 7 * len(small_matcher.index.passages))
    assert len(list(match_many(small_matcher, stories()))) == 18
    assert sizes == [7, 7, 4]


def test_chunks_hold_everything_in_order_and_none_is_empty() -> None:
    assert list(chunks(range(5), 2)) == [[0, 1], [2, 3], [4]]
    assert list(chunks([], 2)) == []
