"""A plan from meetings in rows and columns."""

from __future__ import annotations

import numpy as np

from matcher.workshop.clock import Clock
from matcher.workshop.meetings import Meetings
from matcher.workshop.pairing import Pairing
from matcher.workshop.plan import Meeting, Plan, Quality
from matcher.workshop.seating import seated
from matcher.workshop.service import total_of, worst_of


def written_plan(pairing: Pairing, meetings: Meetings, bound: float, worst_bound: float, clock: Clock) -> Plan:
    """The plan, in order of slot and table.

    Args:
        pairing: the event.
        meetings: who meets whom and when.
        bound: that no total exceeds.
        worst_bound: that no service of a worst-served company exceeds.
        clock: how long it took.
    """
    tables = seated(pairing, meetings)
    written = [
        _meeting(pairing, row, column, slot, table)
        for (row, column, slot), table in zip(meetings, tables.tolist(), strict=True)
    ]
    slot_number = {slot.slot_id: number for number, slot in enumerate(pairing.event.slots)}
    written.sort(key=lambda meeting: (slot_number[meeting.slot_id], meeting.table))
    return Plan(
        event=pairing.event.name,
        meetings=tuple(written),
        quality=_quality(pairing, meetings, bound, worst_bound, clock),
        notes=_notes(pairing),
    )


def _meeting(pairing: Pairing, row: int, column: int, slot: int, table: int) -> Meeting:
    company, provider = pairing.people[row], pairing.people[column + pairing.first_column]
    return Meeting(
        company_id=company.participant_id,
        provider_id=provider.participant_id,
        slot_id=pairing.event.slots[slot].slot_id,
        table=table,
        probability=float(pairing.probability[row, column]),
        value=float(pairing.value[row, column]),
        cross_border=bool(pairing.foreign[row, column]),
        wished=(row, column) in pairing.wished,
        fixed=(row, column) in pairing.fixed,
    )


def _quality(pairing: Pairing, meetings: Meetings, bound: float, worst_bound: float, clock: Clock) -> Quality:
    rows, columns = meetings.rows, meetings.columns
    value, worst = total_of(pairing, rows, columns), worst_of(pairing, rows, columns)
    loads = np.bincount(columns + pairing.first_column, minlength=len(pairing.people))
    if pairing.among:
        loads += np.bincount(rows, minlength=len(pairing.people))
    bound, worst_bound = max(bound, value), max(worst_bound, worst)
    optimal = value == bound and (worst == worst_bound or not pairing.event.fair)
    return Quality(
        meetings=len(meetings),
        cross_border=int(pairing.foreign[rows, columns].sum()),
        useful=float(pairing.probability[rows, columns].sum()),
        value=value,
        bound=bound,
        gap=(bound - value) / bound if bound > 0 else 0.0,
        worst_served=worst,
        worst_served_bound=worst_bound,
        largest_provider_load=int(loads[pairing.first_column :].max(initial=0)),
        seconds=clock.spent,
        proven="optimal" if optimal else "bound",
        stopped=clock.struck,
    )


def _notes(pairing: Pairing) -> tuple[str, ...]:
    notes: list[str] = []
    if pairing.passed_over:
        whom = "two companies or two providers"
        notes.append(f"{pairing.passed_over} wishes or pairs of {whom} were passed over: in this event they do not meet.")
    companies = np.arange(len(pairing.value))
    lonely = [pairing.people[person].participant_id for person in companies[~pairing.served[companies]].tolist()]
    if lonely:
        count = "1 company" if len(lonely) == 1 else f"{len(lonely)} companies"
        notes.append(f"{count} cannot be served, as there is nobody they may meet: {', '.join(lonely[:10])}.")
    return tuple(notes)
