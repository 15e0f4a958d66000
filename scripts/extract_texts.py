"""Bring the catalogues of the console's texts up to date: python scripts/extract_texts.py

Run it after any change of a text in service/console, then fill in what it names. Marked are: in templates `_("…")` and
`ngettext("…", "…", count)`, in Python `_("…")`. A catalogue keeps what is translated, gains what is new with an empty text,
and loses what is gone. It has neither dates nor line numbers: a second run changes nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract

from service.console.languages import LANGUAGES

ROOT = Path(__file__).resolve().parents[1]
CONSOLE = Path("service", "console")
TRANSLATED = tuple(code for code in LANGUAGES if code != "en")
"""English needs no catalogue: the texts are written in it."""
_KEYWORDS = {name: DEFAULT_KEYWORDS[name] for name in ("_", "ngettext")}
_AS_PAGES_ARE_MADE = {"newstyle_gettext": "true", "trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
"""A template that cannot be read is an error here too."""
_HEADER = """\
# Texts of the console. Kept up to date by scripts/extract_texts.py, which says how.
msgid ""
msgstr ""
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Language: {language}\\n"
"Plural-Forms: {plural_forms}\\n"

"""


def texts(console: Path) -> Catalog:
    """Every text that a page can show, in the order of the files, with the files it stands in."""
    found = Catalog()
    for file, method, options in _sources(console):
        place = (CONSOLE / file.relative_to(console)).as_posix()
        with file.open("rb") as stream:
            for _line, text, _comments, context in extract(method, stream, _KEYWORDS, (), options):
                found.add(text, locations=[(place, 0)], context=context)
    return found


def updated(catalogue: Catalog, found: Catalog) -> Catalog:
    """The catalogue with exactly these texts; a translation stays where its English is letter for letter the same."""
    after = Catalog(locale=catalogue.locale)
    for message in found:
        if message.id:
            after.add(message.id, _kept(catalogue, message), locations=message.locations, context=message.context)
    return after


def written(catalogue: Catalog) -> bytes:
    """The catalogue as its file has it."""
    body = BytesIO()
    write_po(body, catalogue, width=0, omit_header=True, include_lineno=False)
    header = _HEADER.format(language=catalogue.locale_identifier, plural_forms=catalogue.plural_forms)
    return header.encode() + body.getvalue()


def read(file: Path, language: str) -> Catalog:
    """The catalogue of a language; one without texts where there is no file yet.

    Raises:
        babel.messages.pofile.PoFileError: the file is no catalogue.
    """
    if not file.is_file():
        return Catalog(locale=language)
    with file.open("rb") as stream:
        return read_po(stream, locale=language, abort_invalid=True)


def untranslated(catalogue: Catalog) -> list[str]:
    """The texts, in English, that lack a translation or one of its plural forms."""
    return [english(message) for message in catalogue if message.id and not all(forms(message))]


def english(message: Message) -> str:
    """The text, in the singular, as it stands in the source."""
    return message.id if isinstance(message.id, str) else message.id[0]


def forms(message: Message) -> tuple[str, ...]:
    """The translation; where the text is counted, one for each plural form."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def main() -> int:
    """Update all catalogues; 1 where a translation is missing."""
    found, missing = texts(ROOT / CONSOLE), 0
    for language in TRANSLATED:
        file = ROOT / CONSOLE / "locale" / f"{language}.po"
        file.parent.mkdir(exist_ok=True)
        catalogue = updated(read(file, language), found)
        file.write_bytes(written(catalogue))
        lacking = untranslated(catalogue)
        print(f"{language}: {len(catalogue)} texts, {len(lacking)} not translated")
        for text in lacking:
            print(f"  {text}")
        missing += len(lacking)
    return 1 if missing else 0


def _sources(console: Path) -> Iterator[tuple[Path, Any, dict[str, str]]]:
    for file in sorted(console.glob("*.py")):
        yield file, "python", {}
    for file in sorted((console / "templates").rglob("*.html")):
        yield file, babel_extract, _AS_PAGES_ARE_MADE


def _kept(catalogue: Catalog, message: Message) -> Any:
    before = catalogue.get(message.id, message.context)
    empty = ("",) * catalogue.num_plurals if message.pluralizable else ""
    # One that was counted before, or is now, has other forms: it is translated anew.
    return empty if before is None or before.fuzzy or before.id != message.id else before.string


if __name__ == "__main__":
    sys.exit(main())
