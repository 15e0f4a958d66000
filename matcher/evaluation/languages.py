"""Whether a need finds the same providers in whatever language it is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from embeddings.errors import Refusal
from matcher.evaluation.measures import rank_biased_overlap
from matcher.evaluation.statistics import Interval, bootstrap_interval


@dataclass(frozen=True)
class LanguageAgreement:
    """Rank-biased overlap between the lists for one need in different languages: 1 where they are the same."""

    interval: Interval
    """Mean over needs."""
    by_need: dict[str, float]
    """Need → mean over all pairs of its languages, in order of the need's id."""
    by_pair: dict[tuple[str, str], float]
    """Two languages, in alphabetical order → mean over the needs that are in both."""


def language_agreement(lists: Mapping[tuple[str, str], Sequence[str]], k: int = 10) -> LanguageAgreement:
    """How alike the first `k` of the lists are.

    Args:
        lists: (need, language) → providers, best first. A need in one language only says nothing and is passed over.
        k: how far a list is read.

    Raises:
        Refusal: no need is in two languages.
    """
    languages: dict[str, list[str]] = {}
    for need, language in sorted(lists):
        languages.setdefault(need, []).append(language)
    by_need: dict[str, float] = {}
    overlaps: dict[tuple[str, str], list[float]] = {}
    for need, spoken in languages.items():
        pairs = {
            (one, other): rank_biased_overlap(lists[need, one], lists[need, other], k) for one, other in combinations(spoken, 2)
        }
        if pairs:
            by_need[need] = _mean(list(pairs.values()))
        for pair, overlap in pairs.items():
            overlaps.setdefault(pair, []).append(overlap)
    if not by_need:
        raise Refusal("lists of the language agreement", "hold a need in two languages", "none", "Add a translation.")
    by_pair = {pair: _mean(overlaps[pair]) for pair in sorted(overlaps)}
    return LanguageAgreement(bootstrap_interval(list(by_need.values())), by_need, by_pair)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
