from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.language import (
    LANGUAGES,
    UNKNOWN,
    content_words,
    guess_language,
    sentences,
    stem_of,
    stems,
    stop_words,
    words,
)
from matcher.records import Need
from matcher.shipped import shipped_needs, shipped_needs_in_all_languages

texts = st.one_of(
    st.text(max_size=200),
    st.lists(
        st.sampled_from(
            ["GMP", "CAR-T", "Wie helpt", "ja", "e.g", "3.5 mg", "…", ".", "?", "!", " ", "  ", "\n", "\r\n", "\t"]
        ),
        max_size=40,
    ).map("".join),
)


class TestWords:
    def test_they_are_lower_case_and_in_order(self) -> None:
        assert words("Lung models, for GMP!") == ("lung", "models", "for", "gmp")

    def test_a_hyphenated_word_counts_whole_and_in_its_parts(self) -> None:
        assert words("GLP-lab") == ("glp-lab", "glp", "lab")
        assert words("point-of-care") == ("point-of-care", "point", "of", "care")

    def test_a_part_of_one_letter_is_left_out_but_not_the_whole(self) -> None:
        assert words("CAR-T cells") == ("car-t", "car", "cells")

    def test_single_letters_and_punctuation_are_no_words(self) -> None:
        assert words("a , b -- c_d . - x") == ()

    def test_a_dash_with_spaces_joins_nothing(self) -> None:
        assert words("lung - models –vaccines") == ("lung", "models", "vaccines")

    def test_letters_of_every_language_and_digits_count(self) -> None:
        assert words("Ångström søger Zürich l’étude 3D 2027") == ("ångström", "søger", "zürich", "étude", "3d", "2027")

    def test_an_underscore_parts_words(self) -> None:
        assert words("lung_model") == ("lung", "model")

    @given(texts)
    def test_every_word_is_lower_case_and_has_two_characters(self, text: str) -> None:
        assert all(len(word) > 1 and word == word.lower() for word in words(text))


class TestSentences:
    def test_they_end_at_points_questions_exclamations_and_lines(self) -> None:
        text = (
            "We look for a toxicology partner. Who can test our new aerosol?\n"
            "We are a company of nine people! Call us at any time of the day."
        )
        assert sentences(text) == [
            "We look for a toxicology partner.",
            "Who can test our new aerosol?",
            "We are a company of nine people!",
            "Call us at any time of the day.",
        ]

    def test_a_short_one_stays_with_what_follows(self) -> None:
        assert sentences("Wie helpt? We zoeken een partner voor een klinische studie.") == [
            "Wie helpt? We zoeken een partner voor een klinische studie."
        ]

    def test_a_short_last_one_stays_with_what_precedes(self) -> None:
        assert sentences("We zoeken een partner voor een klinische studie. Dank u.") == [
            "We zoeken een partner voor een klinische studie. Dank u."
        ]

    @pytest.mark.parametrize(("length", "count"), [(24, 1), (25, 2)])
    def test_short_is_what_has_fewer_than_25_characters(self, length: int, count: int) -> None:
        edge, long = "x" * (length - 1) + ".", "We zoeken een partner voor een klinische studie."
        assert len(sentences(f"{edge} {long}")) == count
        assert len(sentences(f"{long} {edge}")) == count

    def test_a_line_without_a_point_is_one_too(self) -> None:
        assert sentences("From laboratory to GMP line\n- we look for a closed process") == [
            "From laboratory to GMP line",
            "- we look for a closed process",
        ]

    def test_a_point_within_a_number_ends_nothing(self) -> None:
        text = "A dose of 3.5 mg is given to patients twice a day."
        assert sentences(text) == [text]

    @pytest.mark.parametrize("nothing", ["", " ", "\n\n\t"])
    def test_an_empty_text_has_none(self, nothing: str) -> None:
        assert sentences(nothing) == []

    @given(texts)
    def test_every_word_is_in_exactly_one(self, text: str) -> None:
        assert [word for sentence in sentences(text) for word in words(sentence)] == [*words(text)]

    @given(texts)
    def test_together_they_are_the_text_but_for_the_white_space(self, text: str) -> None:
        assert " ".join(sentences(text)) == " ".join(text.split())

    @given(texts)
    def test_none_is_short_unless_it_is_the_only_one(self, text: str) -> None:
        found = sentences(text)
        assert len(found) <= 1 or min(map(len, found)) >= 25

    @pytest.mark.parametrize("need", shipped_needs(), ids=lambda need: need.need_id)
    def test_every_shipped_need_has_several(self, need: Need) -> None:
        found = sentences(need.text)
        assert len(found) >= 3
        assert " ".join(found) == " ".join(need.text.split())


class TestGuessLanguage:
    @pytest.mark.parametrize("key", shipped_needs_in_all_languages(), ids="-".join)
    def test_it_is_right_for_every_shipped_need_in_every_language(self, key: tuple[str, str]) -> None:
        assert guess_language(shipped_needs_in_all_languages()[key].text) == key[1]

    @pytest.mark.parametrize("text", ["", "GMP", "2027 CAR-T", "Žádné slovo", "シアノ"])
    def test_a_text_without_function_words_is_undetermined(self, text: str) -> None:
        assert guess_language(text) == UNKNOWN

    def test_two_languages_level_are_undetermined(self) -> None:
        shared = next(word for word in sorted(stop_words("da") & stop_words("de")) if len(word) > 1)
        assert guess_language(shared) == UNKNOWN


class TestStems:
    def test_function_words_are_left_out_and_each_stem_has_its_word(self) -> None:
        assert stems("the toxicology of inhaled medicines", "en") == [
            ("toxicolog", "toxicology"),
            ("inhal", "inhaled"),
            ("medicin", "medicines"),
        ]

    @pytest.mark.parametrize(
        ("language", "one", "many"),
        [
            ("da", "patient", "patienter"),
            ("de", "Studie", "Studien"),
            ("en", "study", "studies"),
            ("fr", "médical", "médicaux"),
            ("nl", "patiënt", "patiënten"),
        ],
    )
    def test_singular_and_plural_meet(self, language: str, one: str, many: str) -> None:
        assert [stem for stem, _ in stems(one, language)] == [stem for stem, _ in stems(many, language)]

    def test_an_unknown_language_is_left_unstemmed_and_without_any_languages_function_words(self) -> None:
        assert stems("the studies und die Studien", UNKNOWN) == [("studies", "studies"), ("studien", "studien")]


class TestWordsAcrossLanguages:
    @pytest.mark.parametrize("passage_language", [*LANGUAGES, UNKNOWN])
    @pytest.mark.parametrize("language", [*LANGUAGES, UNKNOWN])
    @pytest.mark.parametrize("word", ["GMP", "CAR-T", "CRISPR", "mRNA", "biomarkers"])
    def test_a_word_meets_itself_whatever_the_two_languages(self, word: str, language: str, passage_language: str) -> None:
        asked = {stem_of(one, passage_language) for one in content_words(word, language)}
        assert asked == {stem for stem, _ in stems(word, passage_language)}

    def test_a_plural_meets_the_singular_of_another_language(self) -> None:
        assert {stem_of("biomarkers", "en")} == {stem for stem, _ in stems("biomarker", "en")}

    def test_a_language_without_a_stemmer_is_left_unstemmed(self) -> None:
        assert stem_of("studies", UNKNOWN) == "studies"

    def test_function_words_of_the_texts_own_language_are_left_out(self) -> None:
        assert "die" not in content_words("die Studie", "de")
        assert "die" in content_words("die casting", "en")

    def test_each_word_comes_once_in_the_order_of_the_text(self) -> None:
        assert content_words("Vaccine lung vaccine heart", "en") == ("vaccine", "lung", "heart")

    def test_more_words_than_are_kept_are_stemmed_all_the_same(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("embeddings.language._MOST_STEMS", 2)
        assert [stem_of(word, "en") for word in ("patients", "studies", "cells") * 2] == ["patient", "studi", "cell"] * 2
