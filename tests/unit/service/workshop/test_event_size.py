from __future__ import annotations

from typing import Any

import pytest

from embeddings.errors import Refusal
from matcher.workshop.event import Event
from service.workshop.size import MOST_CHARACTERS, MOST_PAIRS, check_size
from tests.unit.service.workshop.planned_events import SLOTS, person


def event(companies: int, providers: int, **more: Any) -> Event:
    people = [person(f"c{number}", "company", f"C {number}", "NL", **more) for number in range(companies)]
    people += [person(f"p{number}", "provider", f"P {number}", "DE") for number in range(providers)]
    kind = "partnering workshop" if providers else "company to company"
    return Event.model_validate({"name": "Day", "kind": kind, "slots": SLOTS, "participants": people})


@pytest.mark.parametrize(("companies", "providers"), [(200, 200), (399, 1), (1, 399), (283, 0)])
def test_what_one_waits_for_is_taken(companies: int, providers: int) -> None:
    check_size(event(companies, providers))


@pytest.mark.parametrize(("companies", "providers"), [(201, 200), (400, 1)])
def test_too_many_participants_are_refused(companies: int, providers: int) -> None:
    with pytest.raises(Refusal, match=r"at most 400 participants here.*crossmatch workshop plan"):
        check_size(event(companies, providers))


def test_too_many_pairs_of_companies_are_refused() -> None:
    with pytest.raises(Refusal, match=rf"at most {MOST_PAIRS:,} pairs that could meet here\. Got 40,186 \(284 companies\)"):
        check_size(event(284, 0))


def test_needs_that_take_too_long_to_judge_are_refused() -> None:
    need = {"text": "Lungs " + "x" * 9_000, "country": "NL"}
    check_size(event(MOST_CHARACTERS // 9_006, 1, need=need))
    with pytest.raises(Refusal, match="at most 200,000 characters together here"):
        check_size(event(MOST_CHARACTERS // 9_006 + 1, 1, need=need))
