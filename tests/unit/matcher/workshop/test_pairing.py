from __future__ import annotations

import math

import numpy as np
import pytest

from embeddings.errors import Refusal
from matcher.grid import GRID
from matcher.records import BorderPolicy
from matcher.workshop.bars import Bar
from matcher.workshop.event import Event
from matcher.workshop.pairing import Pairing
from matcher.workshop.worth import UNITS, WISH
from tests.unit.matcher.workshop.small_events import chances, event, fixed, people, person, wish


def pairing_of(made: Event) -> Pairing:
    return Pairing.of(made, chances(made))


def odds(value: float) -> float:
    return value / (1 - value)


def test_the_border_policy_and_wishes_act_on_the_odds() -> None:
    made = event(
        [person("c1"), person("c2"), person("p1", "DE"), person("p2")],
        policy=BorderPolicy(beta=0.7),
        wishes=[wish("c1", "p1"), wish("p1", "c1", "must"), wish("c2", "p2")],
    )
    found = Pairing.of(made, np.full((2, 2), 0.2))
    bonus = np.array([[0.7 + 2 * WISH, 0.0], [0.7, WISH]])
    assert odds(found.value[0, 0]) == pytest.approx(0.25 * math.exp(bonus[0, 0]), rel=1e-4)
    assert odds(found.value[0, 1]) == pytest.approx(0.25, rel=1e-4)
    assert odds(found.value[1, 0]) == pytest.approx(0.25 * math.exp(bonus[1, 0]), rel=1e-4)
    assert odds(found.value[1, 1]) == pytest.approx(0.25 * math.exp(bonus[1, 1]), rel=1e-4)


def test_a_wish_said_twice_counts_once() -> None:
    made = event(people(1, 1), wishes=[wish("c1", "p1"), wish("c1", "p1", "must")])
    assert odds(Pairing.of(made, np.array([[0.5]])).value[0, 0]) == pytest.approx(math.exp(WISH), rel=1e-4)


@pytest.mark.parametrize("mode", ["neutral", "require"])
def test_only_favour_changes_what_a_meeting_abroad_is_worth(mode: str) -> None:
    made = event([person("c1"), person("p1", "DE")], policy={"mode": mode, "beta": 2.0})
    assert Pairing.of(made, np.array([[0.25]])).value[0, 0] == 0.25


def test_values_lie_on_a_grid_so_that_sums_are_exact() -> None:
    found = pairing_of(event(people(5, 7)))
    assert found.value.dtype == np.float32
    assert (found.value.astype(np.float64) / GRID % 1 == 0).all()
    rows, columns = np.indices(found.value.shape).reshape(2, -1)
    assert found.units(rows, columns).sum() / UNITS == found.value.astype(np.float64).sum()


def test_what_is_certain_stays_so() -> None:
    found = Pairing.of(event(people(1, 2)), np.array([[0.0, 1.0]]))
    assert found.value.tolist() == [[0.0, 1.0]]


@pytest.mark.parametrize(
    ("told", "bar"),
    [
        ({"wishes": [wish("c1", "p1", "no")]}, Bar.SAID_NO),
        ({"wishes": [wish("p1", "c1", "no"), wish("c1", "p1")]}, Bar.SAID_NO),
        ({"known": [("p1", "c1")]}, Bar.KNOWN),
        ({"forbidden": [("c1", "p1")]}, Bar.FORBIDDEN),
        ({"policy": {"mode": "require"}}, Bar.DOMESTIC),
        ({"participants": [person("c1", group="one"), person("p1", group="one")]}, Bar.GROUP),
        ({"participants": [person("c1", languages=["fr"]), person("p1", languages=["de", "en"])]}, Bar.LANGUAGE),
        ({"participants": [person("c1", slots=["s1"]), person("p1", slots=["s2"])]}, Bar.APART),
    ],
)
def test_each_reason_keeps_a_pair_apart(told: dict[str, object], bar: Bar) -> None:
    made = Event.model_validate({**event(people(1, 1)).model_dump(), **told})
    found = pairing_of(made)
    assert found.barred[0, 0] == bar
    assert not found.allowed[0, 0]
    assert found.reasons("p1", "c1") == (bar.reason,)


@pytest.mark.parametrize(
    "told",
    [
        {"known": [("c1", "p1")], "wishes": [wish("p1", "c1")]},
        {"known": [("c1", "p1")], "wishes": [wish("c1", "p1", "must")]},
        {"known": [("c1", "p1")], "fixed": [fixed("c1", "p1")]},
        {"participants": [person("c1", languages=["fr"]), person("p1")]},
        {"participants": [person("c1", group="one"), person("p1", group="two")]},
        {"participants": [person("c1", languages=["fr", "en"]), person("p1", languages=["en"])]},
    ],
)
def test_who_has_no_reason_against_it_may_meet(told: dict[str, object]) -> None:
    made = Event.model_validate({**event(people(1, 1)).model_dump(), **told})
    assert pairing_of(made).allowed.all()
    assert pairing_of(made).reasons("c1", "p1") == ()


def test_companies_among_themselves_stand_above_the_diagonal() -> None:
    found = pairing_of(event(["c1", "c2", "c3"], kind="company to company"))
    assert found.among
    assert found.allowed.tolist() == np.triu(np.ones((3, 3), bool), 1).tolist()
    assert found.place_of("c3", "c1") == (0, 2)
    assert found.place_of("c2", "c2") is None


def test_ids_become_places_in_whatever_order() -> None:
    found = pairing_of(event(["p1", "c1", "p2"]))
    assert [one.participant_id for one in found.people] == ["c1", "p1", "p2"]
    assert found.place_of("p2", "c1") == found.place_of("c1", "p2") == (0, 1)
    assert found.place_of("p1", "p2") is None
    with pytest.raises(Refusal, match="one of the event's"):
        found.place_of("c1", "p9")


def test_loads_are_those_of_the_participant_or_else_of_the_event() -> None:
    made = event(
        people(2, 3, c1={"most": 2}, p1={"least": 1}, p2={"least": 0, "slots": ["s1"]}),
        loads={"company_least": 3, "company_most": 4, "provider_least": 1, "provider_most": 9},
    )
    found = pairing_of(made)
    assert found.least.tolist() == [2, 3, 1, 0, 1]
    # No more than there are partners, and slots that one is there.
    assert found.most.tolist() == [2, 3, 2, 1, 2]


def test_must_meetings_and_fixed_ones_are_places_that_come() -> None:
    made = event(people(2, 2), wishes=[wish("p2", "c1", "must")], fixed=[fixed("c2", "p1", "s3"), fixed("c2", "p2")])
    found = pairing_of(made)
    assert found.must.tolist() == [[0, 1], [1, 0], [1, 1]]
    assert found.fixed == {(1, 0): 2, (1, 1): None}


def test_slots_with_the_same_people_are_one_span_except_where_something_is_fixed() -> None:
    made = event(people(2, 2, c1={"slots": ["s1", "s2", "s3"]}), slot_count=5, fixed=[fixed("c2", "p1", "s2")])
    assert pairing_of(made).spans.slots == ((0, 2), (1,), (3, 4))


def test_there_are_never_more_tables_than_meetings_at_a_time() -> None:
    assert pairing_of(event(people(2, 5), tables=7)).tables == 2
    assert pairing_of(event(["c1", "c2", "c3"], kind="company to company")).tables == 1
    assert pairing_of(event(people(4, 5), tables=3)).tables == 3


def test_wishes_between_those_of_one_side_are_passed_over() -> None:
    made = event(people(2, 2), wishes=[wish("c1", "c2"), wish("p1", "p2", "no")], known=[("c1", "c2"), ("c1", "p1")])
    assert pairing_of(made).passed_over == 3


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (np.full((2, 3), 0.5), "must be of shape (2, 2), companies by providers"),
        (np.array([[0.5, 1.5], [0.5, 0.5]]), "must be between 0 and 1"),
        (np.array([[0.5, -0.1], [0.5, 0.5]]), "must be between 0 and 1"),
        (np.array([[0.5, np.nan], [0.5, 0.5]]), "must be between 0 and 1"),
    ],
)
def test_probabilities_that_are_none_are_refused(given: np.ndarray, message: str) -> None:
    with pytest.raises(Refusal) as refused:
        Pairing.of(event(people(2, 2)), given)
    assert message in str(refused.value)


def test_among_companies_probabilities_are_symmetric() -> None:
    with pytest.raises(Refusal, match="symmetric"):
        Pairing.of(event(["c1", "c2"], kind="company to company"), np.array([[0, 0.5], [0.4, 0]]))
