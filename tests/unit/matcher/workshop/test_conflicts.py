from __future__ import annotations

import pytest

from matcher.workshop.clock import Clock
from matcher.workshop.conflict_words import impossible
from matcher.workshop.conflicts import find_conflict
from matcher.workshop.event import Event
from matcher.workshop.feasibility import is_possible
from matcher.workshop.rules import Rule, keeping
from tests.unit.matcher.workshop.small_events import event, fixed, people, person, wish

COMPANIES = ["c1", "c2", "c3", "c4", "c5"]

CONFLICTS: dict[str, tuple[Event, set[Rule]]] = {
    "too few tables for what every company must have": (
        event(people(5, 5), tables=2, loads={"company_least": 2}),
        {Rule("tables"), Rule("every least", ("company",))},
    ),
    "too few places at the providers": (
        event(people(5, 2), loads={"company_least": 1, "provider_most": 2}),
        {Rule("every most", ("provider",)), Rule("every least", ("company",))},
    ),
    "more musts than somebody wants meetings": (
        event(people(3, 1, p1={"most": 2}), wishes=[wish(f"c{number}", "p1", "must") for number in (1, 2, 3)]),
        {Rule("most", ("p1",)), *(Rule("must", (f"c{number}", "p1")) for number in (1, 2, 3))},
    ),
    "more musts than there are slots": (
        event(people(3, 1), slot_count=2, wishes=[wish(f"c{number}", "p1", "must") for number in (1, 2, 3)]),
        {Rule("must", (f"c{number}", "p1")) for number in (1, 2, 3)},
    ),
    "two musts of one who is there for one slot": (
        event(people(2, 2, p1={"slots": ["s3"]}), wishes=[wish("c1", "p1", "must"), wish("p1", "c2", "must")]),
        {Rule("presence", ("p1",)), Rule("must", ("c1", "p1")), Rule("must", ("p1", "c2"))},
    ),
    "two who both have only one slot for a third": (
        event(
            people(2, 1, c1={"slots": ["s1"]}, c2={"slots": ["s1"]}),
            wishes=[wish("c1", "p1", "must"), wish("c2", "p1", "must")],
        ),
        {
            Rule("presence", ("c1",)),
            Rule("presence", ("c2",)),
            Rule("must", ("c1", "p1")),
            Rule("must", ("c2", "p1")),
        },
    ),
    "too few partners after everybody said no": (
        event(people(1, 4, c1={"least": 2}), wishes=[wish(f"p{number}", "c1", "no") for number in (1, 2, 3)]),
        {Rule("least", ("c1",)), *(Rule("no", (f"p{number}", "c1")) for number in (1, 2, 3))},
    ),
    "too few partners who speak the language": (
        event([person("c1", languages=["fi"], least=2), "p1", person("p2", languages=["en"]), person("p3", languages=["en"])]),
        {Rule("least", ("c1",)), *(Rule("languages", (one,)) for one in ("c1", "p2", "p3"))},
    ),
    "too few partners abroad": (
        event([person("c1", least=2), "p1", "p2", person("p3", "DE")], policy={"mode": "require"}),
        {Rule("least", ("c1",)), Rule("require")},
    ),
    "a least that a group stands in the way of": (
        event([person("c1", group="a", least=2), person("p1", group="a"), "p2"]),
        {Rule("least", ("c1",)), Rule("group", ("a",))},
    ),
    "a least greater than there are providers": (event(people(1, 2, c1={"least": 3})), {Rule("least", ("c1",))}),
    "a least longer than somebody is there": (
        event(people(2, 3, c1={"slots": ["s1"]}), loads={"company_least": 2}),
        {Rule("every least", ("company",)), Rule("presence", ("c1",))},
    ),
    "a fixed meeting while another must be": (
        event(
            people(2, 2, p2={"slots": ["s1"]}),
            fixed=[fixed("c1", "p1", "s1")],
            wishes=[wish("c1", "p2", "must")],
        ),
        {Rule("fixed", ("c1", "p1", "s1")), Rule("presence", ("p2",)), Rule("must", ("c1", "p2"))},
    ),
    "a share across borders that musts at home stand in the way of": (
        event(people(2, 2), policy={"floor": {"at_least": 1, "of_first": 1}}, wishes=[wish("c1", "p1", "must")]),
        {Rule("floor"), Rule("must", ("c1", "p1"))},
    ),
    "three companies that must all meet in two slots": (
        event(
            ["c1", "c2", "c3"],
            slot_count=2,
            kind="company to company",
            wishes=[wish("c1", "c2", "must"), wish("c2", "c3", "must"), wish("c3", "c1", "must")],
        ),
        {Rule("must", ("c1", "c2")), Rule("must", ("c2", "c3")), Rule("must", ("c3", "c1"))},
    ),
}


@pytest.mark.parametrize("name", CONFLICTS)
def test_the_rules_that_conflict_are_named(name: str) -> None:
    made, rules = CONFLICTS[name]
    found = find_conflict(made)
    assert set(found) == rules
    assert len(found) == len(rules)


@pytest.mark.parametrize("name", CONFLICTS)
def test_the_named_rules_alone_conflict_and_without_any_one_they_do_not(name: str) -> None:
    made, rules = CONFLICTS[name]
    assert is_possible(keeping(made, rules), Clock(10)) is False
    for rule in rules:
        assert is_possible(keeping(made, rules - {rule}), Clock(10)) is True


def test_what_does_not_belong_to_the_conflict_is_left_out_however_much_there_is() -> None:
    made = event(
        people(8, 8, c1={"slots": ["s1", "s2"]}, p5={"languages": ["en"]}, c7={"most": 1}),
        tables=6,
        loads={"provider_least": 1},
        wishes=[
            wish("c2", "p3", "must"),
            wish("p6", "c1", "no"),
            *(wish(f"c{number}", "p1", "must") for number in range(1, 6)),
        ],
        known=[("c3", "p3"), ("c4", "p7")],
        fixed=[fixed("c6", "p8", "s2")],
    )
    assert set(find_conflict(made)) == {Rule("must", (f"c{number}", "p1")) for number in range(1, 6)}


def test_an_event_that_can_be_planned_has_no_conflict() -> None:
    assert find_conflict(event(people(3, 3), loads={"company_least": 2, "provider_least": 2})) == ()


def words(made: Event) -> str:
    return str(impossible(made, find_conflict(made)))


def test_an_organiser_is_told_what_to_give_up() -> None:
    made = event(people(6, 1, p1={"most": 4}), slot_count=8, wishes=[wish(f"c{n}", "p1", "must") for n in range(1, 7)])
    assert words(made) == (
        "The event small must leave room for a plan, but 6 of its rules cannot all hold. Got provider P1 (p1) has at most "
        "4 meetings; provider P1 (p1) and 5 others must meet: company C2 (c2), company C3 (c3), company C4 (c4), "
        "company C5 (c5), company C6 (c6). Give up any one of them."
    )


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "too few tables for what every company must have",
            "every company (5 of them) has at least 2 meetings (5 providers and 4 slots there are); "
            "there are 2 tables in 4 slots, which is 8 meetings",
        ),
        ("too few places at the providers", "every provider (2 of them) has at most 2 meetings"),
        (
            "a least greater than there are providers",
            "company C1 (c1) has at least 3 meetings (2 providers and 4 slots there are)",
        ),
        ("too few partners who speak the language", "company C1 (c1) can hold a meeting in fi only"),
        ("too few partners abroad", "the border policy is 'require': meetings within one country do not take place"),
        ("a least that a group stands in the way of", "those of the group a do not meet each other"),
        ("a share across borders that musts at home stand in the way of", "at least 1 of 1 meetings cross a border"),
        ("a fixed meeting while another must be", "company C1 (c1) meets provider P1 (p1), which is fixed in slot s1"),
        (
            "too few partners after everybody said no",
            "company C1 (c1) and 3 others do not meet, because one of the two said no: "
            "provider P1 (p1), provider P2 (p2), provider P3 (p3)",
        ),
    ],
)
def test_every_kind_of_rule_has_words(name: str, said: str) -> None:
    assert said in words(CONFLICTS[name][0])


def test_one_rule_that_nothing_can_meet_is_told_by_itself() -> None:
    told = words(CONFLICTS["a least greater than there are providers"][0])
    assert "but 1 of its rules cannot hold" in told
    assert told.endswith("Give it up.")


def test_where_no_smaller_set_is_known_that_is_said() -> None:
    assert "no smaller set was found in time" in str(impossible(event(people(1, 1)), ()))
