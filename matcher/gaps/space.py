"""Where needs are compared: the bank of ordinary needs, and what these needs have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from embeddings.encoder import Vectors
from matcher.gaps.asked import AskedNeed
from matcher.gaps.labels import Wording
from matcher.gaps.reference import Reference
from matcher.gaps.subjects import apart_from_each_other, common_to, unrelated_from


@dataclass(frozen=True)
class OrdinaryBank:
    """The ordinary needs that others are held against."""

    subjects: tuple[str, ...]
    """One a text: those of one subject say the same in several languages."""
    wordings: tuple[Wording, ...]
    vectors: Vectors
    """`(texts, dim)` as `matcher.gaps.asked.AskedNeed.vector`."""
    reference: Reference


@dataclass(frozen=True)
class Space:
    """What these needs have in common is taken away from all, the bank too."""

    centre: Vectors
    """`(dim,)` what they have in common."""
    ordinary: Vectors
    """`(texts, dim)` the bank."""
    unrelated: float
    """Cosine distance from which on two needs are on different subjects."""

    @classmethod
    def of(cls, needs: Sequence[AskedNeed], bank: OrdinaryBank) -> Space:
        """The space of those needs."""
        # The distance is learned where the bank is at home: ordinary needs have nothing in common with each other.
        unrelated = unrelated_from(bank.vectors, bank.subjects)
        if not needs:
            return cls(np.zeros(bank.vectors.shape[1], dtype=np.float32), bank.vectors, unrelated)
        centre = common_to(np.stack([asked.vector for asked in needs]), len(set(bank.subjects)))
        return cls(centre, apart_from_each_other(bank.vectors, centre), unrelated)

    def apart(self, vectors: Sequence[Vectors]) -> Vectors:
        """`(n, dim)` unit rows of what sets needs apart from each other."""
        if not vectors:
            return np.empty((0, len(self.centre)), dtype=np.float32)
        return apart_from_each_other(np.stack(vectors), self.centre)
