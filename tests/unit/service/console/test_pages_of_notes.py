"""Notes on the pages of lists and matches, and corrections between a company's link and its regional partner."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from service.desk import Desk
from service.record.sql_log import SqlMatchLog
from service.record.sql_notes import SqlNotes
from tests.unit.service.api import app_of
from tests.unit.service.console.browser_like import ORIGIN, signed_in, text_of
from tests.unit.service.console.test_pages_of_links import made, sent, shown
from tests.unit.service.entries import COMPONENTS, entry

EVIL = "Wrong <script>alert(1)</script>"


@pytest.fixture
def desk(small_desk: Desk, log: SqlMatchLog) -> Desk:
    log.record(entry("l-1", ("bruno", "DE"), ("dora", "DE"), company="Nasovax", region="nl-oost"), COMPONENTS)
    return small_desk


@pytest.fixture
def reader(desk: Desk) -> TestClient:
    """A browser in which nobody has signed in."""
    return TestClient(app_of(desk), base_url=ORIGIN)


def test_a_note_on_a_match_stands_on_its_page(desk: Desk) -> None:
    client = signed_in(desk)
    answer = client.post("/console/lists/l-1/notes", data={"text": f"Line one\n{EVIL}", "match_id": "2"})
    assert answer.status_code == 200
    assert str(answer.url).endswith("/console/matches/2#notes")
    assert "Line one" in text_of(answer.text)
    assert "<script>alert" not in answer.text
    assert "The advisor" in text_of(answer.text)
    assert "Line one" not in client.get("/console/matches/1").text
    assert "Line one" not in client.get("/console/lists/l-1").text


def test_a_note_on_a_list_stands_on_its_page(desk: Desk) -> None:
    client = signed_in(desk)
    answer = client.post("/console/lists/l-1/notes", data={"text": "They travel in May."})
    assert "They travel in May." in text_of(answer.text)
    assert str(answer.url).endswith("/console/lists/l-1#notes")
    assert "They travel" not in signed_in(desk, "evaluator").get("/console/lists/l-1").text


def test_what_is_no_note_is_told_and_kept(desk: Desk) -> None:
    client = signed_in(desk)
    answer = client.post("/console/lists/l-1/notes", data={"text": "x" * 2001})
    assert answer.status_code == 422
    assert "2,000" in text_of(answer.text)
    assert "x" * 2001 in answer.text
    assert signed_in(desk, region="de-nrw").post("/console/lists/l-1/notes", data={"text": "x"}).status_code == 404
    assert signed_in(desk, "evaluator").post("/console/lists/l-1/notes", data={"text": "x"}).status_code == 403


def test_a_correction_goes_from_the_company_to_its_partner_and_back(desk: Desk, reader: TestClient, log: SqlMatchLog) -> None:
    token = made(desk, "company entry", "NL:Nasovax")
    page = shown(reader, token)
    told = {"token": token, "sent": sent(page), "about": "l-1 2", "text": f"We never met them. {EVIL}"}
    for _ in range(2):
        assert "waits for your regional partner" in text_of(reader.post("/answer/company", data=told).text)
    assert len(SqlNotes(log).waiting()) == 1
    client = signed_in(desk, region="nl-oost")
    assert "1 company asks for a correction" in text_of(client.get("/console/lists").text)
    corrections = client.get("/console/corrections").text
    assert "We never met them." in text_of(corrections)
    assert "<script>alert" not in corrections
    [note] = [one.note for one in SqlNotes(log).waiting()]
    answer = {"answers": str(note.note_id), "match_id": "2", "kind": "correction made", "text": "Taken back, thank you."}
    page = client.post("/console/lists/l-1/notes", data=answer)
    assert "Nobody waits for an answer." in text_of(page.text)
    again = client.post("/console/lists/l-1/notes", data=answer)
    assert again.status_code == 422
    company = text_of(shown(reader, token))
    assert "correction made" in company
    assert "Taken back, thank you." in company
    assert "correction made" in text_of(client.get("/console/matches/2").text)
    assert text_of(signed_in(desk, region="de-nrw").get("/console/corrections").text).count("Nobody waits") == 1


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ({"about": "l-1", "text": ""}, 422),
        ({"about": "", "text": "Wrong."}, 409),
        ({"about": "l-9", "text": "Wrong."}, 409),
        ({"about": "l-1 99", "text": "Wrong."}, 409),
    ],
)
def test_what_a_company_cannot_ask_is_told_on_its_page(
    desk: Desk, reader: TestClient, log: SqlMatchLog, told: dict[str, str], status: int
) -> None:
    token = made(desk, "company entry", "NL:Nasovax")
    answer = reader.post("/answer/company", data={"token": token, **told})
    assert answer.status_code == status
    assert "What is on record about Nasovax" in text_of(answer.text)
    assert 'role="alert"' in answer.text
    assert SqlNotes(log).waiting() == []
