"""The page behind a link, as whoever was sent one opens it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from matcher.links import page_of
from tests.browser.conftest import OpenPage
from tests.browser.reception import Office


@pytest.fixture
def provider_token(office: Office) -> str:
    return office.link("provider entry", "pic-999980664")


def test_a_link_opens_its_page_and_the_token_leaves_the_address(
    office: Office, open_page: OpenPage, provider_token: str
) -> None:
    page = open_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{office.address}{page_of(provider_token)}")
    expect(page.get_by_role("heading", name="Your entry in the directory")).to_be_visible()
    assert page.url == f"{office.address}/answer"
    assert [url for url in asked if provider_token in url.partition("#")[0]] == []
    page.select_option("#language", "da")
    page.wait_for_function("document.documentElement.lang === 'da'")
    expect(page.get_by_role("heading", name="Din post i udbyderregistret")).to_be_visible()
    page.select_option("#language", "en")
    page.fill("#city", "Elsewhere")
    page.get_by_role("button", name="Ask for this correction").click()
    expect(page.get_by_role("status")).to_contain_text("waits for your regional partner")
    page.get_by_role("button", name="Back to your entry").click()
    page.get_by_role("button", name="Leave the directory").click()
    page.get_by_role("button", name="No, stay in the directory").click()
    expect(page.locator("#city")).to_have_value("Elsewhere")
    page.goto(f"{office.address}{page_of('ct_nothing')}")
    expect(page.get_by_role("alert")).to_contain_text("Open the link again")


def test_without_script_the_link_is_pasted_and_the_survey_answered(office: Office, open_page: OpenPage) -> None:
    advisor = open_page()
    office.sign_in(advisor, "advisor")
    link = f"{office.address}{page_of(office.survey(advisor))}"
    page = open_page(script=False)
    page.goto(link)
    page.fill("#token", link)
    page.get_by_role("button", name="Open").click()
    page.get_by_label("cooperation possible").check()
    page.get_by_label("yes").check()
    page.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_role("status")).to_contain_text("Your answer is on record.")
