"""Rules that contradict each other at sight, without any planning."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from embeddings.errors import Refusal
from matcher.workshop.bars import Bar, Barred, Mask
from matcher.workshop.conflict_words import impossible
from matcher.workshop.event import Event, Participant
from matcher.workshop.places import PlaceFinder
from matcher.workshop.rules import Rule


def check_contradictions(
    event: Event, people: Sequence[Participant], barred: Barred, place_of: PlaceFinder, present: Mask
) -> None:
    """Refuse what no plan can do, for one pair or one slot alone.

    Args:
        event: with the rules.
        people: in the order of `present`.
        barred: `(rows, columns)` flags of who may not meet.
        place_of: row and column of two ids.
        present: `(people, slots)`.

    Raises:
        PlanImpossible: the smallest of those contradictions, by name.
        Refusal: a meeting of two that never meet in this kind of event.
    """
    _check_sides(event, place_of)
    found = min(_contradictions(event, people, barred, place_of, present), key=len, default=None)
    if found is not None:
        raise impossible(event, found)


def wanted_meetings(event: Event) -> list[tuple[str, str, Rule]]:
    """Every pair that must meet, with the rule that says so."""
    fixed = [(one.company_id, one.provider_id, one.slot_id or "") for one in event.fixed]
    return [
        *((about[0], about[1], Rule("fixed", about)) for about in fixed),
        *((one.of, one.about, Rule("must", (one.of, one.about))) for one in event.wishes if one.level == "must"),
    ]


def _check_sides(event: Event, place_of: PlaceFinder) -> None:
    for one, other, rule in wanted_meetings(event):
        if place_of(one, other) is None:
            place = f"{'fixed meeting' if rule.kind == 'fixed' else 'wish'} of {one} and {other}"
            required = "be of two companies" if event.kind == "company to company" else "be of a company and a provider"
            found = "one participant twice" if one == other else "two of one side"
            raise Refusal(place, required, found, "Correct the ids, or take it out.")


def _contradictions(
    event: Event, people: Sequence[Participant], barred: Barred, place_of: PlaceFinder, present: Mask
) -> Iterator[list[Rule]]:
    slot_number = {slot.slot_id: number for number, slot in enumerate(event.slots)}
    number = {one.participant_id: line for line, one in enumerate(people)}
    slot_of: dict[tuple[int, int], Rule] = {}
    in_slot: dict[tuple[str, str], Rule] = {}
    at_once: dict[str, list[Rule]] = defaultdict(list)
    for one, other, rule in wanted_meetings(event):
        place = place_of(one, other)
        assert place is not None
        for bar in Bar:
            if barred[place] & bar:
                yield [rule, *_behind(event, bar, one, other)]
        slot = rule.about[2] if rule.kind == "fixed" else ""
        if not slot:
            continue
        for person in (one, other):
            if not present[number[person], slot_number[slot]]:
                yield [rule, Rule("presence", (person,))]
            taken = in_slot.setdefault((person, slot), rule)
            if {*taken.about} != {*rule.about}:
                yield [taken, rule]
        elsewhere = slot_of.setdefault(place, rule)
        if elsewhere.about[2] != slot:
            yield [elsewhere, rule]
        at_once[slot].append(rule)
    if event.tables is not None:
        for rules in at_once.values():
            different = list({frozenset(rule.about): rule for rule in rules}.values())
            if len(different) > event.tables:
                yield [Rule("tables"), *different[: event.tables + 1]]


def _behind(event: Event, bar: Bar, one: str, other: str) -> list[Rule]:
    """The rules of the event that keep the two apart."""
    pair = (min(one, other), max(one, other))
    if bar is Bar.SAID_NO:
        no = next(wish for wish in event.wishes if wish.level == "no" and {wish.of, wish.about} == {one, other})
        return [Rule("no", (no.of, no.about))]
    if bar is Bar.GROUP:
        group = next(person.group for person in event.participants if person.participant_id == one)
        return [Rule("group", (group,))]
    if bar is Bar.LANGUAGE:
        return [Rule("languages", (one,)), Rule("languages", (other,))]
    if bar is Bar.APART:
        return [Rule("presence", (one,)), Rule("presence", (other,))]
    if bar is Bar.DOMESTIC:
        return [Rule("require")]
    assert bar is Bar.FORBIDDEN, bar
    return [Rule("forbidden", pair)]
