"""One meeting moved by hand: where else it could take place, what it could be exchanged with, and what is in the way."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from embeddings.errors import shown
from matcher.workshop.change_rules import ChangeRefused, Pair, check_plan, check_rules, in_order, meeting_of
from matcher.workshop.event import Event
from matcher.workshop.plan import Meeting, Plan

Rule = Literal["one meeting at a time", "presence", "fixed by hand", "one meeting at a table", "number of tables", "must meet"]


@dataclass(frozen=True)
class Hindrance:
    """A rule that is in the way."""

    rule: Rule
    meeting: Meeting
    """The one that could not take place, or for the rules of one meeting the one that stands there already."""
    participant_id: str = ""
    """Who is elsewhere, or not there."""
    slot_id: str = ""
    """When."""


class Moves:
    """What can be done with a meeting of a plan, told at once: by the rules that a change of its time can break.

    Whether a pair may meet, how many meetings each has and how many cross a border does not depend on the time.
    `matcher.workshop.checker` looks at all rules, and says the same.
    """

    def __init__(self, event: Event, plan: Plan, pair: Pair) -> None:
        """Look at one meeting.

        Args:
            event: with the rules.
            plan: of the event.
            pair: two who meet.

        Raises:
            ChangeRefused: they do not.
            Refusal: a plan of another event.
        """
        check_plan(event, plan)
        self.event, self.plan = event, plan
        self.meeting = meeting_of(plan, pair, "move")
        self._there = {one.participant_id: frozenset(one.slots) for one in event.participants}
        self._fixed = {frozenset((one.company_id, one.provider_id)): one.slot_id for one in event.fixed}
        self._at: dict[tuple[str, str], list[Meeting]] = defaultdict(list)
        self._sits: dict[str, dict[int, Meeting]] = defaultdict(dict)
        for one in plan.meetings:
            self._sits[one.slot_id][one.table] = one
            for person in (one.company_id, one.provider_id):
                self._at[person, one.slot_id].append(one)

    def to(self, slot_id: str, table: int | None = None) -> tuple[Hindrance, ...]:
        """What is in the way of another time or table; nothing where it can move there.

        Args:
            slot_id: of the event.
            table: from 1; `None`: any that is free.
        """
        found = [*self._of_time(self.meeting, slot_id, leaving=self.meeting)]
        if table is None:
            if self.free_table(slot_id) is None:
                found.append(Hindrance("number of tables", self.meeting, slot_id=slot_id))
        elif table < 1 or (self.event.tables is not None and table > self.event.tables):
            found.append(Hindrance("number of tables", self.meeting, slot_id=slot_id))
        elif (there := self._sits[slot_id].get(table)) is not None and there != self.meeting:
            found.append(Hindrance("one meeting at a table", there, slot_id=slot_id))
        return tuple(found)

    def exchange(self, other: Meeting) -> tuple[Hindrance, ...]:
        """What is in the way of an exchange of times and tables with another meeting; nothing where they can."""
        return (
            *self._of_time(self.meeting, other.slot_id, leaving=other),
            *self._of_time(other, self.meeting.slot_id, leaving=self.meeting),
        )

    def taking_out(self) -> tuple[Hindrance, ...]:
        """What is in the way of the two not meeting. What they have too little of then is planned anew."""
        pair = {self.meeting.company_id, self.meeting.provider_id}
        musts = [one for one in self.event.wishes if one.level == "must" and {one.of, one.about} == pair]
        return tuple(Hindrance("must meet", self.meeting, participant_id=one.of) for one in musts)

    def free_table(self, slot_id: str) -> int | None:
        """Its own table if it is free then, else the lowest free one; `None` where there is none."""
        if slot_id == self.meeting.slot_id:
            return self.meeting.table
        taken = self._sits[slot_id]
        if self.meeting.table not in taken:
            return self.meeting.table
        lowest = next(table for table in itertools.count(1) if table not in taken)
        return lowest if self.event.tables is None or lowest <= self.event.tables else None

    def standing_in_the_way(self, slot_id: str) -> list[Meeting]:
        """Meetings that one of the two has at that time."""
        own = [*self._at[self.meeting.company_id, slot_id], *self._at[self.meeting.provider_id, slot_id]]
        return [one for one in own if one != self.meeting]

    def _of_time(self, meeting: Meeting, slot_id: str, *, leaving: Meeting) -> Iterator[Hindrance]:
        """What keeps a meeting from a time at which another one is no more."""
        if slot_id == meeting.slot_id:
            return
        only = self._fixed.get(frozenset((meeting.company_id, meeting.provider_id)))
        if only is not None and only != slot_id:
            yield Hindrance("fixed by hand", meeting, slot_id=only)
        for person in (meeting.company_id, meeting.provider_id):
            if self._there[person] and slot_id not in self._there[person]:
                yield Hindrance("presence", meeting, person, slot_id)
            for one in self._at[person, slot_id]:
                if one not in (meeting, leaving):
                    yield Hindrance("one meeting at a time", one, person, slot_id)


def moved(event: Event, plan: Plan, pair: Pair, slot_id: str, table: int | None = None) -> Plan:
    """The plan with one meeting at another time or table, if that breaks no rule that held before.

    Args:
        event: with the rules.
        plan: stays as it is.
        pair: two who meet.
        slot_id: when they are to meet instead.
        table: from 1; `None`: their own if it is free then, else the lowest free one.

    Raises:
        ChangeRefused: they do not meet, are there already, or the move breaks a rule.
        Refusal: a plan of another event.
    """
    moves = Moves(event, plan, pair)
    if slot_id not in {slot.slot_id for slot in event.slots}:
        raise ChangeRefused("slot to move to", "be one of the event's", shown(slot_id), "Correct the id.")
    place = moves.free_table(slot_id) if table is None else table
    if place is None:
        found = f"{event.tables} meetings at all {event.tables} tables"
        raise ChangeRefused("slot to move to", "have a free table", found, "Exchange it with another meeting.")
    if (slot_id, place) == (moves.meeting.slot_id, moves.meeting.table):
        raise ChangeRefused("move", "be to another time or table", "where it is already", "Choose another time.")
    there = moves.meeting.model_copy(update={"slot_id": slot_id, "table": place})
    meetings = in_order(event, [there if one == moves.meeting else one for one in plan.meetings])
    check_rules(event, plan, meetings, "move", "Move it elsewhere, or exchange it with another meeting.")
    # Who meets whom is as before: so are the figures, and the bounds hold for all plans of the event.
    return plan.model_copy(update={"meetings": tuple(meetings)})
