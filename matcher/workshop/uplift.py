"""Makes an assignment fair that was made for the total alone: around the companies that are served worst, it is decided anew.

For events so large, or times so short, that the relaxation with fairness cannot be solved.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from matcher.workshop.clock import Clock
from matcher.workshop.cuts import all_tables
from matcher.workshop.flow import Flow
from matcher.workshop.linear_rules import Limit
from matcher.workshop.near import Near
from matcher.workshop.pairing import Integers, Pairing
from matcher.workshop.prices import Prices
from matcher.workshop.promising import codes
from matcher.workshop.service import service_of, worst_of
from matcher.workshop.totals import Pairs
from matcher.workshop.whole import best_whole
from matcher.workshop.worth import UNITS

_PARTS = (1.0, 0.9, 0.75, 0.5, 0.25)
"""Of the best service that can be hoped for, tried one after the other."""
_OF_SHORT, _OF_OTHERS = 16, 6
"""Pairs that companies are offered which are served worse than that, and those that may have to make room for them."""
_CLOSE = 5e-4
_SHARE = 0.15


def uplifted(pairing: Pairing, flow: Flow, hope: float, clock: Clock, limits: Sequence[Limit] = ()) -> Pairs:
    """An assignment that serves its worst-served company better, if one is found.

    Args:
        pairing: companies and providers.
        flow: the assignment.
        hope: that the worst-served company cannot exceed.
        clock: stops it.
        limits: further ones, beside the number of tables.
    """
    best = flow.pairs
    for part in _PARTS:
        if clock.is_up() or worst_of(pairing, *best) >= part * hope:
            break
        near = _around(pairing, flow.pairs, flow.prices, part * hope)
        found = best_whole(
            pairing,
            near,
            limits or [all_tables(pairing)],
            worst=part * hope,
            clock=clock.part(_SHARE),
            relative_gap=_CLOSE,
        )
        if found.status in ("best", "some"):
            return found.pairs
    return best


def _around(pairing: Pairing, pairs: Pairs, prices: Prices, worst: float) -> Near:
    """Pairs of those who are short of service and of those who may make room; all others who meet are sure to."""
    rows, columns = pairs
    service = service_of(pairing, rows, columns)[: pairing.first_column] / UNITS
    short = np.flatnonzero(pairing.served[: pairing.first_column] & (service < worst))
    # By value too: who can hardly be served needs those that others would gladly have.
    lossless, best = (_best_of(pairing, which, short, _OF_SHORT) for which in (prices, Prices.none(pairing)))
    offered = np.concatenate([lossless[0], best[0]]), np.concatenate([lossless[1], best[1]])
    wanted = np.zeros(pairing.value.shape[1], dtype=np.bool_)
    wanted[offered[1]] = True
    others = np.setdiff1d(np.unique(rows[wanted[columns]]), short)
    moved = _best_of(pairing, prices, others, _OF_OTHERS)
    is_open = np.zeros(len(pairing.value), dtype=np.bool_)
    is_open[np.concatenate([short, others])] = True
    known = codes(pairing, rows, columns)
    every = np.unique(np.concatenate([known, codes(pairing, *offered), codes(pairing, *moved)]))
    all_rows, all_columns = np.divmod(every, pairing.value.shape[1])
    sure = np.isin(every, known) & ~is_open[all_rows]
    return Near(all_rows, all_columns, sure, 0.0)


def _best_of(pairing: Pairing, prices: Prices, rows: Integers, count: int) -> Pairs:
    """The pairs of some rows that lose least."""
    found_rows: list[Integers] = [np.zeros(0, dtype=np.int64)]
    found_columns: list[Integers] = [np.zeros(0, dtype=np.int64)]
    chosen = np.zeros(len(pairing.value), dtype=np.bool_)
    chosen[rows] = True
    for block, gain in prices.gains(pairing, 1.0):
        here = np.flatnonzero(chosen[block])
        if not len(here):
            continue
        own = gain[here]
        best = np.argsort(-own, axis=1, kind="stable")[:, :count]
        allowed = np.isfinite(np.take_along_axis(own, best, axis=1))
        found_rows.append(np.repeat(here + block.start, best.shape[1])[allowed.ravel()])
        found_columns.append(best.ravel()[allowed.ravel()])
    return np.concatenate(found_rows), np.concatenate(found_columns)
