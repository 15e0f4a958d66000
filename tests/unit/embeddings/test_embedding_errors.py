from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.errors import (
    EncoderUnavailable,
    IndexDamaged,
    IndexMismatch,
    IndexMissing,
    Refusal,
    TextRefused,
    check_encodable,
    shown,
)


class TestRefusal:
    def test_it_says_place_requirement_finding_and_remedy_in_that_order(self) -> None:
        assert str(Refusal("country", "be a code of two letters", "'Holland'", "Write NL.")) == (
            "The country must be a code of two letters. Got 'Holland'. Write NL."
        )

    def test_without_a_remedy_it_ends_after_the_finding(self) -> None:
        assert str(Refusal("parameter k", "be at least 1", "0")) == "The parameter k must be at least 1. Got 0."

    def test_its_parts_can_be_asked_for(self) -> None:
        refusal = Refusal("place", "required", "found", "remedy")
        assert (refusal.place, refusal.required, refusal.found, refusal.remedy) == ("place", "required", "found", "remedy")

    @pytest.mark.parametrize("kind", [TextRefused, EncoderUnavailable, IndexMissing, IndexDamaged, IndexMismatch])
    def test_each_kind_is_a_refusal_and_a_value_error(self, kind: type[Refusal]) -> None:
        with pytest.raises(ValueError, match=r"^The a must b\. Got c\. d$") as refused:
            raise kind("a", "b", "c", "d")
        assert isinstance(refused.value, Refusal)


class TestShown:
    def test_a_short_value_is_shown_as_it_is_written(self) -> None:
        assert shown("Holland") == "'Holland'"
        assert shown(7) == "7"

    def test_a_value_of_just_the_limit_is_whole_and_one_longer_is_cut(self) -> None:
        assert shown("x" * 58) == f"'{'x' * 58}'"
        assert shown("x" * 59) == f"'{'x' * 58}…"

    @given(st.text(st.characters()) | st.integers() | st.lists(st.text()), st.integers(1, 80))
    def test_it_is_one_line_within_the_limit(self, value: object, limit: int) -> None:
        text = shown(value, limit)
        assert len(text) <= limit
        assert text.splitlines() == [text]


class TestCheckEncodable:
    @pytest.mark.parametrize("texts", [[], [""], ["lung", "søger", "🧬"], ["\t\n\x01\ufffd\ufeff"]])
    def test_whole_unicode_text_passes(self, texts: list[str]) -> None:
        check_encodable(texts)

    def test_a_nul_character_is_refused_with_its_place(self) -> None:
        message = r"^The text must be whole Unicode text\. Got a NUL character at character 5\. Remove that character\.$"
        with pytest.raises(TextRefused, match=message):
            check_encodable(["lung\0\0"])

    @pytest.mark.parametrize("code", [0xD800, 0xDBFF, 0xDC00, 0xDFFF])
    def test_half_a_character_is_refused_with_its_code(self, code: int) -> None:
        with pytest.raises(TextRefused, match=rf"Got half a character \(U\+{code:04X}\) at character 1\."):
            check_encodable([chr(code)])

    @pytest.mark.parametrize("code", [0xD7FF, 0xE000, 0x10FFFF])
    def test_the_neighbours_of_the_halves_pass(self, code: int) -> None:
        check_encodable([chr(code)])

    def test_of_several_texts_the_number_is_given(self) -> None:
        with pytest.raises(TextRefused, match=r"^The text 3 must"):
            check_encodable(["lung", "heart", "\0"])

    def test_the_message_itself_can_be_written_as_utf_8(self) -> None:
        with pytest.raises(TextRefused) as refused:
            check_encodable(["lung\udfff"])
        assert str(refused.value).encode()

    @given(st.text(st.characters(), max_size=50))
    def test_just_what_utf_8_and_c_strings_can_carry_passes(self, text: str) -> None:
        try:
            carried = "\0" not in text and text.encode() is not None
        except UnicodeEncodeError:
            carried = False
        if carried:
            check_encodable([text])
        else:
            with pytest.raises(TextRefused):
                check_encodable([text])
