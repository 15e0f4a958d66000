"""A plan as a workbook: how good it is, and who meets whom by company, by provider and by table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

from matcher.lifecycle import REASONS, Rating
from matcher.workshop.event import Participant
from service.workshop.programme import Programme
from service.workshop.sheets import Cell, Sheet, workbook_bytes

_APPOINTMENTS = ("Time", "Table", "Slot")
_MEETING = ("Across the border", "Wished", "Fixed", "Probability")
ANSWERS = ("accepted", "declined")
OUTCOME_COLUMNS = ("company", "company_name", "provider", "provider_name", "answer", "reason", "rating", "on")
"""Of the form that comes back; see `service.workshop.outcome_rows`."""


def workbook(programme: Programme) -> bytes:
    """The workbook (XLSX)."""
    sheets = [_overview(programme), _by_participant(programme, "Companies", programme.companies)]
    if programme.providers:
        sheets.append(_by_participant(programme, "Providers", programme.providers))
    sheets += [_by_table(programme), _unmet_wishes(programme)]
    if programme.planned.version > 1:
        sheets += [_to_be_told(programme), _cancelled(programme)]
    return _written(sheets, programme)


def outcome_form(programme: Programme) -> bytes:
    """A workbook to be filled in after the event: a row a meeting, with what may be chosen."""
    rows: list[Sequence[Cell]] = [
        (
            meeting.company_id,
            programme.participants[meeting.company_id].name,
            meeting.provider_id,
            programme.participants[meeting.provider_id].name,
            *(None, None, None),
            f"{programme.hours(programme.slots[meeting.slot_id])[0]:%Y-%m-%d}",
        )
        for meeting in programme.meetings
    ]
    choices: dict[str, Sequence[str]] = {"answer": ANSWERS, "reason": REASONS, "rating": get_args(Rating)}
    widths = {"answer": 12, "reason": 20, "rating": 30}
    sheet = Sheet("outcomes", OUTCOME_COLUMNS, rows, widths=widths, choices=choices, first_columns_stay=4)
    return _written([sheet], programme)


def _written(sheets: Sequence[Sheet], programme: Programme) -> bytes:
    planned, draft = programme.planned, programme.is_draft
    return workbook_bytes(
        sheets, programme.event.name, planned.stands_since, standing="" if draft else f"version {planned.version}", draft=draft
    )


def _overview(programme: Programme) -> Sheet:
    event, quality = programme.event, programme.plan.quality
    loads, policy = event.loads, event.policy
    terms = [policy.mode] + ([f"β = {policy.beta:g}"] if policy.mode == "favour" else [])
    if policy.floor is not None:
        terms.append(f"at least {policy.floor.at_least} of {policy.floor.of_first} meetings across the border")
    order = "the worst-served company first, then all together" if event.fair else "all together"
    gap = "proven: no plan under these rules is better" if quality.proven == "optimal" else f"{quality.gap:.2%} at most"
    rows: list[Sequence[Cell]] = [
        ("Event", event.name),
        ("Status", _standing(programme)),
        ("Kind", event.kind),
        ("When", f"{programme.days} ({event.time_zone})"),
        ("Where", event.place),
        ("Companies", len(programme.companies)),
        ("Providers", len(programme.providers)),
        ("Slots", len(event.slots)),
        ("Tables", "as many as needed" if event.tables is None else event.tables),
        ("Meetings", quality.meetings),
        ("… across the border", quality.cross_border),
        ("Meetings expected to be useful", round(quality.useful, 2)),
        ("Value of the plan", round(quality.value, 3)),
        ("No plan has a value above", round(quality.bound, 3)),
        ("Distance to the best possible", gap),
        ("Value of the worst-served company", round(quality.worst_served, 3)),
        ("… cannot be above", round(quality.worst_served_bound, 3)),
        ("Most meetings of one provider", quality.largest_provider_load),
        ("Planned in", f"{quality.seconds:.1f} s" + (", stopped by the time limit" if quality.stopped else "")),
        ("Meetings of a company", f"{loads.company_least} to {loads.company_most}, where nothing else is said"),
        ("Meetings of a provider", f"{loads.provider_least} to {loads.provider_most}, where nothing else is said"),
        ("Border policy", ", ".join(terms)),
        ("Made as good as can be", order),
        ("Wishes that are not met", len(programme.unmet_wishes)),
        *(("Note", note) for note in (*programme.plan.notes, *programme.planned.notes)),
    ]
    return Sheet("Overview", ("What", "Value"), rows, widths={"What": 36, "Value": 90}, bold_first_column=True)


def _standing(programme: Programme) -> str:
    told = programme.standing
    return f"DRAFT{told.removeprefix('draft')}: may still change" if programme.is_draft else told


def _by_participant(programme: Programme, title: str, participants: Sequence[Participant]) -> Sheet:
    one = "Company" if title == "Companies" else "Provider"
    meets = "Meets" if programme.event.kind == "company to company" else ("Provider" if one == "Company" else "Company")
    columns = (one, "Country", *_APPOINTMENTS, meets, "Its country", *_MEETING, "Why")
    rows: list[Sequence[Cell]] = []
    for participant in participants:
        found = programme.appointments(participant.participant_id)
        for appointment in found:
            meeting, other, reason = appointment.meeting, appointment.other, appointment.reason
            slot = programme.slots[meeting.slot_id]
            why = " → ".join(filter(None, (reason.need_sentence, reason.text))) if reason else ""
            rows.append(
                (
                    *(participant.name, participant.country),
                    *(programme.when(slot), meeting.table, meeting.slot_id),
                    *(other.name, other.country),
                    *(_tick(meeting.cross_border), _tick(meeting.wished), _tick(meeting.fixed), round(meeting.probability, 4)),
                    why,
                )
            )
        if not found:
            rows.append((participant.name, participant.country, "no meetings", *[None] * (len(columns) - 3)))
    widths = {one: 30, "Why": 70} | ({meets: 30} if meets != one else {})
    return Sheet(title, columns, rows, widths=widths, percents=("Probability",), groups=True)


def _by_table(programme: Programme) -> Sheet:
    slots = list(programme.slots.values())
    most = max((meeting.table for meeting in programme.meetings), default=0)
    cells: dict[tuple[int, str], str] = {}
    for meeting in programme.meetings:
        names = (programme.participants[one].name for one in (meeting.company_id, meeting.provider_id))
        cells[(meeting.table, meeting.slot_id)] = " – ".join(names)
    columns = ("Table", *(f"{slot.slot_id}\n{programme.when(slot)}" for slot in slots))
    rows: list[Sequence[Cell]] = [
        (table, *(cells.get((table, slot.slot_id)) for slot in slots)) for table in range(1, most + 1)
    ]
    return Sheet("Tables", columns, rows, widths=dict.fromkeys(columns[1:], 24) | {"Table": 7}, bold_first_column=True)


def _unmet_wishes(programme: Programme) -> Sheet:
    columns = ("Who", "Its country", "Wishes to meet", "Country", "How strongly")
    rows: list[Sequence[Cell]] = [
        (one.of.name, one.of.country, one.about.name, one.about.country, one.wish.level) for one in programme.unmet_wishes
    ]
    return Sheet("Unmet wishes", columns, rows or [("none",)])


def _to_be_told(programme: Programme) -> Sheet:
    """Who has to be told what this version changed."""
    columns = ("Who", "Its country", "What", "Meets", "Country", "Time", "Table")
    rows: list[Sequence[Cell]] = []
    for told in programme.planned.changed_for:
        who = programme.participants[told.participant_id]
        has = {one.other.participant_id: one.meeting for one in programme.appointments(who.participant_id)}
        for what, others in (("cancelled", told.cancelled), ("moved", told.moved), ("new", told.new)):
            for other in (programme.participants[one] for one in others):
                meeting = has.get(other.participant_id)
                place = (programme.when(programme.slots[meeting.slot_id]), meeting.table) if meeting else (None, None)
                rows.append((who.name, who.country, what, other.name, other.country, *place))
    return Sheet("To be told", columns, rows or [("nobody",)], widths={"Who": 30, "Meets": 30}, groups=True)


def _cancelled(programme: Programme) -> Sheet:
    columns = ("Company", "Country", "Was to meet", "Its country", "Time it had", "Table it had", "Since version")
    rows: list[Sequence[Cell]] = []
    for one in programme.planned.cancelled:
        company, other = (programme.participants[who] for who in (one.meeting.company_id, one.meeting.provider_id))
        when = programme.when(programme.slots[one.meeting.slot_id])
        rows.append((company.name, company.country, other.name, other.country, when, one.meeting.table, one.version))
    return Sheet("Cancelled", columns, rows or [("none",)], widths={"Company": 30, "Was to meet": 30})


def _tick(holds: bool) -> str | None:
    return "yes" if holds else None
