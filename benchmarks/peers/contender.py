"""What every contender can do: find ten providers for a need, and for many needs at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from benchmarks.peers.texts import Texts
from matcher.records import Need

K = 10
"""Providers wanted for each need."""


class Contender(Protocol):
    """Finds providers for needs. Texts of needs are encoded, those of passages never."""

    def find(self, need: Need) -> list[str]:
        """Ids of ten providers, best first."""

    def find_each(self, needs: Sequence[Need]) -> list[list[str]]:
        """The same for many needs, as that contender does it fastest."""


class PassageSearch:
    """Providers by their best passage, over a search that knows passages only, as its users write it."""

    first_depth = 50
    """Passages asked for first; more where they are of fewer than ten providers."""

    def __init__(self, texts: Texts) -> None:
        self.texts = texts

    def rows(self, text: str, depth: int) -> list[int]:
        """Rows of the nearest passages, best first."""
        raise NotImplementedError

    def rows_each(self, texts: Sequence[str], depth: int) -> list[list[int]]:
        """The same for many texts; one by one where the library has nothing better."""
        return [self.rows(text, depth) for text in texts]

    def find(self, need: Need) -> list[str]:
        """See `Contender`."""
        return self._ten(need.whole_text, self.rows(need.whole_text, self.first_depth))

    def find_each(self, needs: Sequence[Need]) -> list[list[str]]:
        """See `Contender`."""
        texts = [need.whole_text for need in needs]
        found = self.rows_each(texts, self.first_depth)
        return [self._ten(text, rows) for text, rows in zip(texts, found, strict=True)]

    def _ten(self, text: str, rows: list[int]) -> list[str]:
        depth, most = self.first_depth, len(self.texts.texts)
        while len(providers := by_best_passage(self.texts.owners[row] for row in rows)) < K and depth < most:
            depth = min(most, 4 * depth)
            rows = self.rows(text, depth)
        return providers[:K]


def by_best_passage(owners: Iterable[str]) -> list[str]:
    """Each provider once, where its best passage stands."""
    return list(dict.fromkeys(owners))
