"""The whole flow in one place: need → encoder → retrieve → weigh → rank (border policy) → explain → match list."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from embeddings.encoder import Encoder
from embeddings.language import guess_language, sentences
from matcher.contacts import Contact
from matcher.errors import RequestRefused
from matcher.explanation import Explanation, ExplanationConfig, NeedInParts
from matcher.filters import allowed_providers
from matcher.index import ProviderIndex, Rows
from matcher.ordinary import OrdinaryNeeds
from matcher.preferences import FurtherPreferences
from matcher.ranking import Further, Ranking, RankingConfig
from matcher.records import Match, MatchList, MatchRequest, Need, Preferences
from matcher.relevance import RelevanceModel, signal_matrix
from matcher.retrieval import Retrieval, RetrievalConfig
from matcher.shipped import shipped_model_file
from matcher.surroundings import Surveyor

NO_PREFERENCES = Preferences()
RANKING_VERSION = 2
"""Raised when the same inputs are ranked differently by newer code."""


@dataclass(frozen=True)
class MatcherConfig:
    """The settings of every step."""

    retrieval: RetrievalConfig = field(default_factory=RetrievalConfig)
    ranking: RankingConfig = field(default_factory=RankingConfig)
    explanation: ExplanationConfig = field(default_factory=ExplanationConfig)


@dataclass(frozen=True)
class EncodedNeed:
    """A need as vectors: as a whole, and sentence by sentence for the explanation."""

    need: Need
    language: str
    parts: NeedInParts


def encode_need(need: Need, encoder: Encoder, ordinary: OrdinaryNeeds) -> EncodedNeed:
    """The need's vectors, as a whole and sentence by sentence.

    Args:
        need: in whatever language; it is guessed where it is not given.
        encoder: the one that the index was built with.
        ordinary: that index's ordinary needs, from which it is set apart.
    """
    language = need.language or guess_language(need.whole_text)
    pieces = sentences(need.whole_text)
    vectors = encoder.encode_queries([need.whole_text, *pieces])
    apart = ordinary.apart(vectors, language)
    return EncodedNeed(need, language, NeedInParts(need.whole_text, pieces, vectors[0], apart, language))


class Matcher:
    """Answers needs from one index. Make it with `build_matcher`."""

    def __init__(
        self,
        index: ProviderIndex,
        encoder: Encoder,
        retrieval: Retrieval,
        surveyor: Surveyor,
        model: RelevanceModel,
        ranking: Ranking,
        explanation: Explanation,
        config: MatcherConfig,
    ) -> None:
        self.index = index
        self._encoder = encoder
        self._retrieval = retrieval
        self._surveyor = surveyor
        self._model = model
        self._preferences = FurtherPreferences(index)
        self._ranking = ranking
        self._explanation = explanation
        self.components: dict[str, Any] = {
            "encoder": encoder.fingerprint,
            "directory": index.directory.fingerprint,
            "ordinary_needs": index.ordinary.fingerprint,
            "passages": len(index.passages),
            "dense": index.dense.kind.factory,
            "model": model.fingerprint,
            "config": asdict(config),
            "ranking_version": RANKING_VERSION,
        }
        """Everything that decides a list beside the request; the match log keeps it."""
        written = json.dumps(self.components, sort_keys=True).encode()
        self.fingerprint = hashlib.sha256(written).hexdigest()[:16]

    def match(self, request: MatchRequest, contacts: Sequence[Contact] = ()) -> MatchList:
        """The match list of one request.

        Args:
            request: the need and the terms.
            contacts: whom the company knows already (`matcher.contacts.contacts_of`): told on the list, or left out where the
                filters say so.

        Raises:
            RequestRefused: a filter names a region that no provider belongs to.
        """
        return self.match_encoded(self.encode(request.need), request, contacts)

    def encode(self, need: Need) -> EncodedNeed:
        """The only slow step; everything after it takes milliseconds."""
        return encode_need(need, self._encoder, self.index.ordinary)

    def match_encoded(self, encoded: EncodedNeed, request: MatchRequest, contacts: Sequence[Contact] = ()) -> MatchList:
        """The match list of a request whose need is encoded already."""
        need = request.need
        told = (encoded.need.whole_text, encoded.need.language) == (need.whole_text, need.language)
        if not told:
            raise RequestRefused("need of the request", "be the one that was encoded", "another one", "Encode it first.")
        allowed = allowed_providers(self.index, request, contacts)
        known = {contact.provider_id: contact.words for contact in contacts}
        parts = encoded.parts
        candidates = self._retrieval.retrieve(parts.apart, parts.text, parts.language, allowed.mask)
        around = self._surveyor.survey(need, parts.language, candidates.rows)
        counts = self._ranking.config.experience_counts
        relevance = self._model.relevance(candidates, around, len(self.index), experience_counts=counts)
        further = self._further(request, parts.language, candidates.rows)
        ranked = self._ranking.rank(candidates, relevance, need.country, request.policy, request.k, further)
        rows = [int(row) for row in candidates.rows[ranked.places]]
        evidence = self._explanation.explain(parts, candidates, around, ranked.places)
        signals = signal_matrix(candidates, around)[ranked.places].tolist()
        matches = []
        for place, row in enumerate(rows):
            provider = self.index.provider_at(row)
            matches.append(
                Match(
                    rank=place + 1,
                    provider_id=provider.provider_id,
                    name=provider.name,
                    category=provider.category,
                    country=provider.country,
                    city=provider.city,
                    region=provider.region,
                    url=provider.url,
                    cross_border=provider.country != need.country,
                    score=float(ranked.scores[place]),
                    parts=ranked.parts(place),
                    probability=float(ranked.probability[place]),
                    evidence=evidence[place],
                    because=self._explanation.because(around, row),
                    contact=known.get(provider.provider_id, ""),
                    signals=tuple(signals[place]),
                )
            )
        notes = list(allowed.notes)
        if not matches and allowed.considered.candidates:
            notes.append(f"None of {allowed.considered.candidates} candidates answers this need well enough to be acted on.")
        return MatchList(
            request=request,
            language=encoded.language,
            verdict="matches" if matches else "no good match",
            notes=tuple(notes),
            considered=allowed.considered,
            matches=tuple(matches),
            engine=self.fingerprint,
        )

    def _further(self, request: MatchRequest, language: str, rows: Rows) -> Further | None:
        wanted = request.preferences
        if wanted == NO_PREFERENCES:
            return None
        parts = self._preferences.parts(request.need, language, rows, wanted)
        return Further(parts, wanted.diversity, self._preferences.subjects if wanted.diversity else None)


def build_matcher(
    index: ProviderIndex, encoder: Encoder, config: MatcherConfig | None = None, model: RelevanceModel | None = None
) -> Matcher:
    """Wire the steps over one index.

    Args:
        index: from `ProviderIndex.build` or `ProviderIndex.open`.
        encoder: the one the index was built with.
        config: settings of the steps.
        model: what signals are worth; the shipped one if left out.
    """
    config = config or MatcherConfig()
    model = model or RelevanceModel.load(shipped_model_file())
    return Matcher(
        index=index,
        encoder=encoder,
        retrieval=Retrieval(index, config.retrieval),
        surveyor=Surveyor(index),
        model=model,
        ranking=Ranking(index, config.ranking),
        explanation=Explanation(index, model, config.explanation, experience_counts=config.ranking.experience_counts),
        config=config,
    )
