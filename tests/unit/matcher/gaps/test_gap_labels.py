from __future__ import annotations

import pytest

from matcher.gaps.asked import AskedNeed
from matcher.gaps.different import different_companies
from matcher.gaps.labels import Label, Vocabulary, Wording
from tests.unit.matcher.gaps.asked_needs import asked

CHATTER = "We are a small company and look for a partner."
ORDINARY = [Wording(f"{CHATTER} Our topic is number {word}.", "en") for word in ("one", "two", "three", "four", "five")]
ORDINARY_DUTCH = [Wording("Wij zijn een klein bedrijf en zoeken een partner.", "nl")] * 5


def said(key: str, text: str, **more: object) -> AskedNeed:
    return asked(key, text=text, **more)


def label(*needs: AskedNeed, others: tuple[AskedNeed, ...] = (), more: dict[str, list[Wording]] | None = None) -> Label:
    wordings = {one.key: [Wording(one.need.whole_text, one.language)] for one in (*needs, *others)}
    for key, ways in (more or {}).items():
        wordings[key] += ways
    return Vocabulary(wordings, [*ORDINARY, *ORDINARY_DUTCH]).label(needs)


def test_the_words_that_tell_the_subject_are_shown_and_what_all_needs_say_is_not() -> None:
    found = label(
        said("a", f"{CHATTER} We need CAR-T manufacturing under GMP."),
        said("b", f"{CHATTER} A GMP line for CAR-T cells."),
        others=(said("c", f"{CHATTER} Cells on a chip."), said("d", f"{CHATTER} Wearable sensors.")),
    )
    assert set(found.words) == {"CAR-T", "GMP"}
    assert str(found) in ("CAR-T, GMP", "GMP, CAR-T")
    assert found.language == "en"


def test_a_word_of_one_company_is_never_shown() -> None:
    one = said("a", "using endolysins against Klebsiella", company="Acme")
    again = said("b", "using endolysins against Klebsiella", company="ACME Ltd")
    assert label(one, again).words == ()
    other = said("c", "for endolysins in cattle", company="Other")
    assert label(one, again, other).words == ("endolysins",)


def test_needs_without_a_company_may_be_of_one_in_the_same_country() -> None:
    nameless = [
        said(key, "using endolysins against Klebsiella", company="", country=land) for key, land in (("a", "NL"), ("b", "NL"))
    ]
    assert label(*nameless).words == ()
    assert label(nameless[0], said("c", "our endolysins", company="Acme", country="NL")).words == ()
    assert label(nameless[0], said("d", "our endolysins", company="", country="BE")).words == ("endolysins",)


def test_a_company_does_not_count_for_the_words_of_its_own_name() -> None:
    own = said("a", "Organify makes organoids", company="Organify BV")
    assert label(own, said("b", "Like Organify we grow organoids")).words == ("organoids",)
    assert "Organify" in label(own, *(said(key, "Like Organify we grow organoids") for key in "bc")).words


def test_words_are_written_as_most_needs_write_them() -> None:
    found = label(said("a", "Endolysins, then IVDR"), said("b", "ivdr with endolysins"), said("c", "IVDR endolysins"))
    assert set(found.words) == {"IVDR", "endolysins"}


def test_a_word_in_hyphens_is_not_said_twice() -> None:
    assert label(said("a", "point-of-care tests"), said("b", "point-of-care tests")).words == ("point-of-care", "tests")


def test_numbers_and_function_words_are_no_words() -> None:
    assert label(said("a", "the 2027 and 85 with the"), said("b", "with the 2027 and 85")).words == ()


def test_a_word_of_few_of_the_subjects_needs_is_no_word_for_all() -> None:
    needs = [said(f"n{place}", "our endolysins" + (" in cattle" if place < 2 else "")) for place in range(7)]
    assert label(*needs).words == ("endolysins",)


def test_the_language_is_that_of_most_needs() -> None:
    dutch = [said(key, "Celtherapie in een gesloten lijn", language="nl") for key in "ab"]
    found = label(*dutch, said("c", "Cell therapy in a closed line"))
    assert (found.language, set(found.words)) == ("nl", {"Celtherapie", "gesloten", "lijn"})


def test_translations_give_words_that_the_needs_themselves_do_not_share() -> None:
    dutch, danish, third = (said(k, text, language=code) for k, text, code in (
        ("a", "Celtherapie", "nl"), ("b", "Celleterapi", "da"), ("c", "Celtherapie", "nl")))  # fmt: skip
    assert label(dutch, danish).words == ()
    found = label(dutch, danish, third, more={"b": [Wording("Celtherapie", "nl")]})
    assert (found.language, found.words) == ("nl", ("Celtherapie",))


def test_without_needs_in_common_a_label_is_empty() -> None:
    found = label(said("a", "Endolysins"), said("b", "Organoids"))
    assert (found.words, str(found)) == ((), "")


@pytest.mark.parametrize(
    ("companies", "count"),
    [
        ([], 0),
        ([("Acme BV", "NL"), ("acme", "NL")], 1),
        ([("Acme", "NL"), ("Acme", "BE")], 2),
        ([("", "NL"), ("", "NL")], 1),
        ([("", "NL"), ("", "BE")], 2),
        ([("", "NL"), ("Acme", "NL"), ("Beta", "NL"), ("", "BE")], 3),
    ],
)
def test_companies_are_counted_only_where_they_are_surely_different(companies: list[tuple[str, str]], count: int) -> None:
    needs = [asked(str(place), company=name, country=land) for place, (name, land) in enumerate(companies)]
    assert different_companies(needs) == count
