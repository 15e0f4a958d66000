"""The rules of an event, each with a name, so that a conflict can name them; and the same event with some of them only."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from matcher.workshop.event import Event, FixedMeeting, Participant, Wish

RuleKind = Literal[
    "fixed",
    "must",
    "least",
    "every least",
    "tables",
    "most",
    "every most",
    "presence",
    "no",
    "forbidden",
    "require",
    "group",
    "languages",
    "known",
    "floor",
]


@dataclass(frozen=True, order=True)
class Rule:
    """One thing that was asked for, and could be given up."""

    kind: RuleKind
    about: tuple[str, ...] = ()
    """Ids: of one participant, of two, of two and a slot (empty where it is not said); a side for `every`, or a group."""


def rules_of(event: Event) -> list[Rule]:
    """Every rule of the event, once, in a fixed order."""
    found = dict.fromkeys(_every_rule(event))
    return list(found)


def _every_rule(event: Event) -> Iterator[Rule]:
    if event.tables is not None:
        yield Rule("tables")
    if event.policy.floor is not None:
        yield Rule("floor")
    if event.policy.mode == "require":
        yield Rule("require")
    for one in event.participants:
        if event.least_of(one):
            yield _least(one)
        if event.most_of(one) < len(event.slots):
            yield _most(one)
        if one.slots:
            yield Rule("presence", (one.participant_id,))
        if one.languages:
            yield Rule("languages", (one.participant_id,))
        if one.group:
            yield Rule("group", (one.group,))
    for wish in event.wishes:
        if wish.level != "meet":
            yield Rule(wish.level, (wish.of, wish.about))
    yield from (_fixed(one) for one in event.fixed)
    yield from (_pair("known", pair) for pair in event.known)
    yield from (_pair("forbidden", pair) for pair in event.forbidden)


def keeping(event: Event, rules: Collection[Rule]) -> Event:
    """The event with these rules alone: whoever else had one is free of it.

    What must come may still come: a `must` or a fixed meeting that is given up stays a wish to meet. So giving up a rule never
    forbids anything.
    """
    kept = frozenset(rules)
    wishes = [
        wish.model_copy(update={"level": "meet"}) if wish.level == "must" and not _holds(wish, kept) else wish
        for wish in event.wishes
        if wish.level != "no" or _holds(wish, kept)
    ]
    given_up = [one for one in event.fixed if _fixed(one) not in kept]
    wishes += [Wish(of=one.company_id, about=one.provider_id, level="meet") for one in given_up]
    policy: dict[str, Any] = {}
    if Rule("floor") not in kept:
        policy["floor"] = None
    if event.policy.mode == "require" and Rule("require") not in kept:
        policy["mode"] = "neutral"
    return event.model_copy(
        update={
            "tables": event.tables if Rule("tables") in kept else None,
            "policy": event.policy.model_copy(update=policy),
            "participants": tuple(_participant(event, one, kept) for one in event.participants),
            "wishes": tuple(wishes),
            "fixed": tuple(one for one in event.fixed if _fixed(one) in kept),
            "known": tuple(pair for pair in event.known if _pair("known", pair) in kept),
            "forbidden": tuple(pair for pair in event.forbidden if _pair("forbidden", pair) in kept),
        }
    )


def without(event: Event, rules: Collection[Rule]) -> Event:
    """The event with all its rules but these."""
    given_up = frozenset(rules)
    return keeping(event, [rule for rule in rules_of(event) if rule not in given_up])


def _participant(event: Event, one: Participant, kept: frozenset[Rule]) -> Participant:
    changed: dict[str, Any] = {
        "least": event.least_of(one) if _least(one) in kept else 0,
        "most": event.most_of(one) if _most(one) in kept else len(event.slots),
    }
    if one.slots and Rule("presence", (one.participant_id,)) not in kept:
        changed["slots"] = ()
    if one.languages and Rule("languages", (one.participant_id,)) not in kept:
        changed["languages"] = ()
    if one.group and Rule("group", (one.group,)) not in kept:
        changed["group"] = ""
    return one.model_copy(update=changed)


def _holds(wish: Wish, kept: frozenset[Rule]) -> bool:
    return wish.level != "meet" and Rule(wish.level, (wish.of, wish.about)) in kept


def _least(one: Participant) -> Rule:
    return Rule("every least", (one.side,)) if one.least is None else Rule("least", (one.participant_id,))


def _most(one: Participant) -> Rule:
    return Rule("every most", (one.side,)) if one.most is None else Rule("most", (one.participant_id,))


def _fixed(one: FixedMeeting) -> Rule:
    return Rule("fixed", (one.company_id, one.provider_id, one.slot_id or ""))


def _pair(kind: Literal["known", "forbidden"], pair: tuple[str, str]) -> Rule:
    return Rule(kind, (min(pair), max(pair)))
