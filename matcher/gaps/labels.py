"""What a subject is called: the words that tell it from all other needs.

Needs are confidential. A word is shown only if needs of two different companies say it, and a company's need does not count for
the words of its own name.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from embeddings.language import LANGUAGES, stems
from matcher.gaps.asked import AskedNeed
from matcher.gaps.different import different_companies

_WORDS = 4
_LEAST_COMPANIES = 2
_LEAST_SHARE = 1 / 3
"""Of the subject's needs in that language: what fewer have is no word for all."""
_COMMON = 0.1
"""Words that more than this share of all other needs have are not shown: they tell nothing about the subject."""


@dataclass(frozen=True)
class Wording:
    """A text in a language."""

    text: str
    language: str


@dataclass(frozen=True)
class Label:
    """What a subject is called; without words where no two companies share one."""

    words: tuple[str, ...]
    """Most telling first."""
    language: str

    def __str__(self) -> str:
        return ", ".join(self.words)


class Vocabulary:
    """The words of all needs, by which a subject's are told apart."""

    def __init__(self, wordings: Mapping[str, Sequence[Wording]], ordinary: Iterable[Wording] = ()) -> None:
        """Read all words.

        Args:
            wordings: key of the need → its text as the company put it, then translations of it, if there are any.
            ordinary: further texts that say which words every need has; none of theirs is shown.
        """
        self._stems: dict[tuple[str, str], dict[str, set[str]]] = {}
        self._texts: dict[tuple[str, str], str] = {}
        self._holding: dict[str, Counter[str]] = {}
        self._needs: Counter[str] = Counter()
        for key, ways in wordings.items():
            for way in ways:
                found = _stems_of(way)
                self._stems[key, way.language], self._texts[key, way.language] = found, way.text
                self._count(way.language, found)
        for way in ordinary:
            self._count(way.language, _stems_of(way))

    def _count(self, language: str, found: Iterable[str]) -> None:
        self._needs[language] += 1
        self._holding.setdefault(language, Counter()).update(set(found))

    def label(self, needs: Sequence[AskedNeed]) -> Label:
        """The label of a subject, in the language that most of its needs are put in (of equals, the first by its letters).

        Words are weighed by how many of the subject's needs have them, times how few of all needs do: c-TF-IDF (Grootendorst
        2022, arXiv:2203.05794), with needs counted instead of occurrences, so that no long letter outweighs the others.
        """
        counts = Counter(asked.language for asked in needs)
        language = min(counts, key=lambda code: (-counts[code], code)) if counts else LANGUAGES[0]
        weights = self._weights(needs, language)
        chosen: list[str] = []
        # Of equals a word with hyphens stands before its parts.
        for stem in sorted(weights, key=lambda stem: (-weights[stem], -stem.count("-"), stem)):
            word = self._as_written(stem, needs, language)
            if not any(_is_part(word, other) or _is_part(other, word) for other in chosen):
                chosen.append(word)
            if len(chosen) == _WORDS:
                break
        return Label(tuple(chosen), language)

    def _weights(self, needs: Sequence[AskedNeed], language: str) -> dict[str, float]:
        """Stem → weight, for stems that may be shown and tell something."""
        inside = [found for asked in needs if (found := self._stems.get((asked.key, language))) is not None]
        whole, outside = self._needs[language], self._needs[language] - len(inside)
        weights = {}
        for stem, having in self._having(needs, language).items():
            holding = self._holding[language][stem]
            is_common = holding - sum(stem in found for found in inside) > _COMMON * outside
            if len(having) >= _LEAST_SHARE * len(inside) and not is_common:
                weights[stem] = len(having) / len(needs) * math.log(1 + whole / holding)
        return weights

    def _having(self, needs: Sequence[AskedNeed], language: str) -> dict[str, list[AskedNeed]]:
        """Stem → needs that have it, for stems that may be shown."""
        having: dict[str, list[AskedNeed]] = {}
        for asked in needs:
            own_name = {stem for code in LANGUAGES for stem, _ in stems(asked.need.company, code)}
            for stem in self._stems.get((asked.key, language), {}):
                if stem not in own_name:
                    having.setdefault(stem, []).append(asked)
        return {stem: found for stem, found in having.items() if different_companies(found) >= _LEAST_COMPANIES}

    def _as_written(self, stem: str, needs: Sequence[AskedNeed], language: str) -> str:
        """The word as the needs write it most often: `GMP`, and not `gmp`."""
        spellings: Counter[str] = Counter()
        for asked in needs:
            for word in self._stems.get((asked.key, language), {}).get(stem, ()):
                found = re.finditer(rf"(?<![^\W_]){re.escape(word)}(?![^\W_])", self._texts[asked.key, language], re.I)
                spellings.update({match[0] for match in found})
        # Of equals the plainest: a capital may be there only because a sentence begins.
        return min(spellings, key=lambda word: (-spellings[word], sum(map(str.isupper, word)), word), default=stem)


def _stems_of(way: Wording) -> dict[str, set[str]]:
    """Stem → words with it, for words with a letter in them."""
    found: dict[str, set[str]] = {}
    for stem, word in stems(way.text, way.language):
        if any(map(str.isalpha, word)):
            found.setdefault(stem, set()).add(word)
    return found


def _is_part(word: str, other: str) -> bool:
    """Whether one is a piece of the other's hyphens: `CAR` of `CAR-T`."""
    return word.casefold() in other.casefold().split("-")
