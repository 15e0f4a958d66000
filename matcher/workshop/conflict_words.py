"""A conflict in words that an organiser can act on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from matcher.errors import PlanImpossible
from matcher.workshop.event import Event
from matcher.workshop.rules import Rule

_MOST_NAMED = 10
_MANY = {"company": "companies", "provider": "providers"}
_OF_PAIRS: dict[str, tuple[str, str]] = {
    "must": ("{0} must meet {1}", "{0} and {count} others must meet: {others}"),
    "fixed": ("{0} meets {1}, which is fixed", "{0} meets {count} others, which is fixed: {others}"),
    "no": ("{0} said no to {1}", "{0} and {count} others do not meet, because one of the two said no: {others}"),
    "known": ("{0} and {1} know each other already", "{0} and {count} others know each other already: {others}"),
    "forbidden": ("{0} and {1} are kept apart by hand", "{0} and {count} others are kept apart by hand: {others}"),
}
"""Kind of rule → of one pair, and of one participant with several others."""


def impossible(event: Event, rules: Sequence[Rule]) -> PlanImpossible:
    """The refusal of an event in which these rules cannot all hold."""
    if not rules:
        found = "rules that cannot all hold, of which no smaller set was found in time"
        return PlanImpossible(f"event {event.name}", "leave room for a plan", found, "Give up some of them.", rules)
    said = in_words(event, rules)
    cannot = "hold" if len(rules) == 1 else "all hold"
    required = f"leave room for a plan, but {len(rules)} of its rules cannot {cannot}"
    remedy = "Give it up." if len(rules) == 1 else "Give up any one of them."
    return PlanImpossible(f"event {event.name}", required, "; ".join(said), remedy, rules, said)


def in_words(event: Event, rules: Sequence[Rule]) -> list[str]:
    """The rules as sentences; those that are alike in one."""
    said: list[str] = []
    for kind in dict.fromkeys(rule.kind for rule in sorted(rules, key=lambda rule: not rule.kind.endswith(("least", "most")))):
        alike = [rule for rule in rules if rule.kind == kind]
        said += _pairs(event, alike) if kind in _OF_PAIRS else _singly(event, alike)
    return said


def _singly(event: Event, rules: Sequence[Rule]) -> list[str]:
    said = [_SAYS[rule.kind](event, rule) for rule in rules[:_MOST_NAMED]]
    more = rules[_MOST_NAMED:]
    return [*said, f"and so with {len(more)} more ({', '.join(rule.about[0] for rule in more)})"] if more else said


def _pairs(event: Event, rules: Sequence[Rule]) -> list[str]:
    """Pairs of one kind of rule, gathered around whoever is in most of them."""
    one, many = _OF_PAIRS[rules[0].kind]
    said: list[str] = []
    left = list(rules)
    while left:
        (hub, count), *_ = Counter(person for rule in left for person in rule.about[:2]).most_common(1)
        around = [rule for rule in left if hub in rule.about[:2]]
        left = [rule for rule in left if rule not in around]
        if count == 1:
            said += [one.format(*(_name(event, person) for person in rule.about[:2])) + _when(rule) for rule in around]
            continue
        others = [
            _name(event, other) + _when(rule)
            for rule in around
            for other in [next((person for person in rule.about[:2] if person != hub), hub)]
        ]
        named = ", ".join(others[:_MOST_NAMED]) + (
            f" and {len(others) - _MOST_NAMED} more" if len(others) > _MOST_NAMED else ""
        )
        said.append(many.format(_name(event, hub), count=len(others), others=named))
    return said


def _when(rule: Rule) -> str:
    return f" in slot {rule.about[2]}" if rule.kind == "fixed" and rule.about[2] else ""


def _name(event: Event, participant_id: str) -> str:
    one = next(one for one in event.participants if one.participant_id == participant_id)
    return f"{one.side} {one.name} ({participant_id})"


def _least(event: Event, rule: Rule) -> str:
    one = next(one for one in event.participants if one.participant_id == rule.about[0])
    return f"{_name(event, rule.about[0])} has at least {_meetings(event.least_of(one))}{_there(event, one.side)}"


def _every_least(event: Event, rule: Rule) -> str:
    (side,) = rule.about
    least = event.loads.company_least if side == "company" else event.loads.provider_least
    those = [one for one in event.participants if one.side == side and one.least is None]
    return f"every {side} ({len(those)} of them) has at least {_meetings(least)}{_there(event, side)}"


def _most(event: Event, rule: Rule) -> str:
    one = next(one for one in event.participants if one.participant_id == rule.about[0])
    return f"{_name(event, rule.about[0])} has at most {_meetings(event.most_of(one))}"


def _every_most(event: Event, rule: Rule) -> str:
    (side,) = rule.about
    most = event.loads.company_most if side == "company" else event.loads.provider_most
    those = [one for one in event.participants if one.side == side and one.most is None]
    return f"every {side} ({len(those)} of them) has at most {_meetings(most)}"


def _presence(event: Event, rule: Rule) -> str:
    one = next(one for one in event.participants if one.participant_id == rule.about[0])
    when = ", ".join(one.slots[:_MOST_NAMED]) + (" …" if len(one.slots) > _MOST_NAMED else "")
    return f"{_name(event, rule.about[0])} is there in {len(one.slots)} of {len(event.slots)} slots only ({when})"


def _languages(event: Event, rule: Rule) -> str:
    one = next(one for one in event.participants if one.participant_id == rule.about[0])
    return f"{_name(event, rule.about[0])} can hold a meeting in {' and '.join(one.languages)} only"


def _tables(event: Event, rule: Rule) -> str:
    tables, slots = event.tables or 0, len(event.slots)
    return f"there are {tables} tables in {slots} slots, which is {_meetings(tables * slots)}"


def _group(event: Event, rule: Rule) -> str:
    return f"those of the group {rule.about[0]} do not meet each other"


def _require(event: Event, rule: Rule) -> str:
    return "the border policy is 'require': meetings within one country do not take place"


def _floor(event: Event, rule: Rule) -> str:
    floor = event.policy.floor
    assert floor is not None
    return f"at least {floor.at_least} of {floor.of_first} meetings cross a border"


def _there(event: Event, side: str) -> str:
    """How many there are to be met, beside which a least can be judged."""
    others = "company" if side == "provider" or event.kind == "company to company" else "provider"
    count = sum(one.side == others for one in event.participants) - (event.kind == "company to company")
    return f" ({count} {_MANY[others] if count != 1 else others} and {len(event.slots)} slots there are)"


def _meetings(count: int) -> str:
    return f"{count} meeting{'' if count == 1 else 's'}"


_SAYS: dict[str, Callable[[Event, Rule], str]] = {
    "least": _least,
    "every least": _every_least,
    "most": _most,
    "every most": _every_most,
    "presence": _presence,
    "languages": _languages,
    "tables": _tables,
    "group": _group,
    "require": _require,
    "floor": _floor,
}
