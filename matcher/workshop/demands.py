"""What a plan must have, beside what it must not."""

from __future__ import annotations

import numpy as np

from matcher.workshop.meetings import Meetings
from matcher.workshop.pairing import Pairing


def keeps_rules(pairing: Pairing, meetings: Meetings) -> bool:
    """Whether meetings that keep every limit also reach what is asked for: leasts, musts, and the share across borders."""
    people = np.concatenate([meetings.rows, meetings.columns + pairing.first_column])
    load = np.bincount(people, minlength=len(pairing.people))
    places = {(row, column) for row, column, _ in meetings}
    floor = pairing.event.policy.floor
    abroad = int(pairing.foreign[meetings.rows, meetings.columns].sum())
    return (
        bool((load >= pairing.least).all())
        and places.issuperset(map(tuple, pairing.must.tolist()))
        and (floor is None or abroad * floor.of_first >= len(meetings) * floor.at_least)
    )
