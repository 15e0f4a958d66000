"""Who gets in, how far, and how a session ends."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from service.access.keyring import Keyring
from service.access.rules import RULES
from service.desk import Desk
from tests.unit.service.api import app_of, keyring_of
from tests.unit.service.console.browser_like import ORIGIN, matched, read, signed_in, text_of


@pytest.fixture
def visitor(small_desk: Desk) -> TestClient:
    return TestClient(app_of(small_desk), base_url=ORIGIN, headers={"origin": ORIGIN})


def test_who_has_not_signed_in_gets_the_form_and_then_the_page_asked_for(small_desk: Desk) -> None:
    keyring = keyring_of(small_desk.log)
    key, _ = keyring.create("Desk", "advisor", None, by="a test")
    client = TestClient(app_of(small_desk, keyring), base_url=ORIGIN, headers={"origin": ORIGIN})
    answer = client.get("/console/lists?company=Cellix")
    assert answer.status_code == 401
    [goes_to] = [attrs["value"] for tag, attrs in read(answer.text).tags if tag == "input" and attrs.get("name") == "next"][1:]
    assert goes_to == "/console/lists?company=Cellix"
    signed = client.post("/console/sign-in", data={"key": key, "next": goes_to}, follow_redirects=False)
    assert (signed.status_code, signed.headers["location"]) == (303, goes_to)
    assert client.get(goes_to).status_code == 200


def test_the_cookie_is_for_no_script_and_no_other_site(small_desk: Desk) -> None:
    keyring = keyring_of(small_desk.log)
    key, _ = keyring.create("Desk", "advisor", None, by="a test")
    for origin, secure in ((ORIGIN, False), ("https://crossmatch.example", True)):
        client = TestClient(app_of(small_desk, keyring), base_url=origin, headers={"origin": origin})
        cookie = client.post("/console/sign-in", data={"key": key}, follow_redirects=False).headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        assert ("secure" in cookie) == secure
        assert key.lower() not in cookie


@pytest.mark.parametrize("key", ["", "cm_", "cm_aaaaaaaa_" + "x" * 43, "<script>alert(1)</script>"])
def test_a_wrong_key_opens_nothing_and_is_not_repeated(visitor: TestClient, key: str) -> None:
    answer = visitor.post("/console/sign-in", data={"key": key})
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
    assert len(key) < 5 or key not in answer.text
    assert visitor.get("/console/lists").status_code == 401


def test_guessing_is_stopped(visitor: TestClient) -> None:
    answers = [visitor.post("/console/sign-in", data={"key": "cm_aaaaaaaa_" + "x" * 43}).status_code for _ in range(70)]
    assert answers[0] == 403
    assert answers[-1] == 429


@pytest.mark.parametrize(
    "address",
    ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "javascript:alert(1)", "/v1/record"],
)
def test_nobody_is_led_away(small_desk: Desk, address: str) -> None:
    keyring = keyring_of(small_desk.log)
    key, _ = keyring.create("Desk", "advisor", None, by="a test")
    client = TestClient(app_of(small_desk, keyring), base_url=ORIGIN, headers={"origin": ORIGIN})
    answer = client.post("/console/sign-in", data={"key": key, "next": address}, follow_redirects=False)
    assert answer.headers["location"] == "/console"


def test_a_revoked_key_ends_its_sessions(small_desk: Desk) -> None:
    keyring: Keyring = keyring_of(small_desk.log)
    client = signed_in(small_desk, keyring=keyring)
    assert client.get("/console/lists").status_code == 200
    [key] = keyring.keys()
    keyring.revoke(key.key_id, "a test")
    assert client.get("/console/lists").status_code == 401


def test_who_signed_out_is_out(small_desk: Desk) -> None:
    client = signed_in(small_desk)
    cookies = dict(client.cookies)
    assert client.post("/console/sign-out", follow_redirects=False).status_code == 303
    client.cookies.update(cookies)
    assert client.get("/console/lists").status_code == 401


@pytest.mark.parametrize("headers", [{"origin": "https://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}])
def test_a_form_on_another_page_changes_nothing(small_desk: Desk, headers: dict[str, str]) -> None:
    client = signed_in(small_desk)
    address = matched(client)
    before = small_desk.log.verify()
    for path in ("/console/match", "/console/matches/1/steps"):
        answer = client.post(path, data={"text": "lungs", "country": "NL", "kind": "introduced"}, headers=headers)
        assert answer.status_code == 403
    assert small_desk.log.verify() == before
    assert client.get(address).status_code == 200


ROLES_OF_PAGES = {
    "/console/match": {"advisor", "organiser"},
    "/console/lists": {"advisor", "organiser", "evaluator", "programme office"},
    "/console/providers": {"advisor", "organiser", "evaluator", "programme office"},
    "/console/programme": {"advisor", "organiser", "evaluator", "programme office"},
    "/console/record": {"evaluator", "programme office"},
    "/console/evaluations": {"evaluator"},
}


@pytest.mark.parametrize("role", ["advisor", "organiser", "evaluator", "programme office"])
def test_each_role_has_its_pages_and_no_others(small_desk: Desk, role: str) -> None:
    client = signed_in(small_desk, role)
    for path, roles in ROLES_OF_PAGES.items():
        assert client.get(path).status_code == (200 if role in roles else 403), path
    navigation = {attrs["href"] for tag, attrs in read(client.get("/console/lists").text).tags if tag == "a"}
    assert {path for path in ROLES_OF_PAGES if path in navigation} == {
        path for path, roles in ROLES_OF_PAGES.items() if role in roles
    }
    assert client.get("/console").status_code == 200


def test_every_page_has_a_rule_and_none_but_the_way_in_is_open() -> None:
    open_ones = {path for (method, path), rule in RULES.items() if path.startswith("/console") and rule.public}
    assert open_ones == {
        "/console/sign-in",
        "/console/sign-out",
        "/console/language",
        "/console/static/{name}",
    }


def test_a_page_that_there_is_not_says_so_to_people(small_desk: Desk) -> None:
    answer = signed_in(small_desk).get("/console/lists/none")
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert "That was not possible" in text_of(answer.text)


def test_what_a_page_may_load_is_its_own(small_desk: Desk) -> None:
    answer = signed_in(small_desk).get("/console/lists")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    loaded = [attrs.get("src") or attrs.get("href") for tag, attrs in read(answer.text).tags if tag in ("script", "link")]
    for address in loaded:
        assert address is not None
        assert address.startswith("/console/static/")
        assert TestClient(app_of(small_desk), base_url=ORIGIN).get(address).status_code == 200
    assert not [
        attrs for _, attrs in read(answer.text).tags if "style" in attrs or any(name.startswith("on") for name in attrs)
    ]
