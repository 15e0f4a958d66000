"""The pairs that prices say may be part of a better assignment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.workshop.pairing import Integers, Pairing
from matcher.workshop.prices import Prices


@dataclass(frozen=True)
class Near:
    """Pairs that are in question. A plan with any other pair, or without one that is `sure`, stays below the bound that the
    prices prove by more than `loss`."""

    rows: Integers
    columns: Integers
    sure: NDArray[np.bool_]
    loss: float

    @property
    def pairs(self) -> tuple[Integers, Integers]:
        """Rows and columns."""
        return self.rows, self.columns

    @property
    def is_all(self) -> bool:
        """Every pair that may meet is among them, and none is sure."""
        return self.loss == np.inf


def every_pair(pairing: Pairing) -> Near:
    """All pairs that may meet."""
    rows, columns = np.nonzero(pairing.allowed)
    return Near(rows.astype(np.int64), columns.astype(np.int64), np.zeros(len(rows), dtype=np.bool_), np.inf)


def near_pairs(pairing: Pairing, prices: Prices, *, most: int | None = None, loss: float = np.inf) -> Near:
    """The pairs that a plan of greater total may have: prices say what a plan loses with a pair, or without it.

    Args:
        pairing: the event.
        prices: what everything scarce costs.
        most: pairs at most (those that lose the same come along).
        loss: that is not exceeded.
    """
    # Float32, as there may be millions.
    gain = np.concatenate([block.astype(np.float32) for _, block in prices.gains(pairing, 1.0)])
    if most is not None and int(pairing.allowed.sum()) > most:
        edge = float(np.partition(gain, gain.size - most, axis=None)[gain.size - most])
        loss = min(loss, max(0.0, -edge))
    if loss == np.inf:
        return every_pair(pairing)
    # Outwards, by what float32 rounds.
    margin = loss * (1 + 1e-6) + 1e-6
    chosen = pairing.allowed & (gain >= -margin)
    chosen[tuple(pairing.must.T)] = True
    rows, columns = np.nonzero(chosen)
    return Near(rows.astype(np.int64), columns.astype(np.int64), gain[rows, columns] > margin, loss)
