"""The languages of the pages: which one a reader gets, and what a text is in it."""

from __future__ import annotations

import gettext
from functools import cache
from importlib import resources
from io import BytesIO

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES = {"en": "English", "de": "Deutsch", "fr": "Français", "nl": "Nederlands", "da": "Dansk"}
"""Code → what those who speak it call it."""
COOKIE = "crossmatch-language"


def chosen_language(cookie: str, accepted: str) -> str:
    """The one that was chosen, else the first that the browser asks for, else English.

    Args:
        cookie: what was chosen before.
        accepted: the header `Accept-Language`.
    """
    if cookie in LANGUAGES:
        return cookie
    wanted: list[tuple[float, str]] = []
    for part in accepted.split(",")[:20]:
        tag, _, quality = (piece.strip() for piece in part.partition(";"))
        try:
            weight = float(quality.removeprefix("q=") or 1)
        except ValueError:
            continue
        # `q=0` means: not this one.
        if 0 < weight <= 1:
            wanted.append((-weight, tag.lower().partition("-")[0]))
    in_order = (tag for _, tag in sorted(wanted, key=lambda one: one[0]))
    return next((tag for tag in in_order if tag in LANGUAGES), "en")


@cache
def translations(language: str) -> gettext.NullTranslations:
    """The texts of the pages in that language. English is what they are written in."""
    file = resources.files("service.console") / "locale" / f"{language}.po"
    if language == "en" or not file.is_file():
        return gettext.NullTranslations()
    # From the text itself: nobody has to compile anything, and what is reviewed is what is shown.
    with file.open("rb") as stream:
        catalogue = read_po(stream, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


@cache
def country_name(code: str, language: str) -> str:
    """A country in that language; its letters where there is no name."""
    return str(Locale(language).territories.get(code, code))


@cache
def language_name(code: str, language: str) -> str:
    """A language in that language; its letters where there is no name."""
    return str(Locale(language).languages.get(code, code))
