"""How many threads FAISS takes for a search."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import faiss


@contextmanager
def at_most(threads: int) -> Iterator[None]:
    """FAISS takes no more than that in this thread. More than there are queries gain nothing, and cost: even with nothing to
    do, a thread is waited for until the processor has room for it, which it has not beside an encoder (20 ms were seen)."""
    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(max(1, min(threads, before)))
    try:
        yield
    finally:
        faiss.omp_set_num_threads(before)
