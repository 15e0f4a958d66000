"""Words, stems and the language of a short text, for the five languages of the programme's regions."""

from __future__ import annotations

import re
from functools import cache, lru_cache

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
_MOST_STEMS = 2**16
"""Words of one language whose stems are kept: more than a language uses, and a few MB."""
_SHORTEST_SENTENCE = 25
"""Characters; a shorter piece ("Wie helpt?", a title's dot) stays with what follows it."""


@lru_cache(maxsize=256)
def words(text: str) -> tuple[str, ...]:
    """Lower-case words of at least two characters; a hyphenated word is followed by its parts.

    Kept for the last texts: one need is read for its language, for its search and for its explanation, and needs may come
    by the hundred.
    """
    whole = _WORD.findall(text.lower())
    every = (part for word in whole for part in ((word, *word.split("-")) if "-" in word else (word,)))
    return tuple([word for word in (every if "-" in text else whole) if len(word) > 1])


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
    counts = {language: sum(map(listed.__contains__, found)) for language, listed in _STOPWORDS.items()}
    first, second = sorted(counts, key=lambda language: -counts[language])[:2]
    return first if counts[first] > counts[second] else UNKNOWN


class _Stems(dict[str, str]):
    """Word → stem in one language. Kept, because the stemmer's own memory takes five times as long to ask."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self._stemmer = Stemmer.Stemmer(_SNOWBALL[language])

    def __missing__(self, word: str) -> str:
        if len(self) >= _MOST_STEMS:
            self.clear()
        stem: str = self._stemmer.stemWord(word)
        self[word] = stem
        return stem


@cache
def _stems_in(language: str) -> _Stems:
    return _Stems(language)


def stop_words(language: str) -> frozenset[str]:
    """Function words of the language; of all five where the language is unknown."""
    return _STOPWORDS.get(language, _EVERY_STOPWORD)


def stems(text: str, language: str) -> list[tuple[str, str]]:
    """`(stem, word)` of every content word, by the language's Snowball stemmer; an unknown language is left unstemmed."""
    stopped = stop_words(language)
    content = [word for word in words(text) if word not in stopped]
    if language not in _SNOWBALL:
        return [(word, word) for word in content]
    stem_of = _stems_in(language)
    return [(stem_of[word], word) for word in content]


@lru_cache(maxsize=256)
def content_words(text: str, language: str) -> tuple[str, ...]:
    """Each word that is no function word, once, in order."""
    stopped = stop_words(language)
    return tuple(dict.fromkeys(word for word in words(text) if word not in stopped))


def stem_of(word: str, language: str) -> str:
    """The word's stem as passages of that language have it; itself where there is no stemmer for it.

    So that `GMP` meets `GMP`, and `biomarkers` meets `biomarker`, whatever the language of who asks.
    """
    return _stems_in(language)[word] if language in _SNOWBALL else word
