from __future__ import annotations

import numpy as np
import pytest

from embeddings.dense import DenseConfig, DenseIndex, DenseKind
from embeddings.dense_recall import measured_recall

_ROWS = np.random.default_rng(1).standard_normal((1_200, 16)).astype(np.float32)
ROWS = _ROWS / np.linalg.norm(_ROWS, axis=1, keepdims=True)
QUERIES = ROWS[::60]


def test_exact_search_misses_nothing() -> None:
    found = measured_recall(DenseIndex.build(ROWS), QUERIES, k=10)
    assert (found.k, found.queries, found.everything_allowed, found.a_tenth_allowed) == (10, 20, 1.0, 1.0)


def test_an_index_that_visits_one_list_of_many_is_seen_to_miss_some() -> None:
    config = DenseConfig(visited_share=0.01, visited_more=0.0, visited_at_least=0, exact_below_kept=200)
    found = measured_recall(DenseIndex.build(ROWS, config, DenseKind("IVF20,SQ8", "")), QUERIES, k=10)
    assert 0.05 < found.everything_allowed < 0.95
    assert found.a_tenth_allowed == 1.0


def test_no_query_is_refused() -> None:
    with pytest.raises(ValueError, match=r"The queries must be at least one\. Got none\."):
        measured_recall(DenseIndex.build(ROWS), ROWS[:0], k=10)
