from __future__ import annotations

from collections import Counter, defaultdict

from embeddings.language import LANGUAGES, guess_language
from tests.data.shipped_tables import (
    NATIVE,
    evidence,
    folded_words,
    needs,
    ordinary_needs,
    providers,
    runs,
    translations,
    twice,
)


def test_every_summary_has_35_to_70_words() -> None:
    counts = {row["name"]: len(row["summary"].split()) for row in providers()}
    assert {name: count for name, count in counts.items() if not 35 <= count <= 70} == {}


def test_no_two_summaries_are_equal() -> None:
    assert twice(" ".join(folded_words(row["summary"])) for row in providers()) == []


def test_no_two_summaries_share_a_run_of_twelve_words() -> None:
    owners: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for row in providers():
        for run in runs(row["summary"], 12):
            owners[run].add(row["name"])
    assert {" ".join(run): names for run, names in owners.items() if len(names) > 1} == {}


def test_between_a_third_and_two_fifths_of_the_summaries_are_not_in_english() -> None:
    native = sum(row["summary_language"] != "en" for row in providers())
    assert 1 / 3 <= native / len(providers()) <= 0.4


def test_a_summary_is_in_english_or_in_a_language_of_its_providers_country() -> None:
    wrong = [
        (row["name"], row["summary_language"])
        for row in providers()
        if row["summary_language"] not in NATIVE[row["country"]] | {"en"}
    ]
    assert wrong == []


def test_each_of_the_five_languages_has_ten_summaries() -> None:
    counts = Counter(row["summary_language"] for row in providers())
    assert sorted(counts) == sorted(LANGUAGES)
    assert min(counts.values()) >= 10


def test_the_stated_language_is_the_one_the_words_are_in() -> None:
    guesses = {row["name"]: (row["summary_language"], guess_language(row["summary"])) for row in providers()}
    assert {name: pair for name, pair in guesses.items() if pair[0] != pair[1]} == {}


def test_no_summary_takes_eight_words_in_a_row_from_its_evidence() -> None:
    titles: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for item in evidence():
        titles[item["provider_id"]] |= runs(item["title"])
    shared = {row["name"]: runs(row["summary"]) & titles[row["provider_id"]] for row in providers()}
    assert {name: found for name, found in shared.items() if found} == {}


def test_no_text_written_for_this_project_takes_eight_words_in_a_row_from_any_title() -> None:
    titles = set().union(*(runs(item["title"]) for item in evidence()))
    written = [row["summary"] for row in providers()]
    written += [row["text"] for row in (*needs(), *translations(), *ordinary_needs())]
    assert len(titles) > 1_000
    assert [text for text in written if runs(text) & titles] == []


def test_every_summary_is_whole_sentences() -> None:
    wrong = [row["name"] for row in providers() if not row["summary"].endswith(".") or row["summary"][0].islower()]
    assert wrong == []
