"""What the engine sees of past needs, each as it stood on its day: one row a need, one column a provider.

Evidence counts for a need only if it began before the need was put. Every ranker, curve and ablation is computed from
one panel, so that all of them are compared on the same needs and the same candidates.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Encoder
from matcher.errors import BenchmarkRefused, Problem
from matcher.evaluation.benchmark import Benchmark
from matcher.index import ProviderIndex, RowMask
from matcher.pipeline import EncodedNeed, encode_need
from matcher.records import Need
from matcher.relevance import SIGNALS, signal_matrix
from matcher.retrieval import Candidates, PassageSignals, Retrieval, RetrievalConfig
from matcher.surroundings import Surveyor

Floats = NDArray[np.float32]
_NEVER = int(np.iinfo(np.int64).max)
PLAIN = ("best_lexical", "best_dense", "best_fused", "five_fused")
"""What is kept for rankers that learn nothing: a provider's best passage by words, by plain cosine, by both, and the sum
of its five best by both."""


@dataclass(frozen=True)
class Panel:
    """All arrays have `(needs, providers)` as their first two axes."""

    needs: tuple[Need, ...]
    groups: tuple[str, ...]
    providers: tuple[str, ...]
    provider_countries: NDArray[np.str_]
    """`(providers,)`"""
    providers_then: NDArray[np.int64]
    """`(needs,)` providers that had evidence by then, of whatever country."""
    best_fit: NDArray[np.float64]
    """`(needs,)` see `matcher.retrieval.Candidates.best_fit`."""
    candidate: RowMask
    """Whether the provider could be found: it had evidence by then and is not the company itself."""
    grades: NDArray[np.int8]
    """Of known matches among the candidates; 0 otherwise."""
    signals: Floats
    """`(needs, providers, signals)` in the order of `matcher.relevance.SIGNALS`; 0 where there is no candidate."""
    plain: dict[str, Floats]
    """Scores of `PLAIN`."""

    @property
    def foreign(self) -> RowMask:
        """Whether the provider is in another country than the company."""
        homes = np.array([need.country for need in self.needs])
        return np.asarray(self.provider_countries[None, :] != homes[:, None])

    def across_the_border(self) -> Panel:
        """Only candidates in other countries, and only needs that a known match among them answers."""
        foreign = self.foreign
        narrowed = replace(self, candidate=self.candidate & foreign, grades=np.where(foreign, self.grades, 0).astype(np.int8))
        return narrowed.answered()

    def answered(self) -> Panel:
        """Only needs that have a known match among the candidates: nothing could tell the others' lists apart."""
        return self.of(np.asarray((self.grades > 0).any(axis=1)))

    def of(self, kept: RowMask) -> Panel:
        """Only those needs."""
        numbers = np.flatnonzero(kept).tolist()
        return replace(
            self,
            needs=tuple(self.needs[n] for n in numbers),
            groups=tuple(self.groups[n] for n in numbers),
            providers_then=self.providers_then[kept],
            best_fit=self.best_fit[kept],
            candidate=self.candidate[kept],
            grades=self.grades[kept],
            signals=self.signals[kept],
            plain={name: values[kept] for name, values in self.plain.items()},
        )


def observe(
    benchmark: Benchmark,
    index: ProviderIndex,
    encoder: Encoder,
    *,
    config: RetrievalConfig | None = None,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> Panel:
    """Run retrieval for every need of the benchmark, on its day.

    Args:
        benchmark: its directory is the index's.
        index: of that directory.
        encoder: the index's.
        config: of retrieval; all passages are looked at whatever it says.
        on_progress: called with needs done and needs in all.

    Raises:
        BenchmarkRefused: all evidence is later than every need, so that nobody could have been found.
    """
    config = replace(config or RetrievalConfig(), passages_per_need=max(1, len(index.passages)))
    retrieval, surveyor = Retrieval(index, config), Surveyor(index)
    began = _days(index)
    _check_days(benchmark, began)
    shape = (len(benchmark.needs), len(index))
    panel = Panel(
        needs=benchmark.needs,
        groups=tuple(benchmark.groups[need.need_id] for need in benchmark.needs),
        providers=tuple(provider.provider_id for provider in index.directory.providers),
        provider_countries=index.countries,
        providers_then=np.zeros(len(benchmark.needs), dtype=np.int64),
        best_fit=np.zeros(len(benchmark.needs)),
        candidate=np.zeros(shape, dtype=np.bool_),
        grades=np.zeros(shape, dtype=np.int8),
        signals=np.zeros((*shape, len(SIGNALS)), dtype=np.float32),
        plain={name: np.full(shape, -np.inf, dtype=np.float32) for name in PLAIN},
    )
    encoded: EncodedNeed | None = None
    for number, need in enumerate(benchmark.needs):
        # Companies of one project put the same need: it is encoded once.
        if encoded is None or encoded.need.whole_text != need.whole_text:
            encoded = encode_need(need, encoder, index.ordinary)
        assert need.asked_on is not None
        heard = began < need.asked_on.toordinal()
        allowed = np.ones(len(index), dtype=np.bool_)
        allowed[index.rows_of(index.directory.own_organisation(need))] = False
        parts = encoded.parts
        candidates = retrieval.retrieve(parts.apart, parts.text, parts.language, allowed, heard)
        around = surveyor.survey(need, parts.language, candidates.rows, heard)
        rows = candidates.rows
        panel.providers_then[number] = len(rows)
        panel.best_fit[number] = candidates.best_fit
        panel.candidate[number, rows] = True
        panel.signals[number, rows] = signal_matrix(candidates, around)
        cosines = index.products(parts.whole[None, :], candidates.passages.rows)[0]
        for name, scores in _plain_scores(candidates, cosines).items():
            panel.plain[name][number, rows] = scores
        known = index.rows_of(benchmark.known[need.need_id])
        grades = np.array([benchmark.known[need.need_id][index.provider_at(int(row)).provider_id] for row in known], np.int8)
        panel.grades[number, known] = np.where(panel.candidate[number, known], grades, 0) if len(known) else grades
        on_progress(number + 1, shape[0])
    return panel


def _days(index: ProviderIndex) -> NDArray[np.int64]:
    """`(passages,)` day each began, as an ordinal; what has no date was never there in time."""
    began = {item.evidence_id: item.date.toordinal() for item in index.directory.evidence if item.date is not None}
    return np.array([began.get(passage.evidence_id, _NEVER) for passage in index.passages], dtype=np.int64)


def _check_days(benchmark: Benchmark, began: NDArray[np.int64]) -> None:
    last = max(need.asked_on for need in benchmark.needs if need.asked_on is not None)
    if began.min() >= last.toordinal():
        first = dt.date.fromordinal(int(began.min())).isoformat() if began.min() < _NEVER else "none with a date"
        wanted = f"begin before the last need was put, {last.isoformat()}"
        remedy = "Add what the organisations did before, or needs that were put later."
        raise BenchmarkRefused([Problem(f"evidence of the benchmark {benchmark.name}", 0, "", wanted, first, remedy)])


def _plain_scores(candidates: Candidates, cosines: Floats) -> dict[str, NDArray[np.float64]]:
    signals: PassageSignals = candidates.passages
    starts = signals.starts[:-1]
    if not len(starts):
        return {name: np.empty(0) for name in PLAIN}
    strength = signals.strength
    place = np.arange(len(strength)) - np.repeat(starts, np.diff(signals.starts))
    return {
        "best_lexical": np.maximum.reduceat(signals.lexical, starts),
        "best_dense": np.maximum.reduceat(cosines.astype(np.float64), starts),
        "best_fused": np.maximum.reduceat(strength, starts),
        "five_fused": np.add.reduceat(np.where(place < 5, strength, 0.0), starts),
    }
