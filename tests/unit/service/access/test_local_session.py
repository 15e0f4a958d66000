"""A browser on the machine itself: the link, its cookie, and requests that other pages send with it."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from service.access.local_link import SESSION_LIFE, LocalLink
from tests.unit.service.access.conftest import OpenClient
from tests.unit.service.access.guarded import Clock, Recorded, bearer
from tests.unit.service.api import refusal

STEP = "/v1/matches/7/steps"


@pytest.fixture
def browser(open_client: OpenClient, link: LocalLink) -> TestClient:
    """One that has opened the link."""
    client = open_client(link=link)
    assert client.get(link.issue()).status_code == 303
    return client


def test_the_link_sets_a_cookie_that_scripts_and_other_sites_do_not_get(open_client: OpenClient, link: LocalLink) -> None:
    response = open_client(link=link).get(link.issue())
    assert (response.status_code, response.headers["location"]) == (303, "/console")
    name, *attributes = response.headers["set-cookie"].split("; ")
    assert name.startswith("crossmatch-8000=")
    assert {one.lower() for one in attributes} == {"httponly", "samesite=strict", "path=/", "max-age=43200"}
    assert response.headers["cache-control"] == "no-store"


def test_a_second_use_is_refused_with_the_remedy(browser: TestClient, link: LocalLink) -> None:
    address = link.issue()
    browser.get(address)
    document = refusal(browser.get(address), 403)
    assert "start the service again" in document["remedy"]
    assert "set-cookie" not in browser.get(address).headers
    assert browser.get("/v1/matches").status_code == 200


@pytest.mark.parametrize("query", ["", "?token=", "?token=abc", "?token=%ff%00", "?token=a&token=b", "?other=1"])
def test_a_wrong_token_is_refused(open_client: OpenClient, link: LocalLink, query: str) -> None:
    link.issue()
    refusal(open_client(link=link).get(f"/open{query}"), 403)


def test_a_link_is_not_used_up_by_a_look_at_it(open_client: OpenClient, link: LocalLink) -> None:
    client, address = open_client(link=link), link.issue()
    assert client.head(address).status_code == 405
    assert client.get(address).status_code == 303


def test_without_a_link_open_says_to_use_a_key(open_client: OpenClient) -> None:
    document = refusal(open_client().get("/open?token=abc"), 403)
    assert "crossmatch keys create" in document["remedy"]


def test_the_session_ends_after_a_working_day(browser: TestClient, clock: Clock) -> None:
    assert browser.get("/v1/matches").status_code == 200
    clock.turn(seconds=SESSION_LIFE.total_seconds())
    assert "open the link" in refusal(browser.get("/v1/matches"), 401)["remedy"]


def test_a_key_counts_more_than_the_cookie(browser: TestClient, keyring: Recorded) -> None:
    assert browser.get("/v1/matches", headers=bearer(keyring.key_for("advisor"))).json()["caller"] == "the advisor"
    refusal(browser.get("/v1/matches", headers=bearer("cm_nonsense")), 401)


@pytest.mark.parametrize(
    "cookie",
    ["crossmatch-8000=", "crossmatch-8000=abc", "crossmatch-9000=abc", "=;;;", '\x7f"', "crossmatch-8000=" + "x" * 9_000],
)
def test_another_cookie_opens_nothing(open_client: OpenClient, link: LocalLink, cookie: str) -> None:
    link.issue()
    refusal(open_client(link=link).get("/v1/matches", headers={"cookie": cookie}), 401)


@pytest.mark.parametrize("raw", [b"crossmatch-8000=\xff\xfe", b"\xff\xff", b"crossmatch-8000=\xc3\xa9; a=b"])
def test_a_cookie_of_strange_bytes_opens_nothing(open_client: OpenClient, link: LocalLink, raw: bytes) -> None:
    refusal(open_client(link=link).get("/v1/matches", headers=[(b"cookie", raw)]), 401)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "http://localhost:8000"},
        {"origin": "http://LOCALHOST:8000", "sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "none"},
    ],
)
def test_a_page_of_the_service_may_change_something(browser: TestClient, headers: dict[str, str]) -> None:
    assert browser.post(STEP, json={}, headers=headers).json()["caller"] == "local user"


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "http://localhost:3000"},
        {"origin": "http://localhost"},
        {"origin": "http://localhost:8000.evil.example"},
        {"origin": "http://localhost:8000@evil.example"},
        {"origin": "null"},
        {"origin": ""},
        {"origin": "http://[::1"},
        {"origin": "http://localhost:8000", "sec-fetch-site": "cross-site"},
        {"origin": "http://localhost:8000", "sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": ""},
    ],
)
def test_another_page_may_not_change_anything_with_the_cookie(
    browser: TestClient, keyring: Recorded, headers: dict[str, str]
) -> None:
    document = refusal(browser.post(STEP, json={}, headers=headers), 403)
    assert "page of this service" in document["required"]
    # A key is not sent by a browser on its own.
    assert browser.post(STEP, json={}, headers=headers | bearer(keyring.key_for("advisor"))).status_code == 200


def test_two_origins_are_one_too_many(browser: TestClient) -> None:
    own = [(b"origin", b"http://localhost:8000"), (b"origin", b"http://evil.example")]
    refusal(browser.post(STEP, json={}, headers=own), 403)


def test_reading_needs_no_origin(browser: TestClient) -> None:
    assert browser.get("/v1/matches", headers={"sec-fetch-site": "same-site"}).status_code == 200
