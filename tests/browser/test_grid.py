"""Meetings of a plan picked by the keyboard alone, dragged with the mouse, and what is told where they cannot go."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.reception import Office

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
BY_TABLE = "table.grid"


@pytest.fixture(scope="module")
def event(office: Office, browser: Browser, example_files: list[Path]) -> str:
    """Address of the example event, with a plan."""
    page = browser.new_page()
    office.sign_in(page, "organiser")
    address = office.plan(page, example_files)
    page.close()
    return address


@pytest.fixture
def organiser(office: Office, open_page: OpenPage, event: str) -> Callable[..., Page]:
    """Opens the event's page."""

    def opened(**window: object) -> Page:
        page = open_page(**window)
        office.sign_in(page, "organiser")
        page.goto(event)
        return page

    return opened


def picked_in(address: str | None) -> str:
    return parse_qs(urlsplit(address or "").query)["picked"][0]


def place_of(page: Page, picked: str) -> tuple[int, int]:
    """Row and column of a meeting in the grid by table."""
    return tuple(
        page.evaluate(
            """(picked) => {
              const links = [...document.querySelectorAll("table.grid td a")];
              const cell = links.find((one) => new URL(one.href).searchParams.get("picked") === picked).closest("td");
              return [cell.parentElement.rowIndex, cell.cellIndex];
            }""",
            picked,
        )
    )


def tab_to(page: Page, locator: Locator) -> None:
    for _ in range(300):
        if locator.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("the tabulator does not lead there")


def cells(page: Page, kind: str) -> Locator:
    return page.locator(f"{BY_TABLE} td.{kind}")


def take(page: Page, number: int = 0) -> tuple[str, Locator]:
    """Begin to drag a meeting, and wait for what can be done with it."""
    link = page.locator(f"{BY_TABLE} td a").nth(number)
    picked = picked_in(link.get_attribute("href"))
    link.scroll_into_view_if_needed()
    box = link.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 8, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(box["x"] + 20, box["y"] + 14, steps=3)
    expect(cells(page, "takes").or_(cells(page, "takes-not")).first).to_be_attached()
    return picked, link


def carry(page: Page, cell: Locator) -> None:
    cell.scroll_into_view_if_needed()
    box = cell.bounding_box()
    assert box is not None
    for step in (6, 4, 2):
        page.mouse.move(box["x"] + box["width"] / 2 - step, box["y"] + box["height"] / 2)


def put_down(page: Page) -> None:
    """Let go over a cell that takes it, and wait for the page that comes back."""
    with page.expect_navigation():
        page.mouse.up()
    page.wait_for_load_state()


def test_a_meeting_is_picked_and_moved_by_the_keyboard_alone(organiser: Callable[..., Page]) -> None:
    page = organiser()
    link = page.locator(f"{BY_TABLE} td a").first
    picked = picked_in(link.get_attribute("href"))
    before = place_of(page, picked)
    tab_to(page, link)
    page.keyboard.press("Enter")
    expect(page.locator("#picked")).to_be_visible()
    row = page.locator(".times tr.may").first
    time = row.locator("th").inner_text()
    tab_to(page, row.locator("button"))
    page.keyboard.press("Enter")
    expect(page.locator("#picked > .facts")).to_contain_text(time)
    assert place_of(page, picked) != before


def test_without_script_a_meeting_is_picked_exchanged_and_put_back(organiser: Callable[..., Page]) -> None:
    page = organiser(script=False)
    page.locator(f"{BY_TABLE} td a").first.click()
    time = page.locator("#picked > .facts").inner_text().partition(" ")[0]
    cell = page.locator(f"{BY_TABLE} tbody tr:not(:first-child) td.may", has=page.locator("button[form=exchange]")).first
    cell.locator("button").click()
    expect(page.locator("#picked > .facts")).not_to_contain_text(time)
    page.get_by_role("link", name="Put it back").click()
    expect(page.locator("#picked")).to_have_count(0)


def test_while_a_meeting_is_dragged_every_place_says_whether_it_takes_it(organiser: Callable[..., Page]) -> None:
    page = organiser()
    picked, link = take(page)
    assert cells(page, "takes").count()
    refusing = cells(page, "takes-not").first
    why = str(refusing.get_attribute("title"))
    carry(page, refusing)
    expect(page.locator("#told")).to_have_text(why)
    before = place_of(page, picked)
    page.mouse.up()
    expect(cells(page, "drags")).to_have_count(0)
    # Nothing was sent, and the reason stays to be read.
    expect(page.locator("#told")).to_be_visible()
    expect(link).to_be_visible()
    assert place_of(page, picked) == before


@pytest.mark.parametrize("stands_there", [False, True], ids=["moved", "exchanged"])
def test_a_meeting_is_dragged_to_another_cell(organiser: Callable[..., Page], stands_there: bool) -> None:
    page = organiser()
    picked, _ = take(page)
    before = place_of(page, picked)
    with_a_link = page.locator("a")
    taking = cells(page, "takes")
    cell = taking.filter(has=with_a_link).first if stands_there else taking.filter(has_not=with_a_link).first
    other = picked_in(cell.locator("a").get_attribute("href")) if stands_there else ""
    target = tuple(cell.evaluate("cell => [cell.parentElement.rowIndex, cell.cellIndex]"))
    carry(page, cell)
    put_down(page)
    assert place_of(page, picked) == target
    if stands_there:
        assert place_of(page, other) == before


def test_a_meeting_is_dragged_along_the_row_of_a_participant(organiser: Callable[..., Page]) -> None:
    page = organiser()
    link = page.locator("table.by-person td a").first
    picked, time = picked_in(link.get_attribute("href")), place_of(page, picked_in(link.get_attribute("href")))[0]
    link.scroll_into_view_if_needed()
    link.hover()
    page.mouse.down()
    page.mouse.move(*_middle(link, 12), steps=3)
    cell = link.locator("xpath=ancestor::tr").locator("td.takes").first
    carry(page, cell)
    column = cell.evaluate("cell => cell.cellIndex")
    put_down(page)
    row = place_of(page, picked)[0]
    assert row != time
    # Rows by table and columns by participant are the same times.
    assert row == column


def _middle(link: Locator, further: int) -> tuple[float, float]:
    box = link.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2 + further, box["y"] + box["height"] / 2


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390], ids=["desk", "phone"])
def test_with_a_meeting_picked_the_page_can_be_read_by_everybody(
    organiser: Callable[..., Page], pictures: Path, dark: bool, width: int
) -> None:
    page = organiser(width=width, height=900 if width > 500 else 800, dark=dark)
    page.locator(f"{BY_TABLE} td a").nth(2).click()
    page.locator("#picked").wait_for()
    found = [
        f"{one['id']} {[node['target'] for node in one['nodes']][:3]}"
        for one in Axe().run(page, options={"runOnly": {"type": "tag", "values": LEVELS}}).response["violations"]
    ]
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append("runs off the edge")
    theme, window = "dark" if dark else "light", "desk" if width > 500 else "phone"
    page.screenshot(path=pictures / f"workshop-picked-{theme}-{window}.png", full_page=True)
    assert found == []
