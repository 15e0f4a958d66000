"""Who worked with whom: two organisations that refer to the same project were in it together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from matcher.index import ProviderIndex, RowMask, Rows


class Acquaintance:
    """Earlier projects that providers of one index share."""

    def __init__(self, index: ProviderIndex) -> None:
        together: dict[str, list[int]] = defaultdict(list)
        for row, passage in enumerate(index.passages):
            if passage.kind == "project" and passage.reference:
                together[passage.reference].append(row)
        self._owner = index.owner
        self._passages_of: dict[int, list[int]] = defaultdict(list)
        self._together: dict[int, Rows] = {}
        for rows in together.values():
            if len(rows) > 1:
                found = np.array(rows, dtype=np.int64)
                for row in rows:
                    self._passages_of[int(index.owner[row])].append(row)
                    self._together[row] = found

    def shared_projects(self, company: Iterable[int], heard: RowMask | None = None) -> dict[int, list[int]]:
        """Provider row → passages of that provider about a project that the company was in too.

        Args:
            company: rows of the providers that are the company itself.
            heard: `(passages,)` booleans; projects whose passages are not heard do not count.
        """
        own = set(company)
        shared: dict[int, list[int]] = defaultdict(list)
        for row in (passage for organisation in own for passage in self._passages_of.get(organisation, ())):
            for other in self._together[row].tolist():
                owner = int(self._owner[other])
                if owner not in own and (heard is None or heard[other]):
                    shared[owner].append(other)
        return dict(shared)


def counted(shared: dict[int, list[int]], providers: int) -> NDArray[np.float64]:
    """`(providers,)` projects shared with the company."""
    counts = np.zeros(providers)
    for row, passages in shared.items():
        counts[row] = len(set(passages))
    return counts
