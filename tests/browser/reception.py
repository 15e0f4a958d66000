"""A running service, and people who sign in to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page

from matcher.links import Purpose
from service.access.keyring import Keyring
from service.record.sql_links import SqlLinks
from service.record.sql_log import SqlMatchLog

NEED = "Wij zoeken een GMP-productielijn voor onze celtherapie. Wie kan drie technische batches maken?"


@dataclass
class Office:
    """Where it answers, its keys and its record."""

    address: str
    keyring: Keyring
    log: SqlMatchLog
    keys: dict[str, str] = field(default_factory=dict)

    def sign_in(self, page: Page, role: str) -> None:
        """By the keyboard alone."""
        if role not in self.keys:
            self.keys[role], _ = self.keyring.create(f"The {role}", role, None, by="a test")
        page.goto(f"{self.address}/console/sign-in")
        page.locator("#key").focus()
        page.keyboard.type(self.keys[role])
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "sign-in" not in url)

    def plan(self, page: Page, files: list[Path]) -> str:
        """Address of an event that was sent and planned."""
        page.goto(f"{self.address}/console/workshops")
        page.set_input_files("#files", files)
        page.get_by_role("button", name="Send and plan").click()
        page.locator("#tables").wait_for(timeout=120_000)
        return page.url

    def match(self, page: Page, need: str = NEED) -> str:
        """Address of a new list."""
        page.goto(f"{self.address}/console/match")
        page.fill("#text", need)
        page.fill("#company", "Cellix BV")
        page.select_option("#country", "NL")
        page.click("button.main")
        page.wait_for_url("**/console/lists/*")
        return page.url

    def send_evaluations(self, page: Page, files: list[Path]) -> None:
        """Each is kept, the last one is told of."""
        page.goto(f"{self.address}/console/evaluations")
        for file in files:
            page.set_input_files("#evaluation", file)
            page.get_by_role("button", name="Send").click()
            page.locator(".verified", has_text=file.name).wait_for()

    def compare(self, page: Page) -> str:
        """Address of the two newest evaluations compared."""
        page.goto(f"{self.address}/console/evaluations")
        for number in (0, 1):
            page.locator("input[name=evaluation]:not([type=file])").nth(number).check()
        page.get_by_role("button", name="Compare the two evaluations").click()
        page.wait_for_url("**/console/evaluations/compare*")
        return page.url

    def link(self, purpose: Purpose, subject: str) -> str:
        """The token of a new link."""
        token, _ = SqlLinks(self.log).make(purpose, subject, region="", by="a test")
        return token

    def survey(self, page: Page) -> str:
        """The token of a link to a survey, about the first match of a new list."""
        self.match(page)
        found = page.locator("a[href^='/console/matches/']").first.get_attribute("href")
        return self.link("after the event", str(found).rpartition("/")[2])
