"""Words, stems and the language of a short text, for the five languages of the programme's regions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from types import MappingProxyType

import Stemmer
from bm25s import stopwords

LANGUAGES = ("da", "de", "en", "fr", "nl")
UNKNOWN = "und"
"""ISO 639's own code for a language that is not determined."""

_SNOWBALL = {"da": "danish", "de": "german", "en": "english", "fr": "french", "nl": "dutch"}
_STOPWORDS = {
    "da": frozenset(stopwords.STOPWORDS_DANISH),
    "de": frozenset(stopwords.STOPWORDS_GERMAN),
    "en": frozenset(stopwords.STOPWORDS_EN_PLUS),
    "fr": frozenset(stopwords.STOPWORDS_FRENCH),
    "nl": frozenset(stopwords.STOPWORDS_DUTCH),
}
_EVERY_STOPWORD = frozenset().union(*_STOPWORDS.values())
# A hyphenated word counts whole and in its parts: CAR-T must be found as CAR-T.
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+(?=[^\s])|\n+")
_SHORTEST_SENTENCE = 25
"""Characters; a shorter piece ("Wie helpt?", a title's dot) stays with what follows it."""


@lru_cache(maxsize=16)
def words(text: str) -> tuple[str, ...]:
    """Lower-case words of at least two characters; a hyphenated word is followed by its parts.

    Kept for the last few texts: one need is read for its language, for its search and for its explanation.
    """
    found: list[str] = []
    for word in _WORD.findall(text.lower()):
        parts = [word, *word.split("-")] if "-" in word else [word]
        found += [part for part in parts if len(part) > 1]
    return tuple(found)


def sentences(text: str) -> list[str]:
    """The text's sentences in order; every word of the text is in exactly one."""
    pieces = [" ".join(piece.split()) for piece in _SENTENCE_END.split(text)]
    joined: list[str] = []
    for piece in filter(None, pieces):
        if joined and len(joined[-1]) < _SHORTEST_SENTENCE:
            joined[-1] = f"{joined[-1]} {piece}"
        else:
            joined.append(piece)
    if len(joined) > 1 and len(joined[-1]) < _SHORTEST_SENTENCE:
        joined[-2:] = [" ".join(joined[-2:])]
    return joined


def guess_language(text: str) -> str:
    """The language with the most function words in the text, or `und` when two are level or none occurs.

    Counting function words is exact enough for a text of a sentence or more and costs microseconds; the
    libraries for the task take 0.6 s to load, a third of the time in which a match list must be there.
    """
    found = words(text)
    counts = {language: sum(word in listed for word in found) for language, listed in _STOPWORDS.items()}
    first, second = sorted(counts, key=lambda language: -counts[language])[:2]
    return first if counts[first] > counts[second] else UNKNOWN


@cache
def _stemmer(language: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(_SNOWBALL[language])


def stop_words(language: str) -> frozenset[str]:
    """Function words of the language; of all five where the language is unknown."""
    return _STOPWORDS.get(language, _EVERY_STOPWORD)


def stems(text: str, language: str) -> list[tuple[str, str]]:
    """`(stem, word)` of every content word, by the language's Snowball stemmer; an unknown language is left unstemmed."""
    stopped = stop_words(language)
    content = [word for word in words(text) if word not in stopped]
    if language not in _SNOWBALL:
        return [(word, word) for word in content]
    return list(zip(_stemmer(language).stemWords(content), content, strict=True))


@lru_cache(maxsize=16)
def _content_words(text: str, language: str) -> list[str]:
    """Each word that is no function word, once, in order. One need is asked for by every language's index in turn."""
    stopped = stop_words(language)
    return list(dict.fromkeys(word for word in words(text) if word not in stopped))


@lru_cache(maxsize=64)
def stem_words(text: str, language: str, passage_language: str) -> Mapping[str, str]:
    """Stem → word, for the content words of a text as passages of another language would stem them, in order of the text.

    Of several words with one stem the last is given. So that `GMP` meets `GMP`, and `biomarkers` meets `biomarker`,
    whatever the text's own language.
    """
    content = _content_words(text, language)
    stemmed = _stemmer(passage_language).stemWords(content) if passage_language in _SNOWBALL else content
    return MappingProxyType(dict(zip(stemmed, content, strict=True)))
