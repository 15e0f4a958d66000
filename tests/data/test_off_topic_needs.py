from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import Any

from embeddings.language import LANGUAGES, guess_language
from tests.data.shipped_tables import DATASETS, folded_words, needs, ordinary_needs, read_lines, translations, twice


@cache
def off_topic_needs() -> list[dict[str, Any]]:
    return read_lines(DATASETS / "off_topic_needs.jsonl")


def test_they_are_24_topics_in_five_languages() -> None:
    languages: dict[str, list[str]] = defaultdict(list)
    for row in off_topic_needs():
        languages[row["topic"]].append(row["language"])
    assert len(off_topic_needs()) == 120
    assert len(languages) == 24
    assert {topic: found for topic, found in languages.items() if found != list(LANGUAGES)} == {}


def test_every_one_has_the_same_fields_and_they_are_in_order() -> None:
    assert [row for row in off_topic_needs() if list(row) != ["topic", "language", "text"]] == []
    keys = [(row["topic"], row["language"]) for row in off_topic_needs()]
    assert keys == sorted(keys)


def test_a_third_is_short_a_third_middling_and_a_third_long_in_every_language() -> None:
    bounds = {"short": (8, 15), "middling": (25, 55), "long": (60, 100)}
    lengths: dict[str, list[str]] = defaultdict(list)
    for row in off_topic_needs():
        count = len(row["text"].split())
        lengths[row["topic"]] += [name for name, (least, most) in bounds.items() if least <= count <= most]
    alike = [found[0] for found in lengths.values() if len(found) == 5 and len(set(found)) == 1]
    assert {name: alike.count(name) for name in bounds} == dict.fromkeys(bounds, 8)


def test_the_stated_language_is_the_one_the_words_are_in() -> None:
    texts = [(row["topic"], row["language"], guess_language(row["text"])) for row in off_topic_needs()]
    assert [one for one in texts if one[1] != one[2]] == []


def test_none_is_an_ordinary_or_a_sample_need_or_occurs_twice() -> None:
    off_topic = [" ".join(folded_words(row["text"])) for row in off_topic_needs()]
    real = {" ".join(folded_words(row["text"])) for row in (*needs(), *translations(), *ordinary_needs())}
    assert twice(off_topic) == []
    assert real & set(off_topic) == set()


def test_no_topic_is_one_of_the_ordinary_needs() -> None:
    assert {row["topic"] for row in off_topic_needs()} & {row["topic"] for row in ordinary_needs()} == set()
