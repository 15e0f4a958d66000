"""How much an inexact index misses, measured on the spot: the same queries asked of it and of every vector one by one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from embeddings.dense import DenseIndex
from embeddings.encoder import Vectors
from embeddings.hits import Mask

_KEPT = 10
"""The filter that is measured keeps one row of so many."""


@dataclass(frozen=True)
class MeasuredRecall:
    """Of the truly nearest `k`, the share that is found: the mean over queries, 0 to 1."""

    k: int
    queries: int
    everything_allowed: float
    a_tenth_allowed: float


def measured_recall(index: DenseIndex, queries: Vectors, k: int, seed: int = 0) -> MeasuredRecall:
    """Compare the index's answers with exact ones, without a filter and under one that keeps a tenth by chance.

    Args:
        index: of any type.
        queries: `(q, dim)` float32, rows of unit length, at least one; such as will really be asked.
        k: how many nearest.
        seed: of the filter.
    """
    if not len(queries):
        raise ValueError("The queries must be at least one. Got none.")
    tenth = np.random.default_rng(seed).permutation(index.count) % _KEPT == 0
    return MeasuredRecall(k, len(queries), _recall(index, queries, k, None), _recall(index, queries, k, tenth))


def _recall(index: DenseIndex, queries: Vectors, k: int, allowed: Mask | None) -> float:
    found, right = index.search(queries, k, allowed), index.exactly(queries, k, allowed)
    shares = [len(np.intersect1d(one.ids, other.ids)) / len(other.ids) for one, other in zip(found, right, strict=True)]
    return float(np.mean(shares))
