"""Every plan of a tiny event, one by one, told from the event alone: what a solver is compared with."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from matcher.workshop.event import Event, Participant
from matcher.workshop.worth import UNITS, WISH

Pair = tuple[int, int]
Plan = dict[Pair, int]
"""Pair of numbers of participants → number of a slot."""


class TinyEvent:
    """An event small enough to look at every plan."""

    def __init__(self, event: Event, probabilities: Any) -> None:
        self.event = event
        companies = [one for one in event.participants if one.side == "company"]
        self.among = event.kind == "company to company"
        others = companies if self.among else [one for one in event.participants if one.side == "provider"]
        self.people = companies if self.among else companies + others
        first = 0 if self.among else len(companies)
        self.places = [(i, first + j) for i in range(len(companies)) for j in range(len(others)) if not self.among or i < j]
        self.value = {
            (i, j): self._worth(self.people[i], self.people[j], float(probabilities[i][j - first])) for i, j in self.places
        }
        self.allowed = [pair for pair in self.places if self._may(*(self.people[one] for one in pair))]
        self.served = [
            i
            for i in range(len(companies))
            if event.most_of(companies[i]) and any(self.value[pair] > 0 for pair in self.allowed if i in pair)
        ]

    def plans(self) -> Iterator[Plan]:
        """Every plan that keeps every rule."""
        ids = [one.participant_id for one in self.people]
        musts = {frozenset((wish.of, wish.about)) for wish in self.event.wishes if wish.level == "must"}
        musts |= {frozenset((one.company_id, one.provider_id)) for one in self.event.fixed}
        needed = {frozenset((ids[i], ids[j])): (i, j) for i, j in self.places}
        if any(needed.get(pair) not in self.allowed for pair in musts):
            return
        self._musts = {needed[pair] for pair in musts}
        self._fixed: dict[Pair, set[str]] = {}
        for one in self.event.fixed:
            if one.slot_id is not None:
                self._fixed.setdefault(needed[frozenset((one.company_id, one.provider_id))], set()).add(one.slot_id)
        yield from self._extended({}, 0)

    def _extended(self, plan: Plan, number: int) -> Iterator[Plan]:
        if number == len(self.allowed):
            if self._is_complete(plan):
                yield dict(plan)
            return
        pair = self.allowed[number]
        for slot, told in enumerate(self.event.slots):
            here = [other for other, when in plan.items() if when == slot]
            there = all(not self.people[one].slots or told.slot_id in self.people[one].slots for one in pair)
            is_busy = any(one in other for other in here for one in pair)
            full = self.event.tables is not None and len(here) >= self.event.tables
            loads = all(sum(one in other for other in plan) < self.event.most_of(self.people[one]) for one in pair)
            as_fixed = pair not in self._fixed or self._fixed[pair] == {told.slot_id}
            if there and not is_busy and not full and loads and as_fixed:
                plan[pair] = slot
                yield from self._extended(plan, number + 1)
                del plan[pair]
        if pair not in self._musts:
            yield from self._extended(plan, number + 1)

    def _is_complete(self, plan: Plan) -> bool:
        floor = self.event.policy.floor
        abroad = sum(self.people[i].country != self.people[j].country for i, j in plan)
        return all(
            sum(one in pair for pair in plan) >= self.event.least_of(person) for one, person in enumerate(self.people)
        ) and (floor is None or abroad * floor.of_first >= len(plan) * floor.at_least)

    def total(self, plan: Plan) -> float:
        return sum(self.value[pair] for pair in plan)

    def worst(self, plan: Plan) -> float:
        return min((sum(self.value[pair] for pair in plan if one in pair) for one in self.served), default=0.0)

    def unevenness(self, plan: Plan) -> int:
        """Sum of squares of the providers' loads."""
        return sum(sum(pair[1] == one for pair in plan) ** 2 for one in range(len(self.people)))

    def best(self) -> tuple[float, float] | None:
        """The best service of the worst-served and the greatest total under it (without fairness: 0 and the greatest total)."""
        plans = ((self.worst(plan) if self.event.fair else 0.0, self.total(plan)) for plan in self.plans())
        return max(plans, default=None)

    def is_possible(self) -> bool:
        return next(self.plans(), None) is not None

    def _may(self, one: Participant, other: Participant) -> bool:
        event, pair = self.event, {one.participant_id, other.participant_id}
        said = {wish.level for wish in event.wishes if {wish.of, wish.about} == pair}
        by_hand = any({meeting.company_id, meeting.provider_id} == pair for meeting in event.fixed)
        apart = one.slots and other.slots and not set(one.slots) & set(other.slots)
        return not (
            apart
            or "no" in said
            or any(set(two) == pair for two in event.forbidden)
            or (any(set(two) == pair for two in event.known) and not said and not by_hand)
            or (one.group and one.group == other.group)
            or (one.languages and other.languages and not set(one.languages) & set(other.languages))
            or (event.policy.mode == "require" and one.country == other.country)
        )

    def _worth(self, one: Participant, other: Participant, probability: float) -> float:
        event, pair = self.event, {one.participant_id, other.participant_id}
        bonus = event.policy.beta if event.policy.mode == "favour" and one.country != other.country else 0.0
        bonus += WISH * len({wish.of for wish in event.wishes if {wish.of, wish.about} == pair and wish.level != "no"})
        odds = probability * math.exp(bonus)
        return round(odds / (odds + 1 - probability) * UNITS) / UNITS
