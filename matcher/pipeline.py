"""The whole flow in one place: need → encoder → retrieve → weigh → rank (border policy) → explain → match list."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np

from embeddings.encoder import Encoder
from matcher.contacts import Contact
from matcher.encoding import EncodedNeed as EncodedNeed
from matcher.encoding import encode_need as encode_need
from matcher.encoding import encode_needs
from matcher.errors import RequestRefused
from matcher.explanation import Explanation, ExplanationConfig
from matcher.filters import allowed_providers
from matcher.index import ProviderIndex, Rows
from matcher.listing import Asked as Asked
from matcher.listing import Told, match_list
from matcher.preferences import FurtherPreferences
from matcher.ranking import Further, Ranking, RankingConfig, Terms
from matcher.records import MatchList, MatchRequest, Need, Preferences, SpokenEvidence
from matcher.relevance import RelevanceModel, signal_matrix
from matcher.retrieval import Floats, Retrieval, RetrievalConfig, Search
from matcher.shipped import shipped_model_file
from matcher.surroundings import Surveyor, joined

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
class Reasons:
    """Why a provider, for one need."""

    evidence: tuple[SpokenEvidence, ...] = ()
    """Strongest first."""
    because: tuple[str, ...] = ()
    """What else, in words."""


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

    def match(self, request: MatchRequest, contacts: Sequence[Contact] = (), off_lists: Collection[str] = ()) -> MatchList:
        """The match list of one request.

        Args:
            request: the need and the terms.
            contacts: whom the company knows already (`matcher.contacts.contacts_of`): told on the list, or left out where the
                filters say so.
            off_lists: ids of providers that are on no new list (`matcher.upkeep`).

        Raises:
            RequestRefused: a filter names a region that no provider belongs to.
        """
        return self.match_encoded(self.encode(request.need), request, contacts, off_lists)

    def encode(self, need: Need) -> EncodedNeed:
        """The only slow step; everything after it takes milliseconds."""
        return encode_need(need, self._encoder, self.index.ordinary)

    def encode_each(self, needs: Sequence[Need]) -> list[EncodedNeed]:
        """As `encode`, for several needs."""
        return encode_needs(needs, self._encoder, self.index.ordinary)

    def match_encoded(
        self,
        encoded: EncodedNeed,
        request: MatchRequest,
        contacts: Sequence[Contact] = (),
        off_lists: Collection[str] = (),
    ) -> MatchList:
        """The match list of a request whose need is encoded already."""
        [answer] = self.match_each([Asked(encoded, request, contacts, off_lists)])
        return answer

    def match_each(self, asked: Sequence[Asked]) -> list[MatchList]:
        """The match lists of several requests, each exactly as if it had been alone.

        Every step takes all needs at once, so memory grows with their number: `matcher.batch` divides many of them.

        Args:
            asked: at least one.

        Raises:
            RequestRefused: a filter names a region that no provider belongs to.
        """
        for one in asked:
            _check_encoded(one)
        allowed = [allowed_providers(self.index, one.request, one.contacts, one.off_lists) for one in asked]
        needs = [one.encoded.parts for one in asked]
        searches = [Search(parts.apart, parts.text, parts.language) for parts in needs]
        candidates = self._retrieval.retrieve_each(searches, np.stack([one.mask for one in allowed]))
        rows_of_each = np.split(candidates.rows, candidates.starts[1:-1])
        around = [
            self._surveyor.survey(one.request.need, one.encoded.language, rows)
            for one, rows in zip(asked, rows_of_each, strict=True)
        ]
        together = joined(around)
        counts = self._ranking.config.experience_counts
        relevance = self._model.relevance(candidates, together, len(self.index), experience_counts=counts)
        terms = [
            Terms(one.request.need.country, one.request.policy, one.request.k, self._further(one, rows))
            for one, rows in zip(asked, rows_of_each, strict=True)
        ]
        ranked = self._ranking.rank_each(candidates, relevance, terms)
        listed = np.concatenate([one.places for one in ranked])
        evidence = iter(self._explanation.explain_each(needs, candidates, around, listed))
        signals = iter(signal_matrix(candidates, together)[listed].tolist())
        answers = []
        for one, of_one, known, order in zip(asked, allowed, around, ranked, strict=True):
            rows = candidates.rows[order.places]
            because = self._explanation.because_of_each(known, rows)
            told = [
                Told(self.index.provider_at(row), next(evidence), reasons, tuple(next(signals)))
                for row, reasons in zip(rows.tolist(), because, strict=True)
            ]
            answers.append(match_list(one, of_one, order, told, self.fingerprint))
        return answers

    def probabilities(self, encoded: EncodedNeed, rows: Rows) -> Floats:
        """`(len(rows),)` how probable it is that each of those providers is one of the company's partners.

        The numbers of a match list without filters, for whomever one asks; 0 for the company itself.

        Args:
            encoded: from `encode`.
            rows: of the providers in the index.
        """
        need, parts, index = encoded.need, encoded.parts, self.index
        waiting = np.ones(len(index), dtype=np.bool_)
        waiting[index.rows_of(index.directory.own_organisation(need))] = False
        asked = np.zeros(len(index), dtype=np.bool_)
        asked[rows] = True
        found, best_fit = np.zeros(len(index)), None
        while True:
            candidates = self._retrieval.retrieve(parts.apart, parts.text, parts.language, waiting)
            # As on a list, the best fit is that of the whole directory; who is looked for later has no part in it.
            best_fit = candidates.best_fit if best_fit is None else best_fit
            around = self._surveyor.survey(need, parts.language, candidates.rows)
            counts = self._ranking.config.experience_counts
            candidates = replace(candidates, best_fit=best_fit)
            relevance = self._model.relevance(candidates, around, len(index), experience_counts=counts)
            found[candidates.rows] = relevance.probability
            waiting[candidates.rows] = False
            waiting &= asked
            if not (waiting.any() and len(candidates.rows)):
                return np.asarray(found[rows], dtype=np.float64)

    def reasons(self, encoded: EncodedNeed, rows: Rows) -> list[Reasons]:
        """What speaks for each of those providers, listed or not.

        Args:
            encoded: from `encode`.
            rows: of the providers in the index.
        """
        parts = encoded.parts
        allowed = np.zeros(len(self.index), dtype=np.bool_)
        allowed[rows] = True
        candidates = self._retrieval.retrieve(parts.apart, parts.text, parts.language, allowed)
        around = self._surveyor.survey(encoded.need, parts.language, candidates.rows)
        evidence = self._explanation.explain(parts, candidates, around, np.arange(len(candidates.rows)))
        found = {
            row: Reasons(spoken, self._explanation.because(around, row))
            for row, spoken in zip(candidates.rows.tolist(), evidence, strict=True)
        }
        return [found.get(row, Reasons()) for row in rows.tolist()]

    def _further(self, asked: Asked, rows: Rows) -> Further | None:
        wanted = asked.request.preferences
        if wanted == NO_PREFERENCES:
            return None
        parts = self._preferences.parts(asked.request.need, asked.encoded.language, rows, wanted)
        return Further(parts, wanted.diversity, self._preferences.subjects if wanted.diversity else None)


def _check_encoded(asked: Asked) -> None:
    encoded, need = asked.encoded.need, asked.request.need
    if (encoded.whole_text, encoded.language) != (need.whole_text, need.language):
        raise RequestRefused("need of the request", "be the one that was encoded", "another one", "Encode it first.")


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
