"""Each role's way through the pages, from signing in to the export, and what goes wrong on it."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.reception import Office

OFF_TOPIC = (
    "Our bakery has two shops and nine employees, and our accountant is retiring this summer. We are looking for a tax "
    "adviser who knows the craft trades and can take care of the annual accounts, VAT and payroll."
)


def test_an_advisor_matches_looks_compares_and_introduces(office: Office, open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page()
    office.sign_in(page, "advisor")
    address = office.match(page)
    expect(page.locator("ol.cards > li")).to_have_count(10)
    expect(page.get_by_text("Language recognised: Dutch")).to_be_visible()
    page.locator("input[name=rank]").nth(0).check()
    page.locator("input[name=rank]").nth(2).check()
    page.get_by_role("button", name="Compare the two chosen").click()
    expect(page.locator("section.card")).to_have_count(2)
    page.goto(address)
    with page.expect_download() as download:
        page.get_by_role("link", name="Workbook (XLSX)").click()
    download.value.save_as(tmp_path / "list.xlsx")
    assert load_workbook(tmp_path / "list.xlsx").active.max_row == 11
    page.locator("a[href^='/console/matches/']").first.click()
    page.get_by_role("button", name="Record").click()
    expect(page.locator("ol.line")).to_contain_text("introduced")
    expect(page.get_by_role("heading", name="Accepted")).to_be_visible()


def test_the_slider_tells_what_a_policy_costs(office: Office, open_page: OpenPage) -> None:
    page = open_page()
    office.sign_in(page, "advisor")
    page.goto(f"{office.match(page)}/policy")
    effect = page.locator("#effect")
    expect(effect).to_contain_text("favoured by 1 (this list)")
    page.locator("#policy").focus()
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    expect(effect).to_contain_text("like any other")
    page.get_by_role("button", name="Match so").first.click()
    page.wait_for_url("**/console/lists/*")


def test_the_main_path_needs_no_script(office: Office, open_page: OpenPage) -> None:
    page = open_page(script=False)
    page.goto(f"{office.address}/console/lists")
    office.keys.setdefault("advisor", office.keyring.create("The advisor", "advisor", None, by="a test")[0])
    page.fill("#key", office.keys["advisor"])
    page.get_by_role("button", name="Sign in").click()
    office.match(page)
    expect(page.locator("ol.cards > li")).to_have_count(10)
    page.locator("summary", has_text="Why").nth(1).click()
    expect(page.locator("li.card").nth(1).locator(".evidence").first).to_be_visible()


def test_what_is_wrong_is_told_beside_what_was_written(office: Office, open_page: OpenPage) -> None:
    page = open_page()
    office.sign_in(page, "advisor")
    page.goto(f"{office.address}/console/match")
    page.fill("#text", "???")
    page.select_option("#country", "NL")
    page.click("button.main")
    expect(page.get_by_role("alert")).to_contain_text("in words")
    expect(page.locator("#text")).to_have_value("???")


def test_a_need_that_nobody_answers_gets_a_plain_no_and_what_to_try(office: Office, open_page: OpenPage) -> None:
    page = open_page()
    office.sign_in(page, "advisor")
    office.match(page, OFF_TOPIC)
    expect(page.get_by_role("status")).to_contain_text("No good match.")
    expect(page.get_by_role("status")).to_contain_text("What to try")


def test_an_organiser_sends_an_event_looks_changes_and_takes_it_away(
    office: Office, open_page: OpenPage, example_files: list[Path], tmp_path: Path
) -> None:
    page = open_page()
    office.sign_in(page, "organiser")
    office.plan(page, example_files)
    expect(page.locator("table.grid")).to_contain_text("Ademkind Health")
    page.select_option("#participant", label="Menarca Dx")
    page.get_by_role("button", name="Plan anew without").click()
    expect(page.locator("table.grid")).not_to_contain_text("Menarca Dx", timeout=60_000)
    page.get_by_role("button", name="Make it final").click()
    expect(page.locator("p.facts").first).to_contain_text("final")
    with page.expect_download() as download:
        page.get_by_role("link", name="Workbook, booklet, calendars (ZIP)").click()
    download.value.save_as(tmp_path / "event.zip")
    assert "plan.json" in zipfile.ZipFile(tmp_path / "event.zip").namelist()


def test_an_evaluator_judges_by_keys(office: Office, open_page: OpenPage, sheet: Path) -> None:
    page = open_page()
    office.sign_in(page, "evaluator")
    page.goto(f"{office.address}/console/judging")
    page.set_input_files("#sheet", sheet)
    page.get_by_role("button", name="Send").click()
    for done in range(3):
        expect(page.get_by_text(f"{done} of 3 judged by you")).to_be_visible()
        page.keyboard.press(str(done))
    expect(page.get_by_role("status")).to_contain_text("Every pair is judged")


def test_mistakes_in_an_events_files_are_shown_by_line(office: Office, open_page: OpenPage, tmp_path: Path) -> None:
    (tmp_path / "participants.csv").write_text("id,side,name,country\nc1,company,Lungs BV,NL\nc1,company,Twice,NL\n")
    page = open_page()
    office.sign_in(page, "organiser")
    page.goto(f"{office.address}/console/workshops")
    page.set_input_files("#files", [tmp_path / "participants.csv"])
    page.get_by_role("button", name="Send and plan").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was kept.")
    expect(page.locator("tbody")).to_contain_text("participants.csv")


@pytest.mark.parametrize(("role", "pages"), [("evaluator", ["lists", "record"]), ("programme office", ["programme", "record"])])
def test_the_other_roles_reach_their_pages(office: Office, open_page: OpenPage, role: str, pages: list[str]) -> None:
    page = open_page()
    office.sign_in(page, role)
    for name in pages:
        page.locator(f"nav a[href='/console/{name}']").first.click()
        expect(page.locator("h1")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{office.address}/console/lists")
    expect(page.locator("#key")).to_be_visible()


def test_the_language_follows_the_browser_and_can_be_changed(office: Office, open_page: OpenPage) -> None:
    page = open_page(language="nl-BE")
    office.sign_in(page, "advisor")
    assert page.locator("html").get_attribute("lang") == "nl"
    page.select_option("#language", "da")
    page.wait_for_function("document.documentElement.lang === 'da'")


def _tabbed(page: Page) -> list[str]:
    """What has the focus, one after the other, as the tabulator is pressed."""
    seen = []
    for _ in range(40):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.id || document.activeElement.getAttribute('href') || ''"))
    return seen


def test_the_keyboard_alone_reaches_every_field_in_order(office: Office, open_page: OpenPage) -> None:
    page = open_page()
    office.sign_in(page, "advisor")
    page.goto(f"{office.address}/console/match")
    seen = [one for one in _tabbed(page) if one in ("text", "title", "company", "country", "region", "beta", "k")]
    assert seen[:7] == ["text", "title", "company", "country", "region", "beta", "k"]
