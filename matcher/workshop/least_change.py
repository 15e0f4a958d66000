"""The plan nearest to one that no longer holds: as many meetings as can be stay, then the value is as great as can be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast

import numpy as np
from numpy.typing import NDArray

from matcher.workshop.clock import Clock
from matcher.workshop.joint import Joint, solve_jointly
from matcher.workshop.meetings import Meetings
from matcher.workshop.near import Near
from matcher.workshop.needed_losses import needed_losses
from matcher.workshop.pairing import Pairing
from matcher.workshop.service import total_of
from matcher.workshop.spans import Spans

_MOST_TOGETHER = 60_000
"""Pairs times slots that are decided together."""
_EFFORT = 8.0
"""Deterministic seconds for that."""


@dataclass(frozen=True)
class Nearest:
    """Meetings, whether no plan under the same rules keeps more of those before, and whether all were kept."""

    meetings: Meetings
    fewest_changes: bool
    kept_all: bool


def nearest_meetings(pairing: Pairing, over: Meetings, before: Meetings, clock: Clock) -> Nearest | None:
    """Keep all meetings and fill the gaps; only where that cannot be, decide anew which stay. `None`: none was found.

    Args:
        pairing: the event as it stands.
        over: meetings that stay in any case.
        before: meetings that may still take place as they were.
        clock: stops it.
    """
    everything = over.and_also(before)
    if _fits(pairing, everything):
        near, _ = _open_pairs(pairing, everything, Meetings.none())
        joint = solve_jointly(pairing, near, goal="total", clock=clock, effort=_EFFORT, kept=everything)
        if joint.meetings is not None:
            return Nearest(joint.meetings, fewest_changes=True, kept_all=True)
    near, is_all = _open_pairs(pairing, over, before)
    in_place, at_any_time = (_preferring(pairing, before, in_place=place) for place in (True, False))

    def solved(preferring: Pairing) -> Joint:
        return solve_jointly(preferring, near, goal="total", clock=clock, effort=_EFFORT, kept=over, start=before)

    first = solved(in_place)
    if first.meetings is not None and len(before) - _staying(first.meetings, before) <= needed_losses(pairing, over, before):
        return Nearest(first.meetings, fewest_changes=True, kept_all=False)
    second = solved(at_any_time)
    whole = [joint.meetings for joint in (first, second) if joint.meetings is not None]
    if not whole:
        return None
    best = max(whole, key=lambda meetings: (_staying(meetings, before), total_of(pairing, meetings.rows, meetings.columns)))
    # Pairs that can stay at some time or other are never fewer than those that can stay when they were.
    fewest = (
        is_all
        and second.status == "best"
        and second.meetings is not None
        and _staying(best, before) == _staying(second.meetings, before, at_any_time=True)
    )
    return Nearest(best, fewest_changes=fewest, kept_all=False)


def _preferring(pairing: Pairing, before: Meetings, *, in_place: bool) -> Pairing:
    """Any pair that stays is worth more than all that could come instead; `in_place`: it meets when it did, or not at all."""
    value = pairing.value.astype(np.float64)
    value[before.rows, before.columns] += float(pairing.most.sum()) + 1.0
    must = set(map(tuple, pairing.must.tolist()))
    when = {(row, column): slot for row, column, slot in before if in_place and (row, column) not in must}
    # Float32 would not hold both; whole units are what the solver counts with.
    wide = cast("NDArray[np.float32]", value)
    return replace(pairing, value=wide, fixed={**pairing.fixed, **when}, spans=Spans.singly(pairing.present))


def _staying(meetings: Meetings, before: Meetings, *, at_any_time: bool = False) -> int:
    """How many of the meetings before are among these."""
    if at_any_time:
        pairs = {(row, column) for row, column, _ in before}
        return sum((row, column) in pairs for row, column, _ in meetings)
    return len({*meetings} & {*before})


def _fits(pairing: Pairing, meetings: Meetings) -> bool:
    """Whether these meetings can all stay, as far as loads, times and tables go."""
    persons = np.concatenate([meetings.rows, meetings.columns + pairing.first_column])
    times = np.zeros(pairing.present.shape, dtype=np.int64)
    np.add.at(times, (persons, np.concatenate([meetings.slots, meetings.slots])), 1)
    at_once = np.bincount(meetings.slots, minlength=1)
    return bool((times <= 1).all() and (times.sum(axis=1) <= pairing.most).all() and (at_once <= pairing.tables).all())


def _open_pairs(pairing: Pairing, kept: Meetings, before: Meetings) -> tuple[Near, bool]:
    """Pairs that may meet beside those kept, and whether these are all of them: else those that are worth most."""
    people, columns = len(pairing.people), pairing.value.shape[1]
    persons = np.concatenate([kept.rows, kept.columns + pairing.first_column])
    free = pairing.present.copy()
    free[persons, np.concatenate([kept.slots, kept.slots])] = False
    free[np.bincount(persons, minlength=people) >= pairing.most] = False
    share = free.astype(np.float32)
    first = pairing.first_column
    found = pairing.allowed & (share[: len(pairing.value)] @ share[first : first + columns].T > 0)
    # They must be there even if they cannot meet: that is how it is noticed.
    wanted = np.zeros_like(found)
    wanted[tuple(pairing.must.T)] = True
    wanted[before.rows, before.columns] = True
    found |= wanted
    found[kept.rows, kept.columns] = wanted[kept.rows, kept.columns] = False
    most = max(1, _MOST_TOGETHER // pairing.present.shape[1])
    is_all = int(found.sum()) <= most
    if not is_all:
        rank = np.where(found, pairing.value, -1.0) + 2.0 * wanted
        edge = np.partition(rank, rank.size - most, axis=None)[rank.size - most]
        found &= wanted | (rank > edge)
    rows, places = np.nonzero(found)
    return Near(rows.astype(np.int64), places.astype(np.int64), np.zeros(len(rows), dtype=np.bool_), np.inf), is_all
