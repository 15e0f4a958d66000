"""Why a provider is on the list: the evidence that carried it beside the sentence of the need that it answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from embeddings.encoder import Vectors
from matcher.index import ProviderIndex, Rows
from matcher.records import SpokenEvidence
from matcher.relevance import RelevanceModel
from matcher.retrieval import Candidates, Floats
from matcher.surroundings import Surroundings, joined
from matcher.unchecked import unchecked

_OF_PASSAGE = ("evidence_id", "kind", "text", "language", "year", "role", "reference")
"""The first fields of `SpokenEvidence`; those after them depend on the need."""


@dataclass(frozen=True)
class ExplanationConfig:
    """How much is said."""

    pieces: int = 3
    """Passages shown for a provider, strongest first."""

    terms: int = 6
    """Shared words shown for a passage, the rarest first."""

    common_share: float = 0.08
    """Words in more than this share of the passages of a language are not shown: they tell nothing about one of them."""

    always_telling: int = 5
    """Passages that may have a word which is shown all the same: in a small directory every word is common."""


@dataclass(frozen=True)
class NeedInParts:
    """The need as retrieval and explanation read it."""

    text: str
    sentences: list[str]
    whole: Vectors
    """`(dim,)` float32."""
    apart: Vectors
    """`(1 + sentences, dim)` float32: what sets the whole and each sentence apart from any need."""
    language: str


class Explanation:
    """Explains the matches of one index."""

    def __init__(
        self,
        index: ProviderIndex,
        model: RelevanceModel,
        config: ExplanationConfig | None = None,
        *,
        experience_counts: float = 1.0,
    ) -> None:
        self._index = index
        self._model = model
        self._config = config or ExplanationConfig()
        self._experience_counts = experience_counts
        self._is_profile = np.array([passage.kind == "profile" for passage in index.passages])
        self._tokens: dict[int, frozenset[int]] = {}
        self._passages: dict[int, dict[str, Any]] = {}

    def explain(
        self, need: NeedInParts, candidates: Candidates, around: Surroundings, listed: Rows
    ) -> list[tuple[SpokenEvidence, ...]]:
        """For each listed candidate of one need the passages that spoke for it, strongest first; silent ones are not shown.

        Args:
            need: as it was encoded.
            candidates: all of them.
            around: what else is known of them.
            listed: places among the candidates.
        """
        return self.explain_each([need], candidates, [around], listed)

    def explain_each(
        self, needs: Sequence[NeedInParts], candidates: Candidates, around: Sequence[Surroundings], listed: Rows
    ) -> list[tuple[SpokenEvidence, ...]]:
        """As `explain`, for the candidates of several needs.

        Args:
            needs: in the order of their candidates.
            candidates: of all needs.
            around: of each need.
            listed: places among the candidates, need by need.
        """
        signals = candidates.passages
        most = min(self._config.pieces, len(signals.place_weights))  # what lies behind those that count said nothing
        at = signals.starts[listed][:, None] + np.arange(most)
        shown = at < signals.starts[listed + 1][:, None]
        shown[shown] = signals.strength[at[shown]] > 0
        which, nth = np.nonzero(shown)
        rows = signals.rows[at[shown]]
        falls = self._falls_without(candidates, around, listed[which], nth, rows)
        begin = np.searchsorted(candidates.need[listed[which]], np.arange(len(needs) + 1)).tolist()
        spoken: list[SpokenEvidence] = []
        for need, start, end in zip(needs, begin, begin[1:], strict=False):
            if start < end:
                spoken += self._of_need(need, rows[start:end], falls[start:end])
        of_each = np.cumsum(shown.sum(axis=1)).tolist()
        return [tuple(spoken[start:end]) for start, end in zip([0, *of_each], of_each, strict=False)]

    def _of_need(self, need: NeedInParts, rows: Rows, falls: Floats) -> list[SpokenEvidence]:
        """What is told of those passages to one need."""
        # As in retrieval: by what sets a sentence apart from any need's, else a polite closing line wins.
        products = self._index.products(np.vstack([need.whole[None, :], need.apart[1:]]), rows)
        answers = [need.sentences[answer] for answer in np.argmax(products[1:], axis=0).tolist()]
        passages = rows.tolist()
        values = map(self._told, passages, falls.tolist(), products[0].tolist(), answers, self._terms(need, passages))
        return unchecked(SpokenEvidence, values)

    def _falls_without(
        self, candidates: Candidates, around: Sequence[Surroundings], places: Rows, nth: Rows, rows: Rows
    ) -> Floats:
        """How much lower a candidate's score would be had one of its passages not been there.

        Args:
            candidates: of all needs.
            around: of each need.
            places: of the candidates, one for each passage.
            nth: which of the candidate's passages, from 0.
            rows: of the passages in the index.
        """
        signals, worth, counts = candidates.passages, self._model.log_odds_without, self._experience_counts
        strength = candidates.semantic[places] + candidates.lexical[places]
        pieces, acquainted = candidates.pieces[places], joined(around).acquainted[places]
        providers = candidates.rows[places].tolist()
        shared = [of_need.shared for of_need in around]
        is_shared = np.zeros(len(rows))
        if any(shared):
            for number, (of_need, provider) in enumerate(zip(candidates.need[places].tolist(), providers, strict=True)):
                is_shared[number] = rows[number] in shared[of_need].get(provider, ())
        without = signals.strength_without(places, nth)
        fewer_pieces = pieces - ~self._is_profile[rows]
        return worth(strength, pieces, acquainted, counts) - worth(without, fewer_pieces, acquainted - is_shared, counts)

    def because(self, around: Surroundings, row: int) -> tuple[str, ...]:
        """What else spoke for the provider of that row, in words."""
        [told] = self.because_of_each(around, np.array([row]))
        return told

    def because_of_each(self, around: Surroundings, rows: Rows) -> list[tuple[str, ...]]:
        """As `because`, for several providers and one need."""
        named = [[] for _ in rows] if around.named is None else around.named.words_of_each(rows)
        told = []
        for row, words in zip(rows.tolist(), named, strict=True):
            of_row = [f"the need names {', '.join(words)}"] if words else []
            for passage in around.shared.get(row, ()):
                project = self._index.passages[passage]
                year = f" ({project.year})" if project.year else ""
                title = project.text.partition(". ")[0]
                of_row.append(f"worked with the company before: {title}{year}, {project.reference}")
            told.append(tuple(of_row))
        return told

    def _terms(self, need: NeedInParts, rows: list[int]) -> list[tuple[str, ...]]:
        """For each passage the need's words that it shares, the rarest first."""
        common = max(self._config.common_share, self._config.always_telling / len(self._index.passages))
        telling = self._index.lexical.telling_words(need.text, need.language, common)
        place = {token: number for of_language in telling.values() for number, token in enumerate(of_language)}
        found = []
        for row in rows:
            held, words = self._tokens.get(row) or self._tokens_of_passage(row), telling[self._index.passages[row].language]
            shared = held.intersection(words)
            if len(shared) > 1:
                # Two tokens may come from one word of a need in another language: it is said once.
                terms = dict.fromkeys([words[token] for token in sorted(shared, key=place.__getitem__)])
                found.append(tuple(islice(terms, self._config.terms)))
            else:
                found.append(tuple([words[token] for token in shared][: self._config.terms]))
        return found

    def _told(self, row: int, contribution: float, similarity: float, sentence: str, terms: tuple[str, ...]) -> dict[str, Any]:
        """Fields of `SpokenEvidence`."""
        own = {"contribution": contribution, "similarity": round(similarity, 6), "need_sentence": sentence, "terms": terms}
        return (self._passages.get(row) or self._passage(row)) | own

    def _passage(self, row: int) -> dict[str, Any]:
        """What is told of a passage to whatever need."""
        passage = self._index.passages[row]
        told = {name: getattr(passage, name) for name in _OF_PASSAGE}
        self._passages[row] = told
        return told

    def _tokens_of_passage(self, row: int) -> frozenset[int]:
        passage = self._index.passages[row]
        held = self._index.lexical.tokens_of(passage.text, passage.language)
        self._tokens[row] = held
        return held
