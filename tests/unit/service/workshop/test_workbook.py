from __future__ import annotations

import io
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from service.workshop.final import next_version
from service.workshop.programme import Programme
from service.workshop.sheets import Sheet, workbook_bytes
from service.workshop.workbook import OUTCOME_COLUMNS, outcome_form, workbook
from tests.unit.service.workshop.planned_events import MADE_AT, final, final_programme, meeting, person, planned, programme


def opened(content: bytes) -> Workbook:
    return load_workbook(io.BytesIO(content))


def values(sheet: Any) -> list[tuple[Any, ...]]:
    return list(sheet.iter_rows(values_only=True))


def test_the_overview_says_how_good_the_plan_is_and_under_which_rules() -> None:
    told = dict(values(opened(workbook(final_programme()))["Overview"])[1:-2])
    assert told["Event"] == "Lung day"
    assert told["When"] == "Thursday 11 March 2027 (Europe/Amsterdam)"
    assert (told["Meetings"], told["… across the border"], told["Tables"]) == (2, 2, 2)
    assert told["Distance to the best possible"] == "10.00% at most"
    assert told["Border policy"] == "favour, β = 1"
    assert told["Meetings of a company"] == "0 to 5, where nothing else is said"
    assert told["Wishes that are not met"] == 1


def test_a_floor_of_the_border_policy_is_told() -> None:
    policy = {"mode": "neutral", "floor": {"at_least": 2, "of_first": 3}}
    told = dict(values(opened(workbook(final_programme(policy=policy)))["Overview"])[1:-2])
    assert told["Border policy"] == "neutral, at least 2 of 3 meetings across the border"


def test_notes_of_plan_and_files_stand_below() -> None:
    rows = values(opened(workbook(final_programme()))["Overview"])
    assert rows[-2:] == [("Note", "A note of the plan."), ("Note", "A note of the files.")]


def test_every_company_and_every_provider_has_its_meetings() -> None:
    book = opened(workbook(final_programme()))
    companies, providers = values(book["Companies"]), values(book["Providers"])
    assert companies[1][:7] == ("Lungs BV", "NL", "09:30–09:50", 1, "s01", "Bruno Institute", "DE")
    assert companies[1][7:11] == ("yes", "yes", None, 0.25)
    assert companies[1][11].startswith("We look for inhalation toxicology with lung models. → Bruno")
    assert companies[2][:1] + companies[2][9:10] == ("=Vials & <Søn>", "yes")
    assert [row[5] for row in providers[1:]] == ["Lungs BV", "=Vials & <Søn>"]


def test_who_has_no_meeting_is_there_too() -> None:
    rows = values(opened(workbook(final_programme(meeting("lungs", "bruno", "s01"))))["Companies"])
    assert rows[2][:3] == ("=Vials & <Søn>", "FR", "no meetings")


def test_tables_are_rows_and_slots_columns() -> None:
    rows = values(opened(workbook(final_programme()))["Tables"])
    assert rows == [
        ("Table", "s01\n09:30–09:50", "s02\n09:55–10:15", "s03\n13:00–13:20"),
        (1, "Lungs BV – Bruno Institute", None, None),
        (2, "=Vials & <Søn> – Carla Plant", None, None),
    ]


def test_unmet_wishes_have_a_sheet() -> None:
    rows = values(opened(workbook(final_programme()))["Unmet wishes"])
    assert rows[1:] == [("Carla Plant", "BE", "Lungs BV", "NL", "meet")]
    assert values(opened(workbook(final_programme(wishes=())))["Unmet wishes"])[1][0] == "none"


def test_companies_among_themselves_have_no_sheet_of_providers() -> None:
    people = (person("a", "company", "Alpha", "NL"), person("b", "company", "Beta", "FR"))
    book = opened(
        workbook(final_programme(meeting("a", "b", "s02"), kind="company to company", participants=people, wishes=()))
    )
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
    for sheet in opened(workbook(final_programme())):
        assert sheet.freeze_panes == "B2"
        assert sheet.print_title_rows == "$1:$1"
        assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth) == ("landscape", 1)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert all(7 <= one.width <= 90 for one in sheet.column_dimensions.values())


def test_the_form_has_a_row_a_meeting_and_offers_what_may_be_chosen() -> None:
    book = opened(outcome_form(final_programme()))
    rows = values(book["outcomes"])
    assert rows[0] == OUTCOME_COLUMNS
    assert rows[1] == ("lungs", "Lungs BV", "bruno", "Bruno Institute", None, None, None, "2027-03-11")
    rules = book["outcomes"].data_validations.dataValidation
    assert [str(rule.sqref) for rule in rules] == ["E2:E3", "F2:F3", "G2:G3"]
    assert book["choices"].sheet_state == "hidden"
    assert [cell.value for cell in book["choices"]["C"]][2] == "informative, no cooperation"


def test_a_draft_says_so_on_every_sheet_and_page() -> None:
    for content in (workbook(programme()), outcome_form(programme())):
        shown = [sheet for sheet in opened(content) if sheet.sheet_state == "visible"]
        assert all(sheet.title.endswith(" DRAFT") for sheet in shown)
        assert all(sheet.oddHeader.right.text == "DRAFT" for sheet in shown)
        assert all(sheet.sheet_properties.tabColor.rgb == "00C00000" for sheet in shown)
    told = dict(values(opened(workbook(programme()))["Overview DRAFT"])[1:])
    assert told["Status"] == "DRAFT of 1 March 2027, 13:00: may still change"


def test_a_final_plan_tells_its_version_and_is_no_draft() -> None:
    book = opened(workbook(final_programme()))
    assert dict(values(book["Overview"])[1:])["Status"] == "final, version 1 of 2 March 2027, 09:30"
    assert [sheet.oddHeader.right.text for sheet in book] == ["version 1"] * len(book.sheetnames)
    assert "DRAFT" not in " ".join(book.sheetnames)


def test_a_later_version_has_sheets_of_who_is_to_be_told_and_of_what_was_cancelled() -> None:
    now = planned(meeting("lungs", "carla", "s02"), meeting("vials", "carla", "s01", 1))
    book = opened(workbook(Programme(next_version(final(), now))))
    assert book.sheetnames[-2:] == ["To be told", "Cancelled"]
    assert values(book["To be told"])[1:] == [
        ("Lungs BV", "NL", "cancelled", "Bruno Institute", "DE", None, None),
        ("Lungs BV", "NL", "new", "Carla Plant", "BE", "09:55–10:15", 1),
        ("=Vials & <Søn>", "FR", "moved", "Carla Plant", "BE", "09:30–09:50", 1),
        ("Bruno Institute", "DE", "cancelled", "Lungs BV", "NL", None, None),
        ("Carla Plant", "BE", "moved", "=Vials & <Søn>", "FR", "09:30–09:50", 1),
        ("Carla Plant", "BE", "new", "Lungs BV", "NL", "09:55–10:15", 1),
    ]
    assert values(book["Cancelled"])[1:] == [("Lungs BV", "NL", "Bruno Institute", "DE", "09:30–09:50", 1, 2)]


def test_a_version_that_changes_nothing_has_nobody_to_tell() -> None:
    book = opened(workbook(Programme(next_version(final(), planned()))))
    assert (values(book["To be told"])[1][0], values(book["Cancelled"])[1][0]) == ("nobody", "none")


def test_a_long_name_leaves_room_for_the_mark_on_the_page() -> None:
    name = "Kooperationstag für Über- & Unterwasserforschung " * 4
    for sheet in opened(workbook(programme(name=name))):
        assert len(sheet.oddHeader.left.text) <= 120
        assert sheet.oddHeader.right.text == "DRAFT"
