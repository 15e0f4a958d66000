"""An index that grows and shrinks without being built anew.

A large main index, built once, stands beside the vectors added since (a few, searched one by one) and a note of what was
removed. `compact` makes one main index of both again. Row numbers are given once and never change or come again, so what
is kept beside the index (records, masks) stays right through all of it.

`crossmatch index build` does not use it: a whole build encodes only new passages, and its rows are in order of the directory,
which appended rows are not. It is for who holds so many passages that building takes minutes and changes them by the hour.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings.dense import DenseIndex
from embeddings.dense_kind import DenseConfig, DenseKind
from embeddings.encoder import Vectors
from embeddings.full_vectors import NOTHING, FullVectors
from embeddings.hits import Hits, Mask, best, check_search

FILE = "growing.npz"
_MAIN = "main"
Rows = NDArray[np.int64]


class GrowingIndex:
    """A `Nearest` over a main index, the vectors added since, and the rows that are gone. For one thread at a time."""

    def __init__(self, main: DenseIndex | None, dim: int, config: DenseConfig | None = None) -> None:
        """Grow from a main index, or from nothing.

        Args:
            main: its rows keep their numbers; left out, everything is added later.
            dim: numbers in one vector.
            config: limits by which `compact` chooses the main index's type.
        """
        count = main.count if main else 0
        self._main, self._dim, self._config = main, dim, config
        self._main_rows: Rows = np.arange(count, dtype=np.int64)
        """`(main,)` row number of each vector of the main index, ascending, so that ties stay in order of row."""
        self._added = FullVectors.of(np.empty((0, dim), dtype=np.float32))
        """The last rows given, all of them beside the main index."""
        self._is_there: Mask = np.ones(count, dtype=np.bool_)

    @property
    def count(self) -> int:
        """Rows ever given, also of vectors that were removed; the next vector added gets this number."""
        return len(self._is_there)

    @property
    def dim(self) -> int:
        """Numbers in one vector."""
        return self._dim

    @property
    def kind(self) -> DenseKind:
        """That of the main index."""
        return self._main.kind if self._main else DenseKind("Flat", "exact: nothing but vectors added one by one")

    @property
    def is_there(self) -> Mask:
        """`(count,)` whether the row's vector is in the index: `False` once it was removed. A copy."""
        return self._is_there.copy()

    @property
    def added(self) -> int:
        """Vectors beside the main index, all searched one by one: the reason to compact."""
        return self._added.count

    def add(self, vectors: Vectors) -> Rows:
        """Take in `(n, dim)` float32 rows of unit length.

        Returns:
            Their row numbers, ascending.

        Raises:
            ValueError: they have another number of columns.
        """
        if vectors.ndim != 2 or vectors.shape[1] != self._dim:
            raise ValueError(f"The vectors must be rows of {self._dim} numbers. Got the shape {vectors.shape}.")
        first = self.count
        self._added.add(vectors)
        self._is_there = np.append(self._is_there, np.ones(len(vectors), dtype=np.bool_))
        return np.arange(first, self.count, dtype=np.int64)

    def remove(self, rows: Rows) -> None:
        """Let no search find those rows again. All or none are removed.

        Raises:
            ValueError: a row was never given, or is removed already.
        """
        rows = np.asarray(rows, dtype=np.int64)
        self._check_there(rows)
        self._is_there[rows] = False

    def search(self, query_vectors: Vectors, k: int, allowed: Mask | None = None) -> list[Hits]:
        """See `embeddings.nearest.Nearest`; `allowed` has a place for every row ever given."""
        check_search(k, allowed, self.count)
        is_open = self._is_there if allowed is None else self._is_there & allowed
        in_main = self._in_main(query_vectors, k, is_open)
        in_added = self._in_added(query_vectors, k, is_open)
        return [_merged(one, other, k) for one, other in zip(in_main, in_added, strict=True)]

    def vectors(self, ids: Rows) -> Vectors:
        """`(len(ids), dim)` the vectors of those rows.

        Raises:
            ValueError: one of them is not in the index.
        """
        ids = np.asarray(ids, dtype=np.int64)
        self._check_there(ids)
        found = np.empty((len(ids), self._dim), dtype=np.float32)
        first_added = self.count - self.added
        is_added = ids >= first_added
        found[is_added] = self._added.vectors(ids[is_added] - first_added)
        if self._main and not is_added.all():
            found[~is_added] = self._main.vectors(np.searchsorted(self._main_rows, ids[~is_added]))
        return found

    def compact(self) -> None:
        """Make one main index of all that is there; rows keep their numbers.

        Searches find the same before and after where both are exact. It takes as long as building.
        """
        rows = np.flatnonzero(self._is_there).astype(np.int64)
        vectors = self.vectors(rows)
        self._main = DenseIndex.build(vectors, self._config) if len(rows) else None
        self._main_rows = rows
        self._added = FullVectors.of(np.empty((0, self._dim), dtype=np.float32))

    def save(self, folder: Path) -> None:
        """Write main index, additions and removals into a folder of a build."""
        if self._main:
            main = folder / _MAIN
            main.mkdir()
            self._main.save(main)
        kind = np.array([self.kind.factory, self.kind.why])
        np.savez(folder / FILE, added=self._added.array, is_there=self._is_there, main_rows=self._main_rows, kind=kind)

    @classmethod
    def load(cls, folder: Path, config: DenseConfig | None = None) -> GrowingIndex:
        """Read what `save` wrote; the main index is mapped into memory, not copied."""
        with np.load(folder / FILE, allow_pickle=False) as stored:
            added, kind = stored["added"], DenseKind(*stored["kind"].tolist())
            has_main = (folder / _MAIN).is_dir()
            index = cls(DenseIndex.load(folder / _MAIN, kind, config) if has_main else None, added.shape[1], config)
            index._main_rows, index._is_there = stored["main_rows"], stored["is_there"]
            index._added = FullVectors.of(added)
        return index

    def _check_there(self, rows: Rows) -> None:
        known = (rows >= 0) & (rows < self.count)
        missing = rows[~known] if not known.all() else rows[~self._is_there[rows]]
        if len(missing):
            raise ValueError(f"The rows must be in the index. Got {missing[0]}, which was never added or is removed.")

    def _in_main(self, queries: Vectors, k: int, is_open: Mask) -> list[Hits]:
        if not self._main:
            return [NOTHING for _ in queries]
        of_main = is_open[self._main_rows]
        found = self._main.search(queries, k, None if of_main.all() else of_main)
        return [Hits(self._main_rows[hits.ids], hits.scores) for hits in found]

    def _in_added(self, queries: Vectors, k: int, is_open: Mask) -> list[Hits]:
        first = self.count - self.added
        places = np.flatnonzero(is_open[first:])
        if not len(places):
            return [NOTHING for _ in queries]
        found = [self._added.nearest_among(query, places, k) for query in queries]
        return [Hits(hits.ids + first, hits.scores) for hits in found]


def _merged(one: Hits, other: Hits, k: int) -> Hits:
    if not len(other.ids) or not len(one.ids):
        return one if len(one.ids) else other
    return best(np.concatenate([one.ids, other.ids]), np.concatenate([one.scores, other.scores]), k)
