"""Nearest passages by shared words: BM25, each language with its own stemmer and its own word frequencies."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import bm25s
import numpy as np
from numpy.typing import NDArray

from embeddings.hits import Hits, Mask, best, check_search
from embeddings.language import content_words, stem_of, stems

FOLDER = "lexical"
_LANGUAGES_FILE = "languages.json"
_MOST_WORDS = 2**16
"""Words whose tokens are kept: a few MB."""


@dataclass(frozen=True)
class _Language:
    """The passages of one language. The model's first documents are they; the rest is background."""

    rows: NDArray[np.int64]
    model: Any
    """`None` where no document of the language holds a word."""

    @classmethod
    def build(cls, rows: list[int], documents: Sequence[str], language: str) -> _Language:
        tokens = [[stem for stem, _ in stems(document, language)] for document in documents]
        model = None
        if any(tokens):
            model = bm25s.BM25(method="lucene")
            model.index(tokens, show_progress=False)
        return cls(np.array(rows, dtype=np.int64), model)

    @property
    def token_of(self) -> Mapping[str, int]:
        """Stem → its number within the language."""
        known: Mapping[str, int] = self.model.vocab_dict if self.model else {}
        return known

    @property
    def shares(self) -> list[float]:
        """By token, the share of all documents that hold it, 0 to 1."""
        if not self.model:
            return []
        return list((np.diff(self.model.scores["indptr"]) / int(self.model.scores["num_docs"])).tolist())


class _Tokens(dict[str, tuple[int, ...]]):
    """Word → its token in each language that has it. Kept, because a need is looked for in five languages."""

    def __init__(self, parts: dict[str, _Language], first_token: dict[str, int]) -> None:
        super().__init__()
        self._languages = [(spoken, first_token[spoken], part.token_of) for spoken, part in parts.items()]

    def __missing__(self, word: str) -> tuple[int, ...]:
        if len(self) >= _MOST_WORDS:
            self.clear()
        stemmed = ((stem_of(word, spoken), first, token_of) for spoken, first, token_of in self._languages)
        found = tuple(first + token_of[stem] for stem, first, token_of in stemmed if stem in token_of)
        self[word] = found
        return found


@dataclass(frozen=True)
class _Postings:
    """What every word of every language adds to which passage, in one array, so that a text is scored in one pass.

    A need is looked for in five languages; one call of `bm25s` each took three times as long.
    """

    first_token: dict[str, int]
    """Language → number of its first token."""
    starts: NDArray[np.int64]
    """`(tokens + 1,)` where the postings of a token begin."""
    rows: NDArray[np.int64]
    """`(postings,)` passages."""
    values: NDArray[np.float32]
    """`(postings,)` BM25 scores."""

    @classmethod
    def of(cls, parts: dict[str, _Language]) -> _Postings:
        first_token, lengths, rows, values, tokens = {}, [], [], [], 0
        for language, part in parts.items():
            first_token[language] = tokens
            if not part.model:
                continue
            scores = part.model.scores
            count = len(scores["indptr"]) - 1
            token = np.repeat(np.arange(count), np.diff(scores["indptr"]))
            listed = scores["indices"] < len(part.rows)  # the rest is background
            lengths.append(np.bincount(token[listed], minlength=count))
            rows.append(part.rows[scores["indices"][listed]])
            values.append(scores["data"][listed])
            tokens += count
        if not tokens:
            nothing = np.empty(0, dtype=np.int64)
            return cls(first_token, np.zeros(1, dtype=np.int64), nothing, nothing.astype(np.float32))
        starts = np.concatenate([[0], np.cumsum(np.concatenate(lengths))])
        return cls(first_token, starts, np.concatenate(rows), np.concatenate(values))

    def add_up(self, tokens: list[int], asked: list[int], count: int) -> NDArray[np.float32]:
        """`(len(asked), count)` sums over the postings of each text's tokens.

        Args:
            tokens: of all texts, one text after the other.
            asked: how many of them are each text's.
            count: passages.
        """
        starts = self.starts[tokens]
        lengths = self.starts[np.add(tokens, 1)] - starts
        before = np.cumsum(lengths) - lengths
        places = np.arange(lengths.sum()) + np.repeat(starts - before, lengths)
        first = np.repeat(np.arange(len(asked)) * count, asked)
        summed = np.bincount(self.rows[places] + np.repeat(first, lengths), self.values[places], len(asked) * count)
        return summed.astype(np.float32).reshape(len(asked), count)


class LexicalIndex:
    """BM25 as Lucene computes it (Robertson & Zaragoza 2009; k1 = 1.5, b = 0.75), by `bm25s`.

    A word is as rare as it is among the texts of its language. In one index for all, the plainest Dutch word would
    count as rare beside two thousand English passages, and a Dutch text would find Dutch ones for being Dutch.
    """

    def __init__(self, parts: dict[str, _Language], count: int) -> None:
        self._parts = parts
        self._postings = _Postings.of(parts)
        self._tokens = _Tokens(parts, self._postings.first_token)
        self._shares = [share for part in parts.values() for share in part.shares]
        self._language_of = [language for language, part in parts.items() for _ in part.shares]
        self.languages = np.empty(count, dtype="<U3")
        """`(n,)` language codes of the passages, in order of id."""
        for language, part in parts.items():
            self.languages[part.rows] = language

    @classmethod
    def build(cls, texts: Sequence[str], languages: Sequence[str], background: Sequence[tuple[str, str]] = ()) -> LexicalIndex:
        """Index the texts.

        Args:
            texts: in order of id; at least one.
            languages: their language codes.
            background: further texts with their languages. They are never found; they only say which words are
                ordinary where a language has few passages of its own.
        """
        if len(texts) != len(languages):
            raise ValueError(f"The languages must be one a text, {len(texts)}. Got {len(languages)}.")
        parts: dict[str, _Language] = {}
        for language in sorted(set(languages)):
            rows = [row for row, spoken in enumerate(languages) if spoken == language]
            documents = [texts[row] for row in rows] + [text for text, spoken in background if spoken == language]
            parts[language] = _Language.build(rows, documents, language)
        return cls(parts, len(texts))

    @property
    def count(self) -> int:
        """Passages in the index."""
        return len(self.languages)

    @property
    def nbytes(self) -> int:
        """Bytes in memory of the postings, twice: by language as `bm25s` holds them, and all in one array."""
        postings = self._postings
        of_parts = sum(array.nbytes for part in self._parts.values() if part.model for array in _arrays(part.model))
        return of_parts + postings.starts.nbytes + postings.rows.nbytes + postings.values.nbytes

    def scores(self, text: str, language: str) -> NDArray[np.float32]:
        """`(n,)` float32 BM25 scores of every passage, 0 where no word is shared.

        Args:
            text: what is looked for.
            language: its language, whose function words are left out; `und` leaves out those of all.
        """
        [scores] = self.scores_of_each([(text, language)])
        return np.asarray(scores, dtype=np.float32)

    def scores_of_each(self, asked: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """`(len(asked), n)` as `scores`, for many texts with their languages."""
        tokens = [self._tokens_in(text, language) for text, language in asked]
        if not any(tokens):
            return np.zeros((len(asked), self.count), dtype=np.float32)
        return self._postings.add_up(list(chain.from_iterable(tokens)), list(map(len, tokens)), self.count)

    def _tokens_in(self, text: str, language: str) -> dict[int, None]:
        """Tokens of the text's words in all languages, each once, in order of the text."""
        return dict.fromkeys(chain.from_iterable(map(self._tokens.__getitem__, content_words(text, language))))

    def telling_words(self, text: str, language: str, largest_share: float) -> dict[str, dict[int, str]]:
        """Language → token → the text's word, for words that few passages of that language have, rarest first.

        Of several words with one token the last is given.
        """
        words = {token: word for word in content_words(text, language) for token in self._tokens[word]}
        shares, language_of = self._shares, self._language_of
        telling: dict[str, dict[int, str]] = {spoken: {} for spoken in self._parts}
        for token in sorted([token for token in words if shares[token] <= largest_share], key=shares.__getitem__):
            telling[language_of[token]][token] = words[token]
        return telling

    def tokens_of(self, passage: str, language: str) -> frozenset[int]:
        """Tokens that a passage of that language has."""
        first, token_of = self._postings.first_token[language], self._parts[language].token_of
        return frozenset(first + token_of[stem] for stem, _ in stems(passage, language) if stem in token_of)

    def search(self, text: str, language: str, k: int, allowed: Mask | None = None) -> Hits:
        """The `k` best of the allowed passages that share at least one word with the text."""
        check_search(k, allowed, self.count)
        scores = self.scores(text, language)
        possible = scores > 0 if allowed is None else (scores > 0) & allowed
        ids = np.flatnonzero(possible).astype(np.int64)
        return best(ids, scores[ids], k)

    def save(self, folder: Path) -> None:
        """Write the index into a folder of a build."""
        target = folder / FOLDER
        target.mkdir()
        for language, part in self._parts.items():
            if part.model:
                part.model.save(target / language, show_progress=False)
        (target / _LANGUAGES_FILE).write_text(json.dumps(self.languages.tolist()), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> LexicalIndex:
        """Read what `save` wrote."""
        source = folder / FOLDER
        languages = np.array(json.loads((source / _LANGUAGES_FILE).read_text(encoding="utf-8")))
        parts = {
            str(language): _Language(np.flatnonzero(languages == language), _load_model(source / str(language)))
            for language in np.unique(languages)
        }
        return cls(parts, len(languages))


def _arrays(model: Any) -> list[NDArray[Any]]:
    return [value for value in model.scores.values() if isinstance(value, np.ndarray)]


def _load_model(folder: Path) -> Any:
    """The model of one language; `None` where there was nothing to save."""
    return bm25s.BM25.load(folder, load_corpus=False, verbosity=0) if folder.is_dir() else None
