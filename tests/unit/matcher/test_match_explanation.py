from __future__ import annotations

import pytest

from embeddings.language import sentences, stems, words
from matcher.explanation import ExplanationConfig
from matcher.index import ProviderIndex
from matcher.pipeline import Matcher, MatcherConfig, build_matcher
from matcher.records import Match, Need
from matcher.retrieval import RetrievalConfig
from tests.fakes import FakeEncoder, need, request

STORY = (
    "We make an inhaler for asthma in Leiden. Our chemists are proud of it. We look for inhalation toxicology with lung models."
)
NEEDS = [
    need(),
    need(text=STORY, title="Toxicology wanted"),
    need(text="A vaccine filling line for clinical batches", country="FR"),
    need(text="Patents on biotech inventions"),
    need(text="Venture capital for a heart valve company", country="DK"),
]


@pytest.fixture
def talkative(small_index: ProviderIndex) -> Matcher:
    """Shows every passage that spoke and every word that is shared."""
    config = ExplanationConfig(pieces=100, terms=100, common_share=1.0)
    return build_matcher(small_index, FakeEncoder(), MatcherConfig(explanation=config))


def matches(matcher: Matcher, asked: Need) -> tuple[Match, ...]:
    found = matcher.match(request(need=asked)).matches
    assert found
    return found


@pytest.mark.parametrize("asked", NEEDS)
def test_the_named_evidence_belongs_to_the_provider(talkative: Matcher, asked: Need) -> None:
    for match in matches(talkative, asked):
        known = {item.evidence_id: item for item in talkative.index.directory.evidence_of(match.provider_id)}
        for piece in match.evidence:
            assert piece.evidence_id in known or (piece.evidence_id == "" and piece.kind in ("profile", "investment"))
            if piece.evidence_id:
                assert piece.text.startswith(known[piece.evidence_id].title)
                assert piece.reference == known[piece.evidence_id].reference


@pytest.mark.parametrize("asked", NEEDS)
def test_the_strongest_evidence_comes_first_and_silent_evidence_not_at_all(talkative: Matcher, asked: Need) -> None:
    for match in matches(talkative, asked):
        contributions = [piece.contribution for piece in match.evidence]
        # What the strongest leaves is taken up by those behind it, so that it may be missed less than a weaker one.
        assert min(contributions) > 0


@pytest.mark.parametrize("asked", NEEDS)
def test_the_terms_occur_in_the_need_and_in_the_evidence(talkative: Matcher, asked: Need) -> None:
    shown = [(piece, term) for match in matches(talkative, asked) for piece in match.evidence for term in piece.terms]
    assert shown
    for piece, term in shown:
        assert term in words(asked.whole_text)
        assert {stem for stem, _ in stems(term, piece.language)} & {stem for stem, _ in stems(piece.text, piece.language)}


def test_a_term_may_be_inflected_in_the_evidence(talkative: Matcher) -> None:
    # The evidence has "Patents and licences", the need one "patent" and one "licence".
    piece = next(
        p
        for m in matches(talkative, need(text="One patent and one licence for biotech inventions"))
        for p in m.evidence
        if p.evidence_id == "e1"
    )
    assert set(piece.terms) == {"patent", "licence"}


def test_the_rarest_term_comes_first(talkative: Matcher) -> None:
    asked = need(text="Lung toxicology with aerosols of asthma medicines")
    pieces = {piece.evidence_id: piece.terms for match in matches(talkative, asked) for piece in match.evidence}
    assert pieces["a1"] == ("aerosols", "toxicology", "lung")
    assert pieces["a2"][-1] == "lung"


def test_a_function_word_is_no_term(talkative: Matcher) -> None:
    terms = {term for match in matches(talkative, NEEDS[1]) for piece in match.evidence for term in piece.terms}
    assert not terms & {"we", "for", "with", "an", "in", "of"}


@pytest.mark.parametrize("asked", NEEDS)
def test_the_sentence_is_one_of_the_need(talkative: Matcher, asked: Need) -> None:
    of_need = sentences(asked.whole_text)
    for match in matches(talkative, asked):
        for piece in match.evidence:
            assert piece.need_sentence in of_need
            assert piece.need_sentence in " ".join(asked.whole_text.split())


def test_the_sentence_is_the_one_that_the_evidence_answers(talkative: Matcher) -> None:
    story = "Our chemists are proud of their garden. We look for a vaccine filling line. Some money is there as well."
    (carla,) = (match for match in matches(talkative, need(text=story)) if match.provider_id == "carla")
    assert {piece.need_sentence for piece in carla.evidence} == {"We look for a vaccine filling line."}


@pytest.mark.parametrize("pieces", [0, 1, 2])
def test_no_more_pieces_are_shown_than_configured(small_index: ProviderIndex, pieces: int) -> None:
    matcher = build_matcher(small_index, FakeEncoder(), MatcherConfig(explanation=ExplanationConfig(pieces=pieces)))
    counts = [len(match.evidence) for match in matches(matcher, need())]
    assert max(counts) == pieces


def test_a_passage_that_does_not_count_is_not_shown(small_index: ProviderIndex) -> None:
    config = MatcherConfig(retrieval=RetrievalConfig(best_passages=1))
    found = matches(build_matcher(small_index, FakeEncoder(), config), need())
    assert [len(match.evidence) for match in found] == [1] * len(found)


def test_no_more_terms_are_shown_than_configured(small_index: ProviderIndex, talkative: Matcher) -> None:
    brief = build_matcher(small_index, FakeEncoder(), MatcherConfig(explanation=ExplanationConfig(terms=1, common_share=1.0)))
    all_terms = [piece.terms for match in matches(talkative, need()) for piece in match.evidence]
    assert max(len(terms) for terms in all_terms) > 1
    assert all(len(piece.terms) <= 1 for match in matches(brief, need()) for piece in match.evidence)


def test_a_word_that_most_passages_have_is_no_term(small_index: ProviderIndex) -> None:
    strict = build_matcher(
        small_index, FakeEncoder(), MatcherConfig(explanation=ExplanationConfig(common_share=0.0, always_telling=0))
    )
    assert all(piece.terms == () for match in matches(strict, need()) for piece in match.evidence)


def test_similarity_is_the_cosine_of_need_and_passage(talkative: Matcher) -> None:
    encoder = FakeEncoder()
    for match in matches(talkative, need()):
        for piece in match.evidence:
            cosine = float((encoder.encode_queries([need().whole_text]) @ encoder.encode_passages([piece.text]).T)[0, 0])
            assert piece.similarity == pytest.approx(cosine, abs=1e-5)


def test_the_explanation_changes_no_score(small_matcher: Matcher, talkative: Matcher) -> None:
    for asked in NEEDS:
        told = [(match.provider_id, match.score, match.parts) for match in matches(small_matcher, asked)]
        assert told == [(match.provider_id, match.score, match.parts) for match in matches(talkative, asked)]
