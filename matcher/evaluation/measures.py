"""What is measured on ranked lists. Retrieval's usual measures come from `ir-measures`; the rest is one function each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import ir_measures
import numpy as np
from ir_measures import RR, Judged, R, Success, nDCG
from numpy.typing import NDArray

from embeddings.errors import Refusal, shown

Qrels = Mapping[str, Mapping[str, int]]
"""Need → provider → grade; 0 is judged and useless, what is missing is not judged."""
Lists = Mapping[str, Sequence[str]]
"""Need → providers, best first, each once."""

RETRIEVAL = {
    "nDCG@10": nDCG @ 10,
    "MRR": RR,
    "Recall@10": R @ 10,
    "Recall@50": R @ 50,
    "Success@10": Success @ 10,
    "judged@10": Judged @ 10,
}
"""Name → measure of `ir-measures`. Useful is what has grade 1 or more. nDCG's gains are the grades themselves (Järvelin &
Kekäläinen 2002), discounted by log2(1 + rank) as trec_eval does; MRR looks at the whole list."""


def retrieval_measures(qrels: Qrels, lists: Lists) -> dict[str, dict[str, float]]:
    """Measure → need → value, for every need of the qrels.

    A need without a list counts as zero, and so does one for which nothing useful is known. Lists of other needs are
    passed over, for nothing is known about them.

    Raises:
        Refusal: a list names a provider twice.
    """
    # `ir-measures` sorts by score, so the places become scores; needs without a list are filled in below.
    run = {need: _scores(need, lists[need]) for need in qrels if lists.get(need)}
    known = {need: dict(grades) for need, grades in qrels.items()}
    names = {measure: name for name, measure in RETRIEVAL.items()}
    values = {name: dict.fromkeys(qrels, 0.0) for name in RETRIEVAL}
    for metric in ir_measures.iter_calc(list(names), known, run):
        values[names[metric.measure]][metric.query_id] = float(metric.value)
    return values


def _scores(need: str, listed: Sequence[str]) -> dict[str, float]:
    scores = {provider: float(-place) for place, provider in enumerate(listed)}
    if len(scores) < len(listed):
        doubled = next(provider for provider, count in Counter(listed).items() if count > 1)
        raise Refusal(f"list of need {shown(need)}", "name each provider once", f"{shown(doubled)} twice", "Keep the first.")
    return scores


def cross_border_share(countries: Sequence[str], home: str, k: int = 10) -> float:
    """Share of the first `k` that are in another country than `home`; 0 for an empty list. (design: cross-border)"""
    first = countries[:k]
    return sum(country != home for country in first) / len(first) if first else 0.0


def country_entropy(countries: Sequence[str], k: int = 10) -> float:
    """Shannon entropy, in bits, of the countries of the first `k` (Shannon 1948).

    0 where all are in one country, or there are none; log2(n) where n countries have equally many.
    """
    counts = np.array(list(Counter(countries[:k]).values()), dtype=float)
    share = counts / counts.sum()
    # `abs`, because the sum of nothing but log2(1) is -0.0 once its sign is turned.
    return abs(float((share * np.log2(share)).sum()))


def exposure(lists: Lists, providers: Sequence[str], k: int = 10) -> NDArray[np.float64]:
    """`(providers,)` attention each gets over all lists: 1 / log2(1 + rank) for each place (Singh & Joachims, KDD 2018).

    Raises:
        Refusal: a list names a provider that is none of `providers`.
    """
    place = {provider: number for number, provider in enumerate(providers)}
    gained = np.zeros(len(providers))
    for need, listed in lists.items():
        for rank, provider in enumerate(listed[:k], start=1):
            if provider not in place:
                wanted = "name providers of the directory it is measured on"
                raise Refusal(f"list of need {shown(need)}", wanted, shown(provider), "Measure it on its own directory.")
            gained[place[provider]] += 1 / np.log2(1 + rank)
    return gained


def exposure_gini(lists: Lists, providers: Sequence[str], k: int = 10) -> float:
    """Gini coefficient of exposure (Gini 1912): 0 where all providers get the same, 1 - 1/n where one of n gets everything.

    0 where nobody is shown at all. Raises as `exposure` does.
    """
    gained = np.sort(exposure(lists, providers, k))
    total = gained.sum()
    if total == 0:
        return 0.0
    count = len(gained)
    # Rounding may carry the weighted sum of equal numbers just below zero.
    return max(0.0, float((2 * np.arange(1, count + 1) - count - 1) @ gained / (count * total)))


def catalogue_coverage(lists: Lists, providers: Sequence[str], k: int = 10) -> float:
    """Share of the providers that are among the first `k` of any list (Ge, Delgado-Battenfeld & Jannach, RecSys 2010)."""
    shown_once = {provider for listed in lists.values() for provider in listed[:k]}
    return len(shown_once.intersection(providers)) / len(providers) if providers else 0.0


def rank_biased_overlap(one: Sequence[str], other: Sequence[str], k: int = 10, p: float = 0.9) -> float:
    """How alike the first `k` of two lists are, 0 to 1, early places counting more; symmetric.

    RBO_ext of Webber, Moffat & Zobel 2010 ("A similarity measure for indefinite rankings", ACM TOIS 28(4), eq. 32 for lists
    of unequal length): what lies beyond the lists is taken to agree as their ends do, so that a list and its own beginning
    are alike. Two empty lists are alike, an empty one and another have nothing in common.

    Args:
        one: providers, best first, each once.
        other: the same.
        k: how far either list is read.
        p: persistence: how likely it is that someone who has read one place reads the next, 0 < p < 1.

    Raises:
        Refusal: `p` is out of its range.
    """
    if not 0 < p < 1:
        raise Refusal("p of the rank-biased overlap", "be greater than 0 and less than 1", str(p), "0.9 is usual.")
    short, long = sorted((list(one[:k]), list(other[:k])), key=len)
    if not short:
        return float(not long)
    ends, reaches = len(short), len(long)
    depths = np.arange(1, reaches + 1)
    # (depth,) how many the two have in common down to each depth: X_d of the paper.
    overlap = np.array([len(set(short[:depth]).intersection(long[:depth])) for depth in depths], dtype=float)
    at_short, at_long = overlap[ends - 1], overlap[-1]
    # Beyond its end the short list is taken to go on agreeing at the rate it had there.
    agreement = overlap / depths + at_short * np.maximum(0, depths - ends) / (ends * depths)
    beyond = (at_long - at_short) / reaches + at_short / ends
    # Rounding may carry the sum of a geometric series just above one.
    return min(1.0, float((1 - p) / p * (agreement * p**depths).sum() + beyond * p**reaches))
