from __future__ import annotations

import pytest

from matcher.contacts import Contact, contacts_of
from tests.unit.matcher.histories import Told, history
from tests.unit.matcher.steps import step

INTRODUCED: tuple[Told, ...] = ("introduced", "accepted")


def words(*told: Told) -> str | None:
    """What is told of one match; `None` where the two do not know each other."""
    contacts = contacts_of([history(1, *told)])
    return contacts[0].words if contacts else None


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ((*INTRODUCED, ("met", "2026-05-03")), "met before (2026-05-03): cooperation possible"),
        (
            (*INTRODUCED, ("met", "2026-05-03"), ("outcome", "2026-11-03", {"result": "agreement reached"})),
            "agreement reached (2026-11-03)",
        ),
        ((*INTRODUCED, ("met", "2026-05-03"), ("outcome", "2026-11-03")), "met before (2026-05-03): cooperation possible"),
        ((*INTRODUCED, ("incentive granted", "2026-06-01")), "incentive granted (2026-06-01)"),
        (
            (*INTRODUCED, ("incentive granted", "2026-06-01"), ("outcome", "2026-11-03", {"result": "negotiating"})),
            "outcome (2026-11-03): negotiating",
        ),
        (
            ("introduced", ("declined", "2026-03-01", {"reason": "already in contact"})),
            "already in contact (told 2026-03-01)",
        ),
        (
            (*INTRODUCED, ("met", "2026-05-03"), ("declined", "2026-06-01", {"reason": "already in contact"})),
            "met before (2026-05-03): cooperation possible",
        ),
    ],
)
def test_who_met_or_went_further_is_known(told: tuple[Told, ...], expected: str) -> None:
    assert words(*told) == expected


@pytest.mark.parametrize(
    "told",
    [
        (),
        ("introduced",),
        INTRODUCED,
        ("introduced", "declined"),
        (*INTRODUCED, ("met", "2026-05-03", {"rating": "did not take place"})),
        (
            *INTRODUCED,
            ("met", "2026-05-03", {"rating": "did not take place"}),
            ("outcome", "2026-06-01", {"result": "no contact"}),
        ),
    ],
)
def test_who_never_met_is_not_known(told: tuple[Told, ...]) -> None:
    assert words(*told) is None


def test_the_latest_meeting_is_told_whatever_the_order_of_recording() -> None:
    first = ("met", "2026-06-10", {"rating": "informative, no cooperation"})
    assert words(*INTRODUCED, first, ("met", "2026-05-03")) == "met before (2026-06-10): informative, no cooperation"


def test_a_meeting_without_a_rating_is_one() -> None:
    assert words("introduced", ("met", "2026-05-03", {"rating": None})) == "met before (2026-05-03)"


def test_the_day_of_recording_stands_where_no_other_is_told() -> None:
    known = history(1).model_copy(update={"steps": (step("met", 4),)})
    assert contacts_of([known]) == (Contact(provider_id="bruno", words="met before (2026-03-13)"),)


def test_only_what_is_in_force_counts() -> None:
    known = history(1, *INTRODUCED, ("met", "2026-05-03"))
    meeting = known.steps[-1]
    other_day = meeting.model_copy(update={"step_id": 900, "corrects": meeting.step_id, "rating": "did not take place"})
    withdrawn = step("withdrawn", 901, corrects=meeting.step_id)
    for correction in (other_day, withdrawn):
        assert contacts_of([known.model_copy(update={"steps": (*known.steps, correction)})]) == ()


def test_each_provider_is_told_once_over_all_needs_in_order_of_id() -> None:
    histories = [
        history(1, *INTRODUCED, ("met", "2026-05-03"), provider="carla"),
        history(2, *INTRODUCED, ("met", "2026-04-01"), provider="bruno"),
        history(3, *INTRODUCED, ("met", "2026-07-01", {"rating": "insufficient interest"}), provider="carla"),
        history(4, "introduced", provider="dion"),
        history(5, "introduced", ("declined", "2026-03-01", {"reason": "already in contact"}), provider="bruno"),
    ]
    expected = (
        Contact(provider_id="bruno", words="met before (2026-04-01): cooperation possible"),
        Contact(provider_id="carla", words="met before (2026-07-01): insufficient interest"),
    )
    assert contacts_of(histories) == contacts_of(reversed(histories)) == expected


def test_nothing_on_record_is_nobody_known() -> None:
    assert contacts_of([]) == ()
