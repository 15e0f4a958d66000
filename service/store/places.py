"""Whose each passage is, and what a filter asks of it: what the database keeps beside a vector."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.directory import Directory
from matcher.passages import Passage


@dataclass(frozen=True)
class Places:
    """By row of the passages."""

    provider_ids: Sequence[str]
    countries: NDArray[np.str_]
    categories: NDArray[np.str_]
    regions: NDArray[np.str_]

    @classmethod
    def of(cls, directory: Directory, passages: Sequence[Passage]) -> Places:
        """Those of a directory's passages."""
        known = {provider.provider_id: provider for provider in directory.providers}
        owners = [known[passage.provider_id] for passage in passages]
        return cls(
            provider_ids=[owner.provider_id for owner in owners],
            countries=np.array([owner.country for owner in owners], dtype=np.str_),
            categories=np.array([owner.category for owner in owners], dtype=np.str_),
            regions=np.array([owner.region for owner in owners], dtype=np.str_),
        )

    def told(self, row: int) -> str:
        """The row's place in one line."""
        return "/".join((self.provider_ids[row], self.countries[row], self.categories[row], self.regions[row]))

    def __len__(self) -> int:
        return len(self.provider_ids)
