"""The page of the record: cheap to open, and the chain is verified when somebody asks for it."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from matcher.errors import RecordBroken
from matcher.log import Head
from service.access.keyring import Keyring
from service.desk import Desk
from service.record.sql_log import SqlMatchLog
from tests.unit.service.api import keyring_of
from tests.unit.service.console.browser_like import matched, signed_in, text_of

PAGE = "/console/record"
BROKEN = RecordBroken("entry 2 of the record", "have the hash of what it says, aa…", "bb…", "Restore a backup.")


@pytest.fixture
def keyring(small_desk: Desk) -> Keyring:
    return keyring_of(small_desk.log)


@pytest.fixture
def auditor(small_desk: Desk, keyring: Keyring) -> TestClient:
    matched(signed_in(small_desk, keyring=keyring))
    return signed_in(small_desk, "programme office", keyring=keyring)


def unreadable() -> Head:
    raise AssertionError("the page read the whole record without being asked")


def test_the_page_tells_the_end_of_the_chain_and_verifies_nothing(
    auditor: TestClient, small_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = small_desk.log.verify()
    monkeypatch.setattr(small_desk.log, "verify", unreadable)
    page = auditor.get(PAGE)
    assert head.hash in page.text
    assert f"Entries {head.seq}" in text_of(page.text)
    assert "Not verified since the service started." in text_of(page.text)


def test_the_button_verifies_and_the_page_says_when_and_what_came_of_it(auditor: TestClient, small_desk: Desk) -> None:
    answer = auditor.post(PAGE, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, PAGE)
    page = text_of(auditor.get(PAGE).text)
    assert "The chain holds." in page
    assert f"{small_desk.log.head().seq} entries were checked" in page
    assert "Verified" in page
    assert "came since" not in page


def test_what_came_since_is_counted(auditor: TestClient, small_desk: Desk, keyring: Keyring) -> None:
    auditor.post(PAGE)
    before = small_desk.log.head().seq
    matched(signed_in(small_desk, keyring=keyring))
    page = text_of(auditor.get(PAGE).text)
    assert f"{small_desk.log.head().seq - before} entries came since." in page


def test_a_broken_chain_is_told_until_it_was_verified_again(
    auditor: TestClient, small_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> Head:
        raise BROKEN

    with monkeypatch.context() as changed:
        changed.setattr(small_desk.log, "verify", broken)
        assert auditor.post(PAGE).status_code == 200
    assert "The chain does not hold." in text_of(auditor.get(PAGE).text)
    assert str(BROKEN) in text_of(auditor.get(PAGE).text)
    auditor.post(PAGE)
    assert "The chain holds." in text_of(auditor.get(PAGE).text)


def test_verifying_over_http_counts_too(auditor: TestClient, keyring: Keyring) -> None:
    key, _ = keyring.create("An auditor", "evaluator", None, by="a test")
    assert auditor.get("/v1/record", headers={"authorization": f"Bearer {key}"}).status_code == 200
    assert "The chain holds." in text_of(auditor.get(PAGE).text)


def test_an_empty_record_has_an_end_too(small_desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in(small_desk, "evaluator")
    empty = SqlMatchLog(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    monkeypatch.setattr(small_desk, "log", empty)
    assert "Entries 0" in text_of(client.get(PAGE).text)
    client.post(PAGE)
    assert "The chain holds. 0 entries were checked" in text_of(client.get(PAGE).text)
    empty.close()


def test_an_advisor_does_not_verify(small_desk: Desk) -> None:
    assert signed_in(small_desk).post(PAGE).status_code == 403
