"""A planned event changed by hand or on the day: what is asked for on the command line, and the plan file that comes of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from embeddings.errors import Refusal, shown
from matcher.pipeline import Matcher
from matcher.workshop.change_rules import Pair
from matcher.workshop.changes import fixed, forbidden, freed, held, marked, replan, swap
from matcher.workshop.moves import moved
from matcher.workshop.plan import Meeting
from service.workshop.final import next_version
from service.workshop.plan_file import PlannedEvent, Reason, reasons_for


@dataclass(frozen=True)
class Asked:
    """What is to change."""

    fix: Sequence[tuple[str, str, str | None]] = ()
    """A company, whom it meets, and the slot (`None`: whenever it suits)."""
    forbid: Sequence[Pair] = ()
    hold: Sequence[Pair] = ()
    """Two who meet, and are to keep their time whatever else changes; nothing is planned anew for it."""
    free: Sequence[Pair] = ()
    """Pairs for whom nothing is decided by hand any more; nothing is planned anew for it."""
    swap: Sequence[tuple[Pair, Pair]] = ()
    exchange: Literal["times", "partners"] = "times"
    move: Sequence[tuple[Pair, str, int | None]] = ()
    """Two who meet, the slot in which they are to meet instead, and the table (`None`: their own, or any free one)."""
    absent: Sequence[str] = ()
    from_slot: str | None = None

    @property
    def replans(self) -> bool:
        """Whether some of it has to be planned anew."""
        return bool(self.fix or self.forbid or self.absent or self.from_slot is not None)

    @property
    def says_something(self) -> bool:
        """Whether anything is to change."""
        return self.replans or bool(self.hold or self.free or self.swap or self.move)


@dataclass(frozen=True)
class Changed:
    """A planned event, and what became of the meetings before."""

    planned: PlannedEvent
    lost: tuple[Meeting, ...]
    new: tuple[Meeting, ...]
    kept: int
    fewest_changes: bool


def asked_for(
    *,
    fix: Sequence[str] = (),
    forbid: Sequence[str] = (),
    hold: Sequence[str] = (),
    free: Sequence[str] = (),
    swaps: Sequence[str] = (),
    exchange: Literal["times", "partners"] = "times",
    moves: Sequence[str] = (),
    absent: Sequence[str] = (),
    from_slot: str | None = None,
) -> Asked:
    """Read ids that are joined by commas.

    Raises:
        Refusal: too few or too many ids, or nothing to change.
    """
    triples = [_ids("--fix", one, (2, 3), "c01,p04 or c01,p04,s02") for one in fix]
    fours = [_ids("--swap", one, (4,), "c01,p04,c02,p03") for one in swaps]
    asked = Asked(
        fix=tuple((one[0], one[1], one[2] if len(one) > 2 else None) for one in triples),
        forbid=tuple(_pair("--forbid", one) for one in forbid),
        hold=tuple(_pair("--hold", one) for one in hold),
        free=tuple(_pair("--free", one) for one in free),
        swap=tuple(((one[0], one[1]), (one[2], one[3])) for one in fours),
        exchange=exchange,
        move=tuple(map(_move, moves)),
        absent=tuple(absent),
        from_slot=from_slot,
    )
    if not asked.says_something:
        remedy = "Give --fix, --forbid, --hold, --free, --swap, --move, --absent or --from-slot."
        raise Refusal("change", "say what is to change", "nothing", remedy)
    return asked


def changed(planned: PlannedEvent, asked: Asked, matcher: Callable[[], Matcher], *, seconds: float) -> Changed:
    """Change as few meetings as can be, then swap and move. A draft stays one; of a final plan it is the next version.

    Args:
        planned: stays as it is.
        asked: what is to change.
        matcher: opened only to say what speaks for new pairs; where it cannot be, a note says so.
        seconds: for planning.

    Raises:
        Refusal: ids that are none of the event's, a swap or move that breaks a rule, or no plan.
    """
    event, plan, matrix = planned.event, planned.plan, planned.matrix
    for company, provider, slot in asked.fix:
        event = fixed(event, company, provider, slot)
    for pair in asked.forbid:
        event = forbidden(event, *pair)
    for pair in asked.free:
        event = freed(event, *pair)
    for pair in asked.hold:
        event = held(event, plan, pair)
    fewest = True
    if asked.replans:
        made = replan(event, matrix, plan, from_slot=asked.from_slot, absent=asked.absent, seconds=seconds)
        event, plan, fewest = made.event, made.plan, made.fewest_changes
    elif asked.hold or asked.free:
        plan = marked(event, plan)
    for first, second in asked.swap:
        plan = swap(event, matrix, plan, first, second, exchange=asked.exchange)
    for pair, slot, table in asked.move:
        plan = moved(event, plan, pair, slot, table)
    had, has = ({_key(one): one for one in some.meetings} for some in (planned.plan, plan))
    reasons, notes = _reasons(planned, plan.meetings, matcher)
    after = PlannedEvent(
        made_at=datetime.now(UTC),
        engine=planned.engine,
        event=event,
        plan=plan,
        probabilities=planned.probabilities,
        reasons=reasons,
        notes=(*planned.notes, *(note for note in notes if note not in planned.notes)),
    )
    return Changed(
        planned=next_version(planned, after),
        lost=tuple(one for key, one in had.items() if key not in has),
        new=tuple(one for key, one in has.items() if key not in had),
        kept=len(had.keys() & has.keys()),
        fewest_changes=fewest,
    )


def _reasons(
    planned: PlannedEvent, meetings: Sequence[Meeting], matcher: Callable[[], Matcher]
) -> tuple[tuple[Reason, ...], tuple[str, ...]]:
    pairs = {(one.company_id, one.provider_id) for one in meetings}
    kept = tuple(one for one in planned.reasons if (one.company_id, one.provider_id) in pairs)
    before = {(one.company_id, one.provider_id) for one in planned.plan.meetings}
    fresh = [one for one in meetings if (one.company_id, one.provider_id) not in before]
    if not fresh:
        return kept, ()
    try:
        return (*kept, *reasons_for(planned.event, fresh, matcher())), ()
    except Refusal as refusal:
        # On the day a plan is worth more than its reasons.
        return kept, (f"What speaks for new meetings is not told: {refusal}",)


def _pair(option: str, written: str) -> Pair:
    company, provider = _ids(option, written, (2,), "c01,p04")
    return company, provider


def _move(written: str) -> tuple[Pair, str, int | None]:
    company, provider, slot, *tables = _ids("--move", written, (3, 4), "c01,p04,s02 or c01,p04,s02,7")
    if tables and not (tables[0].isascii() and tables[0].isdigit()):
        raise Refusal("option --move", "tell the table as a number", shown(tables[0]), "For instance c01,p04,s02,7.")
    return (company, provider), slot, int(tables[0]) if tables else None


def _ids(option: str, written: str, counts: tuple[int, ...], example: str) -> list[str]:
    ids = [one.strip() for one in written.split(",")]
    if len(ids) not in counts or not all(ids):
        wanted = f"be {' or '.join(map(str, counts))} ids joined by commas"
        raise Refusal(f"option {option}", wanted, shown(written), f"For instance {example}.")
    return ids


def _key(meeting: Meeting) -> tuple[frozenset[str], str]:
    return frozenset((meeting.company_id, meeting.provider_id)), meeting.slot_id
