"""Mends a plan in which some meetings found no slot: around them, who meets whom and when is decided anew, together."""

from __future__ import annotations

import numpy as np

from matcher.workshop.assignment import Assigned
from matcher.workshop.bars import Mask
from matcher.workshop.clock import Clock
from matcher.workshop.joint import solve_jointly
from matcher.workshop.meetings import Meetings
from matcher.workshop.near import Near
from matcher.workshop.pairing import Integers, Pairing
from matcher.workshop.prices import Prices
from matcher.workshop.worth import UNITS

_VIEWS = ((0, 600), (1, 1_500), (1, 5_000))
"""From the narrowest to the widest: whether partners of those who lost a meeting give theirs up too, and pairs beside those."""
_EFFORT = 2.0


def mended(pairing: Pairing, meetings: Meetings, assigned: Assigned, clock: Clock) -> Meetings | None:
    """A plan from one with gaps; `None` where none was found.

    Args:
        pairing: the event.
        meetings: with slots, -1 where there is none.
        assigned: what was to be had, with prices that tell which pairs matter; service is fallen short of only where there
            is no other way.
        clock: stops it.
    """
    worst = round(assigned.worst * UNITS)
    has_slot = meetings.slots >= 0
    whole, lost = meetings.where(has_slot), meetings.where(~has_slot)
    core = np.union1d(lost.rows, lost.columns + pairing.first_column)
    for partners_too, most in _VIEWS:
        people = _with_partners(pairing, whole, core) if partners_too else core
        given_up = _touches(pairing, whole.rows, whole.columns, people)
        kept, start = whole.where(~given_up), whole.where(given_up)
        near = _around(pairing, assigned.prices, people, most, kept, start.and_also(lost))
        found = solve_jointly(
            pairing, near, goal="total", clock=clock, effort=_EFFORT, kept=kept, worst=worst, start=start, yielding=True
        )
        if found.meetings is not None:
            return found.meetings
        if clock.is_up():
            break
    return None


def _around(pairing: Pairing, prices: Prices, people: Integers, most: int, kept: Meetings, own: Meetings) -> Near:
    """The pairs of these people that lose least, those that met or were to meet before among them."""
    chosen = np.zeros(len(pairing.people), dtype=np.bool_)
    chosen[people] = True
    gain = np.concatenate([block.astype(np.float32) for _, block in prices.gains(pairing, 1.0)])
    gain[~(chosen[: len(gain), None] | chosen[None, pairing.first_column :][:, : gain.shape[1]])] = -np.inf
    gain[kept.rows, kept.columns] = -np.inf
    gain[own.rows, own.columns] = np.inf
    best = np.argsort(-gain, axis=None, kind="stable")[: most + len(own)]
    rows, columns = np.divmod(np.sort(best[np.isfinite(gain.ravel()[best]) | (gain.ravel()[best] > 0)]), gain.shape[1])
    return Near(rows, columns, np.zeros(len(rows), dtype=np.bool_), 0.0)


def _touches(pairing: Pairing, rows: Integers, columns: Integers, people: Integers) -> Mask:
    chosen = np.zeros(len(pairing.people), dtype=np.bool_)
    chosen[people] = True
    return np.asarray(chosen[rows] | chosen[columns + pairing.first_column])


def _with_partners(pairing: Pairing, meetings: Meetings, people: Integers) -> Integers:
    touched = meetings.where(_touches(pairing, meetings.rows, meetings.columns, people))
    return np.union1d(people, np.concatenate([touched.rows, touched.columns + pairing.first_column]))
