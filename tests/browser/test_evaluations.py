"""An evaluator's way from a file to the report with its plots, and to two evaluations compared; and the record's button."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.reception import Office

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_an_evaluator_sends_reads_and_compares(
    office: Office, open_page: OpenPage, evaluation_files: list[Path], pictures: Path, script: bool
) -> None:
    page = open_page()
    office.sign_in(page, "evaluator")
    bare = open_page(script=script)
    bare.context.add_cookies(page.context.cookies())
    bare.goto(f"{office.address}/console/judging")
    bare.get_by_role("link", name="Evaluation", exact=True).click()
    office.send_evaluations(bare, evaluation_files)
    bare.get_by_role("link", name="report with plots").first.click()
    bare.wait_for_url("**/report")
    expect(bare.locator("h1")).to_have_text("How well Crossmatch finds partners")
    expect(bare.locator("figure svg").first).to_be_visible()
    bare.screenshot(path=pictures / "evaluation-report.png", full_page=True)
    office.compare(bare)
    expect(bare.locator("tbody").first).to_contain_text("The first is better.")
    bare.get_by_role("link", name="The other way round").click()
    expect(bare.locator("tbody").first).to_contain_text("The first is worse.")
    bare.get_by_role("link", name="Report of the first, with this comparison").click()
    expect(bare.get_by_role("heading", name="Against the other evaluation")).to_be_visible()


def test_the_report_can_be_read_by_everybody(office: Office, open_page: OpenPage, evaluation_files: list[Path]) -> None:
    page = open_page(width=390, height=800)
    office.sign_in(page, "evaluator")
    office.send_evaluations(page, evaluation_files)
    page.get_by_role("link", name="report with plots").first.click()
    page.wait_for_url("**/report")
    results = Axe().run(page, options={"runOnly": {"type": "tag", "values": LEVELS}})
    assert [(one["id"], [node["target"] for node in one["nodes"]][:3]) for one in results.response["violations"]] == []
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


def test_what_is_no_evaluation_is_told_beside_the_form(office: Office, open_page: OpenPage, tmp_path: Path) -> None:
    (tmp_path / "notes.json").write_text("{}", encoding="utf-8")
    page = open_page()
    office.sign_in(page, "evaluator")
    page.goto(f"{office.address}/console/evaluations")
    page.set_input_files("#evaluation", tmp_path / "notes.json")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_contain_text("notes.json")
    expect(page.locator("#evaluation")).to_be_visible()


def test_the_chain_is_verified_when_somebody_asks_by_the_keyboard(office: Office, open_page: OpenPage) -> None:
    page = open_page()
    office.sign_in(page, "programme office")
    page.goto(f"{office.address}/console/record")
    page.get_by_role("button", name="Verify the whole chain").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("The chain holds.")
