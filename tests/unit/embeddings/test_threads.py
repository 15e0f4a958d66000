from __future__ import annotations

import faiss
import pytest

from embeddings.threads import at_most


def test_fewer_threads_are_taken_within_and_as_many_as_before_after() -> None:
    before = faiss.omp_get_max_threads()
    with at_most(1):
        assert faiss.omp_get_max_threads() == 1
    assert faiss.omp_get_max_threads() == before


def test_more_are_never_taken_and_an_error_gives_them_back() -> None:
    before = faiss.omp_get_max_threads()
    with at_most(before + 5):
        assert faiss.omp_get_max_threads() == before
    with pytest.raises(KeyError), at_most(1):
        raise KeyError
    assert faiss.omp_get_max_threads() == before
