"""Known phrases in a text: as whole words, whatever their case and accents, the longest that fits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

from embeddings.language import LANGUAGES
from matcher.directory import plain_name

Meaning = TypeVar("Meaning", str, int)

WORD = re.compile(r"[^\W_]+")
_OPENING = re.compile(r"[.!?…:;•\n]")
"""What stands before a word that may have its capital only because a sentence or an item of a list begins with it."""
_UNACCENTED = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d"})
"""Letters that Unicode does not take apart into a plain one and an accent."""
_GENITIVE = frozenset({"da", "de", "nl"})
"""Languages that add an `s` to a name: `außerhalb Deutschlands`."""


@lru_cache(maxsize=2**14)
def folded_word(word: str) -> str:
    """A word without case and accents; empty for a legal form."""
    return plain_name(word).translate(_UNACCENTED)


def folded_words(text: str) -> tuple[str, ...]:
    """The words of a text without case, accents and legal forms."""
    return tuple(filter(None, map(folded_word, WORD.findall(text))))


class Text:
    """The words of a text with their places; legal forms are passed over, as they are in names."""

    def __init__(self, text: str, language: str) -> None:
        self.language = language
        self.languages = (language,) if language in LANGUAGES else LANGUAGES
        self.genitive = not _GENITIVE.isdisjoint(self.languages)
        self._text = text
        found = list(WORD.finditer(text))
        written = [match[0] for match in found]
        folded = [folded_word(word) for word in written]
        if not all(folded):
            kept = [place for place, plain in enumerate(folded) if plain]
            found, written, folded = [found[at] for at in kept], [written[at] for at in kept], [folded[at] for at in kept]
        self.folded = tuple(folded)
        self.words = written
        self._found = found

    def slice(self, start: int, end: int) -> str:
        """The text from the word `start` to before the word `end`, as written."""
        return self._text[self._found[start].start() : self._found[end - 1].end()]

    def joined(self, at: int) -> str | None:
        """What stands between that word and the one before; `None` at either end of the text."""
        return self._text[self._found[at - 1].end() : self._found[at].start()] if 0 < at < len(self.words) else None

    def opens(self, at: int) -> bool:
        """Whether that word is the first of a sentence or an item."""
        before = self.joined(at)
        return before is None or bool(_OPENING.search(before))

    def stands_for(self, acronym: str) -> bool:
        """Whether the text gives the words that the acronym is short for: `magnetic resonance imaging (MRI)`."""
        at = next((at for at, word in enumerate(self.words) if word == acronym and self.joined(at) == " ("), None)
        if at is None:
            return False
        words = self.words[max(0, at - len(acronym)) : at]
        initials = "".join(word[0] for word in words)
        return initials.casefold() == acronym.casefold() and not initials.isupper()


@dataclass(frozen=True)
class Phrase(Generic[Meaning]):
    """What is looked for in a text."""

    words: tuple[str, ...]
    """Folded."""
    spelling: str
    meaning: Meaning | None
    """`None` for a phrase that is known so that nothing in it is taken for something else."""
    is_written: Callable[[Text, Phrase[Meaning], int, int], bool]
    """Whether the words of the text from `start` to before `end`, which fold to the phrase's, are written as it is."""


class Phrases(Generic[Meaning]):
    """Phrases by their first word: a text is gone through once, however many phrases there are."""

    def __init__(self, phrases: Iterable[Phrase[Meaning]]) -> None:
        self._by_words: dict[tuple[str, ...], list[Phrase[Meaning]]] = {}
        lengths: dict[str, set[int]] = {}
        for phrase in phrases:
            if phrase.words:
                self._by_words.setdefault(phrase.words, []).append(phrase)
                lengths.setdefault(phrase.words[0], set()).add(len(phrase.words))
        self._lengths = {first: sorted(found, reverse=True) for first, found in lengths.items()}
        self._openings = frozenset(self._lengths) | {f"{words[0]}s" for words in self._by_words if len(words) == 1}
        """Words at which a phrase may begin; of a text in whatever language, so a few too many."""

    def first_in(self, text: Text) -> dict[Meaning, str]:
        """Meaning → what the text writes where it first has it."""
        found: dict[Meaning, str] = {}
        free = 0
        # Most texts have none of these words, or one or two.
        opening = self._openings.intersection(text.folded)
        for at in [place for place, word in enumerate(text.folded) if word in opening] if opening else ():
            if at < free:
                continue
            told, length = self._longest(text, at)
            for phrase in told:
                if phrase.meaning is not None:
                    found.setdefault(phrase.meaning, text.slice(at, at + length))
            free = at + length
        return found

    def _longest(self, text: Text, at: int) -> tuple[list[Phrase[Meaning]], int]:
        """The longest phrases that begin at that word, with their length; none, and 1, if none does."""
        for key in self._keys(text, at):
            if told := [p for p in self._by_words.get(key, ()) if p.is_written(text, p, at, at + len(key))]:
                return told, len(key)
        return [], 1

    def _keys(self, text: Text, at: int) -> Iterator[tuple[str, ...]]:
        first = text.folded[at]
        for length in self._lengths.get(first, ()):
            key: tuple[str, ...] = text.folded[at : at + length]
            if len(key) == length:
                yield key
                if text.genitive and key[-1].endswith("s"):
                    yield (*key[:-1], key[-1][:-1])
        if text.genitive and first.endswith("s"):
            yield (first[:-1],)
