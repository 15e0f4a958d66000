from __future__ import annotations

import io
from pathlib import Path

import pytest
from openpyxl import load_workbook

from matcher.errors import OutcomesRefused
from service.workshop.outcome_rows import OutcomeRow, read_outcomes
from service.workshop.workbook import outcome_form
from tests.unit.service.workshop.filled_forms import SLOTS, form, past_event
from tests.unit.service.workshop.planned_events import final_programme, meeting, plan, slot


def rows(folder: Path, *lines: str) -> tuple[OutcomeRow, ...]:
    return read_outcomes(form(folder, *lines), past_event()).rows


def test_rows_say_what_became_of_each_meeting(tmp_path: Path) -> None:
    found = rows(
        tmp_path,
        "lungs,bruno,Accepted,,Cooperation possible,,",
        "lungs,carla,declined,no capacity,,2026-03-10,",
        "vials,carla,,,did not take place,,17",
    )
    assert [(one.company.name, one.provider.name, one.answer, one.reason, one.rating) for one in found] == [
        ("Lungs BV", "Bruno Institute", "accepted", None, "cooperation possible"),
        ("Lungs BV", "Carla Plant", "declined", "no capacity", None),
        ("Vials SA", "Carla Plant", "accepted", None, "did not take place"),
    ]
    assert [str(one.day) for one in found] == ["2026-03-12", "2026-03-10", "2026-03-12"]
    assert [one.match_id for one in found] == [None, None, 17]


def test_the_form_that_is_exported_is_the_form_that_is_read(tmp_path: Path) -> None:
    told = final_programme(meeting("lungs", "bruno", "s01"), meeting("vials", "carla", "s01", 2))
    book = load_workbook(io.BytesIO(outcome_form(told)))
    book["outcomes"]["E2"], book["outcomes"]["G2"] = "accepted", "insufficient interest"
    book.save(tmp_path / "outcomes.xlsx")
    book.close()
    found = read_outcomes(tmp_path / "outcomes.xlsx", told.event)
    assert [(one.line, one.rating, str(one.day)) for one in found.rows] == [(2, "insufficient interest", "2027-03-11")]
    assert found.empty == 1


WRONG: dict[str, tuple[str, str, str]] = {
    "an unknown company": ("zoe,bruno,accepted,,,,", "company", "be the id of a company"),
    "no provider": ("lungs,,accepted,,,,", "provider", "be the id of a provider"),
    "two companies": ("lungs,vials,accepted,,,,", "provider", "be the id of a provider"),
    "another answer": ("lungs,bruno,perhaps,,,,", "answer", "be one of 'accepted' or 'declined'"),
    "no reason": ("lungs,bruno,declined,,,,", "reason", "be given where the meeting was declined"),
    "an unknown reason": ("lungs,bruno,declined,mood,,,", "reason", "be one of 'too early'"),
    "a reason alone": ("lungs,bruno,,terms,,,", "answer", "be declined where there is a reason"),
    "a reason to accept": ("lungs,bruno,accepted,terms,,,", "reason", "be empty where the meeting was accepted"),
    "a rating of nothing": ("lungs,bruno,declined,terms,cooperation possible,,", "rating", "be empty"),
    "an unknown rating": ("lungs,bruno,accepted,,good,,", "rating", "be one of 'did not take place'"),
    "no day": ("lungs,bruno,accepted,,,12.3.2026,", "on", "be a day as in 2026-01-31"),
    "no match": ("lungs,bruno,accepted,,,,first", "match_id", "be a whole number"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_row_is_named(tmp_path: Path, name: str) -> None:
    line, column, required = WRONG[name]
    with pytest.raises(OutcomesRefused) as caught:
        rows(tmp_path, line)
    (found,) = caught.value.problems
    assert (found.file, found.line, found.column) == ("outcomes.csv", 2, column)
    assert required in found.required


def test_every_wrong_row_is_named(tmp_path: Path) -> None:
    with pytest.raises(OutcomesRefused) as caught:
        rows(tmp_path, *(line for line, _, _ in WRONG.values()))
    assert len(caught.value.problems) >= len(WRONG)


def test_a_pair_is_told_once(tmp_path: Path) -> None:
    with pytest.raises(OutcomesRefused) as caught:
        rows(tmp_path, "lungs,bruno,accepted,,,,", "lungs,bruno,declined,terms,,,")
    (found,) = caught.value.problems
    assert (found.line, found.required) == (3, "be told once")


def test_an_event_of_several_days_takes_the_day_from_the_plan_or_the_row(tmp_path: Path) -> None:
    told = past_event(slots=(*SLOTS, slot("s03", "09:30", "09:50", "2026-03-13")))
    file = form(tmp_path, "lungs,bruno,accepted,,,,", "lungs,carla,accepted,,,2026-03-12,")
    with pytest.raises(OutcomesRefused) as caught:
        read_outcomes(file, told)
    (problem,) = caught.value.problems
    assert (problem.line, problem.column) == (2, "on")
    found = read_outcomes(file, told, plan(meeting("lungs", "bruno", "s03"))).rows
    assert [str(one.day) for one in found] == ["2026-03-13", "2026-03-12"]


@pytest.mark.parametrize("content", ["name,answer\nlungs,accepted\n", ""])
def test_a_file_that_is_no_form_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "outcomes.csv"
    file.write_text(content)
    with pytest.raises(OutcomesRefused, match="columns company and provider"):
        read_outcomes(file, past_event())


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutcomesRefused, match="be readable"):
        read_outcomes(tmp_path / "outcomes.xlsx", past_event())
