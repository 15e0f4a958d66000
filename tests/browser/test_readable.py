"""Every page in both themes, on a desk and on a phone: nothing that axe finds wrong, nothing that runs off the edge."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Response

from matcher.links import page_of
from matcher.notes import NewNote
from service.record.sql_notes import SqlNotes
from tests.browser.conftest import OpenPage
from tests.browser.reception import Office

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PAGES = {
    "sign-in": "/console/sign-in",
    "match": "/console/match",
    "list": "{list}",
    "compare": "{list}/compare?rank=1&rank=2",
    "policy": "{list}/policy",
    "lists": "/console/lists",
    "match-history": "{match}",
    "corrections": "/console/corrections",
    "directory": "/console/providers",
    "provider": "{provider}",
    "workshops": "/console/workshops",
    "workshop": "{workshop}",
    "workshop-insight": "{workshop}/insight",
    "judging": "/console/judging",
    "judge": "{judge}",
    "evaluations": "/console/evaluations",
    "evaluations-compared": "{compared}",
    "programme": "/console/programme",
    "record": "/console/record",
    "not-found": "/console/lists/none",
    "link": "/answer",
    "link-refused": "ct_nothing",
    "link-survey": "{survey}",
    "link-provider": "{entry}",
    "link-company": "{company}",
}
SEEN_BY = {
    "organiser": ["workshops", "workshop", "workshop-insight"],
    "evaluator": ["judging", "judge", "evaluations", "evaluations-compared"],
    "programme office": ["programme", "record"],
}
SEEN_BY["advisor"] = [name for name in PAGES if all(name not in seen for seen in SEEN_BY.values())]
"""All others."""
LARGEST = 150_000
"""Bytes of a page, its map left out."""


@pytest.fixture(scope="module")
def places(
    office: Office, browser: Browser, example_files: list[Path], sheet: Path, evaluation_files: list[Path]
) -> dict[str, str]:
    """Addresses of a list, a match, a provider and a workshop."""
    page = browser.new_page()
    office.sign_in(page, "advisor")
    told = {"list": office.match(page)}
    for name in ("match", "provider"):
        found = page.locator(f"a[href^='/console/{name}{'es' if name == 'match' else 's'}/']").first.get_attribute("href")
        told[name] = f"{office.address}{found}"
    office.sign_in(page, "organiser")
    told["workshop"] = office.plan(page, example_files)
    office.sign_in(page, "evaluator")
    page.goto(f"{office.address}/console/judging")
    page.set_input_files("#sheet", sheet)
    page.get_by_role("button", name="Send").click()
    page.locator("form[data-grades]").wait_for()
    told["judge"] = page.url
    office.send_evaluations(page, evaluation_files)
    told["compared"] = office.compare(page)
    page.close()
    match_id = told["match"].rpartition("/")[2]
    told["survey"] = office.link("after six months", match_id)
    told["entry"] = office.link("provider entry", "pic-999980664")
    told["company"] = office.link("company entry", "NL:Cellix BV")
    asked = {"list_id": told["list"].rpartition("/")[2], "match_id": int(match_id)}
    notes = SqlNotes(office.log)
    notes.write(NewNote(**asked, text="They travel in May."), "The advisor")
    notes.write(NewNote(**asked, kind="correction asked", text="We never met them."), "link abcdefghij")
    return told


def visit(office: Office, page: Page, address: str) -> Response | None:
    """Go to a page: by its address, below that of the service, or by the token of a link."""
    if address.startswith("ct_"):
        # Another link in the same window changes what follows the # only.
        page.goto("about:blank")
        with page.expect_response(lambda answer: answer.request.method == "POST") as answered:
            page.goto(f"{office.address}{page_of(address)}")
        page.locator("main h1").wait_for()
        page.wait_for_load_state()
        return answered.value
    return page.goto(address if address.startswith("http") else f"{office.address}{address}")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390], ids=["desk", "phone"])
def test_every_page_can_be_read_by_everybody(
    office: Office, open_page: OpenPage, places: dict[str, str], pictures: Path, dark: bool, width: int
) -> None:
    page = open_page(width=width, height=900 if width > 500 else 800, dark=dark)
    found: list[str] = []
    for role, names in SEEN_BY.items():
        office.sign_in(page, role)
        for name in names:
            visit(office, page, PAGES[name].format(**places))
            results = Axe().run(page, options={"runOnly": {"type": "tag", "values": LEVELS}})
            for one in results.response["violations"]:
                found.append(f"{name}: {one['id']} {[node['target'] for node in one['nodes']][:3]}")
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                found.append(f"{name}: runs off the edge")
            theme = "dark" if dark else "light"
            page.screenshot(path=pictures / f"{name}-{theme}-{'desk' if width > 500 else 'phone'}.png", full_page=True)
    assert found == []


def test_pages_are_light(office: Office, open_page: OpenPage, places: dict[str, str]) -> None:
    page = open_page()
    for name, role in ((name, role) for role, names in SEEN_BY.items() for name in names):
        office.sign_in(page, role)
        answer = visit(office, page, PAGES[name].format(**places))
        assert answer is not None
        maps = page.evaluate("[...document.querySelectorAll('.map')].reduce((sum, one) => sum + one.outerHTML.length, 0)")
        assert len(answer.body()) - maps < LARGEST, name


def test_at_twice_the_size_nothing_is_lost(office: Office, open_page: OpenPage, places: dict[str, str]) -> None:
    # A window of 1,280 points at 200 % has room for 640.
    page = open_page(width=640, height=450)
    office.sign_in(page, "advisor")
    for path in ("/console/match", places["list"], "/console/providers", places["entry"], places["company"]):
        visit(office, page, path)
        assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
