"""Why a provider is on the list: the evidence that carried it beside the sentence of the need that it answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from embeddings.encoder import Vectors
from embeddings.language import stems
from matcher.index import ProviderIndex, Rows
from matcher.records import SpokenEvidence
from matcher.relevance import RelevanceModel
from matcher.retrieval import Candidates
from matcher.surroundings import Surroundings


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
        self._stems: dict[int, frozenset[str]] = {}

    def explain(
        self, need: NeedInParts, candidates: Candidates, around: Surroundings, listed: Rows
    ) -> list[tuple[SpokenEvidence, ...]]:
        """For each listed candidate the passages that spoke for it, strongest first; silent ones are not shown.

        Args:
            need: as it was encoded.
            candidates: all of them.
            around: what else is known of them.
            listed: places among the candidates.
        """
        signals = candidates.passages
        strength = signals.strength
        starts, ends = signals.starts[listed], signals.starts[listed + 1]
        most = min(self._config.pieces, len(signals.place_weights))  # what lies behind those that count said nothing
        shown = [
            [place for place in range(start, min(end, start + most)) if strength[place] > 0]
            for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
        ]
        places = [place for of_candidate in shown for place in of_candidate]
        if not places:
            return [() for _ in shown]
        rows = signals.rows[places]
        # As in retrieval: by what sets a sentence apart from any need's, else a polite closing line wins.
        products = self._index.products(np.vstack([need.whole[None, :], need.apart[1:]]), rows)
        spoken = map(
            self._spoken,
            rows.tolist(),
            [
                fall
                for candidate, of_candidate in zip(listed.tolist(), shown, strict=True)
                for fall in self._falls_without(candidates, around, candidate, of_candidate)
            ],
            products[0].tolist(),
            [need.sentences[answer] for answer in np.argmax(products[1:], axis=0).tolist()],
            self._terms(need, rows.tolist()),
        )
        return [tuple(next(spoken) for _ in of_candidate) for of_candidate in shown]

    def _falls_without(
        self, candidates: Candidates, around: Surroundings, candidate: int, passages: list[int]
    ) -> Iterator[float]:
        """How much lower the candidate's score would be had each of the passages not been there."""
        signals, worth, counts = candidates.passages, self._model.log_odds_without, self._experience_counts
        strength = float(candidates.semantic[candidate] + candidates.lexical[candidate])
        pieces, acquainted = float(candidates.pieces[candidate]), float(around.acquainted[candidate])
        shared = around.shared.get(int(candidates.rows[candidate]), ())
        whole = worth(strength, pieces, acquainted, counts)
        for passage in passages:
            row = int(signals.rows[passage])
            is_piece = self._index.passages[row].kind != "profile"
            without = signals.strength_without(candidate, passage)
            yield whole - worth(without, pieces - is_piece, acquainted - (row in shared), counts)

    def because(self, around: Surroundings, row: int) -> tuple[str, ...]:
        """What else spoke for the provider of that row, in words."""
        told = []
        if around.named is not None and (words := around.named.words(row)):
            told.append(f"the need names {', '.join(words)}")
        for passage in around.shared.get(row, ()):
            project = self._index.passages[passage]
            year = f" ({project.year})" if project.year else ""
            told.append(f"worked with the company before: {project.text.partition('. ')[0]}{year}, {project.reference}")
        return tuple(told)

    def _terms(self, need: NeedInParts, rows: list[int]) -> list[tuple[str, ...]]:
        """For each passage the need's words that it shares, the rarest first."""
        languages = [self._index.passages[row].language for row in rows]
        common = max(self._config.common_share, self._config.always_telling / len(self._index.passages))
        telling = {
            spoken: self._index.lexical.telling_words(need.text, need.language, spoken, common) for spoken in set(languages)
        }
        found = []
        for row, language in zip(rows, languages, strict=True):
            held = self._stems_of_passage(row)
            # Two stems may come from one word of a need in another language: it is said once.
            terms = dict.fromkeys(word for stem, word in telling[language].items() if stem in held)
            found.append(tuple(terms)[: self._config.terms])
        return found

    def _spoken(
        self, row: int, contribution: float, similarity: float, sentence: str, terms: tuple[str, ...]
    ) -> SpokenEvidence:
        passage = self._index.passages[row]
        return SpokenEvidence(
            evidence_id=passage.evidence_id,
            kind=passage.kind,
            text=passage.text,
            language=passage.language,
            year=passage.year,
            role=passage.role,
            reference=passage.reference,
            contribution=contribution,
            similarity=round(similarity, 6),
            need_sentence=sentence,
            terms=terms,
        )

    def _stems_of_passage(self, row: int) -> frozenset[str]:
        if row not in self._stems:
            passage = self._index.passages[row]
            self._stems[row] = frozenset(stem for stem, _ in stems(passage.text, passage.language))
        return self._stems[row]
