"""The greatest total in whole meetings: a programme over the pairs that the prices of the relaxation leave in question."""

from __future__ import annotations

from dataclasses import dataclass

from matcher.workshop.clock import Clock
from matcher.workshop.near import near_pairs
from matcher.workshop.pairing import Integers, Pairing
from matcher.workshop.relaxation import Relaxation
from matcher.workshop.service import total_of
from matcher.workshop.whole import best_whole

Pairs = tuple[Integers, Integers]
CLOSE = 5e-4
"""Part of a total that is not worth more seconds, where there are many pairs."""
_FEW = 3_000
"""Pairs among which whole meetings near the best are found in seconds."""
_MOST_EXACT = 5_000
"""Pairs among which the very best are looked for."""
_MOST_STEPS = 4


@dataclass(frozen=True)
class Total:
    """Pairs that meet, if any were found; a bound that holds anyway; and whether there are proven to be none."""

    pairs: Pairs | None
    bound: float
    ceiling: float
    """The bound that the relaxation's prices prove."""
    is_none: bool


def best_total(
    pairing: Pairing, relaxed: Relaxation, clock: Clock, *, close: float = 0.0, start: Pairs | None = None, share: float = 0.25
) -> Total:
    """Look for the greatest total under the rules of the relaxation.

    Args:
        pairing: the event.
        relaxed: with the service that everybody is to have at least.
        clock: stops it.
        close: part of the total that need not be found.
        start: pairs that meet in a solution known already.
        share: part of the time left that one search may take.
    """
    bound = ceiling = relaxed.total()
    if bound < 0:
        return Total(None, bound, ceiling, is_none=True)
    if clock.is_up():
        return Total(start, bound, ceiling, is_none=False)
    best, first = start, max(_FEW, int(pairing.most.sum()))
    near = near_pairs(pairing, relaxed.prices, most=first)
    for step in range(_MOST_STEPS):
        exact = close == 0.0 and len(near.rows) <= _MOST_EXACT and (step > 0 or near.is_all)
        found = best_whole(
            pairing,
            near,
            relaxed.limits,
            worst=relaxed.worst_served,
            clock=clock.part(share),
            start=best,
            relative_gap=0.0 if exact else max(close, CLOSE),
        )
        if found.status == "none" and near.is_all:
            return Total(None, bound, ceiling, is_none=True)
        bound = min(bound, max(found.bound, ceiling - near.loss))
        if found.status in ("best", "some") and (best is None or total_of(pairing, *found.pairs) > total_of(pairing, *best)):
            best = found.pairs
        if clock.is_up() or (near.is_all and (exact or best is not None)):
            break
        if best is None:
            near = near_pairs(pairing, relaxed.prices, most=4 * len(near.rows))
            continue
        missing = bound - total_of(pairing, *best)
        # Whatever is better must be among these.
        near = near_pairs(pairing, relaxed.prices, most=4 * first, loss=ceiling - total_of(pairing, *best))
        if missing <= 0 or (len(near.rows) > _MOST_EXACT and (missing <= max(close, CLOSE) * bound or step > 0)):
            break
    return Total(best, bound, ceiling, is_none=False)
