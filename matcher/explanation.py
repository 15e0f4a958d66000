"""Why a provider is on the list: the evidence that carried it beside the sentence of the need that it answers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from embeddings.encoder import Vectors
from embeddings.language import stems
from matcher.index import ProviderIndex
from matcher.records import SpokenEvidence
from matcher.retrieval import Candidates, PassageSignals


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
    """The need as the explanation reads it."""

    text: str
    whole: Vectors
    """`(dim,)` float32."""
    sentences: list[str]
    vectors: Vectors
    """`(sentences, dim)` float32."""
    language: str


class Explanation:
    """Explains the matches of one index."""

    def __init__(self, index: ProviderIndex, config: ExplanationConfig | None = None) -> None:
        self._index = index
        self._config = config or ExplanationConfig()
        self._stems: dict[int, frozenset[str]] = {}

    def explain(self, need: NeedInParts, candidates: Candidates, providers: list[int]) -> list[tuple[SpokenEvidence, ...]]:
        """For each provider row the passages that spoke for it, strongest first; silent ones are not shown."""
        signals = candidates.passages
        shown = [self._strongest(signals, provider) for provider in providers]
        places = [place for of_provider in shown for place in of_provider]
        if not places:
            return [() for _ in providers]
        # As in retrieval: by what sets a sentence apart from any need's, else a polite closing line wins.
        apart = need.vectors - self._index.ordinary.of(need.language)
        apart /= np.maximum(np.linalg.norm(apart, axis=1, keepdims=True), 1e-9)
        products = self._index.products(np.vstack([need.whole[None, :], apart]), signals.rows[places])
        similarities, answers = products[0].tolist(), np.argmax(products[1:], axis=0).tolist()
        common = max(self._config.common_share, self._config.always_telling / len(self._index.passages))
        telling = self._index.lexical.telling_words(need.text, need.language, common)
        spoken = iter(
            self._spoken(signals, place, need.sentences[answer], similarity, telling)
            for place, answer, similarity in zip(places, answers, similarities, strict=True)
        )
        return [tuple(next(spoken) for _ in of_provider) for of_provider in shown]

    def _strongest(self, signals: PassageSignals, provider: int) -> list[int]:
        of_provider = signals.of_provider(provider)
        places = range(of_provider.start, of_provider.stop)[: self._config.pieces]
        return [place for place in places if signals.semantic[place] + signals.lexical[place] > 0]

    def _spoken(
        self, signals: PassageSignals, place: int, sentence: str, similarity: float, telling: dict[str, dict[str, str]]
    ) -> SpokenEvidence:
        row = int(signals.rows[place])
        passage = self._index.passages[row]
        common = self._stems_of_passage(row)
        terms = {word: None for stem, word in telling[passage.language].items() if stem in common}
        return SpokenEvidence.model_construct(
            evidence_id=passage.evidence_id,
            kind=passage.kind,
            text=passage.text,
            language=passage.language,
            year=passage.year,
            role=passage.role,
            reference=passage.reference,
            contribution=float(signals.semantic[place] + signals.lexical[place]),
            similarity=round(similarity, 6),
            need_sentence=sentence,
            terms=tuple(terms)[: self._config.terms],
        )

    def _stems_of_passage(self, row: int) -> frozenset[str]:
        if row not in self._stems:
            passage = self._index.passages[row]
            self._stems[row] = frozenset(stem for stem, _ in stems(passage.text, passage.language))
        return self._stems[row]
