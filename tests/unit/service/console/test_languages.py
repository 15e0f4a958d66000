"""Which language a reader gets, and that the catalogues have every text of the pages in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from scripts.extract_texts import CONSOLE, ROOT, TRANSLATED, english, forms, main, read, texts, untranslated, updated, written
from service.console.languages import LANGUAGES, chosen_language, country_name, language_name, translations

FOLDER = ROOT / CONSOLE
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[a-z%]")
IN_EACH = pytest.mark.parametrize("language", TRANSLATED)


@pytest.fixture(scope="module")
def found() -> Catalog:
    """What the pages say now, read anew."""
    return texts(FOLDER)


def catalogue(language: str) -> Catalog:
    return read(FOLDER / "locale" / f"{language}.po", language)


def messages(language: str) -> list[Message]:
    return [message for message in catalogue(language) if message.id]


def ids(catalogue: Catalog) -> set[object]:
    return {message.id for message in catalogue if message.id}


def placeholders(text: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(text))


def test_every_language_but_english_has_a_catalogue() -> None:
    assert {file.stem for file in (FOLDER / "locale").iterdir()} == set(LANGUAGES) - {"en"}


def test_texts_of_templates_scales_and_navigation_are_found(found: Catalog) -> None:
    assert {"Skip to the content", "cooperation possible", "very likely", "Directory"} <= ids(found)
    assert ("%(num)s provider", "%(num)s providers") in ids(found)


@IN_EACH
def test_every_text_of_every_page_is_translated_and_no_other(language: str, found: Catalog) -> None:
    assert ids(catalogue(language)) == ids(found), "Run scripts/extract_texts.py and fill in what it names."
    assert untranslated(catalogue(language)) == []


@IN_EACH
def test_running_the_extraction_again_changes_no_catalogue(language: str, found: Catalog) -> None:
    file = FOLDER / "locale" / f"{language}.po"
    assert written(updated(catalogue(language), found)) == file.read_bytes()


@IN_EACH
def test_no_translation_is_a_guess(language: str) -> None:
    assert [english(message) for message in messages(language) if message.fuzzy] == []


@IN_EACH
def test_every_translation_has_the_placeholders_of_its_text(language: str) -> None:
    for message in messages(language):
        for form in forms(message):
            assert placeholders(form) == placeholders(english(message)), form


@IN_EACH
def test_every_counted_text_has_the_plural_forms_of_its_language(language: str) -> None:
    counted = [message for message in messages(language) if message.pluralizable]
    assert counted
    for message in counted:
        assert len(forms(message)) == catalogue(language).num_plurals == 2


@IN_EACH
def test_no_translation_can_break_the_html_around_it(language: str) -> None:
    assert [form for message in messages(language) for form in forms(message) if re.search(r'[<>&"]', form)] == []


@IN_EACH
def test_a_translation_begins_and_ends_as_its_text_does(language: str) -> None:
    for message in messages(language):
        for text, form in zip((message.id,) if isinstance(message.id, str) else message.id, forms(message), strict=True):
            assert form == form.strip()
            assert (form[-1] in ".:?") == (text[-1] in ".:?"), form


@pytest.mark.parametrize(
    ("language", "none", "one", "two"),
    [
        ("en", "0 providers", "1 provider", "2 providers"),
        ("de", "0 Anbieter", "1 Anbieter", "2 Anbieter"),
        ("fr", "0 prestataire", "1 prestataire", "2 prestataires"),
        ("nl", "0 aanbieders", "1 aanbieder", "2 aanbieders"),
        ("da", "0 udbydere", "1 udbyder", "2 udbydere"),
    ],
)
def test_a_number_takes_the_plural_of_the_language(language: str, none: str, one: str, two: str) -> None:
    told = translations(language)
    for count, wanted in enumerate((none, one, two)):
        assert told.ngettext("%(num)s provider", "%(num)s providers", count) % {"num": count} == wanted


@IN_EACH
def test_a_text_that_no_catalogue_knows_stays_as_it_is(language: str) -> None:
    assert translations(language).gettext("Nobody wrote this.") == "Nobody wrote this."


def test_a_translation_is_kept_only_for_the_very_same_text() -> None:
    before = Catalog(locale="de")
    before.add("Lists", "Listen")
    before.add("Gone", "Weg")
    before.add("Counted now", "Früher einer")
    before.add("Guess", "Vermutung", flags=["fuzzy"])
    now = Catalog()
    for text in ("Lists", "New", ("Counted now", "Counted now, several"), "Guess"):
        now.add(text)
    after = updated(before, now)
    assert {english(message): message.string for message in after if message.id} == {
        "Lists": "Listen",
        "New": "",
        "Counted now": ("", ""),
        "Guess": "",
    }
    assert untranslated(after) == ["New", "Counted now", "Guess"]


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    made = Catalog(locale="fr")
    made.add("95 %% interval", "intervalle à 95\N{NO-BREAK SPACE}%%", locations=[("service/console/templates/a.html", 7)])
    file = tmp_path / "fr.po"
    file.write_bytes(written(made))
    assert read(file, "fr")["95 %% interval"].string == "intervalle à 95\N{NO-BREAK SPACE}%%"
    assert "a.html:7" not in file.read_text(encoding="utf-8")
    assert read(tmp_path / "none.po", "fr")._messages == {}


def test_the_script_updates_the_catalogues_and_names_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("scripts.extract_texts.ROOT", tmp_path)
    templates = tmp_path / CONSOLE / "templates"
    templates.mkdir(parents=True)
    (templates / "new.html").write_text('<p>{{ _("Not there before") }}</p>', encoding="utf-8")
    assert main() == 1
    assert "de: 1 texts, 1 not translated\n  Not there before" in capsys.readouterr().out
    for language in TRANSLATED:
        file = tmp_path / CONSOLE / "locale" / f"{language}.po"
        with file.open("rb") as stream:
            made = read_po(stream)
        made["Not there before"].string = "Filled in"
        file.write_bytes(written(made))
    assert main() == 0


@pytest.mark.parametrize(
    ("cookie", "accepted", "chosen"),
    [
        ("", "", "en"),
        ("", "da", "da"),
        ("", "da-DK,da;q=0.9,en;q=0.8", "da"),
        ("", "nl-BE", "nl"),
        ("", "en;q=0.3,fr;q=0.2,de;q=0.9", "de"),
        ("", "DE-at", "de"),
        ("", "de;q=0,fr;q=0.1", "fr"),
        ("", "pl, de; q=0.5", "de"),
        ("", "de;q=nan,fr;q=0.3", "fr"),
        ("", "fr,nl", "fr"),
        ("", "pl,cs;q=0.9,fr;q=0.1", "fr"),
        ("", "pl,cs", "en"),
        ("", "*", "en"),
        ("", ";;;,,q=", "en"),
        ("", "de;q=high,nl;q=0.5", "nl"),
        ("", "x" * 10_000, "en"),
        ("", "pl," * 50 + "de", "en"),
        ("nl", "fr", "nl"),
        ("en", "fr", "en"),
        ("pl", "fr", "fr"),
        ("../de", "", "en"),
    ],
)
def test_what_was_chosen_counts_before_what_the_browser_asks_for(cookie: str, accepted: str, chosen: str) -> None:
    assert chosen_language(cookie, accepted) == chosen


def test_countries_and_languages_are_called_as_the_reader_calls_them() -> None:
    assert [country_name("DE", code) for code in LANGUAGES] == ["Germany", "Deutschland", "Allemagne", "Duitsland", "Tyskland"]
    assert [language_name("nl", code) for code in LANGUAGES] == [
        "Dutch",
        "Niederländisch",
        "néerlandais",
        "Nederlands",
        "nederlandsk",
    ]


def test_what_has_no_name_is_called_by_its_letters() -> None:
    assert country_name("Q1", "fr") == "Q1"
    assert language_name("q1", "fr") == "q1"
