from __future__ import annotations

import io
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from service.workshop.sheets import Sheet, workbook_bytes
from service.workshop.workbook import OUTCOME_COLUMNS, outcome_form, workbook
from tests.unit.service.workshop.planned_events import MADE_AT, meeting, person, programme


def opened(content: bytes) -> Workbook:
    return load_workbook(io.BytesIO(content))


def values(sheet: Any) -> list[tuple[Any, ...]]:
    return list(sheet.iter_rows(values_only=True))


def test_the_overview_says_how_good_the_plan_is_and_under_which_rules() -> None:
    told = dict(values(opened(workbook(programme()))["Overview"])[1:-2])
    assert told["Event"] == "Lung day"
    assert told["When"] == "Thursday 11 March 2027 (Europe/Amsterdam)"
    assert (told["Meetings"], told["… across the border"], told["Tables"]) == (2, 2, 2)
    assert told["Distance to the best possible"] == "10.00% at most"
    assert told["Border policy"] == "favour, β = 1"
    assert told["Meetings of a company"] == "0 to 5, where nothing else is said"
    assert told["Wishes that are not met"] == 1


def test_a_floor_of_the_border_policy_is_told() -> None:
    policy = {"mode": "neutral", "floor": {"at_least": 2, "of_first": 3}}
    told = dict(values(opened(workbook(programme(policy=policy)))["Overview"])[1:-2])
    assert told["Border policy"] == "neutral, at least 2 of 3 meetings across the border"


def test_notes_of_plan_and_files_stand_below() -> None:
    rows = values(opened(workbook(programme()))["Overview"])
    assert rows[-2:] == [("Note", "A note of the plan."), ("Note", "A note of the files.")]


def test_every_company_and_every_provider_has_its_meetings() -> None:
    book = opened(workbook(programme()))
    companies, providers = values(book["Companies"]), values(book["Providers"])
    assert companies[1][:7] == ("Lungs BV", "NL", "09:30–09:50", 1, "s01", "Bruno Institute", "DE")
    assert companies[1][7:11] == ("yes", "yes", None, 0.25)
    assert companies[1][11].startswith("We look for inhalation toxicology with lung models. → Bruno")
    assert companies[2][:1] + companies[2][9:10] == ("=Vials & <Søn>", "yes")
    assert [row[5] for row in providers[1:]] == ["Lungs BV", "=Vials & <Søn>"]


def test_who_has_no_meeting_is_there_too() -> None:
    rows = values(opened(workbook(programme(meeting("lungs", "bruno", "s01"))))["Companies"])
    assert rows[2][:3] == ("=Vials & <Søn>", "FR", "no meetings")


def test_tables_are_rows_and_slots_columns() -> None:
    rows = values(opened(workbook(programme()))["Tables"])
    assert rows == [
        ("Table", "s01\n09:30–09:50", "s02\n09:55–10:15", "s03\n13:00–13:20"),
        (1, "Lungs BV – Bruno Institute", None, None),
        (2, "=Vials & <Søn> – Carla Plant", None, None),
    ]


def test_unmet_wishes_have_a_sheet() -> None:
    rows = values(opened(workbook(programme()))["Unmet wishes"])
    assert rows[1:] == [("Carla Plant", "BE", "Lungs BV", "NL", "meet")]
    assert values(opened(workbook(programme(wishes=())))["Unmet wishes"])[1][0] == "none"


def test_companies_among_themselves_have_no_sheet_of_providers() -> None:
    people = (person("a", "company", "Alpha", "NL"), person("b", "company", "Beta", "FR"))
    book = opened(workbook(programme(meeting("a", "b", "s02"), kind="company to company", participants=people, wishes=())))
    assert book.sheetnames == ["Overview", "Companies", "Tables", "Unmet wishes"]
    assert [row[5] for row in values(book["Companies"])] == ["Meets", "Beta", "Alpha"]


@pytest.mark.parametrize("text", ["=1+1", "+49 221", "-5", "@SUM(A1)", '=HYPERLINK("https://example.org")'])
def test_no_text_becomes_a_formula(text: str) -> None:
    book = opened(workbook_bytes([Sheet("one", (text, "b"), [(text, 1)])], text, MADE_AT))
    for cell in (book["one"]["A1"], book["one"]["A2"]):
        assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", text, True)


def test_signs_that_xml_cannot_carry_are_left_out() -> None:
    book = opened(workbook_bytes([Sheet("one", ("a",), [("bell\x07",), ("x" * 40_000,)])], "t\x07", MADE_AT))
    assert [len(row[0]) for row in values(book["one"])[1:]] == [5, 32_767]


def test_sheets_can_be_read_and_printed() -> None:
    for sheet in opened(workbook(programme())):
        assert sheet.freeze_panes == "B2"
        assert sheet.print_title_rows == "$1:$1"
        assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth) == ("landscape", 1)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert all(7 <= one.width <= 90 for one in sheet.column_dimensions.values())


def test_the_form_has_a_row_a_meeting_and_offers_what_may_be_chosen() -> None:
    book = opened(outcome_form(programme()))
    rows = values(book["outcomes"])
    assert rows[0] == OUTCOME_COLUMNS
    assert rows[1] == ("lungs", "Lungs BV", "bruno", "Bruno Institute", None, None, None, "2027-03-11")
    rules = book["outcomes"].data_validations.dataValidation
    assert [str(rule.sqref) for rule in rules] == ["E2:E3", "F2:F3", "G2:G3"]
    assert book["choices"].sheet_state == "hidden"
    assert [cell.value for cell in book["choices"]["C"]][2] == "informative, no cooperation"
