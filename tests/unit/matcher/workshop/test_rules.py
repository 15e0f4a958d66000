from __future__ import annotations

import pytest

from matcher.workshop.event import Event
from matcher.workshop.rules import Rule, keeping, rules_of, without
from tests.unit.matcher.workshop.small_events import event, fixed, people, person, wish


@pytest.fixture
def full() -> Event:
    """An event with a rule of every kind."""
    return event(
        [
            person("c1", group="a", languages=["fr"], slots=["s1", "s2"], least=1, most=2),
            person("c2"),
            person("p1", "DE", group="a"),
            person("p2"),
        ],
        tables=2,
        loads={"company_least": 1, "company_most": 3, "provider_most": 2},
        policy={"mode": "require", "floor": {"at_least": 1, "of_first": 2}},
        wishes=[wish("c2", "p1", "must"), wish("p2", "c2", "no"), wish("c1", "p2")],
        known=[("p1", "c1")],
        fixed=[fixed("c2", "p1", "s3")],
        forbidden=[("c2", "p2")],
    )


RULES = {
    Rule("tables"),
    Rule("floor"),
    Rule("require"),
    Rule("least", ("c1",)),
    Rule("most", ("c1",)),
    Rule("presence", ("c1",)),
    Rule("languages", ("c1",)),
    Rule("group", ("a",)),
    Rule("every least", ("company",)),
    Rule("every most", ("company",)),
    Rule("every most", ("provider",)),
    Rule("must", ("c2", "p1")),
    Rule("no", ("p2", "c2")),
    Rule("known", ("c1", "p1")),
    Rule("fixed", ("c2", "p1", "s3")),
    Rule("forbidden", ("c2", "p2")),
}


def test_every_rule_of_an_event_is_named_once(full: Event) -> None:
    assert set(rules_of(full)) == RULES
    assert len(rules_of(full)) == len(RULES)


def test_an_event_that_asks_for_nothing_has_only_its_most() -> None:
    kinds = {rule.kind for rule in rules_of(event(people(2, 2), slot_count=6))}
    assert kinds == {"every most"}
    assert rules_of(event(people(2, 2), slot_count=2)) == []


def test_keeping_all_rules_keeps_them_all(full: Event) -> None:
    assert set(rules_of(keeping(full, RULES))) == {
        # Told by everybody for itself from then on.
        *(rule for rule in RULES if not rule.kind.startswith("every")),
        Rule("least", ("c2",)),
        Rule("most", ("c2",)),
        Rule("most", ("p1",)),
        Rule("most", ("p2",)),
    }


@pytest.mark.parametrize("rule", sorted(RULES), ids=str)
def test_a_rule_that_is_given_up_is_gone(full: Event, rule: Rule) -> None:
    left = set(rules_of(without(full, [rule])))
    if rule.kind.startswith("every"):
        kind = rule.kind.removeprefix("every ")
        side = {"c2"} if rule.about == ("company",) else {"p1", "p2"}
        assert not {one for one in left if one.kind == kind and set(one.about) <= side}
    else:
        assert rule not in left
        assert {one.kind for one in left} >= {other.kind for other in RULES - {rule} if not other.kind.startswith("every")}


def test_without_rules_everybody_is_free(full: Event) -> None:
    free = keeping(full, [])
    assert free.tables is None
    assert free.policy.floor is None
    assert free.policy.mode == "neutral"
    assert all((one.least, one.most, one.slots, one.languages, one.group) == (0, 4, (), (), "") for one in free.participants)
    assert (free.known, free.fixed, free.forbidden) == ((), (), ())


def test_a_must_that_is_given_up_stays_a_wish_so_that_nothing_is_forbidden_by_it(full: Event) -> None:
    assert {(one.of, one.about, one.level) for one in keeping(full, []).wishes} == {
        ("c2", "p1", "meet"),
        ("c1", "p2", "meet"),
    }
