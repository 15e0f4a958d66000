"""How good the contenders' lists are: consortium completion on the shipped benchmark, so that nobody is fast by being wrong.

Needs are a sample of those that the engine was not fitted on. Every contender chooses among the same candidates: providers of
other countries that had evidence by the day of the need, told by their passages of that time. A peer's list is its ranking
of passages with everything else left out; it is asked for as many passages as that takes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.peers.contender import K, PassageSearch, by_best_passage
from benchmarks.peers.texts import Texts, benchmark_texts
from embeddings.bundled import BundledE5
from embeddings.cache import CachedEncoder
from embeddings.encoder import Vectors
from matcher.evaluation.consortium import SPLIT
from matcher.evaluation.measures import retrieval_measures
from matcher.evaluation.panel import Panel, observe
from matcher.evaluation.rankers import learned
from matcher.index import ProviderIndex
from matcher.many import top_lists
from matcher.passages import passages_of
from matcher.relevance import RelevanceModel
from matcher.shipped import shipped_model_file

_SEED = 0
Searches = dict[str, Callable[[Texts], PassageSearch]]
"""Peer → opens it over these texts."""


class _Ready(CachedEncoder):
    """Passages' vectors from memory, needs from the bundled encoder."""

    def __init__(self, texts: Texts) -> None:
        super().__init__(BundledE5(), queries=5_000)
        self._made = dict(zip(texts.texts, texts.vectors, strict=True))

    def encode_passages(self, texts: Iterable[str]) -> Vectors:
        """See `embeddings.encoder.Encoder`."""
        return np.stack([self._made[text] for text in texts])


class Completion:
    """The sample, with everything that the lists are measured against."""

    def __init__(self, home: Path, needs: int) -> None:
        benchmark, self.texts = benchmark_texts(home)
        encoder = _Ready(self.texts)
        self._index = ProviderIndex.build(benchmark.directory, encoder)
        _, later = benchmark.split(SPLIT)
        answered = [need for need in later.needs if _answered_abroad(need.country, later.known[need.need_id], self._index)]
        order = np.random.default_rng(_SEED).permutation(len(answered))[:needs]
        chosen = tuple(answered[place] for place in sorted(order.tolist()))
        self.panel: Panel = observe(replace(later, needs=chosen), self._index, encoder).across_the_border()
        self._began = {item.evidence_id: item.date for item in benchmark.directory.evidence}
        self._passages = passages_of(benchmark.directory)

    def ours(self) -> list[float]:
        """nDCG@10 of each need for the learned relevance, which Crossmatch ranks by."""
        scores = np.where(self.panel.candidate, learned(RelevanceModel.load(shipped_model_file()))(self.panel), -np.inf)
        lists = [[self.panel.providers[c] for c in row[row >= 0].tolist()] for row in top_lists(scores, K)]
        return self._measured(lists)

    def of(self, search: PassageSearch) -> list[float]:
        """nDCG@10 of each need for a peer."""
        return self._measured([self._list(search, number) for number in range(len(self.panel.needs))])

    def _list(self, search: PassageSearch, number: int) -> list[str]:
        need = self.panel.needs[number]
        candidates = {self.panel.providers[column] for column in np.flatnonzero(self.panel.candidate[number]).tolist()}
        depth, most = 1_000, len(self.texts.texts)
        while True:
            rows = search.rows(need.whole_text, depth)
            heard = (self._passages[row] for row in rows if self._heard(row, need.asked_on))
            found = [one for one in by_best_passage(passage.provider_id for passage in heard) if one in candidates]
            if len(found) >= K or depth >= most:
                return found[:K]
            depth = min(most, 4 * depth)

    def _heard(self, row: int, day: object) -> bool:
        began = self._began.get(self._passages[row].evidence_id)
        return began is not None and began < day  # type: ignore[operator]

    def _measured(self, lists: list[list[str]]) -> list[float]:
        panel = self.panel
        known = {
            need.need_id: {panel.providers[c]: int(panel.grades[row, c]) for c in np.flatnonzero(panel.grades[row]).tolist()}
            for row, need in enumerate(panel.needs)
        }
        named = {need.need_id: found for need, found in zip(panel.needs, lists, strict=True)}
        values = retrieval_measures(known, named)["nDCG@10"]
        return [values[need.need_id] for need in panel.needs]


def _answered_abroad(home: str, known: dict[str, int], index: ProviderIndex) -> bool:
    return any(str(country) != home for country in index.countries[index.rows_of(known)])
