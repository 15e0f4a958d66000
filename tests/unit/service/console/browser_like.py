"""A client that behaves as a browser does on the console's pages: it keeps cookies, and says where a form comes from."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from fastapi.testclient import TestClient

from service.access.keyring import Keyring
from service.desk import Desk
from tests.unit.service.api import app_of, keyring_of

ORIGIN = "http://localhost"
NEED_FIELDS = {"text": "We look for inhalation toxicology with lung models.", "country": "NL", "company": "Cellix BV"}


def signed_in(desk: Desk, role: str = "advisor", region: str | None = None, keyring: Keyring | None = None) -> TestClient:
    """A browser in which somebody signed in with a key of that role."""
    keyring = keyring or keyring_of(desk.log)
    key, _ = keyring.create(f"The {role}", role, region, by="a test")
    client = TestClient(app_of(desk, keyring), base_url=ORIGIN, headers={"origin": ORIGIN, "sec-fetch-site": "same-origin"})
    answer = client.post("/console/sign-in", data={"key": key}, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    return client


def matched(client: TestClient, **fields: Any) -> str:
    """Address of the page of a new list."""
    answer = client.post("/console/match", data={**NEED_FIELDS, **fields}, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


class _Texts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def read(page: str) -> _Texts:
    """Texts and tags of a page."""
    reader = _Texts()
    reader.feed(page)
    return reader


def text_of(page: str) -> str:
    """What a reader sees, in one line."""
    return " ".join(" ".join(read(page).texts).split())
