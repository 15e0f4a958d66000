from __future__ import annotations

from math import log
from pathlib import Path

import numpy as np
import pytest

from embeddings.hits import Hits
from embeddings.lexical import FOLDER, LexicalIndex

PASSAGES = [
    ("Toxicology laboratory for inhalation studies and lung models", "en"),
    ("Vaccine plant with filling line for clinical batches", "en"),
    ("Patentanwälte für Erfindungen der Biotechnologie", "de"),
    ("Laboratoire de toxicologie et études sur l'animal", "fr"),
    ("GMP-productielijn voor celtherapie", "nl"),
    ("Rådgivning om GMP og kvalitet", "da"),
    ("Lung disease hospital and its patients", "en"),
]


@pytest.fixture(scope="module")
def index() -> LexicalIndex:
    return LexicalIndex.build([text for text, _ in PASSAGES], [language for _, language in PASSAGES])


@pytest.mark.parametrize(
    ("text", "language", "right"),
    [
        ("We need inhalation toxicology in lung models.", "en", 0),
        ("Who fills clinical batches of a vaccine?", "en", 1),
        ("Wir suchen einen Patentanwalt oder mehrere Patentanwälte.", "de", 2),
        ("Nous cherchons un laboratoire pour une étude de toxicologie.", "fr", 3),
        ("Wij zoeken celtherapie.", "nl", 4),
        ("Vi søger rådgivning om kvalitet.", "da", 5),
    ],
)
def test_the_right_passage_is_first(index: LexicalIndex, text: str, language: str, right: int) -> None:
    hits = index.search(text, language, k=3)
    assert hits.ids[0] == right
    assert len(hits.scores) == 1 or hits.scores[0] > hits.scores[1]


def test_more_shared_words_score_higher_and_none_shared_is_not_found(index: LexicalIndex) -> None:
    assert index.search("inhalation, lung, toxicology", "en", k=10).ids.tolist() == [0, 6]


def test_a_word_that_is_the_same_in_two_languages_is_found_in_both(index: LexicalIndex) -> None:
    for language in ("da", "de", "en", "fr", "nl", "und"):
        assert {*index.search("GMP", language, k=10).ids.tolist()} == {4, 5}


def test_scores_are_those_of_the_formula_by_hand() -> None:
    index = LexicalIndex.build(["lung lung heart", "heart", "stent valve catheter balloon"], ["en"] * 3)
    k1, b, mean_length = 1.5, 0.75, 8 / 3

    def part(passages_with: int, frequency: int, length: int) -> float:
        rarity = log(1 + (3 - passages_with + 0.5) / (passages_with + 0.5))
        return rarity * frequency / (frequency + k1 * (1 - b + b * length / mean_length))

    expected = [part(1, 2, 3) + part(2, 1, 3), part(2, 1, 1), 0]
    np.testing.assert_allclose(index.scores("lung heart", "en"), expected, rtol=1e-5)


def test_a_word_asked_twice_counts_once(index: LexicalIndex) -> None:
    np.testing.assert_array_equal(index.scores("lung lung Lung", "en"), index.scores("lung", "en"))


@pytest.mark.parametrize("text", ["zebra xylophone", "", "the of and", "?!", "\n"])
def test_a_text_of_unknown_words_only_scores_zero_and_finds_nothing(index: LexicalIndex, text: str) -> None:
    scores = index.scores(text, "en")
    assert (scores.dtype, scores.tolist()) == (np.float32, [0.0] * len(PASSAGES))
    assert [part.tolist() for part in index.search(text, "en", k=5)] == [[], []]


def test_unknown_words_beside_known_ones_change_nothing(index: LexicalIndex) -> None:
    np.testing.assert_array_equal(index.scores("zebra lung", "en"), index.scores("lung", "en"))


def test_the_mask_acts_before_the_cut(index: LexicalIndex) -> None:
    allowed = np.array([row != 0 for row in range(len(PASSAGES))])
    assert index.search("inhalation toxicology in lung models", "en", 1, allowed).ids.tolist() == [6]


def test_nothing_allowed_finds_nothing(index: LexicalIndex) -> None:
    assert index.search("lung", "en", 5, np.zeros(len(PASSAGES), dtype=np.bool_)).ids.tolist() == []


def test_a_mask_of_another_length_is_refused(index: LexicalIndex) -> None:
    with pytest.raises(ValueError, match="`allowed` must be 7 booleans"):
        index.search("lung", "en", 5, np.ones(3, dtype=np.bool_))


def test_equal_scores_come_in_order_of_id_across_the_edge_of_k() -> None:
    index = LexicalIndex.build(["stent", *["lung model"] * 9, "lung"], ["en"] * 11)
    assert index.search("lung", "en", k=4).ids.tolist() == [10, 1, 2, 3]


@pytest.mark.parametrize("k", [0, -1])
def test_k_below_one_is_refused_as_the_dense_index_does(index: LexicalIndex, k: int) -> None:
    with pytest.raises(ValueError, match="k must be at least 1"):
        index.search("lung", "en", k)


def test_it_knows_its_size_and_its_languages(index: LexicalIndex) -> None:
    assert index.count == len(PASSAGES)
    assert index.languages.tolist() == [language for _, language in PASSAGES]


def test_a_passage_without_a_word_is_never_found() -> None:
    index = LexicalIndex.build(["", "lung", "the of"], ["en"] * 3)
    assert index.search("lung the of", "en", k=3).ids.tolist() == [1]


@pytest.mark.parametrize("language", ["pl", "fr", "und"])
def test_a_language_without_a_single_word_is_indexed_beside_the_others(language: str) -> None:
    index = LexicalIndex.build(["lung", "?"], ["en", language])
    assert index.search("lung", "en", k=3).ids.tolist() == [0]


class TestBackground:
    def test_it_is_never_found(self) -> None:
        index = LexicalIndex.build(["heart", "stent"], ["en"] * 2, [("lung", "en"), ("heart", "en")])
        assert (index.count, len(index.scores("lung heart", "en"))) == (2, 2)
        assert index.search("lung", "en", k=5).ids.tolist() == []
        assert index.search("heart", "en", k=5).ids.tolist() == [0]

    def test_a_word_common_in_it_counts_less(self) -> None:
        passages = (["partner search", "stent search"], ["en"] * 2)
        ordinary = [("partner wanted", "en")] * 5
        assert LexicalIndex.build(*passages).search("stent partner", "en", k=2).ids.tolist() == [0, 1]
        assert LexicalIndex.build(*passages, ordinary).search("stent partner", "en", k=2).ids.tolist() == [1, 0]

    def test_that_of_another_language_changes_nothing(self) -> None:
        alone = LexicalIndex.build(["partner", "stent"], ["en"] * 2)
        beside = LexicalIndex.build(["partner", "stent"], ["en"] * 2, [("partner", "nl")] * 5)
        np.testing.assert_array_equal(alone.scores("stent partner", "en"), beside.scores("stent partner", "en"))


def test_a_word_is_as_rare_as_it_is_in_its_own_language() -> None:
    dutch = ["partner gezocht", "stent gezocht"]
    alone = LexicalIndex.build(dutch, ["nl"] * 2)
    among_english = LexicalIndex.build([*dutch, *["lung models"] * 20], [*["nl"] * 2, *["en"] * 20])
    np.testing.assert_array_equal(among_english.scores("stent", "nl")[:2], alone.scores("stent", "nl"))


class TestTellingWords:
    def test_they_are_those_that_few_passages_have_rarest_first(self) -> None:
        index = LexicalIndex.build(["lung stents", "lung valve", "lung valve", "lung"], ["en"] * 4)
        telling = index.telling_words("The lung, valves, a stent, zebras", "en", largest_share=0.5)
        assert list(telling["en"].values()) == ["stent", "valves"]

    def test_a_share_of_just_the_limit_still_tells(self) -> None:
        index = LexicalIndex.build(["lung", "heart", "heart", "stent"], ["en"] * 4)
        assert set(index.telling_words("lung heart", "en", 0.5)["en"].values()) == {"lung", "heart"}
        assert set(index.telling_words("lung heart", "en", 0.49)["en"].values()) == {"lung"}

    def test_each_language_tells_its_own(self) -> None:
        passages = [("GMP line", "en"), ("lung", "en"), ("GMP-lijn", "nl"), ("GMP", "nl")]
        index = LexicalIndex.build([text for text, _ in passages], [language for _, language in passages])
        telling = index.telling_words("GMP", "de", 0.5)
        assert list(telling["en"].values()) == ["gmp"]
        assert telling["nl"] == {}
        held = [index.tokens_of(text, language) & telling[language].keys() for text, language in passages]
        assert list(map(bool, held)) == [True, False, False, False]

    def test_the_background_counts_into_the_share(self) -> None:
        index = LexicalIndex.build(["lung", "heart"], ["en"] * 2, [("lung", "en")] * 8)
        assert list(index.telling_words("lung heart", "en", 0.5)["en"].values()) == ["heart"]

    def test_of_words_with_one_stem_the_last_is_given(self) -> None:
        index = LexicalIndex.build(["study", "lung"], ["en"] * 2)
        assert list(index.telling_words("Studies, a study", "en", 0.5)["en"].values()) == ["study"]

    def test_more_words_than_are_kept_are_found_all_the_same(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("embeddings.lexical._MOST_WORDS", 1)
        index = LexicalIndex.build(["lung", "heart"], ["en"] * 2)
        for _ in range(2):
            assert index.search("lung heart", "en", k=2).ids.tolist() == [0, 1]


def test_many_texts_are_scored_as_each_alone(index: LexicalIndex) -> None:
    asked = [*PASSAGES, ("zebra", "en"), ("", "und")]
    alone = [index.scores(text, language) for text, language in asked]
    np.testing.assert_array_equal(index.scores_of_each(asked), alone)
    np.testing.assert_array_equal(index.scores_of_each(asked[-2:]), np.zeros((2, index.count)))


@pytest.mark.parametrize("languages", [["en"], ["en"] * 3])
def test_texts_and_languages_of_different_number_are_refused(languages: list[str]) -> None:
    with pytest.raises(ValueError, match=r"."):
        LexicalIndex.build(["lung", "heart"], languages)


def test_what_is_saved_comes_back(index: LexicalIndex, tmp_path: Path) -> None:
    index.save(tmp_path)
    loaded = LexicalIndex.load(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [FOLDER]
    assert (loaded.count, loaded.languages.tolist()) == (index.count, index.languages.tolist())
    for text, language in [*PASSAGES, ("zebra", "en"), ("", "und")]:
        np.testing.assert_array_equal(loaded.scores(text, language), index.scores(text, language))
        assert loaded.telling_words(text, language, 0.4) == index.telling_words(text, language, 0.4)
        before, after = (one.search(text, language, 3) for one in (index, loaded))
        assert isinstance(after, Hits)
        np.testing.assert_array_equal(before.ids, after.ids)
