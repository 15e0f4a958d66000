"""What became of the matches: steps through the real log, legal ones and others, and what is told of them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from matcher.errors import LogUnavailable, NotFound, StepRefused
from matcher.lifecycle import REASONS
from service.record import sql_log
from service.record.sql_log import SqlMatchLog
from tests.unit.matcher.steps import RECORDED, new_step
from tests.unit.service.entries import COMPONENTS, entry
from tests.unit.service.full_disk import SmallDisk

LEADING_TO: dict[str, tuple[str, ...]] = {
    "introduced": (),
    "accepted": ("introduced",),
    "declined": ("introduced",),
    "met": ("introduced", "accepted"),
    "incentive granted": ("introduced", "accepted"),
    "outcome": ("introduced", "accepted", "met"),
}
"""Kind of step → the steps that make it legal."""


@pytest.fixture
def filled(any_log: SqlMatchLog) -> SqlMatchLog:
    """Matches 1 to 3."""
    any_log.record(entry("l-1", ("aqua", "NL"), ("bruno", "DE"), ("carla", "BE")), COMPONENTS)
    return any_log


def record_steps(log: SqlMatchLog, match_id: int, *kinds: str) -> list[int]:
    """Record steps of one match; their ids."""
    return [log.record_step(new_step(kind, match_id=match_id), "a test").step_id for kind in kinds]


@pytest.mark.parametrize("kind", RECORDED)
def test_a_step_comes_back_as_it_was_recorded(filled: SqlMatchLog, kind: str) -> None:
    record_steps(filled, 2, *LEADING_TO[kind])
    before = datetime.now(UTC)
    new = new_step(kind, match_id=2, happened_on=date(2026, 3, 2))
    given = filled.record_step(new, "Zoë, an advisor")
    assert given.model_dump(exclude={"step_id", "recorded_at", "recorded_by"}) == new.model_dump()
    assert given.recorded_by == "Zoë, an advisor"
    assert before <= given.recorded_at <= datetime.now(UTC)
    assert given.recorded_at.tzinfo == UTC
    found = list(filled.steps())[-1]
    assert found == given
    assert found.model_dump_json() == given.model_dump_json()
    assert filled.history(2).steps[-1] == given
    assert filled.history(2).state == kind


@pytest.mark.parametrize("reason", REASONS)
def test_every_coded_reason_can_be_given(filled: SqlMatchLog, reason: str) -> None:
    record_steps(filled, 1, "introduced")
    filled.record_step(new_step("declined", reason=reason), "a test")
    assert [one.reason for one in filled.steps()] == [None, reason]


def test_steps_come_in_order_of_recording_and_none_replaces_another(filled: SqlMatchLog) -> None:
    steps = [(3, "introduced"), (1, "introduced"), (3, "accepted"), (3, "met"), (3, "met"), (1, "declined")]
    given = [filled.record_step(new_step(kind, match_id=match_id), "a test") for match_id, kind in steps]
    assert [(one.match_id, one.kind) for one in filled.steps()] == steps
    assert list(filled.steps()) == given
    assert [one.step_id for one in given] == sorted({one.step_id for one in given})
    assert filled.verify().seq == 2 + len(steps)


def test_steps_cross_their_pages_without_loss_or_repetition(filled: SqlMatchLog, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = record_steps(filled, 1, "introduced", "accepted", *["met"] * 5)
    for size in (1, 3, 7, 8):
        monkeypatch.setattr(sql_log, "_ROWS_AT_ONCE", size)
        assert [one.step_id for one in filled.steps()] == ids


def test_a_record_without_steps_has_none(filled: SqlMatchLog) -> None:
    assert list(filled.steps()) == list(filled.histories()) == []
    assert filled.history(1).steps == ()
    assert filled.history(1).state == "proposed"


def test_the_list_stays_as_it_was_given_out(filled: SqlMatchLog) -> None:
    record_steps(filled, 1, "introduced", "accepted", "met")
    assert filled.get("l-1") == entry("l-1", ("aqua", "NL"), ("bruno", "DE"), ("carla", "BE"))


def test_a_step_that_is_not_legal_is_refused_with_what_is_and_leaves_nothing(filled: SqlMatchLog) -> None:
    record_steps(filled, 1, "introduced")
    with pytest.raises(StepRefused, match=r"may follow 'introduced': accepted, declined\. Got 'outcome'"):
        record_steps(filled, 1, "outcome")
    assert [one.kind for one in filled.steps()] == ["introduced"]
    assert filled.verify().seq == 3
    record_steps(filled, 1, "accepted")


@pytest.mark.parametrize("match_id", [4, 2**31, 2**53 - 1])
def test_an_unknown_match_is_not_found_and_named(filled: SqlMatchLog, match_id: int) -> None:
    with pytest.raises(NotFound) as caught:
        record_steps(filled, match_id, "introduced")
    remedy = "crossmatch log export shows each match_id."
    assert str(caught.value) == f"The match must be in the match log. Got {match_id}. {remedy}"
    assert list(filled.steps()) == []


@pytest.mark.parametrize("match_id", [0, -1, 4, 2**31, 2**63 - 1, 2**63, 10**40])
def test_an_unknown_match_has_no_history(filled: SqlMatchLog, match_id: int) -> None:
    with pytest.raises(NotFound, match="must be in the match log"):
        filled.history(match_id)


def test_a_correction_takes_the_place_of_the_step_and_both_stay_on_record(filled: SqlMatchLog) -> None:
    _, accepted, met = record_steps(filled, 1, "introduced", "accepted", "met")
    with pytest.raises(StepRefused, match=r"Got 99, which is not\. In force are: 3 \(introduced\), 4 \(accepted\), 5 \("):
        filled.record_step(new_step("met", corrects=99), "a test")
    better = filled.record_step(new_step("met", rating="insufficient interest", corrects=met), "a test")
    assert better.corrects == met
    with pytest.raises(StepRefused, match="must be in force"):
        filled.record_step(new_step("met", corrects=met), "a test")
    with pytest.raises(StepRefused, match="must leave the steps in order"):
        filled.record_step(new_step("withdrawn", corrects=accepted), "a test")
    filled.record_step(new_step("withdrawn", corrects=better.step_id), "a test")
    assert filled.history(1).state == "accepted"
    assert [one.kind for one in filled.history(1).steps] == ["introduced", "accepted", "met", "met", "withdrawn"]
    filled.verify()


def test_a_step_of_another_match_cannot_be_corrected(filled: SqlMatchLog) -> None:
    [of_another] = record_steps(filled, 2, "introduced")
    record_steps(filled, 1, "introduced")
    with pytest.raises(StepRefused, match=rf"Got {of_another}, which is not"):
        filled.record_step(new_step("withdrawn", corrects=of_another), "a test")


def test_a_full_disk_is_named_and_leaves_no_step(log: SqlMatchLog) -> None:
    log.record(entry("l-1", ("aqua", "NL")), COMPONENTS)
    record_steps(log, 1, "introduced", "accepted")
    disk = SmallDisk(log)
    disk.fill()

    def record_many() -> None:
        for _ in range(10_000):
            log.record_step(new_step("met"), "x" * 200)

    with pytest.raises(LogUnavailable, match=r"must be writable\. Got database or disk is full\."):
        record_many()
    count = len(list(log.steps()))
    disk.free()
    record_steps(log, 1, "met")
    assert len(list(log.steps())) == count + 1
    log.verify()


def test_steps_are_numbered_on_even_after_the_log_was_reopened(filled: SqlMatchLog) -> None:
    [first] = record_steps(filled, 1, "introduced")
    again = SqlMatchLog(filled.database.url)
    given = again.record_step(new_step("accepted"), "another")
    again.close()
    assert given.step_id == first + 1
    assert [one.recorded_by for one in filled.steps()] == ["a test", "another"]
