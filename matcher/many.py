"""Many needs at once: from a matrix of scores to ordered lists, without a loop over needs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.floating]


def top_lists(scores: Scores, k: int) -> NDArray[np.int64]:
    """`(needs, k)` columns of the best scores of each row, best first; -1 where fewer than `k` are above -inf.

    Equal scores stand in order of column, at the cut too.

    Args:
        scores: `(needs, providers)`; -inf for who may not be listed.
        k: length of the lists, at most the number of providers.
    """
    k = min(k, scores.shape[1])
    # The k-th best score of each row, then everything at or above it: a plain partition would cut ties by chance.
    edge = np.partition(scores, scores.shape[1] - k, axis=1)[:, [-k]] if k < scores.shape[1] else np.float64(-np.inf)
    possible = (scores >= edge) & (scores > -np.inf)
    rows, columns = np.nonzero(possible)
    order = np.lexsort((columns, -scores[rows, columns], rows))
    rows, columns = rows[order], columns[order]
    starts = np.searchsorted(rows, np.arange(len(scores)))
    place = np.arange(len(rows)) - starts[rows]
    kept = place < k
    lists = np.full((len(scores), k), -1, dtype=np.int64)
    lists[rows[kept], place[kept]] = columns[kept]
    return lists


def capped_lists(scores: Scores, k: int, cap: int) -> NDArray[np.int64]:
    """As `top_lists`, but no provider is on more than `cap` lists: the needs choose in their order.

    For a workshop or a call, where one big organisation must not starve the rest.

    Args:
        scores: `(needs, providers)`; -inf for who may not be listed.
        k: length of the lists.
        cap: lists that a provider may be on, at least 1.
    """
    if cap < 1:
        raise ValueError(f"The cap of exposure must be at least 1. Got {cap}. Leave it out for none.")
    times = np.zeros(scores.shape[1], dtype=np.int64)
    lists = np.full((len(scores), min(k, scores.shape[1])), -1, dtype=np.int64)
    for need, of_need in enumerate(scores):
        chosen = top_lists(np.where(times < cap, of_need, -np.inf)[None, :], k)[0]
        lists[need] = chosen
        times[chosen[chosen >= 0]] += 1
    return lists
