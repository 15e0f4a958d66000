"""Which rules cannot all hold: a smallest set of them, so that giving up any one resolves the conflict.

Rules are left out as long as the others still conflict: whole kinds first, then halves of halves (Junker, "QuickXplain", 2004).
What conflicts is not guessed: every step asks whether the event with those rules alone can be planned.
"""

from __future__ import annotations

from collections.abc import Sequence

from matcher.workshop.clock import Clock
from matcher.workshop.event import Event
from matcher.workshop.feasibility import is_possible
from matcher.workshop.rules import Rule, RuleKind, keeping, rules_of

_LEFT_OUT_FIRST: tuple[RuleKind, ...] = (
    "floor",
    "known",
    "group",
    "languages",
    "presence",
    "require",
    "no",
    "forbidden",
    "every most",
    "most",
    "tables",
    "every least",
    "least",
    "must",
    "fixed",
)
"""What an organiser can do least about comes first, so that it is named only where nothing else is in the way."""
_QUICK = 0.1
"""Part of the time up to which another conflict is looked for, as it may be smaller."""
_ORDERS = (_LEFT_OUT_FIRST, _LEFT_OUT_FIRST[::-1])


def find_conflict(event: Event, *, seconds: float = 10.0) -> tuple[Rule, ...]:
    """The smallest set of rules found that cannot all hold; empty where none is proven.

    Without any one of them the others can hold. Where time is up first it may have more rules than it would need.

    Args:
        event: with the rules.
        seconds: after which the set found by then is given out.

    Raises:
        Refusal: an event that makes no sense, whatever its rules.
    """
    clock = Clock(seconds)
    if is_possible(event, clock) is not False:
        return ()
    first, second = _ORDERS
    found = _Conflict(event, first, clock).find()
    if clock.spent < _QUICK * seconds:
        found = min(found, _Conflict(event, second, clock).find(), key=len)
    return tuple(sorted(found, key=rules_of(event).index))


class _Conflict:
    """The search for one, in one order."""

    def __init__(self, event: Event, order: Sequence[RuleKind], clock: Clock) -> None:
        self._event, self._order, self._clock = event, order, clock

    def find(self) -> list[Rule]:
        """An irreducible conflict."""
        rules = sorted(rules_of(self._event), key=lambda rule: self._order.index(rule.kind))
        for kind in self._order:
            others = [rule for rule in rules if rule.kind != kind]
            if len(others) < len(rules) and self._clash(others):
                rules = others
        # Rules that come last in the order are looked for first, so that they are what is left.
        return self._smallest([], rules[::-1], is_new=False)

    def _smallest(self, given: list[Rule], rules: list[Rule], *, is_new: bool) -> list[Rule]:
        """The rules that conflict beside those given."""
        if is_new and self._clash(given):
            return []
        if len(rules) == 1 or self._clock.is_up():
            return rules
        half = len(rules) // 2
        first, second = rules[:half], rules[half:]
        of_second = self._smallest([*given, *first], second, is_new=bool(first))
        of_first = self._smallest([*given, *of_second], first, is_new=bool(of_second))
        return [*of_first, *of_second]

    def _clash(self, rules: Sequence[Rule]) -> bool:
        return is_possible(keeping(self._event, rules), self._clock) is False
