"""The directory in a browser: a search narrowed and widened again, with keys and without script, and the map under it."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.reception import Office
from tests.browser.test_readable import LEVELS


def _number(page: Page) -> int:
    return int(page.get_by_role("status").inner_text().split()[0])


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_an_advisor_narrows_a_search_and_takes_conditions_away(office: Office, open_page: OpenPage, script: bool) -> None:
    page = open_page(script=script)
    office.sign_in(page, "advisor")
    page.goto(f"{office.address}/console/providers")
    every = _number(page)
    page.select_option("#field", "cancer")
    page.select_option("#country", "FR")
    page.get_by_role("button", name="Search").click()
    narrowed = _number(page)
    assert 0 < narrowed < every
    # What an option promises is what it finds.
    promised = page.locator("#category option[value=technology]").inner_text()
    page.select_option("#category", "technology")
    page.get_by_role("button", name="Search").click()
    assert f"({_number(page)})" in promised
    shared = page.url
    page.locator("ul.chosen a", has_text="France").click()
    assert _number(page) > narrowed
    expect(page.locator("#field")).to_have_value("cancer")
    page.goto(shared)
    expect(page.locator("#country")).to_have_value("FR")
    page.get_by_role("link", name="Show all").click()
    assert _number(page) == every


def test_conditions_are_reached_and_taken_away_by_keys(office: Office, open_page: OpenPage) -> None:
    page = open_page()
    office.sign_in(page, "advisor")
    page.goto(f"{office.address}/console/providers?q=vaccine&country=DK")
    page.locator("#region").focus()
    for _ in range(3):
        page.keyboard.press("Tab")
    assert "Denmark" in page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "country" not in url)
    expect(page.locator("#q")).to_have_value("vaccine")


def test_a_field_of_a_provider_leads_to_all_of_it(office: Office, open_page: OpenPage) -> None:
    page = open_page()
    office.sign_in(page, "advisor")
    page.goto(f"{office.address}/console/providers?q=institut+curie")
    page.get_by_role("link", name="Institut Curie", exact=True).click()
    page.get_by_role("link", name="cancer", exact=True).click()
    expect(page.locator("#field")).to_have_value("cancer")
    assert _number(page) > 1
    page.fill("#q", "institut curie")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Institut Curie", exact=True)).to_be_visible()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390], ids=["desk", "phone"])
def test_a_narrowed_search_can_be_read_by_everybody(
    office: Office, open_page: OpenPage, pictures: Path, dark: bool, width: int
) -> None:
    page = open_page(width=width, dark=dark)
    office.sign_in(page, "advisor")
    for query in ("q=lung&field=cancer", "q=nobody+at+all&country=DK"):
        page.goto(f"{office.address}/console/providers?{query}")
        results = Axe().run(page, options={"runOnly": {"type": "tag", "values": LEVELS}})
        assert [one["id"] for one in results.response["violations"]] == []
        assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    page.goto(f"{office.address}/console/providers?q=lung&field=cancer")
    name = f"directory-narrowed-{'dark' if dark else 'light'}-{'desk' if width > 500 else 'phone'}.png"
    page.screenshot(path=pictures / name, full_page=True)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_countries_are_drawn_under_the_dots_in_colours_of_the_theme(office: Office, open_page: OpenPage, dark: bool) -> None:
    page = open_page(dark=dark)
    office.sign_in(page, "advisor")
    page.goto(f"{office.address}/console/providers")
    lands = page.locator(".map use.land:not(.beyond)")
    expect(lands).to_have_count(5)
    for place in range(5):
        box = lands.nth(place).bounding_box()
        assert box is not None
        assert box["width"] > 10
        assert box["height"] > 10
    parts = "['.land:not(.beyond)', '.beyond', '.place']"
    fills = page.evaluate(f"{parts}.map(one => getComputedStyle(document.querySelector(one)).fill)")
    assert len(set(fills)) == 3
