"""The pairs that a search begins with: everybody's most valuable ones."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matcher.workshop.pairing import Integers, Pairing

_ROWS_AT_ONCE = 512


def promising_pairs(pairing: Pairing, more: int) -> tuple[Integers, Integers]:
    """Rows and columns of everybody's best allowed pairs and of those that must meet, in order.

    Args:
        pairing: the event.
        more: pairs of each beyond the most meetings that anybody of that side may have.
    """
    rows, columns = pairing.value.shape
    of_row = int(pairing.most[:rows].max(initial=0)) + more
    of_column = int(pairing.most[pairing.first_column :].max(initial=0)) + more
    chosen: NDArray[np.bool_] = np.zeros((rows, columns), dtype=np.bool_)
    for start in range(0, rows, _ROWS_AT_ONCE):
        block = slice(start, start + _ROWS_AT_ONCE)
        value = np.where(pairing.allowed[block], pairing.value[block], -1.0)
        if of_row < columns:
            edge = np.partition(value, columns - of_row, axis=1)[:, [columns - of_row]]
            chosen[block] = value >= edge
        else:
            chosen[block] = True
    for start in range(0, columns, _ROWS_AT_ONCE):
        block = slice(start, start + _ROWS_AT_ONCE)
        value = np.where(pairing.allowed[:, block], pairing.value[:, block], -1.0)
        if of_column < rows:
            edge = np.partition(value, rows - of_column, axis=0)[[rows - of_column]]
            chosen[:, block] |= value >= edge
        else:
            chosen[:, block] = True
    chosen[tuple(pairing.must.T)] = True
    chosen &= pairing.allowed
    found = np.nonzero(chosen)
    return found[0].astype(np.int64), found[1].astype(np.int64)


def codes(pairing: Pairing, rows: Integers, columns: Integers) -> Integers:
    """One number for each pair."""
    return np.asarray(rows * pairing.value.shape[1] + columns)
