"""Who meets whom, whenever that may be.

Loads and tables alone are a flow. Fairness, a share across borders, companies among themselves and limits over time take a
linear programme for the bound, and one in whole numbers over the pairs that its prices leave in question.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matcher.workshop.clock import Clock
from matcher.workshop.fairness import fairest
from matcher.workshop.flow import Flow, best_flow
from matcher.workshop.pairing import Pairing
from matcher.workshop.prices import Prices
from matcher.workshop.relaxation import Relaxation
from matcher.workshop.service import best_alone, worst_of
from matcher.workshop.totals import Pairs, best_total
from matcher.workshop.uplift import uplifted

_LARGE = 2_000_000
"""Pairs beyond which the relaxation with fairness or limits over time would take minutes."""


@dataclass(frozen=True)
class Assigned:
    """Pairs that meet, and bounds: no plan serves its worst-served company better than `worst_bound`, and none that serves
    everybody as well as `worst` has a greater total than `bound`."""

    pairs: Pairs | None
    """Rows and columns; `None` where time was up first."""
    worst: float
    worst_bound: float
    bound: float
    prices: Prices
    """For plans that serve everybody as well as `worst`."""
    ceiling: float
    """The bound that the prices prove by themselves."""
    bound_anyhow: float
    """Of a total, however it serves the worst-served; infinite where it is not known."""
    knows_times: bool
    """Limits over time were looked for, as far as they can be told without a timetable."""


def best_assignment(pairing: Pairing, clock: Clock, *, with_times: bool) -> Assigned | None:
    """The best assignment; `None` where there is none, which is proven.

    Args:
        pairing: the event.
        clock: stops it.
        with_times: whether limits over time matter, where loads and tables could do alone.
    """
    fair = pairing.event.fair and bool(pairing.served.any())
    flow = None if pairing.among or pairing.floor_share else best_flow(pairing, clock)
    if flow is not None and not with_times and not fair:
        return Assigned((flow.rows, flow.columns), 0.0, 0.0, flow.bound, flow.prices, flow.bound, flow.bound, knows_times=False)
    if flow is not None and pairing.value.size > _LARGE:
        return _from_flow(pairing, flow, clock)
    relaxed = Relaxation(pairing, clock)
    if not relaxed.possible():
        return None
    worst_bound = 0.0
    if fair:
        found = fairest(pairing, relaxed, clock, flow)
        total, relaxed, worst_bound = found.total, found.relaxed, found.worst_bound
    else:
        total = best_total(pairing, relaxed, clock)
    if total.is_none:
        return None
    anyhow = np.inf if flow is None else flow.bound
    bounds = relaxed.worst_served, worst_bound, total.bound
    return Assigned(total.pairs, *bounds, relaxed.prices, total.ceiling, anyhow, knows_times=True)


def _from_flow(pairing: Pairing, flow: Flow, clock: Clock) -> Assigned:
    """What can be had quickly: an assignment for the total alone, made fair afterwards, with the bound of the former."""
    pairs, hope = (flow.rows, flow.columns), 0.0
    if pairing.event.fair and pairing.served.any():
        hope = float(best_alone(pairing)[pairing.served].min())
        pairs = uplifted(pairing, flow, hope, clock)
    worst = worst_of(pairing, *pairs) if pairing.event.fair else 0.0
    return Assigned(pairs, worst, hope, flow.bound, flow.prices, flow.bound, flow.bound, knows_times=True)
