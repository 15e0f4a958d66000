"""Where meetings take place after a change: those that stay keep their table."""

from __future__ import annotations

import itertools
from collections import defaultdict

from matcher.workshop.plan import Meeting, Plan


def at_their_tables(made: Plan, before: Plan) -> Plan:
    """The plan with meetings that were there before, in the same slot, at the same table; new ones at free tables.

    Args:
        made: with tables of its own.
        before: whose tables stay.
    """
    table_of = {_key(meeting): meeting.table for meeting in before.meetings}
    used: dict[str, set[int]] = defaultdict(set)
    own: dict[str, set[int]] = defaultdict(set)
    for meeting in before.meetings:
        used[meeting.slot_id].add(meeting.table)
        own[meeting.provider_id].add(meeting.table)
    taken: dict[str, set[int]] = defaultdict(set)
    for meeting in made.meetings:
        if (table := table_of.get(_key(meeting))) is not None:
            taken[meeting.slot_id].add(table)
    seated: list[Meeting] = []
    for meeting in made.meetings:
        table = table_of.get(_key(meeting))
        if table is None:
            table = _free(taken[meeting.slot_id], own[meeting.provider_id], used[meeting.slot_id])
            taken[meeting.slot_id].add(table)
        seated.append(meeting.model_copy(update={"table": table}))
    order = {meeting.slot_id: place for place, meeting in reversed(list(enumerate(made.meetings)))}
    seated.sort(key=lambda meeting: (order[meeting.slot_id], meeting.table))
    return made.model_copy(update={"meetings": tuple(seated)})


def _free(taken: set[int], own: set[int], used: set[int]) -> int:
    """A table where the provider sits at another time, else one that was given up in this slot, else the lowest."""
    lowest = next(table for table in itertools.count(1) if table not in taken)
    # Never above what the slot had, or the lowest free one: so the number of tables is kept to.
    among = [table for table in {*used, lowest} if table not in taken]
    return min(among, key=lambda table: (table not in own, table not in used, table))


def _key(meeting: Meeting) -> tuple[frozenset[str], str]:
    return frozenset((meeting.company_id, meeting.provider_id)), meeting.slot_id
