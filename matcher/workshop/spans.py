"""Slots that are alike: who is there in one is there in all of them, so that they can be shared out last."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Spans:
    """Groups of interchangeable slots, in order of their first."""

    slots: tuple[tuple[int, ...], ...]
    present: NDArray[np.bool_]
    """`(people, spans)`."""
    size: NDArray[np.int64]
    """`(spans,)` slots in each."""
    of_slot: NDArray[np.int64]
    """`(slots,)` span of each."""

    @classmethod
    def of(cls, present: NDArray[np.bool_], apart: set[int]) -> Spans:
        """Group the slots.

        Args:
            present: `(people, slots)`.
            apart: slots with meetings that are fixed there: each is a span of its own.
        """
        groups: dict[tuple[bytes, int], list[int]] = {}
        for slot in range(present.shape[1]):
            groups.setdefault((present[:, slot].tobytes(), slot if slot in apart else -1), []).append(slot)
        slots = tuple(tuple(group) for group in groups.values())
        of_slot = np.empty(present.shape[1], dtype=np.int64)
        for number, group in enumerate(slots):
            of_slot[list(group)] = number
        first = [group[0] for group in slots]
        size = np.array([len(group) for group in slots], dtype=np.int64)
        return cls(slots, np.ascontiguousarray(present[:, first]), size, of_slot)

    @classmethod
    def singly(cls, present: NDArray[np.bool_]) -> Spans:
        """Every slot by itself."""
        return cls.of(present, set(range(present.shape[1])))
