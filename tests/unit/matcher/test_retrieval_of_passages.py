from __future__ import annotations

import numpy as np
import pytest

from matcher.directory import Directory
from matcher.index import ProviderIndex, RowMask
from matcher.pipeline import Matcher, build_matcher
from matcher.records import Need
from matcher.retrieval import Candidates, Retrieval, RetrievalConfig
from tests.fakes import FakeEncoder, evidence, need, provider, request

NEEDS = [
    need(),
    need(text="Vaccine filling line for clinical batches", country="DE"),
    need(text="Licences for a biotech invention"),
]


def retrieve(
    index: ProviderIndex, asked: Need, allowed: RowMask | None = None, config: RetrievalConfig | None = None
) -> Candidates:
    encoded = build_matcher(index, FakeEncoder()).encode(asked)
    parts = encoded.parts
    mask = np.ones(len(index), dtype=np.bool_) if allowed is None else allowed
    return Retrieval(index, config).retrieve(parts.apart, parts.text, parts.language, mask)


def strength(candidates: Candidates) -> np.ndarray:
    return candidates.semantic + candidates.lexical


def mask_of(index: ProviderIndex, *provider_ids: str) -> RowMask:
    mask = np.zeros(len(index), dtype=np.bool_)
    mask[index.rows_of(provider_ids)] = True
    return mask


@pytest.mark.parametrize("asked", NEEDS)
@pytest.mark.parametrize("kept", [("aqua",), ("bruno", "erik"), ("carla", "dion", "aqua")])
def test_a_filter_leaves_every_score_as_it_is(small_index: ProviderIndex, asked: Need, kept: tuple[str, ...]) -> None:
    everyone, some = retrieve(small_index, asked), retrieve(small_index, asked, mask_of(small_index, *kept))
    rows = small_index.rows_of(sorted(kept))
    assert some.rows.tolist() == rows.tolist()
    for signal in ("semantic", "lexical", "fit"):
        assert np.allclose(getattr(some, signal), getattr(everyone, signal)[rows], rtol=0, atol=1e-6)


@pytest.mark.parametrize("k", [1, 2, 5, 100])
def test_the_length_of_the_list_leaves_every_score_as_it_is(small_matcher: Matcher, k: int) -> None:
    scores = {match.provider_id: match.score for match in small_matcher.match(request(k=100)).matches}
    for match in small_matcher.match(request(k=k)).matches:
        assert match.score == scores[match.provider_id]


@pytest.mark.parametrize("asked", NEEDS)
def test_passages_of_providers_that_are_left_out_never_appear(small_index: ProviderIndex, asked: Need) -> None:
    candidates = retrieve(small_index, asked, mask_of(small_index, "bruno", "dion"))
    owners = {small_index.provider_at(int(row)).provider_id for row in candidates.passages.owner}
    of_passages = {small_index.passages[int(row)].provider_id for row in candidates.passages.rows}
    assert owners == of_passages == {"bruno", "dion"}


def test_where_nobody_is_allowed_there_are_no_candidates(small_index: ProviderIndex) -> None:
    candidates = retrieve(small_index, need(), mask_of(small_index))
    assert len(candidates.rows) == len(candidates.semantic) == len(candidates.passages.rows) == 0


def test_the_providers_that_do_it_come_before_those_that_do_not(small_index: ProviderIndex) -> None:
    candidates = retrieve(small_index, need())
    best = candidates.rows[np.argsort(-strength(candidates))][:2]
    assert {small_index.provider_at(int(row)).provider_id for row in best} == {"aqua", "bruno"}


def fillers(count: int) -> list[object]:
    kinds = ("Bridges and tunnels", "Wine and cheese", "Sails for boats", "Books on gardens")
    return [provider(f"filler{number:02}", "FR", f"{kinds[number % 4]} number{number}") for number in range(count)]


def test_each_further_piece_of_fitting_evidence_raises_relevance() -> None:
    relevance = []
    for count in range(5):
        items = tuple(evidence(f"e{number}", "target", "Inhalation toxicology with lung models") for number in range(count))
        providers = (*fillers(40), provider("target", "NL", "A laboratory."))
        index = ProviderIndex.build(Directory(providers, items), FakeEncoder())  # type: ignore[arg-type]
        relevance.append(float(strength(retrieve(index, need()))[-1]))
    assert relevance == sorted(relevance)
    assert relevance[0] < relevance[1] < relevance[2]


def test_evidence_that_has_nothing_to_do_with_the_need_lowers_nobody() -> None:
    plain = provider("plain", "NL", "Toxicology laboratory for lung models", name="Same")
    busy = provider("busy", "NL", "Toxicology laboratory for lung models", name="Same")
    items = tuple(evidence(f"e{number}", "busy", f"Wine festival number{number}") for number in range(20))
    directory = Directory((busy, *fillers(20), plain), items)  # type: ignore[arg-type]
    candidates = retrieve(ProviderIndex.build(directory, FakeEncoder()), need())
    found = strength(candidates)
    assert found[0] >= found[-1] > 0


def test_no_more_passages_count_than_the_configuration_says(small_index: ProviderIndex) -> None:
    one, five = (retrieve(small_index, need(), config=RetrievalConfig(best_passages=count)) for count in (1, 5))
    assert np.array_equal(strength(one), [one.passages.strength[one.passages.of_candidate(place)][0] for place in range(5)])
    assert np.all(strength(five) >= strength(one))
    assert np.any(strength(five) > strength(one))


def test_the_signals_of_a_provider_are_the_weighed_sum_over_its_passages(small_index: ProviderIndex) -> None:
    candidates = retrieve(small_index, need())
    for place in range(len(candidates.rows)):
        of_provider = candidates.passages.of_candidate(place)
        assert set(candidates.passages.owner[of_provider].tolist()) == {int(candidates.rows[place])}
        weights = RetrievalConfig.next_counts ** np.arange(of_provider.stop - of_provider.start)
        assert candidates.semantic[place] == pytest.approx(candidates.passages.semantic[of_provider] @ weights)
        assert candidates.lexical[place] == pytest.approx(candidates.passages.lexical[of_provider] @ weights)
        assert candidates.fit[place] == candidates.passages.fit[of_provider].max()


def test_pieces_of_evidence_are_counted_whatever_they_say(small_index: ProviderIndex) -> None:
    # A profile is no piece of evidence, and a portfolio is one, however many companies are in it.
    assert retrieve(small_index, need()).pieces.tolist() == [2, 1, 1, 1, 1]


def without(index: ProviderIndex, evidence_id: str) -> RowMask:
    return np.array([passage.evidence_id != evidence_id for passage in index.passages])


def test_a_passage_that_is_not_heard_is_as_if_it_were_not_there(small_index: ProviderIndex) -> None:
    parts = build_matcher(small_index, FakeEncoder()).encode(need()).parts
    everyone = np.ones(5, dtype=np.bool_)
    heard = without(small_index, "a1")
    found = Retrieval(small_index).retrieve(parts.apart, parts.text, parts.language, everyone, heard)
    assert heard[found.passages.rows].all()
    assert found.pieces.tolist() == [1, 1, 1, 1, 1]
    nothing = Retrieval(small_index).retrieve(parts.apart, parts.text, parts.language, everyone, np.zeros_like(heard))
    assert len(nothing.rows) == 0


def test_the_passages_of_a_provider_come_strongest_first(small_index: ProviderIndex) -> None:
    candidates = retrieve(small_index, need())
    for place in range(len(candidates.rows)):
        loudness = candidates.passages.strength[candidates.passages.of_candidate(place)]
        assert loudness.tolist() == sorted(loudness, reverse=True)


def test_words_count_less_between_two_languages() -> None:
    texts = {"other": "nl", "same": "en"}
    providers = [provider(key, "BE", "CAR-T", name="Platform", summary_language=language) for key, language in texts.items()]
    index = ProviderIndex.build(Directory((*fillers(5), *providers), ()), FakeEncoder())  # type: ignore[arg-type]
    for language, factor in (("en", 0.25), ("und", 1.0)):
        asked = need(text="A platform for CAR-T", language=language)
        full = retrieve(index, asked, config=RetrievalConfig(other_language=1.0)).lexical[-2:]
        less = retrieve(index, asked, config=RetrievalConfig(other_language=0.25)).lexical[-2:]
        assert less.tolist() == pytest.approx([full[0] * factor, full[1]], abs=1e-6)
        assert full.min() > 0


def test_a_need_that_shares_no_word_has_no_lexical_part(small_index: ProviderIndex) -> None:
    assert not retrieve(small_index, need(text="Zzzz yyyy xxxx")).lexical.any()
