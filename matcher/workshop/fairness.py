"""The best service for the worst-served company: tried at the bound first, where it mostly can be had, then by halving."""

from __future__ import annotations

from dataclasses import dataclass

from matcher.workshop.clock import Clock
from matcher.workshop.cuts import Cut
from matcher.workshop.flow import Flow
from matcher.workshop.pairing import Pairing
from matcher.workshop.prices import whole_units
from matcher.workshop.relaxation import Relaxation
from matcher.workshop.service import best_alone, worst_of
from matcher.workshop.totals import Pairs, Total, best_total
from matcher.workshop.uplift import uplifted
from matcher.workshop.worth import UNITS

_UNIT = 1 / UNITS
_ANY = 0.1
"""Part of the total that need not be found while only service is tried."""
_SHARE_IN_PARTS = 0.25
"""Part of the time left for ruling out service that cannot be had even with meetings in parts."""
_SHARE_OF_TRIES = 0.6
"""Part of the time left for finding better service in whole meetings; the rest is for the total."""
_SHARE = 0.2
"""Part of that which is left for one such try."""
_CLOSE = 1e-2
"""Part of the service that is not worth more seconds, where there are many pairs."""
_MANY = 10_000
_MOST_HALVINGS = 40


@dataclass(frozen=True)
class Fair:
    """The greatest total under the best service, and bounds for both."""

    total: Total
    relaxed: Relaxation
    worst_bound: float


def fairest(pairing: Pairing, base: Relaxation, clock: Clock, flow: Flow | None) -> Fair:
    """Serve the worst-served company as well as can be, then all together.

    Args:
        pairing: the event, in which some company can be served.
        base: the relaxation without a least service.
        clock: stops it.
        flow: an assignment for the total alone, where there is one.
    """
    high = base.worst(float(best_alone(pairing)[pairing.served].min()))
    relaxed = Relaxation(pairing, clock, high, base)
    total = best_total(pairing, relaxed, clock)
    if total.pairs is not None or high <= 0:
        return Fair(total, relaxed, high)
    low: float = 0.0
    best: Pairs | None = None
    if flow is not None:
        best = uplifted(pairing, flow, high, clock, [limit for limit in base.limits if isinstance(limit, Cut)])
        low = worst_of(pairing, *best)
    searched = high - _UNIT
    if total.is_none or not relaxed.possible():
        searched = high = _possible_in_parts(pairing, base, clock.part(_SHARE_IN_PARTS), low, searched)
    aim, tries = searched, clock.part(_SHARE_OF_TRIES)
    for _ in range(_MOST_HALVINGS):
        if searched <= low or tries.is_up():
            break
        relaxed = Relaxation(pairing, tries.part(_SHARE), aim, base)
        if not relaxed.possible():
            searched = high = aim - _UNIT
        else:
            total = best_total(pairing, relaxed, tries.part(_SHARE), close=_ANY, share=0.5)
            if total.pairs is not None:
                low, best = worst_of(pairing, *total.pairs), total.pairs
            else:
                searched = aim - _UNIT
                high = searched if total.is_none else high
        if pairing.value.size > _MANY and searched - low <= _CLOSE * high:
            break
        middle = whole_units((low + searched) / 2)
        aim = middle if middle > low else searched
    relaxed = Relaxation(pairing, clock, low, base)
    return Fair(best_total(pairing, relaxed, clock, start=best), relaxed, high)


def _possible_in_parts(pairing: Pairing, base: Relaxation, clock: Clock, low: float, high: float) -> float:
    """Service that is better than can be had even with meetings in parts is ruled out quickly."""
    if low == 0 < high and not Relaxation(pairing, clock, _UNIT, base).possible():
        return 0.0  # somebody gets nothing, whatever is done
    while high - low > max(_UNIT, _CLOSE * high) and not clock.is_up():
        middle = whole_units((low + high) / 2)
        if Relaxation(pairing, clock, middle, base).possible():
            low = middle
        else:
            high = middle - _UNIT
    return high
