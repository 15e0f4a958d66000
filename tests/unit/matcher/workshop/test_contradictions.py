from __future__ import annotations

import pytest

from embeddings.errors import Refusal
from matcher.errors import PlanImpossible
from matcher.workshop.event import Event
from matcher.workshop.pairing import Pairing
from matcher.workshop.rules import Rule
from tests.unit.matcher.workshop.small_events import chances, event, fixed, people, person, wish

MUST = Rule("must", ("c1", "p1"))


@pytest.mark.parametrize(
    ("told", "rules"),
    [
        ({"forbidden": [("p1", "c1")]}, {MUST, Rule("forbidden", ("c1", "p1"))}),
        ({"wishes": [wish("c1", "p1", "must"), wish("p1", "c1", "no")]}, {MUST, Rule("no", ("p1", "c1"))}),
        ({"policy": {"mode": "require"}}, {MUST, Rule("require")}),
        ({"participants": [person("c1", group="a"), person("p1", group="a")]}, {MUST, Rule("group", ("a",))}),
        (
            {"participants": [person("c1", languages=["fr"]), person("p1", languages=["en"])]},
            {MUST, Rule("languages", ("c1",)), Rule("languages", ("p1",))},
        ),
        (
            {"participants": [person("c1", slots=["s1"]), person("p1", slots=["s2"])]},
            {MUST, Rule("presence", ("c1",)), Rule("presence", ("p1",))},
        ),
    ],
)
def test_a_must_that_cannot_be_is_told_with_what_is_against_it(told: dict[str, object], rules: set[Rule]) -> None:
    made = Event.model_validate({**event(people(1, 1), wishes=[wish("c1", "p1", "must")]).model_dump(), **told})
    with pytest.raises(PlanImpossible) as refused:
        Pairing.of(made, chances(made))
    assert set(refused.value.rules) == rules


def refusal_of(made: Event) -> PlanImpossible:
    with pytest.raises(PlanImpossible) as refused:
        Pairing.of(made, chances(made))
    return refused.value


def test_two_fixed_meetings_of_one_person_in_one_slot_contradict_each_other() -> None:
    refusal = refusal_of(event(people(1, 2), fixed=[fixed("c1", "p1", "s2"), fixed("c1", "p2", "s2")]))
    assert refusal.rules == (Rule("fixed", ("c1", "p1", "s2")), Rule("fixed", ("c1", "p2", "s2")))
    assert "company C1 (c1) meets 2 others, which is fixed: provider P1 (p1) in slot s2, provider P2 (p2) in slot s2" in str(
        refusal
    )


def test_one_meeting_fixed_in_two_slots_contradicts_itself() -> None:
    refusal = refusal_of(event(people(1, 1), fixed=[fixed("c1", "p1", "s2"), fixed("c1", "p1", "s3")]))
    assert set(refusal.rules) == {Rule("fixed", ("c1", "p1", "s2")), Rule("fixed", ("c1", "p1", "s3"))}


def test_a_meeting_fixed_while_somebody_is_away_is_told() -> None:
    refusal = refusal_of(event(people(1, 1, p1={"slots": ["s1"]}), fixed=[fixed("c1", "p1", "s2")]))
    assert set(refusal.rules) == {Rule("fixed", ("c1", "p1", "s2")), Rule("presence", ("p1",))}
    assert "provider P1 (p1) is there in 1 of 4 slots only (s1)" in str(refusal)


def test_more_meetings_fixed_in_a_slot_than_there_are_tables_are_told() -> None:
    fixed_ones = [fixed(f"c{number}", f"p{number}", "s1") for number in (1, 2, 3)]
    refusal = refusal_of(event(people(3, 3), tables=2, fixed=fixed_ones))
    assert {rule.kind for rule in refusal.rules} == {"tables", "fixed"}
    assert len(refusal.rules) == 4


def test_of_several_contradictions_the_smallest_is_told() -> None:
    made = event(
        people(2, 2, c1={"slots": ["s1"]}, p1={"slots": ["s2"]}),
        wishes=[wish("c1", "p1", "must"), wish("c2", "p2", "must")],
        forbidden=[("c2", "p2")],
    )
    assert refusal_of(made).rules == (Rule("must", ("c2", "p2")), Rule("forbidden", ("c2", "p2")))


def test_the_same_meeting_fixed_twice_is_no_contradiction() -> None:
    made = event(people(1, 1), fixed=[fixed("c1", "p1", "s2"), fixed("c1", "p1", "s2"), fixed("c1", "p1")])
    assert Pairing.of(made, chances(made)).fixed == {(0, 0): 1}


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ({"wishes": [wish("c1", "c2", "must")]}, "wish of c1 and c2 must be of a company and a provider. Got two of one side."),
        ({"wishes": [wish("p1", "p1", "must")]}, "must be of a company and a provider. Got one participant twice."),
        ({"fixed": [fixed("p1", "p2", "s1")]}, "fixed meeting of p1 and p2 must be of a company and a provider"),
    ],
)
def test_a_must_of_two_who_never_meet_in_such_an_event_is_refused(told: dict[str, object], message: str) -> None:
    made = event(people(2, 2), **told)
    with pytest.raises(Refusal) as refused:
        Pairing.of(made, chances(made))
    assert message in str(refused.value)


def test_no_company_meets_itself() -> None:
    made = event(["c1", "c2"], kind="company to company", wishes=[wish("c1", "c1", "must")])
    with pytest.raises(Refusal, match=r"must be of two companies\. Got one participant twice\."):
        Pairing.of(made, chances(made))
