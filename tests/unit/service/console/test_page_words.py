"""That pages know a word for everything the record's scales can say."""

from __future__ import annotations

from collections.abc import Iterable
from typing import get_args

import pytest

from matcher.fields_of_work import FIELDS
from matcher.lifecycle import KINDS, REASONS, Anyway, Rating, Result, State
from matcher.programme.application import MAY_FOLLOW, STEP_KINDS
from matcher.records import CATEGORIES
from matcher.relevance import PARTS
from matcher.shipped import shipped_directory, shipped_regions
from service.access.caller import ROLES
from service.console.languages import translations
from service.console.words import SCALES, in_page_words, probability_in_words


@pytest.mark.parametrize(
    "words",
    [
        CATEGORIES,
        (*get_args(State), *KINDS),
        REASONS,
        get_args(Rating),
        get_args(Result),
        get_args(Anyway),
        (*MAY_FOLLOW, *STEP_KINDS),
        ROLES,
        (*PARTS, "border"),
        {one.name for one in shipped_regions()},
        FIELDS,
        {one.kind for one in shipped_directory().evidence},
        {in_page_words(one.role, str) for one in shipped_directory().evidence if one.role},
    ],
    ids=[
        "categories",
        "steps",
        "reasons",
        "ratings",
        "results",
        "anyway",
        "applications",
        "roles",
        "parts",
        "regions",
        "fields",
        "kinds",
        "parties",
    ],
)
def test_every_word_of_a_scale_can_be_translated(words: Iterable[str]) -> None:
    assert set(words) <= set(SCALES)


def test_a_word_of_a_scale_is_told_in_the_language_of_the_reader() -> None:
    danish = translations("da").gettext
    assert in_page_words("cooperation possible", danish) == "samarbejde muligt"
    assert in_page_words("thirdParty", danish) == "tilknyttet tredjepart"
    assert in_page_words("thirdParty", str) == "linked third party"


def test_any_other_text_stays_as_it_is_even_where_a_page_says_the_same() -> None:
    assert in_page_words("Sign out", translations("de").gettext) == "Sign out"
    assert in_page_words("", translations("de").gettext) == ""


@pytest.mark.parametrize(
    ("probability", "words"),
    [
        (None, "not judged"),
        (1.0, "very likely"),
        (0.5, "very likely"),
        (0.4999, "likely"),
        (0.25, "likely"),
        (0.1, "possible"),
        (0.03, "a long shot"),
        (0.0299, "unlikely"),
        (0.0, "unlikely"),
    ],
)
def test_a_probability_is_said_in_words(probability: float | None, words: str) -> None:
    assert probability_in_words(probability) == words
