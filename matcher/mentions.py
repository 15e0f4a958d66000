"""What a need names: countries, towns and organisations of the directory.

Measured on real consortia: a candidate in a country that the need's text names is five times as likely a partner, one in a
town that it names twelve times, an organisation that it names several hundred times.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from embeddings.language import LANGUAGES, stop_words
from matcher.directory import plain_name
from matcher.phrases import WORD, Meaning, Phrase, Phrases, Text, folded_word, folded_words
from matcher.place_names import (
    ALSO_WORDS,
    BEFORE_TOWNS,
    LOWER_CASE_ADJECTIVES,
    NO_COUNTRY,
    NO_TOWN,
    TOWN_SPELLINGS,
    country_adjectives,
    country_spellings,
)
from matcher.records import Provider

Kind = Literal["organisation", "town", "country"]
Rows = NDArray[np.int64]
RowMask = NDArray[np.bool_]

_BRACKETS = re.compile(r"\(([^()]+)\)")
_POSTAL = re.compile(r"\s+(?:cedex\b.*|\d+)$", re.IGNORECASE)
_LEAST_ACRONYM, _LEAST_TOWN, _LEAST_NAME, _LEAST_PLAIN_NAME = 3, 4, 5, 8
"""Letters of an acronym, a town, a name of one word, and of one that is believed where a capital says little: as the first
word of a sentence, and in German."""
_ONE_CAPITAL = frozenset({"da", "fr", "nl"})
"""Languages that write `l'institut Pasteur` and `Aarhus universitet`; elsewhere each word of a name has its capital."""
_ALSO_TERMS = frozenset(
    ["AUC", "CEA", "CRM", "EFS", "EUR", "FLI", "ICM", "ITM", "KIT", "MDC", "MRI", "NFA", "NGO", "NMI", "REE", "TMF", "UKB"]
)
"""Acronyms of organisations that a need mostly has for something else, as carcinoembryonic antigen, event-free survival, UK
Biobank or euros. They count where it names the organisation's town or country too."""


@dataclass(frozen=True)
class Finding:
    """One thing that a need names."""

    kind: Kind
    word: str
    """As the need writes it where it first does."""
    rows: Rows
    """Of the providers that it is or that lie there."""


@dataclass(frozen=True)
class Named:
    """What a need names."""

    findings: tuple[Finding, ...]
    """Organisations, then towns, then countries, each in order of the text."""
    providers: int
    """How many the directory has."""

    def words(self, row: int) -> tuple[str, ...]:
        """What the need names that speaks for the provider of that row, the most telling first."""
        [words] = self.words_of_each(np.array([row]))
        return tuple(words)

    def words_of_each(self, rows: Rows) -> list[list[str]]:
        """As `words`, for the providers of several rows."""
        found: list[list[str]] = [[] for _ in rows]
        for finding in self.findings:
            lies_there = np.zeros(self.providers, dtype=np.bool_)
            lies_there[finding.rows] = True
            for place in np.flatnonzero(lies_there[rows]).tolist():
                found[place].append(finding.word)
        return found

    @cached_property
    def country(self) -> RowMask:
        """`(providers,)` whether the need names their country; likewise `town` and `organisation`."""
        return self._mask("country")

    @cached_property
    def town(self) -> RowMask:
        """`(providers,)` booleans."""
        return self._mask("town")

    @cached_property
    def organisation(self) -> RowMask:
        """`(providers,)` booleans."""
        return self._mask("organisation")

    def _mask(self, kind: Kind) -> RowMask:
        found = np.zeros(self.providers, dtype=np.bool_)
        for finding in self.findings:
            if finding.kind == kind:
                found[finding.rows] = True
        return found


class Mentions:
    """Finds the names of a directory's providers, of their towns and of their countries in a text.

    A phrase counts as whole words. Of several that begin alike the longest does, so that `Northern Ireland` is not Ireland
    and `Institut Pasteur de Lille` is not the Institut Pasteur.
    """

    def __init__(self, providers: Sequence[Provider]) -> None:
        self._country_at = np.array([provider.country for provider in providers], dtype=np.str_)
        codes = sorted({provider.country for provider in providers})
        self._in_country = {code: np.flatnonzero(self._country_at == code) for code in codes}
        self._countries = {language: _country_phrases(codes, language) for language in LANGUAGES}
        rows_of = _rows_by_town(providers)
        self._in_town = {town: np.array(rows, dtype=np.int64) for town, rows in rows_of.items()}
        self._countries_of = {town: {providers[row].country for row in rows} for town, rows in rows_of.items()}
        self._towns = _town_phrases(rows_of)
        self._organisations = _organisation_phrases(providers)

    def find(self, text: str, language: str, home: str) -> Named:
        """What the text names.

        Args:
            text: the need's.
            language: of the text; if it is none of the five, names of countries are looked for in all of them.
            home: the company's country. It, its towns and its organisations do not count: they say where the company sits
                and whom it knows already. What a name is worth was learned on partners abroad.
        """
        read = Text(text, language)
        countries: dict[str, str] = {}
        for one in read.languages:
            countries = {**self._countries[one].first_in(read), **countries}
        towns = self._towns.first_in(read)
        findings = [
            *(
                Finding("organisation", word, np.array([row]))
                for row, word in self._organisations.first_in(read).items()
                if self._country_at[row] != home and (word not in _ALSO_TERMS or self._lies_near(row, countries, towns))
            ),
            # A town that lies at home too is meant at home.
            *(
                Finding("town", word, self._in_town[town])
                for town, word in towns.items()
                if home not in self._countries_of[town]
            ),
            *(Finding("country", word, self._in_country[code]) for code, word in countries.items() if code != home),
        ]
        return Named(tuple(findings), len(self._country_at))

    def _lies_near(self, row: int, countries: Iterable[str], towns: Iterable[str]) -> bool:
        """Whether the provider's country or town is among those that the need names."""
        return self._country_at[row] in countries or any(row in self._in_town[town] for town in towns)


def _country_phrases(codes: Sequence[str], language: str) -> Phrases[str]:
    def phrases() -> Iterator[Phrase[str]]:
        adjective = _anyhow if language in LOWER_CASE_ADJECTIVES else _with_a_capital
        # Countries without providers are known too, so that Equatorial Guinea is not Guinea.
        for code, names in country_spellings(language).items():
            meaning = code if code in codes else None
            for name in names:
                yield Phrase(folded_words(name), name, meaning, _exactly if name.isupper() else _with_a_capital)
        for code in codes:
            for name in country_adjectives(language).get(code, ()):
                yield Phrase(folded_words(name), name, code, adjective)
        for name in NO_COUNTRY:
            yield Phrase(folded_words(name), name, None, _with_a_capital)

    return Phrases(phrases())


def _rows_by_town(providers: Sequence[Provider]) -> dict[str, list[int]]:
    """Providers by the first of their town's known spellings, or by its folded name."""
    known = {folded_words(spelling): spellings[0] for spelling, spellings in TOWN_SPELLINGS.items()}
    rows: dict[str, list[int]] = {}
    for row, provider in enumerate(providers):
        alternatives = [_POSTAL.sub("", city.strip()) for city in provider.city.split(" / ")]
        folded = [folded_words(city) for city in alternatives if len(city) >= _LEAST_TOWN]
        for town in dict.fromkeys(known.get(words, " ".join(words)) for words in folded):
            rows.setdefault(town, []).append(row)
    return rows


def _town_phrases(towns: Iterable[str]) -> Phrases[str]:
    def phrases() -> Iterator[Phrase[str]]:
        for town in towns:
            for name in TOWN_SPELLINGS.get(town, [town]):
                yield Phrase(folded_words(name), name, town, _as_a_town)
        for name in NO_TOWN:
            yield Phrase(folded_words(name), name, None, _with_a_capital)

    return Phrases(phrases())


def _organisation_phrases(providers: Sequence[Provider]) -> Phrases[int]:
    countries = {name for language in LANGUAGES for names in country_spellings(language).values() for name in names}
    places = set(map(folded_words, (*countries, "Europe", "Europa")))

    def phrases() -> Iterator[Phrase[int]]:
        for row, provider in enumerate(providers):
            for name in dict.fromkeys([provider.name, provider.name.split(" – ")[0]]):
                words, spelling = _kept(name)
                if len(words) == 1 and _is_acronym(spelling):
                    yield Phrase(words, spelling, row, _as_an_acronym)
                if len(words) > 1 or (len(spelling) >= _LEAST_NAME and not spelling.isupper()):
                    yield Phrase(words, spelling, row, _as_a_name)
            for short in _BRACKETS.findall(provider.name):
                words = folded_words(short)
                if words not in places and words != folded_words(provider.city):
                    if _is_acronym(short):
                        yield Phrase(words, short, row, _as_an_acronym)
                    elif len(words) == 1 and _shortens(words[0], plain_name(provider.name)):
                        yield Phrase(words, short, row, _with_a_capital)

    return Phrases(phrases())


def _kept(name: str) -> tuple[tuple[str, ...], str]:
    """The words of a name without brackets and legal form, folded, and as the name writes them."""
    folded = folded_words(plain_name(name))
    written: list[str] = []
    for word in WORD.findall(_BRACKETS.sub(" ", name)):
        if len(written) < len(folded) and folded_word(word) == folded[len(written)]:
            written.append(word)
    return folded, " ".join(written)


def _is_acronym(name: str) -> bool:
    return len(name) >= _LEAST_ACRONYM and sum(letter.isupper() for letter in name) > 1


def _shortens(short: str, name: str) -> bool:
    """Whether it is made of a name's letters in their order, as `Inserm` is."""
    letters = iter(name)
    return len(short) >= _LEAST_NAME and short[0] == name[:1] and short not in name.split() and all(c in letters for c in short)


def _anyhow(text: Text, phrase: Phrase[str], start: int, end: int) -> bool:
    return True


def _with_a_capital(text: Text, phrase: Phrase[Meaning], start: int, end: int) -> bool:
    return any(word[0].isupper() for word in text.words[start:end])


def _exactly(text: Text, phrase: Phrase[Meaning], start: int, end: int) -> bool:
    written = text.slice(start, end)
    return phrase.spelling == (written.removesuffix("s") if text.genitive and written[-2:-1].isupper() else written)


def _as_an_acronym(text: Text, phrase: Phrase[int], start: int, end: int) -> bool:
    if not _exactly(text, phrase, start, end) or phrase.spelling.lower() in stop_words(text.language):
        return False
    # In a line of capitals, or as a part of another acronym (CITY-MOVE), capitals say nothing.
    sides = {_side(text, start - 1, start), _side(text, end, end)}
    is_shouted = phrase.spelling.isupper() and "capitals" in sides and "words" not in sides
    return not is_shouted and text.joined(start) != "-" and not text.stands_for(phrase.spelling)


def _side(text: Text, neighbour: int, joint: int) -> Literal["nothing", "capitals", "words"]:
    """What stands beside an acronym: one capital (`A`, the `A` of `A/S`) tells no more than nothing."""
    if not 0 < joint < len(text.words) or text.opens(joint):
        return "nothing"
    word = text.words[neighbour]
    if not word.isupper() or text.joined(joint) not in {" ", "-"}:
        return "words"
    return "capitals" if len(word) > 1 else "nothing"


def _as_a_town(text: Text, phrase: Phrase[str], start: int, end: int) -> bool:
    words = text.words[start:end]
    # All in capitals it is an acronym: NICE assesses medicines.
    if not _with_a_capital(text, phrase, start, end) or any(w[0].islower() or w.isupper() for w in words if len(w) > 3):
        return False
    if len(words) > 1 or not any(phrase.words[0] in ALSO_WORDS[language] for language in text.languages):
        return True
    return not text.opens(start) and any(text.folded[start - 1] in BEFORE_TOWNS[language] for language in text.languages)


def _as_a_name(text: Text, phrase: Phrase[int], start: int, end: int) -> bool:
    words, spelling = text.words[start:end], phrase.spelling.split()
    if len(words) > 1:
        if words == spelling:
            return True
        if text.language in _ONE_CAPITAL:
            return any(text.words[at][0].isupper() and not text.opens(at) for at in range(start, end))
        return all(w[0].isupper() for w, named in zip(words, spelling, strict=True) if len(w) > 3 and named[0].isupper())
    (word,) = words
    if not (words == spelling or word[0].isupper()) or word.lower() in stop_words(text.language):
        return False
    return len(word) >= _LEAST_PLAIN_NAME or not (text.opens(start) or "de" in text.languages)
