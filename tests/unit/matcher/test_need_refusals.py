from __future__ import annotations

import pytest

from matcher.errors import NeedTooLong, RequestRefused
from matcher.records import LONGEST_NEED, Need
from matcher.validation import checked
from tests.unit.matcher.refusals import GOOD_NEED, has_the_form, refusal, refusal_of_need

WORDS = "Write one sentence or more."
COUNTRY = "The country of the need must be a country by its two ISO 3166 letters."


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"text": ""}, f"The text of the need must say what is looked for. Got an empty text. {WORDS}"),
        ({"text": " \n\t\u00a0"}, f"The text of the need must say what is looked for. Got an empty text. {WORDS}"),
        ({"text": "🧪"}, f"The text of the need must say in words what is looked for. Got '🧪'. {WORDS}"),
        ({"text": "12 345 !"}, f"The text of the need must say in words what is looked for. Got '12 345 !'. {WORDS}"),
        ({"text": "ab"}, f"The text of the need must say in words what is looked for. Got 'ab'. {WORDS}"),
        (
            {"text": "Wir suchen\0ein Labor"},
            "The text of the need must be whole Unicode text. Got a NUL character at character 11. Remove that character.",
        ),
        (
            {"title": "a\0"},
            "The title of the need must be whole Unicode text. Got a NUL character at character 2. Remove that character.",
        ),
        ({"title": "x" * 501}, "The title of the need must have at most 500 characters. Got 501 characters. Shorten it."),
        ({"country": "XX"}, f"{COUNTRY} Got 'XX'. For instance NL, BE, DE, DK or FR."),
        ({"country": ""}, f"{COUNTRY} Got ''. For instance NL, BE, DE, DK or FR."),
        ({"country": "UK"}, f"{COUNTRY} Got 'UK'. Write GB."),
        ({"country": "germany"}, f"{COUNTRY} Got 'germany'. Write DE."),
        ({"kind": "wish"}, "The kind of the need must be one of 'expertise' or 'collaboration'. Got 'wish'."),
        (
            {"categories": ["finance", "legal"]},
            "The categories of the need must be one of 'technology', 'finance' or 'commercial'. Got 'legal'.",
        ),
        (
            {"language": "English"},
            "The language of the need must be a language by its ISO 639 letters. Got 'English'. For instance da, de, en, fr",
        ),
        ({"txt": "x"}, "The txt of the need must be a known field. Got an unknown one. Remove it or correct its name."),
        (
            {"company_ids": ["a", "b\0"]},
            "The company_ids of the need must be whole Unicode text. Got a NUL character at character 2. Remove",
        ),
    ],
)
def test_a_bad_value_is_refused_in_these_words(values: dict[str, object], message: str) -> None:
    refused = refusal_of_need(**values)
    assert type(refused) is RequestRefused
    assert str(refused).startswith(message)
    assert has_the_form(str(refused))


@pytest.mark.parametrize("field", ["text", "country"])
def test_a_field_that_is_needed_is_named(field: str) -> None:
    refused = refusal("need", {key: value for key, value in GOOD_NEED.items() if key != field})
    assert str(refused) == f"The {field} of the need must be given. Got nothing. Add the field {field}."


def test_a_need_of_10_001_characters_is_too_long() -> None:
    refused = refusal_of_need(text="a" * 10_001)
    assert type(refused) is NeedTooLong
    assert str(refused) == "The text of the need must have at most 10,000 characters. Got 10,001 characters. Shorten it."


def test_a_need_of_exactly_the_longest_length_is_read() -> None:
    assert len(checked(Need, {**GOOD_NEED, "text": "a" * LONGEST_NEED}, "need").text) == 10_000


def test_a_need_that_is_too_long_inside_a_request_is_too_long() -> None:
    refused = refusal("request", {"need": {**GOOD_NEED, "text": "a" * 10_001}})
    assert type(refused) is NeedTooLong


@pytest.mark.parametrize("text", ["Wir suchen \ud800 ein Labor", "\udfff abc"])
def test_half_a_character_is_refused(text: str) -> None:
    assert type(refusal_of_need(text=text)) is RequestRefused


@pytest.mark.parametrize(
    "values", [{"text": "half \ud800"}, {"text": 5}, {"text": None}, {"categories": "finance"}, {"country": None}]
)
def test_a_value_of_another_type_is_refused_in_a_sentence(values: dict[str, object]) -> None:
    assert has_the_form(str(refusal_of_need(**values)))


@pytest.mark.parametrize("values", [{"text": "| | |"}, {"country": "N|L"}, {"language": "n|l"}])
def test_a_value_with_a_bar_is_refused_in_a_sentence(values: dict[str, object]) -> None:
    message = str(refusal_of_need(**values))
    assert "value error" not in message
    assert message.count("Got") == 1


def test_a_message_stays_short_whatever_the_value() -> None:
    assert len(str(refusal_of_need(country="N" * 9_000))) < 250


def test_a_good_need_is_put_in_order() -> None:
    need = checked(Need, {**GOOD_NEED, "text": "  We look.  ", "country": " nl", "language": "EN"}, "need")
    assert (need.text, need.country, need.language) == ("We look.", "NL", "en")


def test_the_whole_text_is_the_title_and_the_text() -> None:
    assert checked(Need, {**GOOD_NEED, "title": "Lab"}, "need").whole_text == "Lab. We look for a laboratory."
    assert checked(Need, GOOD_NEED, "need").whole_text == "We look for a laboratory."


def test_a_need_cannot_be_changed() -> None:
    need = checked(Need, GOOD_NEED, "need")
    with pytest.raises(ValueError, match="frozen"):
        need.text = "other"
