"""The answer of a search, and the one rule by which equal scores are ordered."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]


class Hits(NamedTuple):
    """What one query found, best first; equal scores in order of id. Never padded: it may hold fewer than `k`."""

    ids: NDArray[np.int64]
    scores: NDArray[np.float32]


def best(ids: NDArray[np.int64], scores: NDArray[np.float32], k: int) -> Hits:
    """The `k` highest scores, ties broken by the lower id."""
    order = np.lexsort((ids, -scores))[:k]
    return Hits(ids[order], scores[order])


def check_search(k: int, allowed: Mask | None, count: int) -> None:
    """Refuse a `k` below 1, and a mask of another length, which would silently allow the wrong rows."""
    if k < 1:
        raise ValueError(f"The parameter k must be at least 1. Got {k}.")
    if allowed is not None and (allowed.shape != (count,) or allowed.dtype != np.bool_):
        raise ValueError(f"The mask `allowed` must be {count} booleans. Got {allowed.dtype} of shape {allowed.shape}.")
