from __future__ import annotations

from pathlib import Path

import pytest

from matcher.lifecycle import NewStep
from service.record.sql_log import SqlMatchLog
from service.workshop.outcomes import record_outcomes
from tests.unit.service.workshop.filled_forms import (
    another_list,
    form,
    imported,
    past_event,
    planned_steps,
    problems_of_form,
    with_lists,
)
from tests.unit.service.workshop.planned_events import slot

FILLED = (
    "lungs,bruno,accepted,,cooperation possible,,",
    "lungs,carla,declined,no capacity,,,",
    "vials,carla,accepted,,,,",
)


def test_answers_and_ratings_become_steps_with_what_comes_before_them(tmp_path: Path, log: SqlMatchLog) -> None:
    assert imported(form(tmp_path, *FILLED), with_lists(log)) == [
        "1: introduced on 2026-03-12",
        "1: accepted on 2026-03-12",
        "1: met: cooperation possible on 2026-03-12",
        "2: introduced on 2026-03-12",
        "2: declined: no capacity on 2026-03-12",
        "3: introduced on 2026-03-12",
        "3: accepted on 2026-03-12",
    ]
    assert {step.recorded_by for step in log.steps()} == {"an organiser"}


def test_the_same_file_twice_is_on_record_once(tmp_path: Path, log: SqlMatchLog) -> None:
    imported(form(tmp_path, *FILLED), with_lists(log))
    before = log.verify()
    assert imported(form(tmp_path, *FILLED), log) == []
    assert planned_steps(form(tmp_path, *FILLED), log).unchanged == 3
    assert log.verify() == before


def test_two_imports_at_a_time_record_each_step_once(tmp_path: Path, log: SqlMatchLog) -> None:
    file = form(tmp_path, *FILLED)
    one, other = planned_steps(file, with_lists(log)), planned_steps(file, log)
    first = record_outcomes(one, log, "an organiser")
    assert record_outcomes(other, log, "an organiser") == first
    assert len(list(log.steps())) == 7


def test_an_import_cut_off_half_way_is_completed_by_the_next(tmp_path: Path, log: SqlMatchLog) -> None:
    file = form(tmp_path, *FILLED)
    planned = planned_steps(file, with_lists(log))
    for new, once in list(zip(planned.steps, planned.onces, strict=True))[:4]:
        log.record_step(new, "an organiser", once)
    assert imported(file, log) == [
        "2: declined: no capacity on 2026-03-12",
        "3: introduced on 2026-03-12",
        "3: accepted on 2026-03-12",
    ]


def test_only_what_is_missing_is_recorded(tmp_path: Path, log: SqlMatchLog) -> None:
    with_lists(log)
    for kind in ("introduced", "accepted"):
        log.record_step(NewStep.model_validate({"match_id": 1, "kind": kind, "happened_on": "2026-03-05"}), "an advisor")
    assert imported(form(tmp_path, FILLED[0]), log) == ["1: met: cooperation possible on 2026-03-12"]


def test_another_rating_or_reason_is_a_correction(tmp_path: Path, log: SqlMatchLog) -> None:
    imported(form(tmp_path, *FILLED), with_lists(log))
    again = ("lungs,bruno,accepted,,insufficient interest,,", "lungs,carla,declined,terms,,,")
    assert imported(form(tmp_path, *again), log) == [
        "1: met: insufficient interest on 2026-03-12",
        "2: declined: terms on 2026-03-12",
    ]
    assert [(step.kind, step.corrects) for step in log.steps()][-2:] == [("met", 6), ("declined", 8)]
    assert imported(form(tmp_path, *again), log) == []


def test_another_answer_is_a_correction_too(tmp_path: Path, log: SqlMatchLog) -> None:
    imported(form(tmp_path, FILLED[1]), with_lists(log))
    assert imported(form(tmp_path, "lungs,carla,accepted,,cooperation possible,,"), log) == [
        "2: accepted on 2026-03-12",
        "2: met: cooperation possible on 2026-03-12",
    ]
    assert [(step.kind, step.corrects is not None) for step in log.history(2).steps][2:] == [("accepted", True), ("met", False)]


def test_who_declined_before_is_introduced_again(tmp_path: Path, log: SqlMatchLog) -> None:
    with_lists(log)
    for values in ({"kind": "introduced"}, {"kind": "declined", "reason": "too early"}):
        told = {"match_id": 1, "happened_on": "2026-03-03", **values}
        log.record_step(NewStep.model_validate(told), "an advisor")
    assert imported(form(tmp_path, FILLED[0]), log) == [
        "1: introduced on 2026-03-12",
        "1: accepted on 2026-03-12",
        "1: met: cooperation possible on 2026-03-12",
    ]


def test_who_steps_back_after_accepting_declines(tmp_path: Path, log: SqlMatchLog) -> None:
    imported(form(tmp_path, FILLED[2]), with_lists(log))
    assert imported(form(tmp_path, "vials,carla,declined,conflict,,,"), log) == ["3: declined: conflict on 2026-03-12"]


def test_the_newest_match_before_the_event_is_the_one_unless_an_older_one_is_open(tmp_path: Path, log: SqlMatchLog) -> None:
    with_lists(log)
    another_list(log, "newer", "2026-03-08")
    another_list(log, "later", "2026-04-08")
    assert planned_steps(form(tmp_path, FILLED[0]), log).steps[0].match_id == 4
    log.record_step(NewStep(match_id=1, kind="introduced"), "an advisor")
    assert planned_steps(form(tmp_path, FILLED[0]), log).steps[0].match_id == 1


def test_a_match_may_be_named(tmp_path: Path, log: SqlMatchLog) -> None:
    with_lists(log)
    another_list(log, "newer", "2026-03-08")
    assert planned_steps(form(tmp_path, f"{FILLED[0]}1"), log).steps[0].match_id == 1
    (unknown,) = problems_of_form(form(tmp_path, f"{FILLED[0]}99"), log)
    assert (unknown.column, unknown.required) == ("match_id", "be in the match log")
    (others,) = problems_of_form(form(tmp_path, f"{FILLED[0]}2"), log)
    assert (others.column, others.required) == ("match_id", "be the match of the row's two")


def test_rows_without_a_match_on_record_are_left_out_and_told(tmp_path: Path, log: SqlMatchLog) -> None:
    people = [
        one.model_copy(update={"provider_id": ""}) if one.participant_id == "carla" else one
        for one in past_event().participants
    ]
    told = past_event(participants=people)
    file = form(tmp_path, *FILLED[1:], "vials,bruno,accepted,,,,", FILLED[0])
    found = planned_steps(file, with_lists(log), told)
    assert found.left_out == [
        "line 2, Lungs BV and Carla Plant: the provider has no provider_id, so no match can be on record",
        "line 3, Vials SA and Carla Plant: the provider has no provider_id, so no match can be on record",
        "line 4, Vials SA and Bruno Institute: no match of the two was on record by 2026-03-12",
    ]
    assert {step.match_id for step in found.steps} == {1}


def test_what_cannot_go_on_record_is_named_and_nothing_is_half_done(tmp_path: Path, log: SqlMatchLog) -> None:
    imported(form(tmp_path, FILLED[0]), with_lists(log))
    outcome = {"match_id": 1, "kind": "outcome", "result": "valuable", "anyway": "no"}
    log.record_step(NewStep.model_validate(outcome), "an advisor")
    rows = (
        "lungs,bruno,declined,terms,,,",
        "lungs,carla,accepted,,,2098-01-01,",
        "vials,carla,accepted,,did not take place,2098-01-01,",
    )
    found = problems_of_form(form(tmp_path, *rows), log)
    assert [(one.line, one.column) for one in found] == [(2, ""), (4, "")]
    assert "may follow 'outcome': outcome, met, incentive granted" in found[0].required
    assert "not have happened (happened_on) after today" in found[1].required


def test_two_rows_of_one_match_are_named(tmp_path: Path, log: SqlMatchLog) -> None:
    people = [*past_event().participants, past_event().participants[2].model_copy(update={"participant_id": "bruno-2"})]
    file = form(tmp_path, FILLED[0], "lungs,bruno-2,declined,terms,,,")
    (found,) = problems_of_form(file, with_lists(log), past_event(participants=people))
    assert (found.line, found.required) == (3, "be another match on record")


def test_answers_before_the_event_happen_when_they_are_recorded(tmp_path: Path, log: SqlMatchLog) -> None:
    coming = past_event(slots=(slot("s01", "09:30", "09:50", "2098-03-12"),))
    file = form(tmp_path, "lungs,bruno,accepted,,,,", "lungs,carla,declined,terms,,,")
    assert [one.split(" on ")[0] for one in imported(file, with_lists(log), coming)] == [
        "1: introduced",
        "1: accepted",
        "2: introduced",
        "2: declined: terms",
    ]
    assert {step.happened_on for step in log.steps()} == {None}
    assert imported(file, log, coming) == []


@pytest.mark.parametrize("company", ["lungs bv", "LUNGS B.V. (Ede)"])
def test_a_company_is_found_under_any_spelling(tmp_path: Path, log: SqlMatchLog, company: str) -> None:
    people = [
        one.model_copy(update={"name": company}) if one.participant_id == "lungs" else one for one in past_event().participants
    ]
    assert planned_steps(form(tmp_path, FILLED[0]), with_lists(log), past_event(participants=people)).steps[0].match_id == 1
